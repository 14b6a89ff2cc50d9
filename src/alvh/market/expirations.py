"""When a contract ends: its settlement instant, its last trade, and the time left.

The settlement class of the root decides. SPX settles on the opening prints of its expiry morning after trading to
the evening before; SPXW and XSP at the close; VIX options and VX futures on the opening of their Wednesday.
An expiry that is no session (the Saturdays of old files, a day of mourning declared after listing) counts as the
session before it.

This module is the front door: the rules of dates (`expiry_rules`) and of listing (`listing`) are reached through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from alvh.core.arrays import F8
from alvh.core.errors import UsageError
from alvh.market.contracts import Kind, Product, Settlement
from alvh.market.expiry_rules import (
    is_monthly_spx,
    is_monthly_vx,
    month_end_expiry,
    spx_monthly_expiry,
    third_friday,
    vx_expiry_of_wednesday,
    vx_monthly_expiry,
    weekly_expiry,
)
from alvh.market.listing import listed_expiries, listed_spx_expiries, listed_vix_expiries, listed_vx_expiries
from alvh.market.products import PRODUCTS, product
from alvh.market.sessions import Calendar, trading_calendar

__all__ = [
    "SECONDS_PER_YEAR",
    "is_monthly_spx",
    "is_monthly_vx",
    "last_trade_instant",
    "last_trading_day",
    "listed_expiries",
    "listed_spx_expiries",
    "listed_vix_expiries",
    "listed_vx_expiries",
    "month_end_expiry",
    "settlement_instant",
    "settlement_session",
    "spx_monthly_expiry",
    "tau",
    "taus",
    "third_friday",
    "tradable",
    "vx_expiry_of_wednesday",
    "vx_monthly_expiry",
    "weekly_expiry",
]

SECONDS_PER_YEAR = 365 * 86_400
"""Act/365: option time is seconds to the settlement instant over this."""

_OPENING = frozenset({Settlement.AM_OPEN, Settlement.VIX_OPEN, Settlement.INDEX_OPEN})
_VX_STOPS_BEFORE_OPEN = timedelta(minutes=30)
_MANY = 1 << 16


def settlement_session(expiry: date, calendar: Calendar | None = None) -> date:
    """Return the session a contract of an expiry settles on: the expiry, or the session before a closed day."""
    return (calendar or trading_calendar(expiry, expiry)).on_or_before(expiry)


@lru_cache(maxsize=_MANY)
def settlement_instant(root: str, expiry: date, calendar: Calendar | None = None) -> datetime:
    """Return the instant a contract's settlement value is struck, aware UTC.

    Parameters
    ----------
    root : str
        Option or future root.
    expiry : date
        Expiry as written on the contract.
    calendar : Calendar, optional
        Default: the shared one.

    Returns
    -------
    datetime
        SPX, VIX, VIXW, VX, VXM, ES, MES: 09:30 New York time. SPXW, XSP and options on shares: the close, 16:00, or
        13:00 on early closes.

    Raises
    ------
    UsageError
        When the root is unknown or does not expire.
    """
    calendar = calendar or trading_calendar(expiry, expiry)
    day = settlement_session(expiry, calendar)
    return calendar.open_instant(day) if _expiring(root).settlement in _OPENING else calendar.close_instant(day)


def last_trading_day(root: str, expiry: date, calendar: Calendar | None = None) -> date:
    """Return the last session a contract trades on.

    The session before settlement for SPX and VIX options; settlement day itself for SPXW, XSP, options on shares,
    and for futures, which trade until shortly before their opening settlement.
    """
    calendar = calendar or trading_calendar(expiry, expiry)
    day = settlement_session(expiry, calendar)
    return calendar.previous(day) if _stops_the_day_before(_expiring(root)) else day


@lru_cache(maxsize=_MANY)
def last_trade_instant(root: str, expiry: date, calendar: Calendar | None = None) -> datetime:
    """Return the end of regular trading in a contract, aware UTC.

    SPX and VIX options: 16:15 New York time (13:15 on early closes) on the session before settlement. VX and VXM:
    09:00 on settlement day. ES and MES: 09:30. The others stop when they settle.
    """
    calendar = calendar or trading_calendar(expiry, expiry)
    item = _expiring(root)
    if _stops_the_day_before(item):
        return calendar.snapshot_instant(last_trading_day(root, expiry, calendar))
    settles = settlement_instant(root, expiry, calendar)
    return settles - _VX_STOPS_BEFORE_OPEN if item.settlement is Settlement.VIX_OPEN else settles


def tradable(root: str, expiry: date, asof: datetime) -> bool:
    """Whether a contract still trades at an aware instant."""
    return asof <= last_trade_instant(root, expiry)


def tau(root: str, expiry: date, asof: datetime) -> float:
    """Return the years, act/365 to the second, from an aware instant to a contract's settlement; zero after it."""
    left = (settlement_instant(root, expiry) - asof).total_seconds()
    return left / SECONDS_PER_YEAR if left > 0.0 else 0.0


def taus(root: str, expiries: Sequence[date], asof: datetime) -> F8:
    """Return `tau` of n expiries of one root as an (n,) array of years."""
    return np.array([tau(root, expiry, asof) for expiry in expiries], dtype=np.float64)


def _stops_the_day_before(item: Product) -> bool:
    return item.kind is Kind.OPTION and item.settlement in _OPENING


def _expiring(root: str) -> Product:
    item = PRODUCTS.get(root)
    if item is None:
        item = product(root)
        raise UsageError(f"{root} ({item.name}) is a share and does not expire.", fix="Shares are sold, not settled.")
    return item
