"""S-REER: real effective exchange rate of the dollar."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, first_prints, said, stood_in, with_stand_in
from alvh.signals.column import SeriesLookup, SignalColumn, absent
from alvh.signals.fresh import fresh
from alvh.signals.inputs.rates import real_dollar
from alvh.signals.quantiles import trailing_quantile
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change, trailing_std

DAILY, MONTHLY = "DTWEXBGS", "REER.US"
_NEITHER = f"the market has neither {DAILY} nor RBUSBIS"
_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRateParameters:
    """S-REER."""

    window: Threshold[int] = declare(int, "sessions", "window of the daily standard deviation", low=20, high=252)
    history: Threshold[int] = declare(int, "sessions", "history whose quantiles count as usual", low=252, high=2520)
    monthly_limit: Threshold[float] = declare(
        float, "fraction", "largest three-month change of the monthly rate that is stable", low=0, high=1
    )
    calm_quantile: Threshold[float] = declare(
        float, "fraction", "quantile of the history below which volatility is low", low=0, high=1
    )
    risk_off: Threshold[float] = declare(float, "fraction", "rise of the dollar that is risk-off", low=0, high=1)
    risk_off_span: Threshold[int] = declare(int, "sessions", "over which the rise is measured", low=1, high=252)


class ExchangeRate(Signal[ExchangeRateParameters]):
    """Say whether the dollar's real effective exchange rate is stable, calm, or rising in a flight to safety.

    The daily proxy is the nominal broad dollar index (DTWEXBGS). `stable`: the `window`-session standard deviation of
    its daily log changes is at most its median over `history`; `calm` (volatility low): that deviation is below its
    `calm_quantile` over `history`. Where the daily index is not known, the monthly real rate (BIS) gives its own
    definition of `stable`, a three-month change of at most `monthly_limit` in absolute value, and `monthly` says so.
    `risk_off`: the daily index rose by `risk_off` over `risk_off_span` sessions, or the real rate did at its last
    monthly print.
    """

    id = "S-REER"
    title = "Real effective exchange rate of the dollar"
    family = Family.MACRO
    seeds = ("000", "001", "002", "003", "004")
    inputs = (DAILY, MONTHLY)
    parts = (
        flag("stable", "the dollar's real effective exchange rate is stable", vote=-1),
        flag("calm", "its volatility is low"),
        flag("risk_off", "the dollar rises in a flight to safety", vote=1),
        level("sd", "log points a day", "standard deviation of its daily changes"),
        level("change", "log points", "change over the span of risk_off"),
        flag("monthly", "the monthly rate stands in for the daily index in `stable`"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        return max(numbers.history.value + numbers.window.value, numbers.risk_off_span.value) + 1 + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        daily, monthly = lookup(DAILY), lookup(MONTHLY) or real_dollar(lookup)
        names = ("stable", "calm", "risk_off", "sd", "change")
        by_day = {name: absent(self.part_id(name), snapshots, _NEITHER) for name in names}
        by_month = dict(by_day)
        if daily is not None:
            by_day.update(self._daily(first_prints(daily), snapshots))
        if monthly is not None:
            by_month.update(self._monthly(first_prints(monthly), snapshots))
        stable = with_stand_in(by_day["stable"], by_month["stable"]) if daily is not None else by_month["stable"]
        return (
            stable,
            by_day["calm"],
            self._risk_off(by_day["risk_off"], by_month["risk_off"]),
            by_day["sd"],
            by_day["change"],
            stood_in(self.part_id("monthly"), stable, by_day["stable"]),
        )

    def _risk_off(self, by_day: SignalColumn, by_month: SignalColumn) -> SignalColumn:
        """Either of those present is enough."""
        chosen = with_stand_in(by_day, by_month)
        either = np.where(by_month.present, np.maximum(chosen.value, by_month.value), chosen.value)
        return replace(chosen, value=np.where(chosen.present, either, 0.0))

    def _daily(self, series: Series, snapshots: D8) -> dict[str, SignalColumn]:
        numbers, log = self.parameters, np.log(series.value)
        window, history, span = numbers.window.value, numbers.history.value, numbers.risk_off_span.value
        least = history // 2
        spread = trailing_std(change(log, 1), window)
        usual = trailing_quantile(spread, history, 0.5, at_least=least)
        low = trailing_quantile(spread, history, numbers.calm_quantile.value, at_least=least)
        moved = change(log, span)
        few = f"fewer than {least} spreads of {series.name} were known"
        values: dict[str, tuple[F8, str]] = {
            "stable": (said(spread <= usual, spread, usual), few),
            "calm": (said(spread < low, spread, low), few),
            "risk_off": (
                said(moved >= np.log1p(numbers.risk_off.value), moved),
                f"fewer than {span + 1} values of {series.name} were known",
            ),
            "sd": (spread, f"fewer than {window + 1} values of {series.name} were known"),
            "change": (moved, f"fewer than {span + 1} values of {series.name} were known"),
        }
        return self._columns(series, snapshots, values)

    def _monthly(self, series: Series, snapshots: D8) -> dict[str, SignalColumn]:
        numbers, log = self.parameters, np.log(series.value)
        quarter, month = np.expm1(change(log, _QUARTER)), np.expm1(change(log, 1))
        values: dict[str, tuple[F8, str]] = {
            "stable": (
                said(np.abs(quarter) <= numbers.monthly_limit.value, quarter),
                f"fewer than {_QUARTER + 1} months of {series.name} were known",
            ),
            "risk_off": (
                said(month >= numbers.risk_off.value, month),
                f"fewer than two months of {series.name} were known",
            ),
        }
        return self._columns(series, snapshots, values)

    def _columns(self, series: Series, snapshots: D8, values: dict[str, tuple[F8, str]]) -> dict[str, SignalColumn]:
        at = fresh(snapshots, series)
        return {name: at.column(self.part_id(name), value, young=young) for name, (value, young) in values.items()}
