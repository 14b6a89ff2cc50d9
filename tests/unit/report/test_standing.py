"""How the evidence of one day is put in lines, cells and figures."""

from __future__ import annotations

import pytest

from alvh.method.evidence import EvidenceNumbers
from alvh.report.figures.signals import SHOWN
from alvh.report.standing import Line, Standing, standing
from alvh.report.standing_words import by_reason, cells, heading, value_text
from alvh.signals.registry import SIGNALS
from alvh.signals.signal import Family, Kind
from fakes.evidence import DAYS, lookup, series, snapshots, walk
from fakes.runs import policy


def line(value: float | None = 1.0, *, kind: Kind = Kind.LEVEL, unit: str = "ratio", **more) -> Line:
    given = {
        "id": "S-X.part",
        "signal": "S-X",
        "family": Family.PRICE,
        "meaning": "a part",
        "year": None,
        "five_years": None,
        "age": None,
        "vote": None,
        "reason": "",
    }
    return Line(value=value, kind=kind, unit=unit, **(given | more))


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (line(0.01234), "0.0123"),
        (line(-12.345), "−12.35"),
        (line(123.45), "123.5"),
        (line(207254.2), "207,254"),
        (line(3.0, unit="sessions"), "3"),
        (line(1.0, kind=Kind.FLAG), "yes"),
        (line(0.0, kind=Kind.FLAG), "no"),
        (line(None), "–"),
    ],
)
def test_a_value_is_written_with_the_digits_that_matter(made: Line, text: str) -> None:
    assert value_text(made) == text


def test_cells_show_ranks_age_and_vote() -> None:
    made = line(2.0, year=0.284, five_years=0.5, age=2.6, vote=-0.25)
    assert cells(made) == ("S-X.part", "2.0000", "ratio", "28%", "50%", "3 d", "−0.25")


def test_reasons_gather_what_they_explain() -> None:
    lines = [line(None, reason="gone"), line(None, reason="stale"), line(None, reason="gone")]
    assert [(why, len(found)) for why, found in by_reason(lines).items()] == [("gone", 2), ("stale", 1)]


@pytest.fixture(scope="module")
def now() -> Standing:
    numbers = policy().parameters
    count = 700
    known = lookup(
        series("SPX", walk(count, 1, 0.01, 1000.0)),
        series("VIX", [*walk(count - 1, 2, 0.04, 18.0).tolist(), 500.0]),
    )
    evidence = EvidenceNumbers(signals=numbers.signals, regimes=numbers.regimes)
    table = evidence(known, snapshots(DAYS[count - 5 : count]))
    return standing(table, table.stances(numbers.governance.votes), numbers)


class TestStanding:
    def test_a_rank_is_the_share_of_lower_values_and_a_flag_has_none(self, now) -> None:
        lines = {item.id: item for item in now.lines}
        assert lines["S-VIXHIST.percentile"].value == 1.0
        assert lines["S-RSI.vix"].year > 0.99
        assert lines["S-RSI.vix"].five_years == pytest.approx(lines["S-RSI.vix"].year, abs=0.01)
        assert lines["S-VIXHIST.below_mean"].year is None

    def test_ages_votes_and_stances(self, now) -> None:
        lines = {item.id: item for item in now.lines}
        assert 0.0 <= lines["S-RSI.vix"].age < 1.0
        assert lines["S-RSI.vix"].vote == 1.0
        assert lines["S-RSI.vx"].vote is None
        assert heading(now, Family.MACRO).startswith("macro")
        assert heading(now, Family.CONTEXT) == "context (does not vote)"
        assert "for protection" in heading(now, Family.VOLATILITY)

    def test_every_part_is_either_present_or_has_a_reason(self, now) -> None:
        assert len(now.present) + len(now.absent) == len(now.lines)
        assert all(item.reason for item in now.absent)


def test_every_signal_has_a_figure_made_of_parts_it_has() -> None:
    assert set(SHOWN) == {kind.id for kind in SIGNALS}
    for kind in SIGNALS:
        names, shaded = SHOWN[kind.id]
        parts = {part.name: part for part in kind.parts}
        assert len({parts[name].unit for name in names}) <= 1, kind.id
        assert shaded is None or parts[shaded].kind is Kind.FLAG
