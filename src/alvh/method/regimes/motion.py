"""R-MOTION: the test of the False Binary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from alvh.core.threshold import Threshold, declare
from alvh.method.regimes.logic import either, every, negated, renamed, tested
from alvh.method.regimes.regime import Known, Regime
from alvh.signals.column import SignalColumn, absent, combined
from alvh.signals.fresh import fresh, needed
from alvh.signals.signal import flag, level
from alvh.signals.windows import change
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Facts

_WORDS = {
    "expanding": "realised volatility expands",
    "inverting": "the curve inverts",
    "rising": "VIX rises by its MACD",
    "breadth": "breadth speaks against the move",
    "orderly": "few jumps",
}
_KINDS = len(_WORDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionParameters:
    """R-MOTION."""

    expansion: Threshold[float] = declare(float, "ratio", "RV5 over RV20 that is expansion", low=0.5, high=5)
    jumps: Threshold[float] = declare(float, "fraction", "share of jumps below which a move is orderly", low=0, high=1)
    span: Threshold[int] = declare(
        int, "sessions", "span of the price move that breadth is held against", low=2, high=252
    )
    points: Threshold[int] = declare(int, "points", "points that are motion", low=1, high=5)
    present: Threshold[int] = declare(int, "kinds of evidence", "kinds that must be present", low=1, high=5)


class RMotion(Regime[MotionParameters]):
    """Tell motion, an expansion of volatility, from dislocation and from loyalty to the old range.

    The binary of up or down is false: motion is not a direction. One point each: `expanding`, RV5 / RV20 at least
    `expansion`; `inverting`, VIX above VIX3M, or VX60 / VX30 below its lower quartile of 252 sessions; `rising`, VIX
    MACD above its signal line, for the put side with SPX MACD below its own as well; `breadth`, breadth against the
    move of SPX over `span` sessions (a negative divergence in a rally, a falling line in a decline); `orderly`, less
    than `jumps` of realised variance came in jumps, for jumps that revert are dislocations. Motion: at least `points`,
    of at least `present` kinds that are known. Between loyalty and motion the response is graded: targets move
    points / 5 of the way. A `put_` before a part is the put side's.
    """

    id = "R-MOTION"
    title = "Motion (False Binary)"
    seeds = ("000", "001", "002", "003", "004")
    inputs = (
        "S-RV.ratio",
        "S-TERM.inverted",
        "S-TERM.low",
        "S-MACD.vix_above",
        "S-MACD.spx_above",
        "SPX",
        "S-AD.divergence",
        "S-AD.change",
        "S-RV.jump_share",
    )
    parts = (
        flag("motion", "volatility is in motion, for the call side"),
        flag("put_motion", "volatility is in motion, for the put side"),
        level("points", "points", "points of the call side"),
        level("put_points", "points", "points of the put side"),
        level("response", "fraction", "how far targets move, call side"),
        level("put_response", "fraction", "how far targets move, put side"),
        level("present", "kinds of evidence", "kinds that are known"),
        flag("expanding", "realised volatility expands"),
        flag("inverting", "the term structure inverts or is low for its year"),
        flag("rising", "VIX MACD is above its signal line"),
        flag("put_rising", "VIX MACD is above and SPX MACD below its signal line"),
        flag("breadth", "breadth speaks against the move"),
        flag("orderly", "the move came without jumps"),
    )
    headline = "motion"

    def look_back(self) -> int:
        """Return how many sessions of series its row depends on."""
        return self.parameters.span.value + 1

    def compute(self, known: Known) -> tuple[SignalColumn, ...]:
        """Compute every part."""
        ratio, jumps = known.column("S-RV.ratio"), known.column("S-RV.jump_share")
        vix, spx = known.column("S-MACD.vix_above"), known.column("S-MACD.spx_above")
        expanding = tested(self.part_id("expanding"), ratio, ratio.value >= self.parameters.expansion.value)
        inverting = either(self.part_id("inverting"), known.column("S-TERM.inverted"), known.column("S-TERM.low"))
        rising = renamed(self.part_id("rising"), vix)
        put_rising = every(self.part_id("put_rising"), vix, negated(spx))
        breadth = self._breadth(known)
        orderly = tested(self.part_id("orderly"), jumps, jumps.value < self.parameters.jumps.value)
        call = self._judged("", (expanding, inverting, rising, breadth, orderly))
        put = self._judged("put_", (expanding, inverting, put_rising, breadth, orderly))
        pairs = [column for both in zip(call[:-1], put[:-1], strict=True) for column in both]
        return (*pairs, call[-1], expanding, inverting, rising, put_rising, breadth, orderly)

    def judge(self, facts: Facts) -> Verdict:
        """Say which it is, with the points."""
        points, present = self.value(facts, "points") or 0.0, self.value(facts, "present") or 0.0
        moving, put = self.holds(facts, "motion"), self.holds(facts, "put_motion")
        found = [words for part, words in _WORDS.items() if self.holds(facts, part)]
        why = f"{points:.0f} of {present:.0f} points" + (f" ({', '.join(found)})" if found else "")
        side = " for the call side, none for the put side" if moving and not put else ""
        said = "Motion" if moving else "No motion"
        return self.said(facts, f"{said}{side}: {why}; targets move {points / _KINDS:.0%} of the way.", fired=moving)

    def _judged(self, side: str, kinds: Sequence[SignalColumn]) -> tuple[SignalColumn, ...]:
        """Motion, points, response and kinds present of one side."""
        present = np.array([column.present for column in kinds]).sum(axis=0)
        points = np.array([column.value for column in kinds]).sum(axis=0)
        enough = present >= self.parameters.present.value
        newest = kinds[0].known_at
        for column in kinds[1:]:
            newest = np.fmax(newest, column.known_at)
        count = SignalColumn(
            id=self.part_id(f"{side}points"),
            value=np.where(enough, points, 0.0),
            code=(~enough).astype(np.int8),
            reasons=("", f"fewer than {self.parameters.present.value} of its {_KINDS} kinds of evidence are present"),
            known_at=newest,
        )
        return (
            tested(self.part_id(f"{side}motion"), count, points >= self.parameters.points.value),
            count,
            replace(count, id=self.part_id(f"{side}response"), value=count.value / _KINDS),
            replace(count, id=self.part_id("present"), value=present.astype(float), code=np.zeros_like(count.code)),
        )

    def _breadth(self, known: Known) -> SignalColumn:
        """Flag a negative divergence in a rally, a falling advance-decline line in a decline."""
        identifier, found = self.part_id("breadth"), needed(known.series, "SPX")
        if isinstance(found, str):
            return absent(identifier, known.snapshots, found)
        span = self.parameters.span.value
        move = fresh(known.snapshots, found[0]).column(
            "move", change(np.log(found[0].value), span), young=f"fewer than {span + 1} closes of SPX were known"
        )
        diverging, line = known.column("S-AD.divergence"), known.column("S-AD.change")
        against = np.where(move.value > 0.0, diverging.value != 0.0, (move.value < 0.0) & (line.value < 0.0))
        return combined(identifier, against.astype(float), move, diverging, line)
