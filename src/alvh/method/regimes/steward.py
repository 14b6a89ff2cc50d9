"""R-STEWARD: steward or promoter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alvh.core.arrays import F8, I8
from alvh.core.threshold import Threshold, declare
from alvh.method.regimes.regime import Known, Regime
from alvh.method.regimes.scores import hysteresis, trailing_scores
from alvh.signals.column import SignalColumn
from alvh.signals.signal import flag, level
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class StewardParameters:
    """R-STEWARD."""

    window: Threshold[int] = declare(int, "sessions", "history of the z-scores", low=63, high=5040)
    at_least: Threshold[int] = declare(int, "sessions", "present values a z-score needs", low=20, high=5040)
    clip: Threshold[float] = declare(float, "standard deviations", "largest z-score that counts", low=0.5, high=10)
    inputs: Threshold[int] = declare(int, "inputs", "inputs that must be present", low=1, high=11)
    enter: Threshold[float] = declare(float, "score", "absolute score at which a regime is entered", low=0, high=1)
    leave: Threshold[float] = declare(float, "score", "absolute score at which it is left", low=0, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """One input of the score: its part, its columns (their scores are averaged), sign towards promoter, meaning."""

    part: str
    columns: tuple[str, ...]
    sign: int
    meaning: str


_INPUTS = (
    _Input(part="wacc", columns=("S-WACC.level", "S-WACC.change"), sign=1, meaning="cost of capital, level and change"),
    _Input(part="explained", columns=("S-RATE.explained",), sign=1, meaning="R² of SPX on dollar and rates"),
    _Input(part="ipo", columns=("S-IPO.activity",), sign=1, meaning="IPO activity"),
    _Input(
        part="pe_dispersion", columns=("S-PE.dispersion_change",), sign=1, meaning="change of the dispersion of P/E"
    ),
    _Input(part="rotation", columns=("S-ROT.momentum",), sign=1, meaning="rotation towards growth"),
    _Input(part="breadth_sd", columns=("S-AD.spread",), sign=1, meaning="deviation of advances less declines"),
    _Input(part="reit", columns=("S-REIT.relative",), sign=-1, meaning="resilience of REITs"),
    _Input(part="quick_sd", columns=("S-QUICK.sd",), sign=1, meaning="unsteadiness of the quick ratio"),
    _Input(part="ddm_sd", columns=("S-DDM.sd",), sign=1, meaning="unsteadiness of the dividend value"),
    _Input(part="pcf_sd", columns=("S-PCF.sd",), sign=1, meaning="unsteadiness of P/CF"),
    _Input(part="dividend_sd", columns=("S-DIV.sd",), sign=1, meaning="unsteadiness of dividend growth"),
)


class RSteward(Regime[StewardParameters]):
    """Tell a steward's market from a promoter's.

    A steward preserves capital, lives on predictable cash flow and layers by rule; a promoter grows through leverage
    and narrative and chases premium. The score lies in [-1, 1], +1 promoter. Towards promoter count: a high and rising
    cost of capital (S-WACC level and 63-session change; one input, the mean of the two), an index that the dollar and
    rate differentials explain (R², S-RATE), IPO activity, rising dispersion of P/E, rotation towards growth (S-ROT),
    unsteady breadth (S-AD), and unsteady quick ratio, dividend value (S-DDM), P/CF and dividend growth. Towards steward
    counts the resilience of REITs (S-REIT).

    Each is a z-score over `window` sessions, clipped at `clip` either way, divided by it and signed. The score is the
    mean of those present; with fewer than `inputs` of them it is absent. A regime is entered at an absolute score of
    `enter` and left when the score comes down to `leave`. A day without a score forgets the regime.
    """

    id = "R-STEWARD"
    title = "Steward or promoter"
    seeds = ("000", "001", "003", "004")
    inputs = tuple(column for item in _INPUTS for column in item.columns)
    parts = (
        level("score", "score", "-1 steward to +1 promoter"),
        flag("promoter", "the market is a promoter's"),
        flag("steward", "the market is a steward's"),
        level("present", "inputs", "inputs that have a score"),
        *(level(item.part, "score", f"contribution: {item.meaning}") for item in _INPUTS),
    )
    headline = "score"

    def rows_back(self) -> int:
        """Return how many rows of its inputs a score depends on."""
        return self.parameters.window.value - 1

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        contributions = [self._contribution(item, known) for item in _INPUTS]
        here = np.array([column.present for column in contributions])
        count: I8 = here.sum(axis=0)
        total = np.array([column.value for column in contributions]).sum(axis=0)
        score = np.clip(total / np.maximum(count, 1), -1.0, 1.0)
        enough = count >= self.parameters.inputs.value
        state = np.zeros(score.size)
        state[known.first :] = hysteresis(
            score[known.first :],
            enough[known.first :],
            enter=self.parameters.enter.value,
            leave=self.parameters.leave.value,
            state=int(known.earlier.get("promoter", 0.0) - known.earlier.get("steward", 0.0)),
        )
        newest = contributions[0].known_at
        for column in contributions[1:]:
            newest = np.fmax(newest, column.known_at)
        made = SignalColumn(
            id=self.part_id("score"),
            value=np.where(enough, score, 0.0),
            code=(~enough).astype(np.int8),
            reasons=("", f"fewer than {self.parameters.inputs.value} of its {len(_INPUTS)} inputs are present"),
            known_at=newest,
        )
        return (
            made,
            replace(made, id=self.part_id("promoter"), value=(state > 0.0).astype(float)),
            replace(made, id=self.part_id("steward"), value=(state < 0.0).astype(float)),
            replace(made, id=self.part_id("present"), value=count.astype(float), code=np.zeros_like(made.code)),
            *contributions,
        )

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, with the contributions by size."""
        score = self.value(facts, "score") or 0.0
        found = [(item.part, self.value(facts, item.part)) for item in _INPUTS]
        present = sorted(((part, value) for part, value in found if value is not None), key=lambda item: -abs(item[1]))
        state = next((name for name in ("promoter", "steward") if self.holds(facts, name)), "")
        listed = ", ".join(f"{part} {value:+.2f}" for part, value in present)
        named = f"The market is a {state}'s" if state else "Neither steward nor promoter"
        absent = [part for part, value in found if value is None]
        rest = f"; absent: {', '.join(absent)}" if absent else ""
        return self.said(
            facts, f"{named}: score {score:+.2f}, the mean of {len(present)} ({listed}{rest}).", fired=bool(state)
        )

    def _contribution(self, item: _Input, known: Known) -> SignalColumn:
        columns = [known.column(identifier) for identifier in item.columns]
        scores = np.array([self._scores(column, known.first) for column in columns])
        here = np.isfinite(scores)
        count = here.sum(axis=0)
        value: F8 = item.sign * np.where(here, scores, 0.0).sum(axis=0) / np.maximum(count, 1)
        first = columns[0]
        young = f"fewer than {self.parameters.at_least.value} sessions with {first.id} are known, or it never moved"
        code = np.where(count > 0, 0, np.where(first.present, len(first.reasons), first.code)).astype(np.int8)
        return SignalColumn(
            id=self.part_id(item.part),
            value=np.where(code == 0, value, 0.0),
            code=code,
            reasons=(*first.reasons, young),
            known_at=first.known_at,
        )

    def _scores(self, column: SignalColumn, first: int) -> F8:
        numbers = self.parameters
        values = np.where(column.present, column.value, np.nan)
        scores = trailing_scores(values, numbers.window.value, numbers.at_least.value, first=first)
        clipped: F8 = np.clip(scores / numbers.clip.value, -1.0, 1.0)
        return clipped
