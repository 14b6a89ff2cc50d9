"""Indices with dividends and their relatives: REITs over the index, growth over value."""

from __future__ import annotations

from alvh.market.series import Series
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.known import common, made

__all__ = ["index_total_return", "reit_relative", "reit_total_return", "rotation"]

_INDEX = ("SPY.adjclose", "SPXT")
_REITS = ("IYR.adjclose", "VNQ.adjclose")


def _first(lookup: SeriesLookup, names: tuple[str, ...]) -> Series | None:
    """Take the first the market has; a fixed order, so that the choice does not depend on how far each reaches."""
    return next((series for name in names if (series := lookup(name)) is not None), None)


def _renamed(name: str, series: Series | None) -> Series | None:
    if series is None:
        return None
    return made(name, series.period, series.known_at, series.value, f"{series.name}: {series.source}")


def index_total_return(lookup: SeriesLookup) -> Series | None:
    """Return ``SPX.TR``: SPY adjusted for dividends, else the total return index; only its changes carry meaning."""
    return _renamed("SPX.TR", _first(lookup, _INDEX))


def reit_total_return(lookup: SeriesLookup) -> Series | None:
    """Return ``REIT.TR``: IYR adjusted for dividends (since 2000), else VNQ (since 2004)."""
    return _renamed("REIT.TR", _first(lookup, _REITS))


def reit_relative(lookup: SeriesLookup) -> Series | None:
    """Return ``REIT.RELATIVE``, REITs over the index, both with dividends."""
    return _ratio("REIT.RELATIVE", reit_total_return(lookup), index_total_return(lookup))


def rotation(lookup: SeriesLookup) -> Series | None:
    """Return ``ROTATION``: capitalisation of growth over value, else the ratio of their funds with dividends."""
    caps = _ratio("ROTATION", lookup("CAP.GROWTH"), lookup("CAP.VALUE"))
    return caps if caps is not None else _ratio("ROTATION", lookup("IWF.adjclose"), lookup("IWD.adjclose"))


def _ratio(name: str, above: Series | None, below: Series | None) -> Series | None:
    if above is None or below is None:
        return None
    period, instants, left, right = common(above, below)
    value = above.value[left] / below.value[right]
    return made(name, period, instants, value, f"{above.name} / {below.name}: {above.source}")
