"""Measures of the hedge: what it cost, what it paid when it mattered, and what it did to the drawdown.

The ten worst weeks are chosen by the unhedged twin, so that the hedge cannot choose the weeks it is judged by. The
drawdown cut is the difference of two extremes of one history; its interval comes from resampling both return series in
the same blocks, so that a draw keeps crash and hedge together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh.core.arrays import F8
from alvh.money.bootstrap import DRAWS, MEAN_BLOCK, interval, stationary_rows
from alvh.money.curve import LEAST_DAYS, LEAST_RETURNS
from alvh.money.drawdown import depth
from alvh.money.history import History
from alvh.money.irr import xirr
from alvh.money.measure import Measure, absent, perhaps, present
from alvh.money.periods import Spans, weeks

NO_HEDGE = "nothing was ever held in the hedge sleeve"
NO_TWIN = "no unhedged run over the same sessions was given"
LOST = "wealth was lost whole"
WORST_WEEKS = 10
_CHUNK, _AT_ONCE = 100, 10
"""Draws from the generator together, and worked out together; the first decides which numbers are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One of the worst weeks.

    Attributes
    ----------
    ending : date
        Last session of the week.
    spx, hedged : float
        Returns of the index and of the hedged equity.
    unhedged : float or None
        Return of the twin; None where there is none.
    hedge : float, USD
        P/L of the hedge sleeve in the week.
    condor : float, USD
    """

    ending: date
    spx: float
    hedged: float
    unhedged: float | None
    hedge: float
    condor: float


def hedged(history: History) -> bool:
    """Whether the hedge sleeve ever held anything."""
    path = history.hedge
    return bool(np.any(path.premium != 0.0) or np.any(path.mark != 0.0) or np.any(path.fees != 0.0))


def comparable(history: History, twin: History | None) -> bool:
    """Whether a twin walked the very same sessions."""
    return twin is not None and np.array_equal(history.dates, twin.dates)


def worst_weeks(history: History, twin: History | None, most: int = WORST_WEEKS) -> tuple[Week, ...]:
    """List the worst weeks, worst first: of the twin's equity, or of the condor sleeve where there is no twin."""
    other = twin if comparable(history, twin) else None
    if not history.curve.solvent or (other is not None and not other.curve.solvent):
        return ()
    spans = weeks(history.dates)
    condor = spans.changes(history.condor.pnl)
    yardstick = spans.returns(other.curve) if other is not None else condor / spans.starting(history.curve)
    order = np.argsort(yardstick, kind="stable")[:most]
    chosen = [int(place) for place in order if yardstick[place] < 0.0]
    return tuple(_week(history, other, spans, place, condor) for place in chosen)


def hedge_measures(history: History, twin: History | None) -> tuple[Measure, ...]:
    """Measure what the hedge sleeve cost, paid and covered.

    Parameters
    ----------
    twin : History or None
        The same condors without a hedge; it chooses the worst weeks.
    """
    if not hedged(history):
        names = ("hedge_pnl", "hedge_cost", "hedge_cost_of_credit", "hedge_tail_payoff", "hedge_irr")
        return tuple(absent(name, NO_HEDGE) for name in (*names, "coverage", "stress_down"))
    return (
        *_cost(history),
        _payoff(worst_weeks(history, twin)),
        _irr(history),
        _mean("coverage", history.coverage),
        _mean("stress_down", history.stress_down),
    )


def _week(history: History, twin: History | None, spans: Spans, place: int, condor: F8) -> Week:
    one = Spans(
        first=spans.first[place : place + 1], last=spans.last[place : place + 1], end=spans.end[place : place + 1]
    )
    before = max(int(one.first[0]), 0)
    return Week(
        ending=history.curve.day(int(one.last[0])),
        spx=float(history.spot[one.last[0]] / history.spot[before] - 1.0),
        hedged=float(one.returns(history.curve)[0]),
        unhedged=None if twin is None else float(one.returns(twin.curve)[0]),
        hedge=float(one.changes(history.hedge.pnl)[0]),
        condor=float(condor[place]),
    )


def _cost(history: History) -> list[Measure]:
    pnl = float(history.hedge.pnl[-1])
    credit = float(history.condor.premium[-1])
    measurable = history.curve.days >= LEAST_DAYS and history.curve.solvent
    rate = cost_rate(history) if measurable else None
    why = LOST if not history.curve.solvent else f"fewer than {LEAST_DAYS} calendar days"
    return [
        present("hedge_pnl", pnl),
        perhaps("hedge_cost", rate, why),
        perhaps("hedge_cost_of_credit", -pnl / credit if credit > 0 else None, "no credit was received"),
    ]


def cost_rate(history: History) -> float:
    """Minus the hedge P/L per year over mean equity."""
    return -float(history.hedge.pnl[-1]) / history.years / float(np.mean(history.equity))


def _payoff(found: tuple[Week, ...]) -> Measure:
    if not found:
        return absent("hedge_tail_payoff", "no week was lost, or wealth was lost whole")
    lost = -sum(week.condor for week in found)
    if lost <= 0.0:
        return absent("hedge_tail_payoff", "the condors lost nothing in those weeks")
    caution = f"only {len(found)} losing weeks" if len(found) < WORST_WEEKS else ""
    return present("hedge_tail_payoff", sum(week.hedge for week in found) / lost, caution=caution)


def drawn_measures(history: History, twin: History | None, rng: np.random.Generator) -> tuple[Measure, ...]:
    """Measure the hedge cost with its interval, how much drawdown the hedge took away, and at what price.

    Parameters
    ----------
    twin : History or None
        The same condors without a hedge, over the same sessions; the cost does not depend on it.
    rng : numpy.random.Generator
        Drawn from for the intervals.
    """
    why = _why_no_draws(history)
    if why:
        return absent("drawdown_cut", why), absent("drawdown_cut_per_cost", why)
    cost = cost_rate(history)
    other = twin if comparable(history, twin) and twin is not None and twin.curve.solvent else None
    cuts, costs = _resample(history, other, rng)
    paid = present("hedge_cost", cost, interval=interval(costs))
    if other is None:
        lost = NO_TWIN if twin is None or not comparable(history, twin) else f"{LOST} in the unhedged run"
        return paid, absent("drawdown_cut", lost), absent("drawdown_cut_per_cost", lost)
    cut = float(depth(other.equity / other.initial) - depth(history.equity / history.initial))
    return paid, present("drawdown_cut", cut, interval=interval(cuts)), _per_cost(cut, cost, cuts, costs)


def _why_no_draws(history: History) -> str:
    if not hedged(history):
        return NO_HEDGE
    if not history.curve.solvent:
        return LOST
    few = history.curve.days < LEAST_DAYS or history.curve.returns.size < LEAST_RETURNS
    return f"fewer than {LEAST_RETURNS} returns" if few else ""


def _per_cost(cut: float, cost: float, cuts: F8, costs: F8) -> Measure:
    if cost <= 0.0:
        return absent("drawdown_cut_per_cost", "the hedge earned money, so there is no cost to divide by")
    paid = costs > 0.0
    share = float(np.mean(paid))
    if share < 0.975:
        caution = f"no interval: the hedge cost money in only {share:.1%} of draws, so the ratio has no stable sign"
        return present("drawdown_cut_per_cost", cut / cost, caution=caution)
    return present("drawdown_cut_per_cost", cut / cost, interval=interval(cuts[paid] / costs[paid]))


def _resample(history: History, twin: History | None, rng: np.random.Generator) -> tuple[F8, F8]:
    """Draw (drawdown cut, cost per year as a fraction of equity) from both histories in the same blocks.

    Without a twin the cuts are zero; the blocks, and so the costs, are the same.
    """
    ours = np.log1p(history.curve.returns)
    theirs = ours if twin is None else np.log1p(twin.curve.returns)
    # Hedge P/L of each session as a fraction of the equity it was risked on.
    share = np.diff(history.hedge.pnl) / history.equity[:-1]
    cuts, costs = np.zeros(DRAWS), np.empty(DRAWS)
    for start in range(0, DRAWS, _CHUNK):
        rows = stationary_rows(ours.size, min(_CHUNK, DRAWS - start), MEAN_BLOCK, rng)
        for first in range(0, rows.shape[0], _AT_ONCE):
            few = rows[first : first + _AT_ONCE]
            part = slice(start + first, start + first + few.shape[0])
            costs[part] = -np.sum(share[few], axis=1) / history.years
            if twin is not None:
                cuts[part] = _depths(theirs[few]) - _depths(ours[few])
    return cuts, costs


def _depths(logs: F8) -> F8:
    return depth(np.exp(np.cumsum(logs, axis=1)))


def _irr(history: History) -> Measure:
    if history.curve.days < LEAST_DAYS:
        return absent("hedge_irr", f"fewer than {LEAST_DAYS} calendar days")
    path = history.hedge
    cash = np.diff(path.premium + path.closing + path.settlement + path.fees, prepend=0.0)
    cash[-1] += path.mark[-1]
    roots = xirr(history.dates, cash)
    rolled = f"the flows change sign {roots.changes} times, so early premiums and payoffs weigh most"
    return perhaps(
        "hedge_irr", roots.only, roots.sentence, caution=rolled if roots.only is not None and roots.changes > 1 else ""
    )


def _mean(name: str, values: F8) -> Measure:
    return perhaps(name, float(np.mean(values)) if values.size else None, "no session had condors")
