"""The catalogue of what can be held, and the dated facts about it: ticks, strike grids, leverage.

A root names one derivative. `SPY` and `VXX` name both a share and American options on it; asking for such a root
without saying which is an error, because the multipliers differ by a hundred.

Sign convention, once for the whole program: cash is positive when received, a quantity is negative when short.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Instrument, Kind, Option, Product, Settlement, Share, Style, TickRule

__all__ = ["PRODUCTS", "SHARES", "TICK_CHANGES", "product", "product_of", "tick_era", "tick_rule"]

_CENT = Decimal("0.01")
_NICKEL = Decimal("0.05")
_DIME = Decimal("0.10")
_QUARTER = Decimal("0.25")
_THREE = Decimal(3)


def _flat(tick: Decimal) -> TickRule:
    return TickRule(below=tick, boundary=Decimal(0), above=tick)


_NICKEL_DIME = TickRule(below=_NICKEL, boundary=_THREE, above=_DIME)
_CENT_NICKEL = TickRule(below=_CENT, boundary=_THREE, above=_NICKEL)


def _index_option(
    root: str, name: str, underlying: str, settlement: Settlement, ticks: TickRule, package_tick: Decimal
) -> Product:
    return Product(
        root=root,
        name=name,
        kind=Kind.OPTION,
        underlying=underlying,
        multiplier=100,
        style=Style.EUROPEAN,
        settlement=settlement,
        ticks=ticks,
        package_tick=package_tick,
    )


def _share_option(root: str, ticks: TickRule) -> Product:
    return Product(
        root=root,
        name=f"{root} options (American, physical delivery)",
        kind=Kind.OPTION,
        underlying=root,
        multiplier=100,
        style=Style.AMERICAN,
        settlement=Settlement.PHYSICAL,
        ticks=ticks,
        package_tick=_CENT,
    )


def _future(
    root: str,
    name: str,
    underlying: str,
    multiplier: int,
    settlement: Settlement,
    *,
    tick: Decimal,
    package_tick: Decimal,
) -> Product:
    return Product(
        root=root,
        name=name,
        kind=Kind.FUTURE,
        underlying=underlying,
        multiplier=multiplier,
        style=Style.NONE,
        settlement=settlement,
        ticks=_flat(tick),
        package_tick=package_tick,
    )


def _share(root: str, name: str) -> Product:
    return Product(
        root=root,
        name=name,
        kind=Kind.ETP,
        underlying=root,
        multiplier=1,
        style=Style.NONE,
        settlement=Settlement.NONE,
        ticks=_flat(_CENT),
        package_tick=_CENT,
    )


def _by_root(*products: Product) -> Mapping[str, Product]:
    return MappingProxyType({item.root: item for item in products})


PRODUCTS: Mapping[str, Product] = _by_root(
    _index_option("SPX", "S&P 500 options, AM-settled", "SPX", Settlement.AM_OPEN, _NICKEL_DIME, _NICKEL),
    _index_option("SPXW", "S&P 500 options, PM-settled", "SPX", Settlement.PM_CLOSE, _NICKEL_DIME, _NICKEL),
    _index_option("XSP", "Mini-SPX options", "XSP", Settlement.PM_CLOSE, _flat(_CENT), _CENT),
    _index_option("VIX", "VIX options", "VIX", Settlement.VIX_OPEN, _CENT_NICKEL, _CENT),
    _index_option("VIXW", "VIX weekly options", "VIX", Settlement.VIX_OPEN, _flat(_CENT), _CENT),
    _future("VX", "VIX futures", "VIX", 1000, Settlement.VIX_OPEN, tick=_NICKEL, package_tick=_CENT),
    _future("VXM", "Mini VIX futures", "VIX", 100, Settlement.VIX_OPEN, tick=_CENT, package_tick=_CENT),
    _future("ES", "E-mini S&P 500 futures", "SPX", 50, Settlement.INDEX_OPEN, tick=_QUARTER, package_tick=_NICKEL),
    _future(
        "MES", "Micro E-mini S&P 500 futures", "SPX", 5, Settlement.INDEX_OPEN, tick=_QUARTER, package_tick=_NICKEL
    ),
    _share_option("SPY", _flat(_CENT)),
    _share_option("VXX", _CENT_NICKEL),
)
"""Options and futures by root, as they trade today; `tick_rule` knows older ticks."""

SHARES: Mapping[str, Product] = _by_root(
    _share("SPY", "SPDR S&P 500 ETF"),
    _share("VXX", "iPath S&P 500 VIX short-term futures ETN"),
    _share("VXZ", "iPath S&P 500 VIX mid-term futures ETN"),
    _share("VIXY", "ProShares VIX short-term futures ETF"),
    _share("VIXM", "ProShares VIX mid-term futures ETF"),
    _share("UVXY", "ProShares Ultra VIX short-term futures ETF"),
    _share("SVXY", "ProShares Short VIX short-term futures ETF"),
    _share("SVIX", "-1x Short VIX futures ETF"),
)
"""Exchange-traded products by ticker."""


@lru_cache(maxsize=256)
def product(root: str, kind: Kind | None = None) -> Product:
    """Return the product of a root.

    Parameters
    ----------
    root : str
        Trading root, e.g. ``SPXW``; case matters, as it does on the tape.
    kind : Kind, optional
        Needed only for ``SPY`` and ``VXX``, which name a share and options on it.

    Raises
    ------
    UsageError
        When the root is unknown, or names two products and `kind` does not say which.
    """
    derivative, share = PRODUCTS.get(root), SHARES.get(root)
    found = [item for item in (derivative, share) if item is not None and kind in {None, item.kind}]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{root!r} names both a share (multiplier 1) and options on it (multiplier 100).",
            fix=f"Ask product({root!r}, Kind.ETP) or product({root!r}, Kind.OPTION), or product_of(instrument).",
        )
    wanted = f"{root!r} is not a root this program knows" + (f" as {kind}" if kind else "")
    known = ", ".join(sorted({*PRODUCTS, *SHARES}))
    raise UsageError(f"{wanted}.", fix=f"Known roots: {known}.")


_KINDS: Mapping[type, Kind] = {Option: Kind.OPTION, Future: Kind.FUTURE, Share: Kind.ETP}


def product_of(instrument: Instrument) -> Product:
    """Return the product an instrument belongs to, never ambiguous."""
    return product(instrument.root, _KINDS[type(instrument)])


_FINER_VIX_TICKS = date(2022, 10, 3)
_PENNY_XSP = date(2013, 11, 5)

_OLDER_TICKS: Mapping[str, tuple[date, TickRule]] = {
    "VIX": (_FINER_VIX_TICKS, _NICKEL_DIME),
    "VXM": (_FINER_VIX_TICKS, _flat(_NICKEL)),
    "XSP": (_PENNY_XSP, _NICKEL_DIME),
}

TICK_CHANGES = tuple(sorted({day for day, _ in _OLDER_TICKS.values()}))
"""Days on which a tick rule of some root changed, ascending."""


def tick_era(session: date) -> int:
    """Count the changes of tick rules up to a session; sessions of one era share all ticks."""
    return bisect_right(TICK_CHANGES, session)


def tick_rule(root: str, session: date) -> TickRule:
    """Return the minimum price variation of a single option, future or share on a session.

    Notes
    -----
    VIX options went from 0.05/0.10 to 0.01/0.05 (below/from 3.00) and VXM from 0.05 to 0.01 on 2022-10-03 [1]_.
    XSP went from 0.05/0.10 to 0.01 when it became PM-settled; the date is assumed to be the same, 2013-11-05.

    References
    ----------
    .. [1] Cboe, "Why VIX Index Options and Mini VIX (VXM) Futures Got a Tick Update", November 2022.
    """
    older = _OLDER_TICKS.get(root)
    if older is not None and session < older[0]:
        return older[1]
    return (PRODUCTS.get(root) or product(root)).ticks
