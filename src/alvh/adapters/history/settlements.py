"""What a contract settles to, from recorded values, and the sentence that says when a proxy stands in.

1. SPX and index futures settle on the special opening quotation; no free source has it, so the index's opening print
   of the day stands in, and the close before where there is no opening print.
2. SPXW and XSP settle on the closing level of the index.
3. VIX options and futures settle on the final settlement of the VX future of that date; else the VIX opening print of
   the day stands in, else the VIX close before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from alvh.adapters.history.inputs import SeriesLookup
from alvh.adapters.vx_curves import VxHistory
from alvh.market.contracts import Instrument, Settlement, Share
from alvh.market.expirations import settlement_instant, settlement_session
from alvh.market.products import product_of
from alvh.market.view import SettlementValue

__all__ = ["Settlements"]

_OPENING = frozenset({Settlement.AM_OPEN, Settlement.INDEX_OPEN})
_SCALE = {"XSP": 0.1}
_FRESH_DAYS = 5

_SPX_OPEN = "SPX special opening quotation not in the data; the index's opening print of {day} stands in."
_SPX_CLOSE = (
    "SPX special opening quotation and opening print of {day} not in the data; the close of {before} stands in."
)
_VIX_TRADE = "VX final settlement of {day} not in the data; the contract's last price of that day stands in."
_VIX_OPEN = "VIX special opening quotation of {day} not in the data; the VIX opening print of the day stands in."
_VIX_CLOSE = (
    "VIX special opening quotation and opening print of {day} not in the data; the VIX close of {before} stands in."
)


@dataclass(slots=True, kw_only=True, eq=False)
class Settlements:
    """Settlement values of a history.

    Parameters
    ----------
    lookup : callable
        Series by canonical name.
    curves : VxHistory or None
        Final settlements of VX futures.
    """

    lookup: SeriesLookup
    curves: VxHistory | None

    def value(self, instrument: Instrument) -> SettlementValue | None:
        """Return what an instrument settles to; None where no value is known, or it does not settle in cash."""
        if isinstance(instrument, Share):
            return None
        item = product_of(instrument)
        day = settlement_session(instrument.expiry)
        instant = settlement_instant(instrument.root, instrument.expiry)
        if item.settlement is Settlement.PM_CLOSE:
            return self._close(day, _SCALE.get(item.root, 1.0))
        if item.settlement in _OPENING:
            return self._opening("SPX", day, instant, _SPX_OPEN, _SPX_CLOSE)
        if item.settlement is Settlement.VIX_OPEN:
            return self._final(instrument.expiry, day, instant)
        return None

    def _close(self, day: date, scale: float) -> SettlementValue | None:
        found = self._on("SPX", day)
        return SettlementValue(value=scale * found[0], known_at=found[1], proxy=None) if found else None

    def _final(self, expiry: date, day: date, instant: datetime) -> SettlementValue | None:
        final = self.curves.vx_final_settlement(expiry) if self.curves is not None else None
        if final is not None:
            value, official = final
            return SettlementValue(
                value=value, known_at=instant, proxy=None if official else _VIX_TRADE.format(day=day)
            )
        return self._opening("VIX", day, instant, _VIX_OPEN, _VIX_CLOSE)

    def _opening(self, name: str, day: date, instant: datetime, by_open: str, by_close: str) -> SettlementValue | None:
        opened = self._on(f"{name}.open", day)
        if opened is not None:
            return SettlementValue(value=opened[0], known_at=instant, proxy=by_open.format(day=day))
        # A series that ends before the day cannot say what happened on it.
        series = self.lookup(name)
        if series is None or series.value.size == 0:
            return None
        place = int(np.searchsorted(series.period, np.datetime64(day, "D"))) - 1
        before = series.period[place].item() if place >= 0 else None
        if before is None or (day - before).days > _FRESH_DAYS:
            return None
        proxy = by_close.format(day=day, before=before)
        return SettlementValue(value=float(series.value[place]), known_at=instant, proxy=proxy)

    def _on(self, name: str, day: date) -> tuple[float, datetime] | None:
        series = self.lookup(name)
        if series is None:
            return None
        wanted = np.datetime64(day, "D")
        place = int(np.searchsorted(series.period, wanted, side="right")) - 1
        if place < 0 or series.period[place] != wanted or not series.value[place] > 0.0:
            return None
        known = int(series.known_at[place].astype("datetime64[s]").astype(np.int64))
        return float(series.value[place]), datetime.fromtimestamp(known, UTC)
