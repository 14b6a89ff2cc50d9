"""The four variance nodes recomputed from a chain itself: what VIX9D .. VIX6M were when its quotes were captured.

Closing levels beside quotes of another hour differ by what the market moved in between. Cboe's method on the chain's
own expiries gives the levels of the very snapshot: Friday expiries for 9 and 30 days, standard monthlies for 93 and
184. Before 2014-10-06 the 30 days too stand on monthlies, and there is no level for 9 days: weeklies were too few.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from alvh.market.chain import OptionChain, QuoteStatus
from alvh.market.expirations import is_monthly_spx, weekly_expiry
from alvh.market.sessions import NEW_YORK
from alvh.pricing.modelled.calibration import NODE_DAYS
from alvh.pricing.vix_method import NoTerm, TermVariance, minutes_to_settlement, term_variance, vix
from alvh.pricing.vix_of_chains import WEEKLY_SINCE

__all__ = ["capture_levels"]

_FRIDAY = 4
_LEAST_DAYS = 2
_DAY_MINUTES = 1440.0


def capture_levels(chains: Sequence[OptionChain], *, rate: float) -> tuple[float | None, ...]:
    """Recompute VIX9D, VIX, VIX3M and VIX6M at the snapshot of SPX and SPXW chains.

    Parameters
    ----------
    chains : sequence of OptionChain
    rate : float, decimal per year
        Bill rate, continuously compounded.

    Returns
    -------
    tuple of float or None, vol points
        None where the chains lack the expiries.
    """
    monthly: dict[date, TermVariance] = {}
    weekly: dict[date, TermVariance] = {}
    for chain in chains:
        for expiry in chain.expiries:
            standard = is_monthly_spx(expiry)
            fits = standard if chain.root == "SPX" else not standard and _is_fridays(expiry)
            found = _term(chain, expiry, rate) if fits and (expiry - chain.session).days >= _LEAST_DAYS else None
            if isinstance(found, TermVariance):
                (monthly if standard else weekly)[expiry] = found
    if not monthly:
        return (None,) * len(NODE_DAYS)
    session = chains[0].session
    both = monthly | weekly if session >= WEEKLY_SINCE else monthly
    short, anchor, medium, long = NODE_DAYS
    return (
        _level(both, session, short) if session >= WEEKLY_SINCE else None,
        _level(both, session, anchor),
        _level(monthly, session, medium),
        _level(monthly, session, long),
    )


def _level(terms: dict[date, TermVariance], session: date, days: float) -> float | None:
    """Interpolate between the last expiry up to a horizon and the first beyond it."""
    target = session + timedelta(days=days)
    before = [expiry for expiry in terms if expiry <= target]
    after = [expiry for expiry in terms if expiry > target]
    if not before or not after:
        return None
    return vix(terms[max(before)], terms[min(after)], target_minutes=days * _DAY_MINUTES)


def _is_fridays(expiry: date) -> bool:
    return weekly_expiry(expiry + timedelta(days=_FRIDAY - expiry.weekday())) == expiry


def _term(chain: OptionChain, expiry: date, rate: float) -> TermVariance | NoTerm:
    rows = chain.rows(expiry)
    usable = (chain.status[rows] == QuoteStatus.OK) | (chain.status[rows] == QuoteStatus.ZERO_BID)
    strikes, place = np.unique(chain.strike[rows], return_inverse=True)
    sides = np.zeros((4, strikes.size))
    for side, right in ((0, ~chain.is_put[rows] & usable), (2, chain.is_put[rows] & usable)):
        sides[side, place[right]] = chain.bid[rows][right]
        sides[side + 1, place[right]] = chain.ask[rows][right]
    wall = chain.asof.astimezone(NEW_YORK)
    minutes = minutes_to_settlement(wall, expiry, am_settled=chain.root == "SPX")
    return term_variance(strikes, *sides, minutes=minutes, rate=rate)
