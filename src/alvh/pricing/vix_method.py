"""Cboe's VIX calculation, term by term.

1. Time is minutes over 525 600: to the open (9:30 ET) of an AM-settled expiry, to the close (16:00 ET) of a PM one.
2. ``K*`` is the strike where call and put mids differ least, both bids above zero; ``F = K* + exp(R T) (C - P)``.
   ``K0`` is the largest listed strike at or below F.
3. From K0 downward take puts, upward calls. Skip a zero bid; after two zero bids in a row drop everything beyond. At
   K0 use the mean of call and put.
4. ``sigma**2 = (2 / T) sum dK / K**2 exp(R T) Q(K) - (1 / T) (F / K0 - 1)**2``, where dK is half the distance between
   the neighbours *included*, and at the ends the distance to the one neighbour.
5. ``VIX = 100 sqrt((T1 s1 w1 + T2 s2 w2) N365 / N30)`` with weights linear in minutes; outside the two terms the same
   line extrapolates, as the 2003 method did near monthly expiries.

References
----------
.. [1] Cboe (2022). Volatility Index Methodology: Cboe Volatility Index.
.. [2] Cboe (2003, 2014, 2019). The CBOE Volatility Index - VIX, white paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import B1, F8
from alvh.core.errors import UsageError

__all__ = [
    "MINUTES_30_DAYS",
    "MINUTES_PER_YEAR",
    "NoTerm",
    "Selection",
    "TermVariance",
    "choose_terms",
    "minutes_to_settlement",
    "term_variance",
    "vix",
]

MINUTES_PER_YEAR = 525_600
MINUTES_30_DAYS = 43_200
_MINUTES_PER_DAY = 1_440
_AM_MINUTE = 570
_PM_MINUTE = 960
_ZERO_BIDS_TO_STOP = 2
_LEAST_STRIKES = 2


class Selection(StrEnum):
    """Which two expiries carry the index."""

    WEEKLY = "weekly"
    """Since 2014-10-06: near with more than 23 and at most 30 days, next with more than 30 and at most 37."""
    MONTHLY = "monthly"
    """2003 to 2014: the two nearest monthly expiries with more than a week left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermVariance:
    """One expiry's variance and everything that went into it.

    Attributes
    ----------
    variance : float, per year
        sigma squared; 0.04 is a volatility of 20 %.
    minutes : float
        To settlement.
    forward, at_the_money, k0 : float, points
        F, K* and K0 of the method.
    strikes, mids, widths, contributions : (m,) arrays
        Included strikes ascending (points), Q(K) (points), dK (points) and dK / K**2 exp(R T) Q(K).
    adjustment : float, per year
        ``(F / K0 - 1)**2 / T``, already subtracted.
    """

    variance: float
    minutes: float
    forward: float
    at_the_money: float
    k0: float
    strikes: F8
    mids: F8
    widths: F8
    contributions: F8
    adjustment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTerm:
    """Why an expiry has no variance, in one sentence."""

    reason: str


def minutes_to_settlement(asof: datetime, expiry: date, *, am_settled: bool) -> float:
    """Count minutes from a snapshot to settlement as the method does.

    Parameters
    ----------
    asof : datetime
        New York wall-clock time of the snapshot, aware or naive. The method counts wall-clock minutes, so a change
        to summer time in between does not shift it.
    expiry : date
    am_settled : bool
        True for settlement at 9:30 ET, False for 16:00 ET.
    """
    target = _AM_MINUTE if am_settled else _PM_MINUTE
    passed = asof.hour * 60 + asof.minute + (asof.second + asof.microsecond / 1e6) / 60
    return float((expiry - asof.date()).days * _MINUTES_PER_DAY + target) - passed


def choose_terms(
    session: date, expiries: Sequence[date], selection: Selection = Selection.WEEKLY, *, least_days: int = 8
) -> tuple[date, date] | None:
    """Choose the near and next expiry.

    Parameters
    ----------
    session : date
    expiries : sequence of date
        Candidates: Fridays' expiries for WEEKLY, monthly expiries for MONTHLY, in any order.
    selection : Selection
    least_days : int, calendar days
        MONTHLY only: the near term has at least this many; the published text says more than a week.

    Returns
    -------
    tuple of date, or None where the expiries do not hold both terms
    """
    days = sorted({((expiry - session).days, expiry) for expiry in expiries})
    if selection is Selection.MONTHLY:
        left = [expiry for count, expiry in days if count >= least_days]
        return (left[0], left[1]) if len(left) > 1 else None
    near = [expiry for count, expiry in days if 23 < count <= 30]
    following = [expiry for count, expiry in days if 30 < count <= 37]
    return (near[-1], following[0]) if near and following else None


def term_variance(
    strike: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    *,
    minutes: float,
    rate: float,
) -> TermVariance | NoTerm:
    """Compute one expiry's variance.

    Parameters
    ----------
    strike : (n,) array, points
        Listed strikes ascending, without repetition.
    call_bid, call_ask, put_bid, put_ask : (n,) arrays, points
        A missing or crossed quote counts as a zero bid; missing is NaN, or an ask of zero.
    minutes : float
        To settlement; see `minutes_to_settlement`.
    rate : float, decimal per year
        Continuously compounded.

    Raises
    ------
    UsageError
        The strikes do not ascend or the columns differ in length.
    """
    strikes, quotes = _strip(strike, (call_bid, call_ask, put_bid, put_ask))
    if not minutes > 0.0:
        return NoTerm(reason=f"{minutes!r} minutes to settlement; a variance needs time to run.")
    call_bids, call = _leg(quotes[0], quotes[1])
    put_bids, put = _leg(quotes[2], quotes[3])
    paired = np.flatnonzero(call_bids & put_bids)
    if paired.size == 0:
        return NoTerm(reason="no strike has bids on both its call and its put, so there is no forward.")
    tau = minutes / MINUTES_PER_YEAR
    growth = math.exp(rate * tau)
    star = paired[np.argmin(np.abs(call[paired] - put[paired]))]
    forward = float(strikes[star] + growth * (call[star] - put[star]))
    below = np.flatnonzero(strikes <= forward)
    if below.size == 0:
        return NoTerm(reason=f"every listed strike lies above the forward {forward:.2f}.")
    middle = int(below[-1])
    if not call[middle] + put[middle] < math.inf:
        return NoTerm(reason=f"K0 = {strikes[middle]:g} lacks a call or a put quote, so the strip has no middle.")
    puts = _kept(put_bids[:middle][::-1])[::-1]
    calls = _kept(call_bids[middle + 1 :])
    kept = np.concatenate((puts, [True], calls))
    if int(np.count_nonzero(kept)) < _LEAST_STRIKES:
        return NoTerm(reason="no strike beside K0 has a bid, so there is no strip to sum.")
    mids = np.concatenate((put[:middle], [0.5 * (call[middle] + put[middle])], call[middle + 1 :]))[kept]
    chosen = strikes[kept]
    widths = _widths(chosen)
    contributions = widths / chosen**2 * growth * mids
    adjustment = (forward / float(strikes[middle]) - 1.0) ** 2 / tau
    return TermVariance(
        variance=2.0 / tau * float(contributions.sum()) - adjustment,
        minutes=minutes,
        forward=forward,
        at_the_money=float(strikes[star]),
        k0=float(strikes[middle]),
        strikes=chosen,
        mids=mids,
        widths=widths,
        contributions=contributions,
        adjustment=adjustment,
    )


def vix(near: TermVariance, following: TermVariance, *, target_minutes: float = MINUTES_30_DAYS) -> float | None:
    """Combine two terms into the index.

    Parameters
    ----------
    near, following : TermVariance
        The second expires later.
    target_minutes : float
        Horizon: 43 200 for VIX; other members of the family use their own.

    Returns
    -------
    float, volatility points, or None where extrapolation leaves no positive variance

    Raises
    ------
    UsageError
        The terms are not in order of expiry.
    """
    gap = following.minutes - near.minutes
    if not gap > 0.0:
        raise UsageError(
            f"near term has {near.minutes:.0f} minutes and next term {following.minutes:.0f}; the next must be later.",
            where="VIX method",
            fix="Pass the terms in order of expiry.",
        )
    weight = (following.minutes - target_minutes) / gap
    total = near.minutes * near.variance * weight + following.minutes * following.variance * (1.0 - weight)
    square = total / target_minutes
    return 100.0 * math.sqrt(square) if square > 0.0 else None


def _strip(strike: ArrayLike, quotes: tuple[ArrayLike, ...]) -> tuple[F8, list[F8]]:
    strikes = np.asarray(strike, dtype=np.float64)
    columns = [np.asarray(column, dtype=np.float64) for column in quotes]
    if any(column.shape != strikes.shape for column in columns) or not np.all(np.diff(strikes) > 0.0):
        raise UsageError(
            "strikes must ascend without repetition and every quote column must have their length.",
            where="VIX method",
            fix="Sort the strip by strike and give one row per strike.",
        )
    return strikes, columns


def _leg(bid: F8, ask: F8) -> tuple[B1, F8]:
    """Return where a leg has a bid that counts, and its mid; an infinite mid where it has no usable quote."""
    offered = (ask > 0.0) & (ask < math.inf) & ~(bid > ask)
    bids = offered & (bid > 0.0)
    return bids, np.where(offered, 0.5 * (np.where(bids, bid, 0.0) + ask), math.inf)


def _kept(bid: B1) -> B1:
    """Walk away from the money: keep strikes with a bid until two in a row have none."""
    misses = ~bid
    double = np.flatnonzero(misses[1:] & misses[:-1])
    kept = bid.copy()
    if double.size:
        kept[double[0] :] = False
    return kept


def _widths(strikes: F8) -> F8:
    """Half the distance between the neighbours; at the ends the distance to the one neighbour."""
    widths = np.empty_like(strikes)
    widths[1:-1] = 0.5 * (strikes[2:] - strikes[:-2])
    widths[0] = strikes[1] - strikes[0]
    widths[-1] = strikes[-1] - strikes[-2]
    return widths
