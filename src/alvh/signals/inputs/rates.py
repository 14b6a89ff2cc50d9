"""Rates and the dollar under names that do not depend on who published them."""

from __future__ import annotations

from alvh.market.series import Series
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.known import made

__all__ = ["ECONOMIES", "interbank", "real_dollar"]

ECONOMIES = ("US", "EA", "JP", "GB", "CH", "AU")

_INTERBANK = {
    "US": ("IR3TIB01USM156N",),
    # One money market since 1999: where the area's own series is not there, Germany's is the same rate.
    "EA": ("IR3TIB01EZM156N", "IR3TIB01DEM156N"),
    "JP": ("IR3TIB01JPM156N",),
    "GB": ("IR3TIB01GBM156N",),
    "CH": ("IR3TIB01CHM156N",),
    "AU": ("IR3TIB01AUM156N",),
}
_REAL_DOLLAR = ("RBUSBIS", "BIS.reer.United States")


def interbank(lookup: SeriesLookup, economy: str) -> Series | None:
    """Return ``RATE3M.<economy>``, the 3-month interbank rate, % per year, monthly."""
    return _renamed(lookup, f"RATE3M.{economy}", _INTERBANK.get(economy, ()))


def real_dollar(lookup: SeriesLookup) -> Series | None:
    """Return ``REER.US``, the real effective exchange rate of the dollar, monthly."""
    return _renamed(lookup, "REER.US", _REAL_DOLLAR)


def _renamed(lookup: SeriesLookup, name: str, sources: tuple[str, ...]) -> Series | None:
    for source in sources:
        series = lookup(source)
        if series is not None:
            return made(name, series.period, series.known_at, series.value, f"{series.name}: {series.source}")
    return None
