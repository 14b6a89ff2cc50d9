"""Derived inputs by name: asked for like any series, computed once, absent where their inputs are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from alvh.market.series import Series
from alvh.signals.column import SeriesLookup
from alvh.signals.inputs.breadth import advance_decline
from alvh.signals.inputs.rates import ECONOMIES, interbank, real_dollar
from alvh.signals.inputs.relatives import index_total_return, reit_relative, reit_total_return, rotation
from alvh.signals.inputs.sectors import sector_vol
from alvh.signals.inputs.valuation import dividend_growth, pe_dispersion, trailing_pe
from alvh.signals.inputs.vx import RANKS, TENORS, VxColumns, by_rank, constant_maturity, continuous, vx_columns

__all__ = ["DERIVED", "DerivedLookup", "with_derived"]

_Maker: TypeAlias = Callable[["DerivedLookup"], Series | None]


class DerivedLookup:
    """A lookup that also answers with derived inputs.

    What the market itself has under a name comes first: a user may bring any derived series ready-made.

    Parameters
    ----------
    lookup : callable
        Finds the market's own series; None where it has none.
    """

    def __init__(self, lookup: SeriesLookup) -> None:
        self._lookup = lookup
        self._made: dict[str, Series | None] = {}
        self._curve: VxColumns | bool | None = False

    def __call__(self, name: str) -> Series | None:
        """Return a series of the market, or a derived one, or None."""
        if name not in self._made:
            found = self._lookup(name)
            maker = DERIVED.get(name)
            self._made[name] = maker(self) if found is None and maker is not None else found
        return self._made[name]

    @property
    def curve(self) -> VxColumns | None:
        """The VX curve in columns; None where the market has no VX futures."""
        if isinstance(self._curve, bool):
            self._curve = vx_columns(self)
        return self._curve


def with_derived(lookup: SeriesLookup) -> DerivedLookup:
    """Add the derived inputs to a lookup; one that has them already is returned as it is."""
    return lookup if isinstance(lookup, DerivedLookup) else DerivedLookup(lookup)


def _from_curve(make: Callable[[VxColumns], Series]) -> _Maker:
    return lambda lookup: None if lookup.curve is None else make(lookup.curve)


def _advance_decline(place: int) -> _Maker:
    def make(lookup: DerivedLookup) -> Series | None:
        found = advance_decline(lookup)
        return None if found is None else found[place]

    return make


DERIVED: dict[str, _Maker] = {
    **{f"VX{rank}": _from_curve(partial(by_rank, rank=rank)) for rank in range(1, RANKS + 1)},
    **{f"VX{days}": _from_curve(partial(constant_maturity, tenor=days)) for days in TENORS},
    "VX1.CONTINUOUS": _from_curve(continuous),
    "AD.NET": _advance_decline(0),
    "AD.LINE": _advance_decline(1),
    "SECTOR.VOL": sector_vol,
    "SPX.TR": index_total_return,
    "REIT.TR": reit_total_return,
    "REIT.RELATIVE": reit_relative,
    "ROTATION": rotation,
    "SPX.TRAILING_PE": trailing_pe,
    "DIVIDEND.GROWTH": dividend_growth,
    "PE.DISPERSION": pe_dispersion,
    **{f"RATE3M.{economy}": partial(interbank, economy=economy) for economy in ECONOMIES},
    "REER.US": real_dollar,
}
"""How each derived input is made, by canonical name."""
