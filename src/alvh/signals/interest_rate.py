"""S-RATE: the interest-rate differential of the dollar against its trade partners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, Clock, first_prints, first_row, said
from alvh.signals.column import Joined, SeriesLookup, SignalColumn, absent, all_absent, join
from alvh.signals.fresh import fresh_rows, needed
from alvh.signals.quantiles import trailing_quantile
from alvh.signals.regression import trailing_ols
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change

PARTNERS = {"EA": 0.45, "JP": 0.25, "GB": 0.15, "CH": 0.10, "AU": 0.05}
"""Weights of the trade partners: euro area, Japan, United Kingdom, Switzerland, Australia."""
_RATES = ("US", *PARTNERS)
_EXPLAINING = ("SPX", "DTWEXBGS", "DGS2")
_ROUNDING = 1e-9
_HOLIDAYS = np.timedelta64(5, "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRateParameters:
    """S-RATE."""

    window: Threshold[int] = declare(int, "sessions", "span of the change", low=5, high=252)
    rising: Threshold[float] = declare(
        float, "percentage points", "change above which the differential rises", low=0, high=5
    )
    history: Threshold[int] = declare(int, "sessions", "history of the elevated quantile", low=252, high=2520)
    elevated: Threshold[float] = declare(float, "fraction", "quantile above which it is elevated", low=0, high=1)
    explained: Threshold[int] = declare(int, "sessions", "window of the regression of SPX", low=63, high=1260)


class InterestRate(Signal[InterestRateParameters]):
    """Measure what the dollar pays above its trade partners.

    The differential is the 3-month interbank rate of the United States less the mean of the partners' (euro area 0.45,
    Japan 0.25, United Kingdom 0.15, Switzerland 0.10, Australia 0.05; those present, reweighted). Monthly rates (OECD)
    are held at every close from their release; before the euro area's own rate, Germany's is it. `rising`: the
    differential grew by more than `rising` over `window` sessions, partners that are present at both ends only.
    `elevated`: it is above its `elevated` quantile over `history`, the last close included.

    `explained` is the R² of daily SPX returns on daily changes of the dollar (broad index, log) and of the rate
    differential over `explained` sessions, for which the US 2-year yield stands in, less the partners' where their
    2-year yields are known every day. Its last day is that of the dollar index, published a week later.
    """

    id = "S-RATE"
    title = "Interest-rate differential of the dollar"
    family = Family.MACRO
    seeds = ("000", "001", "002", "003", "004")
    inputs = (
        *(f"RATE3M.{economy}" for economy in _RATES),
        *_EXPLAINING,
        *(f"YIELD2Y.{economy}" for economy in PARTNERS),
    )
    parts = (
        level("differential", "percentage points", "dollar less partners, 3 months", vote=1),
        level("change", "percentage points", "its change over the window"),
        flag("rising", "the differential rises", vote=1),
        flag("elevated", "the differential is high against its own past"),
        level("partners", "weight", "share of the partners' weights that is present"),
        level("explained", "fraction", "R² of SPX on the dollar and the rate differential"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        return max(numbers.history.value + numbers.window.value, numbers.explained.value) + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        return (*self._differential(lookup, snapshots), self._explained(lookup, snapshots))

    def _differential(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        names = tuple(self.part_id(part) for part in ("differential", "change", "rising", "elevated", "partners"))
        found = needed(lookup, "SPX", "RATE3M.US")
        if isinstance(found, str):
            return all_absent(names, snapshots, found)
        abroad = {economy: lookup(f"RATE3M.{economy}") for economy in PARTNERS}
        if not any(abroad.values()):
            return all_absent(names, snapshots, "the market has no 3-month rate of a trade partner")
        clock, numbers = Clock(found[0], snapshots), self.parameters
        dollar = clock.held(found[1])
        partners = [clock.held(series) for series in abroad.values()]
        now = dollar.value - weighted_partners([partner.value for partner in partners])
        window = numbers.window.value
        moved = change(dollar.value, window) - weighted_partners([change(p.value, window) for p in partners])
        history, share = numbers.history.value, numbers.elevated.value
        high = clock.late(lambda values: trailing_quantile(values, history, share, at_least=history // 2), now, history)
        weight = np.array(list(PARTNERS.values())) @ np.isfinite([partner.value for partner in partners])
        values = (
            now,
            moved,
            said(moved > numbers.rising.value + _ROUNDING, moved),
            said(now > high + _ROUNDING, now, high),
            np.where(np.isfinite(now), weight, np.nan),
        )
        young = "no fresh 3-month rate of the dollar and of a partner, now and as far back as the window"
        return tuple(
            clock.column(name, value, dollar, *partners, young=young) for name, value in zip(names, values, strict=True)
        )

    def _explained(self, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier = self.part_id("explained")
        found = needed(lookup, *_EXPLAINING)
        if isinstance(found, str):
            return absent(identifier, snapshots, found)
        daily = [first_prints(series) for series in found]
        joined, window = join(*daily), self.parameters.explained.value
        spx, dollar, _ = joined.values
        moves = np.column_stack([change(np.log(dollar), 1), _rate_moves(joined, lookup)])
        first = first_row(joined, snapshots)
        r2 = trailing_ols(change(np.log(spx), 1), moves, window, first=first).r2
        at = fresh_rows(snapshots, joined, *daily)
        return at.column(identifier, r2, young=f"fewer than {window} common days of {joined.name} were known")


def weighted_partners(values: Sequence[F8]) -> F8:
    """Mean of the partners' columns under their weights, over those present in each row; NaN where none is.

    Parameters
    ----------
    values : sequence of (n,) array
        In the order of `PARTNERS`.
    """
    column, weight = np.array(values), np.array(list(PARTNERS.values()))[:, None]
    here = np.isfinite(column)
    total = (weight * here).sum(axis=0)
    summed = (weight * np.where(here, column, 0.0)).sum(axis=0)
    mean: F8 = np.divide(summed, total, out=np.full(total.size, np.nan), where=total > 0.0)
    return mean


def _rate_moves(joined: Joined, lookup: SeriesLookup) -> F8:
    """Daily change of the US 2-year, less the partners' where one of theirs is known on both days."""
    ours = change(joined.values[_EXPLAINING.index("DGS2")], 1)
    partners = [lookup(f"YIELD2Y.{economy}") for economy in PARTNERS]
    abroad = weighted_partners([change(_on_days(series, joined), 1) for series in partners])
    return ours - np.where(np.isfinite(abroad), abroad, 0.0)


def _on_days(series: Series | None, joined: Joined) -> F8:
    """Last yield of a country up to each day, at most `_HOLIDAYS` old and known when the joined row was."""
    out = np.full(joined.period.size, np.nan)
    if series is None or not series.value.size:
        return out
    first = first_prints(series)
    row = np.maximum(np.searchsorted(first.period, joined.period, side="right") - 1, 0)
    age = joined.period - first.period[row]
    use = (age >= np.timedelta64(0, "D")) & (age <= _HOLIDAYS) & (first.known_at[row] <= joined.known_at)
    out[use] = first.value[row[use]]
    return out
