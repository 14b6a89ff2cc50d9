"""Leverage of VIX exchange-traded products, dated, for the coverage of a sleeve that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from alvh.core.errors import UsageError

__all__ = ["VIX_ETPS", "EtpLeverage", "leverage"]

_SHORT_TERM, _MID_TERM = 30, 150
# In the reference shock of rulebook section 0 VX gains 20 points at one month and about 8 at five.
_MID_TO_SHORT = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class EtpLeverage:
    """What a VIX product promised from a date on.

    Attributes
    ----------
    since : date
        First session of this promise.
    multiple : float
        Daily multiple of its own VX futures index.
    tenor : int, calendar days
        Constant maturity of that index: 30 short-term, 150 mid-term.
    to_vx30 : float
        Multiple of 30-day VX, which coverage is measured in; for mid-term products the multiple times 0.4, the
        ratio of their shocks in the down-shock.
    """

    since: date
    multiple: float
    tenor: int = _SHORT_TERM

    @property
    def to_vx30(self) -> float:
        """Leverage to 30-day VX; negative for inverse products."""
        return self.multiple if self.tenor == _SHORT_TERM else self.multiple * _MID_TO_SHORT


VIX_ETPS: Mapping[str, tuple[EtpLeverage, ...]] = MappingProxyType(
    {
        "VXX": (EtpLeverage(since=date(2009, 1, 30), multiple=1.0),),
        "VXZ": (EtpLeverage(since=date(2009, 1, 30), multiple=1.0, tenor=_MID_TERM),),
        "VIXY": (EtpLeverage(since=date(2011, 1, 4), multiple=1.0),),
        "VIXM": (EtpLeverage(since=date(2011, 1, 4), multiple=1.0, tenor=_MID_TERM),),
        "UVXY": (
            EtpLeverage(since=date(2011, 10, 4), multiple=2.0),
            EtpLeverage(since=date(2018, 2, 28), multiple=1.5),
        ),
        "SVXY": (
            EtpLeverage(since=date(2011, 10, 4), multiple=-1.0),
            EtpLeverage(since=date(2018, 2, 28), multiple=-0.5),
        ),
        "SVIX": (EtpLeverage(since=date(2022, 3, 30), multiple=-1.0),),
    }
)
"""Ascending by date. Provenance: from memory; the two changes of 2018 are those announced after 5 February 2018."""


def leverage(root: str, session: date) -> EtpLeverage | None:
    """Return what a VIX product promised on a session; None before it was listed.

    Raises
    ------
    UsageError
        When the root is no VIX exchange-traded product.
    """
    promises = VIX_ETPS.get(root)
    if promises is None:
        raise UsageError(f"{root!r} is no VIX exchange-traded product.", fix=f"Known: {', '.join(VIX_ETPS)}.")
    return next((promise for promise in reversed(promises) if promise.since <= session), None)
