"""Dividends of the index as they were known, and as a fund that reinvests them implies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, F8
from alvh.market.series import Series
from alvh.signals.clock import Clock, Held, said
from alvh.signals.column import SeriesLookup
from alvh.signals.windows import change, trailing_mean

__all__ = ["REPORTED", "TOTAL_RETURN", "YEAR", "Dividends", "dividends", "reinvested"]

REPORTED, TOTAL_RETURN = "SHILLER.DIVIDEND", "SPX.TR"
YEAR = 252
_SMOOTH = 21
"""Sessions: a fund closes at 16:00 and tracks within a few basis points, which is much of a year's dividend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dividends:
    """Twelve-month dividends at every close.

    Attributes
    ----------
    paid : Held
        Index points.
    implied : (n,) array
        1 where they follow from total less price return, 0 where they were reported, NaN where absent.
    """

    paid: Held
    implied: F8


def reinvested(clock: Clock, total: Series | None, sessions: int) -> Held:
    """Log total return less log price return over a span of sessions: what reinvested dividends added."""
    held = clock.held(total)
    with_dividends = np.where(_same_day(clock, held), np.log(held.value), np.nan)
    added = change(with_dividends, sessions) - change(np.log(clock.spx.value), sessions)
    return Held(value=added, known_at=held.known_at)


def implied_dividends(clock: Clock, total: Series | None) -> Held:
    """Dividends of the last year in index points, from total less price return, mean of a month of closes."""
    added = reinvested(clock, total, YEAR)
    paid = trailing_mean(np.expm1(added.value) * clock.spx.value, _SMOOTH)
    return Held(value=np.where(paid > 0.0, paid, np.nan), known_at=added.known_at)


def dividends(clock: Clock, lookup: SeriesLookup) -> Dividends:
    """Return reported dividends where they are fresh, else those that the fund implies."""
    reported = clock.held(lookup(REPORTED))
    paid = reported.otherwise(implied_dividends(clock, lookup(TOTAL_RETURN)))
    return Dividends(paid=paid, implied=said(~np.isfinite(reported.value), paid.value))


def _same_day(clock: Clock, held: Held) -> B1:
    """Whether a held value is the close's own, not an earlier one; a stale price would look like a dividend."""
    same: B1 = held.known_at.astype("datetime64[D]") == clock.spx.known_at.astype("datetime64[D]")
    return same & np.isfinite(held.value)
