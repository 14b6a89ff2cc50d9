"""The VIX recomputed from recorded SPX and SPXW chains of one snapshot.

1. Candidates. Weekly form: the standard SPX expiry of each month and the SPXW expiries of the other Fridays, a holiday
   Friday's on the Thursday before. Monthly form (until 2014-10-05): standard SPX expiries only.
2. `choose_terms` takes the two that carry the index; without both there is no VIX, and the reason says what is listed.
3. Each term's variance by `term_variance`, minutes counted from the snapshot in New York time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from alvh.core.arrays import F8
from alvh.market.chain import OptionChain, QuoteStatus
from alvh.market.expirations import is_monthly_spx, weekly_expiry
from alvh.market.sessions import NEW_YORK
from alvh.pricing.vix_method import (
    NoTerm,
    Selection,
    TermVariance,
    choose_terms,
    minutes_to_settlement,
    term_variance,
    vix,
)

__all__ = ["WEEKLY_SINCE", "VixReading", "vix_of_chains"]

WEEKLY_SINCE = date(2014, 10, 6)
"""First session whose VIX counts SPXW expiries."""
_FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class VixReading:
    """The index recomputed from a chain.

    Attributes
    ----------
    value : float, vol points
    selection : Selection
    near, following : TermVariance
    near_expiry, following_expiry : date
    near_root, following_root : str
    """

    value: float
    selection: Selection
    near: TermVariance
    following: TermVariance
    near_expiry: date
    following_expiry: date
    near_root: str
    following_root: str


def vix_of_chains(
    chains: Sequence[OptionChain], *, rate: float, selection: Selection | None = None
) -> VixReading | NoTerm:
    """Recompute the VIX from recorded chains.

    Parameters
    ----------
    chains : sequence of OptionChain
        SPX, and SPXW where it is listed, of one snapshot.
    rate : float, decimal per year
        Bill rate near 30 days, continuously compounded. A quarter of a point of it moves the index by a thousandth.
    selection : Selection, optional
        Default: the form in force on the session.

    Returns
    -------
    VixReading or NoTerm
        The second says why the chains hold no index; this is a value, not an error.
    """
    if not chains:
        return NoTerm(reason="no chain was given.")
    session = chains[0].session
    form = selection or (Selection.WEEKLY if session >= WEEKLY_SINCE else Selection.MONTHLY)
    listed = _candidates(chains, form)
    terms = choose_terms(session, tuple(listed), form)
    if terms is None:
        return NoTerm(reason=_missing(session, sorted(listed), form))
    pair: list[TermVariance] = []
    for expiry in terms:
        found = _term(listed[expiry], expiry, rate)
        if isinstance(found, NoTerm):
            return NoTerm(reason=f"{listed[expiry].root} {expiry}: {found.reason}")
        pair.append(found)
    value = vix(pair[0], pair[1])
    if value is None:
        return NoTerm(reason="the line through the two terms leaves no positive variance at 30 days.")
    return VixReading(
        value=value,
        selection=form,
        near=pair[0],
        following=pair[1],
        near_expiry=terms[0],
        following_expiry=terms[1],
        near_root=listed[terms[0]].root,
        following_root=listed[terms[1]].root,
    )


def _candidates(chains: Sequence[OptionChain], form: Selection) -> Mapping[date, OptionChain]:
    found: dict[date, OptionChain] = {}
    for chain in chains:
        for expiry in chain.expiries:
            monthly = is_monthly_spx(expiry)
            weekly = not monthly and form is Selection.WEEKLY and _is_fridays(expiry)
            if (chain.root == "SPX" and monthly) or (chain.root == "SPXW" and weekly):
                found[expiry] = chain
    return found


def _is_fridays(expiry: date) -> bool:
    """Whether an expiry is that of its week's Friday."""
    return weekly_expiry(expiry + timedelta(days=_FRIDAY - expiry.weekday())) == expiry


def _missing(session: date, listed: Sequence[date], form: Selection) -> str:
    days = ", ".join(f"{expiry} ({(expiry - session).days} days)" for expiry in listed) or "none"
    needed = (
        "a Friday expiry 24 to 30 days away and one 31 to 37 days away"
        if form is Selection.WEEKLY
        else "two monthly expiries more than a week away"
    )
    return f"the method needs {needed}; listed are {days}."


def _term(chain: OptionChain, expiry: date, rate: float) -> TermVariance | NoTerm:
    rows = chain.rows(expiry)
    minutes = minutes_to_settlement(chain.asof.astimezone(NEW_YORK), expiry, am_settled=chain.root == "SPX")
    return term_variance(*_columns(chain, rows), minutes=minutes, rate=rate)


def _columns(chain: OptionChain, rows: slice) -> tuple[F8, F8, F8, F8, F8]:
    """Lay calls and puts of one expiry side by side: strike, call bid and ask, put bid and ask."""
    strike, is_put = chain.strike[rows], chain.is_put[rows]
    usable = (chain.status[rows] == QuoteStatus.OK) | (chain.status[rows] == QuoteStatus.ZERO_BID)
    strikes, place = np.unique(strike, return_inverse=True)
    sides = np.zeros((4, strikes.size))
    for side, right in ((0, ~is_put & usable), (2, is_put & usable)):
        sides[side, place[right]] = chain.bid[rows][right]
        sides[side + 1, place[right]] = chain.ask[rows][right]
    return strikes, sides[0], sides[1], sides[2], sides[3]
