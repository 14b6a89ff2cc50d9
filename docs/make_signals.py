"""Write docs/signals.md and its pictures from an imported store.

python docs/make_signals.py STORE
"""

# ruff: noqa: E501 - paragraphs and rows of Markdown tables do not break
from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from chromium_picture import photograph

from alvh.apps.signals_command import Evidence, evidence
from alvh.governance.votes import composite
from alvh.market.series import Series
from alvh.method.evidence import EvidenceTable
from alvh.method.regimes.registry import REGIMES
from alvh.report.signals_page import render_signals
from alvh.research.path_dependence import PUBLISHED, fit, score
from alvh.research.variance_premium import implied_less_realized
from alvh.signals.registry import SIGNALS
from alvh.signals.session_days import days_of

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from fakes.rule_tests import shown

HERE = Path(__file__).parent
DAYS = (
    date(2008, 9, 15),
    date(2011, 8, 5),
    date(2018, 2, 5),
    date(2020, 2, 24),
    date(2020, 3, 16),
    date(2022, 6, 13),
    date(2024, 8, 5),
    date(2025, 4, 8),
)
AROUND = (-5, -1, 0, 5)
SHARES = (
    "R-STEWARD.promoter",
    "R-STEWARD.steward",
    "R-INFL.contained",
    "R-INFL.disinflation",
    "R-GROWTH.accelerating",
    "R-VOL.compressed",
    "R-VOL.stressed",
    "R-RANGE.bound",
    "R-EVENT.window",
    "R-MOTION.motion",
    "R-MOTION.put_motion",
    "R-THETA.conditions",
)

INTRODUCTION = """# Evidence: what the signals and regimes said

Written by `python docs/make_signals.py STORE` from imported history, which the project does not ship. Every rule's page
with its numbers is in [rules.md](rules.md); the inputs are in [data_series.md](data_series.md).

`alvh signals` prints the regimes of a day with their contributions, then every part of every signal by family: its
value, its percentile among the last 252 and 1,260 sessions, the age of its newest input, and what it says in the vote of
its family (+1 asks for protection). Absent parts stand below with their reasons. `--asof` looks from another day,
`--out evidence.html` draws the page below, `--out evidence.parquet` (or `--history`) writes every column.

![The page of the evidence](images/signals_page.png)

In the order of the page: who holds the market, volatility, the curve, every regime session by session.

![R-STEWARD's score and the stances of the families](images/signals_score.png)
"""

READING = """## The reading

What a practitioner would sign:

- **Volatility is told in time.** On each of the eight days volatility is stressed, and on five of them it was so the
  session before (not in September 2008, February 2020 and June 2022, which broke over a weekend). The curve of VX
  futures is in backwardation on every one. Motion has at least three of its five points on the day in all eight, and
  had them a session before in seven; the exception is 2022-06-10, a CPI Friday, with two.
- **2018-02-05** reads as remembered: a long calm (a steward's market by the score for a year and all of it until
  February), compressed volatility gone by late January, motion on 22 January out of a *rally* of two implied standard
  deviations, and on the day a VIX/VIX3M of 1.33 out of nothing in the macro data. Macro asks for less protection all
  the way through: nothing macro happened.
- **2020** too: on 24 February a fall of only half an implied standard deviation over the month, so still "range-bound"
  by R-RANGE's letter, but stressed, inverted and in motion. By 16 March everything says so, at -9 implied standard
  deviations, and VIX is *below* realised volatility.
- **2024-08-05** is told as the flash it was: stressed and inverted on 2 August already, normal again within ten
  sessions, and the advance-decline line never broke: constructive the whole way through.
- **2008-09-15** finds inflation not contained (5.5 %) and GDP decelerating: that was the record in September 2008, GDP
  in the vintage of the day, however odd it looks from what followed.

Where it disagrees with memory, and why:

- **The dot-com boom reads as a steward's market** (54 % of the sessions from March 1999 to August 2000), and the bust
  that follows as a promoter's. The score is what the rulebook says it is: in 1999 only five of its eleven inputs have
  data, none of them about IPOs, growth against value, P/E dispersion or quick ratios, and what is left is the
  steadiness of dividends and of their value, which was great. The verdict prints the inputs; believe it accordingly.
  With IPO counts and sector ratios of one's own (IPO.COUNT, PE.*, QUICK.*) it would read differently.
- **In the crises themselves the score says little**, between -0.3 and +0.2: a z-score over five years of slow inputs
  is no alarm, and is not meant as one.
- **April 2025 as a steward's market** (-0.29) is carried by resilient REITs and by the flight from growth into value.
  True as measured; as a description of that week it is thin.
- **The composite stays between 0.50 and 0.59 on all eight days.** Volatility asks for protection at 0.7 to 0.9, but
  macro is late, valuation turns *cheap* in a fall and so asks for less, and breadth is divided. On stances alone a
  protective proposal would have had two for-votes or more on six of the eight days, the second from macro, breadth,
  valuation or price, and one only on 2020-02-24 and 2022-06-13. That is what a quorum is for, and what it costs; a
  family that holds a rule's own trigger votes for it regardless.
- **S-RSI of SPX votes against a fall.** Overbought asks for protection, oversold for less, so the price family is
  negative on 2008-09-15, 2011-08-05 and 2018-02-05, days on which nobody remembers less protection as the answer.
- R-RANGE holds on three quarters of all sessions: two closes a month apart seldom lie farther apart than VIX implied.
  As a filter it is weak, as the rulebook has it.
- R-EVENT holds on 62 % of the sessions, of which earnings seasons alone are 40 %. Ask for its parts, not for `window`.

Dates of CPI before 2015, and of PPI and GDP throughout, are placed by rule where the store has no table of releases: PPI
is said to be near on 2008-09-15, and had come on the Friday before. VIX3M begins in September 2009; before, only
the level decides R-VOL. The VX curve begins in 2004, so R-THETA and one kind of R-MOTION's evidence are absent before.
"""

CHOICES = """## Where the rulebook left room

| rule | choice |
|---|---|
| R-STEWARD | The level and the change of S-WACC are one input, the mean of their two z-scores, so that one source has one voice. "-sd (-)" is read as: steadiness speaks for a steward, so unsteadiness counts towards promoter. A z-score needs 252 values. A day without a score forgets the regime: it must be entered anew |
| R-VOL | Stressed goes before compressed when a low VIX lies above VIX3M. Without VIX3M the level decides, labelled |
| R-RANGE | The move is log, against the VIX of its start, as S-CONE has it. After a crash the VIX of the end would call any fall a range |
| R-EVENT | Absent parts (FOMC before 1994) do not hide the others |
| R-MOTION | Either half of the curve's evidence is enough for it to count as present. The price move that breadth is held against is SPX over 20 sessions, S-AD's own span; the put side differs in MACD only, as the rulebook says |
| R-THETA | One condition that fails settles it. Where the other three hold and nobody has priced L-SHIFT's pair, it is absent and says that they hold |
| all | Rows exist for every session from 1990 on, whatever a run asks about, so that scores and states do not depend on where it begins. No hysteresis but R-STEWARD's is written in the rulebook, so there is none |
"""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay rows out as a Markdown table."""
    yield "| " + " | ".join(header) + " |"
    yield "|---" * len(header) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def days_around(found: Evidence) -> Iterator[str]:
    """Give the state around the days, a row each."""
    made, sessions = found.table, days_of(found.table.snapshots).astype("datetime64[D]")
    header = (
        "session",
        "VIX above",
        "VIX/VIX3M",
        "VX60/VX30 - 1",
        "R-VOL",
        "R-STEWARD",
        "R-INFL",
        "R-GROWTH",
        "R-RANGE",
        "R-MOTION, call/put",
        "R-THETA",
        "price",
        "vol.",
        "breadth",
        "macro",
        "valuation",
        "composite",
    )
    rows = []
    for day in DAYS:
        place = int(np.searchsorted(sessions, np.datetime64(day)))
        for offset in AROUND:
            rows.append(_row(found, made, place + offset, str(sessions[place + offset]), bold=offset == 0))
    yield from table(header, rows)


def _row(found: Evidence, made: EvidenceTable, row: int, name: str, *, bold: bool) -> tuple[str, ...]:
    facts = made.facts(row)
    stances = found.stances.row(int(made.place[row]))

    def number(identifier: str, form: str) -> str:
        value = facts.value(identifier)
        return "–" if value is None else format(value, form)

    def word(identifier: str, yes: str, no: str) -> str:
        value = facts.value(identifier)
        return "–" if value is None else yes if value else no

    said = {str(family): f"{stance.value:+.2f}" for family, stance in stances.items()}
    volatility = word("R-VOL.stressed", "stressed", word("R-VOL.compressed", "compressed", "normal"))
    steward = word("R-STEWARD.promoter", "promoter", word("R-STEWARD.steward", "steward", "neither"))
    move = number("R-RANGE.move", "+.1f")
    points = f"{number('R-MOTION.points', '.0f')}/{number('R-MOTION.put_points', '.0f')}"
    motion = f"{'**' if facts.value('R-MOTION.motion') else ''}{points}{'**' if facts.value('R-MOTION.motion') else ''}"
    return (
        f"**{name}**" if bold else name,
        number("S-VIXHIST.percentile", ".0%"),
        number("S-TERM.ratio", ".2f"),
        number("S-TERM.slope", "+.1%"),
        volatility,
        f"{steward} {number('R-STEWARD.score', '+.2f')}",
        word("R-INFL.contained", "contained", "not contained") + word("R-INFL.disinflation", ", falling", ""),
        word("R-GROWTH.accelerating", "faster", "slower"),
        f"{word('R-RANGE.bound', 'range', 'no')} {move}σ",
        motion,
        word("R-THETA.conditions", "conditions hold", "no"),
        *(said.get(family, "–") for family in ("price", "volatility", "breadth", "macro", "valuation")),
        f"{composite(stances).value:.2f}",
    )


def shares(made: EvidenceTable) -> Iterator[str]:
    """Give how often each regime holds, how many episodes and how long."""
    rows = []
    for identifier in SHARES:
        column = made[identifier]
        held = column.value * column.present
        episodes = int((held[1:] > held[:-1]).sum() + (held[0] > 0))
        rows.append(
            (
                identifier,
                f"{column.present.mean():.0%}",
                f"{column.value[column.present].mean():.0%}",
                f"{episodes:,}",
                f"{held.sum() / max(episodes, 1):.0f}",
            )
        )
    yield from table(("regime", "sessions judged", "of these it holds on", "episodes", "mean length, sessions"), rows)


def published(made: EvidenceTable) -> Iterator[str]:
    """Give the published tables and what we find."""
    spx, vix = made.series("SPX"), made.series("VIX")
    assert spx is not None
    assert vix is not None
    days = spx.period.astype("datetime64[D]")
    closes = spx.value
    levels = _on(days, vix)
    returns = np.diff(closes) / closes[:-1]

    def rows(first: str, last: str) -> np.ndarray:
        inside = (days >= np.datetime64(first)) & (days <= np.datetime64(last)) & np.isfinite(levels)
        return np.flatnonzero(inside)

    def bias(first: str, last: str) -> float:
        sample = rows(first, last)
        return float(np.mean(levels[sample] - 100.0 * PUBLISHED.volatility(returns)[sample - 1]))

    train, test, later = (
        rows("2000-01-01", "2018-12-31"),
        rows("2019-01-01", "2022-05-15"),
        rows("2022-05-16", "2100-01-01"),
    )
    ours = fit(returns, train - 1, levels[train] / 100.0)
    lines = []
    for name, model in (("published parameters", PUBLISHED), ("our refit on 2000-2018", ours)):
        predicted = model.volatility(returns)
        cells = [name]
        for sample in (train, test, later):
            made_score = score(levels[sample] / 100.0, predicted[sample - 1])
            cells.append(f"{made_score.r2:.4f} ({100 * made_score.rmse:.2f})")
        lines.append(tuple(cells))
    lines.insert(0, ("as published [1]", "0.9484 (1.96)", "0.8694 (3.34)", "–"))
    yield from table(
        (
            "VIX on past SPX returns, R² (error in vol points)",
            "2000-2018, trained",
            "2019 to May 2022",
            f"since, to {days[later[-1]]}",
        ),
        lines,
    )
    yield ""
    yield (
        f"Refitted: level {ours.level:.4f}, trend {ours.trend:.4f}, activity {ours.activity:.4f}; kernel of returns "
        f"{ours.past_returns.fast:.2f}, {ours.past_returns.slow:.3f}, {ours.past_returns.mix:.4f}; of squares "
        f"{ours.past_squares.fast:.2f}, {ours.past_squares.slow:.3f}, {ours.past_squares.mix:.4f}. Published: 0.0507, "
        "-0.0798, 0.8617; 50.77, 3.795, 0.7994; 16.99, 1.199, 0.4239. The figures are met to the printed digit, from "
        "SPX and VIX closes alone, and our own least squares finds the published parameters again. What the paper could "
        "not say: since its sample ended the error is smaller than in the test sample, but VIX moved less as well, so R² is "
        f"lower. VIX lay {bias('2022-05-16', '2022-12-31'):+.1f} points off what the path of SPX said in the rest of 2022, "
        f"{bias('2023-01-01', '2023-12-31'):+.1f} in 2023 and {bias('2024-01-01', '2025-12-31'):+.1f} in 2024-2025: the "
        "quiet VIX of the 2022 bear market, which everyone remembers, is there."
    )
    yield ""
    found = implied_less_realized(closes, levels, rows("1990-01-01", "2018-12-31"))
    since = implied_less_realized(closes, levels, rows("2019-01-01", "2100-01-01"))
    yield from table(
        ("VIX and the realised volatility of the 22 sessions after it", "VIX", "realised", "gap", "VIX was above"),
        [
            ("1990-2018, as published [2]", "19.3", "15.1", "4.2", "–"),
            *(
                (
                    name,
                    f"{item.implied:.2f}",
                    f"{item.realized:.2f}",
                    f"{item.gap:.2f}",
                    f"{item.above:.0%} of {item.days:,} days",
                )
                for name, item in (("1990-2018, here", found), ("since 2019, here", since))
            ),
        ],
    )
    yield ""
    yield "[1] Guyon and Lekeufack (2023), *Volatility is (mostly) path-dependent*. [2] Bondarenko (2019), *Historical performance of put-writing strategies*."


def _on(days: np.ndarray, series: Series) -> np.ndarray:
    out = np.full(days.size, np.nan)
    _, ours, theirs = np.intersect1d(days, series.period.astype("datetime64[D]"), return_indices=True)
    out[ours] = series.value[theirs]
    return out


def coverage() -> Iterator[str]:
    """Give the coverage table, from the registries and the tests."""
    tests = shown()
    rows = []
    for kind in (*SIGNALS, *REGIMES):
        found = tests.get(kind.id)
        cells = [bool(found and getattr(found, what)) for what in ("fires", "silent", "absent")]
        rows.append((kind.id, kind.title, *("yes" if cell else "**no**" for cell in (True, *cells))))
    yield from table(("id", "name", "implemented", "tested firing", "tested not firing", "tested absent"), rows)


def pictures(found: Evidence) -> None:
    """Photograph the page."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "signals.html"
        made = render_signals(found.table, found.stances, found.standing, market=found.market)
        page.write_bytes(made.replace(b"</style>", b".modebar { display:none !important }</style>", 1))
        photograph(page, HERE / "images" / "signals_page.png", width=1180, height=2360)
        lower = page.read_text("utf-8").replace(
            "</style>",
            "#now, header, #spx, #vix, #curve, #regimes, #history > h2, #history > p, section[id^=family], #absent, #reading, footer { display:none } h2 { border:0 }</style>",
            1,
        )
        page.write_text(lower, "utf-8")
        photograph(page, HERE / "images" / "signals_score.png", width=1180, height=690)


def main(store: str) -> None:
    """Write the document and its pictures."""
    found = evidence(store, date(2025, 12, 31))
    pictures(found)
    parts = [
        INTRODUCTION,
        f"## How often each regime holds, 1990 to {found.standing.session.year}",
        "\n".join(shares(found.table)),
        "## The state around eight days",
        "Five sessions before, the session before, the day, five sessions after. `VIX above`: share of the 252 sessions before with a lower VIX. R-RANGE with the move of 20 sessions in implied standard deviations. R-MOTION in points of five, bold where it is motion. Then the stances of the families and the composite (one half is neutral).",
        "\n".join(days_around(found)),
        READING.rstrip(),
        "## Published tables from these data",
        "\n".join(published(found.table)),
        "## Coverage",
        "Each id of sections 1 and 2 of the rulebook, from the registries and the test classes (`signal = ...`, `regime = ...`). Besides these, every signal and every regime is held by laws: the same on truncated, planted and revised futures, absent with a reason when an input is missing or too old, the same however far back a run begins and when it grows by a day.",
        "\n".join(coverage()),
        CHOICES.rstrip(),
    ]
    (HERE / "signals.md").write_text("\n\n".join(parts) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
