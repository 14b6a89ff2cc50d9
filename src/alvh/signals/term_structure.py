"""S-TERM: the VX curve at constant maturity, and the VIX against its three-month sister."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.signals.column import Alignment, Joined, SeriesLookup, SignalColumn, absent, join
from alvh.signals.fresh import fresh_rows, needed
from alvh.signals.quantiles import trailing_quantile
from alvh.signals.signal import Family, Signal, flag, level


@dataclass(frozen=True, slots=True, kw_only=True)
class TermParameters:
    """S-TERM."""

    steep: Threshold[float] = declare(float, "ratio", "VX60 over VX30 less one that is steep contango", low=0, high=1)
    window: Threshold[int] = declare(int, "sessions", "history whose lower quartile the slope is compared with", low=20)
    low_quantile: Threshold[float] = declare(float, "fraction", "quantile below which the slope is low", low=0, high=1)


class TermStructure(Signal[TermParameters]):
    """Describe the curve of VX futures at constant maturities, linear in calendar days between contracts.

    The slope is VX60 / VX30 - 1, steep from `steep` on; low below its own `low_quantile` over `window` sessions, today
    included. The long slope is VX120 / VX30 - 1 (one to four months). The curvature is (VX30 + VX90) / (2 VX60) - 1,
    positive where the curve sags. The roll yield is what a long future at 60 days loses in 30 under an unchanged curve,
    a year: ln(VX30 / VX60) x 365 / 30, negative in contango. The curve is inverted when VIX closes above VIX3M.
    """

    id = "S-TERM"
    title = "Term structure of volatility"
    family = Family.VOLATILITY
    seeds = ("000", "004")
    inputs = ("VX30", "VX60", "VX90", "VX120", "VIX", "VIX3M")
    parts = (
        level("vx30", "vol points", "VX at 30 days"),
        level("slope", "ratio", "VX60 over VX30 less one", vote=-1),
        flag("steep", "the slope is steep contango", vote=-1),
        flag("low", "the slope is below its own lower quantile", vote=1),
        level("long_slope", "ratio", "VX120 over VX30 less one"),
        level("curvature", "ratio", "mean of VX30 and VX90 over VX60 less one"),
        level("roll_yield", "per year", "log yield of holding a long future from 60 to 30 days"),
        level("ratio", "ratio", "VIX over VIX3M", vote=1),
        flag("inverted", "VIX is above VIX3M", vote=1),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return self.parameters.window.value

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        steep, vix = self.parameters.steep.value, ("VIX", "VIX3M")
        near, long, bent = ("VX30", "VX60"), ("VX30", "VX120"), ("VX30", "VX60", "VX90")
        formulas: dict[str, tuple[tuple[str, ...], Callable[..., F8]]] = {
            "vx30": (("VX30",), lambda vx30: vx30),
            "slope": (near, slope),
            "steep": (near, lambda vx30, vx60: (slope(vx30, vx60) >= steep).astype(float)),
            "low": (near, self._low),
            "long_slope": (long, slope),
            "curvature": (bent, lambda vx30, vx60, vx90: (vx30 + vx90) / (2.0 * vx60) - 1.0),
            "roll_yield": (near, lambda vx30, vx60: roll_yield(vx30, vx60, 30.0)),
            "ratio": (vix, lambda spot, later: spot / later),
            "inverted": (vix, lambda spot, later: (spot > later).astype(float)),
        }
        rows = {names: _rows(names, lookup, snapshots) for names, _ in formulas.values()}
        return tuple(self._column(part, rows[names], formula, snapshots) for part, (names, formula) in formulas.items())

    def _column(
        self, part: str, rows: tuple[Joined, Alignment] | str, formula: Callable[..., F8], snapshots: D8
    ) -> SignalColumn:
        if isinstance(rows, str):
            return absent(self.part_id(part), snapshots, rows)
        joined, at = rows
        # Contradictory settlements can put an interpolated maturity below zero: no volatility, so no curve.
        possible = np.logical_and.reduce([values > 0.0 for values in joined.values])
        values = formula(*(np.where(possible, values, np.nan) for values in joined.values))
        young = f"fewer than {self.parameters.window.value} days of {joined.name} were known, or one is not positive"
        return at.column(self.part_id(part), np.where(possible, values, np.nan), young=young)

    def _low(self, vx30: F8, vx60: F8) -> F8:
        window, now = self.parameters.window.value, slope(vx30, vx60)
        quartile = trailing_quantile(now, window, self.parameters.low_quantile.value, at_least=window)
        return np.where(np.isfinite(quartile), (now < quartile).astype(float), np.nan)


def _rows(names: tuple[str, ...], lookup: SeriesLookup, snapshots: D8) -> tuple[Joined, Alignment] | str:
    """Join some series and align them; or the sentence that says which is missing."""
    found = needed(lookup, *names)
    if isinstance(found, str):
        return found
    joined = join(*found)
    return joined, fresh_rows(snapshots, joined, *found)


def slope(near: F8, far: F8) -> F8:
    """Contango of the far over the near maturity, a ratio less one; negative in backwardation."""
    return far / near - 1.0


def roll_yield(near: F8, far: F8, days: float) -> F8:
    """Log yield a year of a long future that ages by `days` from the far to the near price under an unchanged curve."""
    yearly: F8 = np.log(near / far) * 365.0 / days
    return yearly
