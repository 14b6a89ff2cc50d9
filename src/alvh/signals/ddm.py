"""S-DDM: what the index is worth by its dividends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8, F8
from alvh.core.threshold import Threshold, declare, section
from alvh.market.series import Series
from alvh.signals.capital import RISKLESS, CapmParameters, riskless
from alvh.signals.clock import OLDEST, Clock, Held, said
from alvh.signals.column import SeriesLookup, SignalColumn, all_absent
from alvh.signals.discounting import capm_cost, h_model_value, projected_drift
from alvh.signals.dividends import REPORTED, SMOOTH, TOTAL_RETURN, YEAR, implied_dividends
from alvh.signals.inputs import growth, last_periods
from alvh.signals.quick_ratio import HISTORY, INDEX, strength
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change, trailing_std

_EARNINGS = ("SPX.TRAILING_PE", "SPX.FORWARD_PE")
_GDP = ("ROUTPUT", "GDP.VINTAGE.US", "GDPC1")
_SESSIONS_A_QUARTER = 66


@dataclass(frozen=True, slots=True, kw_only=True)
class DdmParameters:
    """S-DDM."""

    payout: Threshold[float] = declare(
        float, "USD per USD of dividends", "cash returned, repurchases included", low=0.5, high=5
    )
    half_life: Threshold[float] = declare(float, "years", "half the time over which growth fades", low=0, high=20)
    growth_years: Threshold[int] = declare(int, "years", "span of the dividends' short-run growth", low=1, high=10)
    window: Threshold[int] = declare(int, "sessions", "window of the standard deviation of ln value", low=20, high=1260)
    horizon: Threshold[int] = declare(int, "calendar days", "horizon of the projected drift", low=1, high=365)
    trend: Threshold[int] = declare(int, "quarters", "span of trend GDP growth", low=8, high=80)
    capm: CapmParameters = section("capm", CapmParameters)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """Value of the index at the closes: its log, the standard deviation of that, and where it was implied."""

    log: Held
    sd: Held
    implied: F8


class DividendDiscount(Signal[DdmParameters]):
    """Value the index by the H-model and compare its price.

    Value = payout x D x (1 + gL + H (gS - gL)) / (r - gL). D is twelve months of dividends as known (Shiller; a
    quarter late), else what total less price return of the last year implies, and `implied` says so; gS their growth a
    year over `growth_years`; gL, growth for ever, is the 10-year yield, the most an economy can be priced to grow; r =
    10-year yield + beta x premium (CAPM); H is `half_life`. Dividends are half of what companies return, so `payout`
    scales them.

    `ratio` is price over value. `sd` is the standard deviation of ln value over `window` sessions. `drift` projects
    the index over `horizon` days: tau x (earnings yield + trend GDP growth) + (1 - 2^-tau) x ln(value / price), times
    0.5 + the percentile of the constituents' quick ratio where it is known. D-DDM takes the same parts to its own
    horizon: `earnings_yield` (on reported, else forward earnings) and `trend` (real GDP, in one vintage).
    """

    id = "S-DDM"
    title = "Dividend-discount value of the index"
    family = Family.VALUATION
    seeds = ("000", "002", "003", "004")
    inputs = ("SPX", REPORTED, TOTAL_RETURN, RISKLESS, *_EARNINGS, *_GDP, INDEX)
    parts = (
        level("ratio", "ratio", "price over value", vote=1),
        level("sd", "log points", "standard deviation of ln value"),
        level("drift", "log points", "projected drift over the horizon", vote=-1),
        level("earnings_yield", "fraction a year", "earnings over price"),
        level("trend", "fraction a year", "trend growth of real GDP"),
        flag("implied", "dividends are implied by a fund, not reported"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        dividends = YEAR * (numbers.growth_years.value + 1) + SMOOTH + numbers.window.value
        return max(dividends, _SESSIONS_A_QUARTER * (max(numbers.trend.value, HISTORY) + 2)) + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        spx = lookup("SPX")
        if spx is None:
            return all_absent(self.part_ids(), snapshots, "the market has no series SPX")
        clock, numbers = Clock(spx, snapshots), self.parameters
        value = self._value(clock, lookup)
        gap = value.log.value - np.log(clock.spx.value)
        income, trend = _earnings_yield(clock, lookup), self._trend(clock, lookup)
        tau = numbers.horizon.value / 365.0
        drift = projected_drift(tau, income.value, trend.value, gap, strength(clock, lookup))
        columns: dict[str, tuple[F8, tuple[Held, ...]]] = {
            "ratio": (np.exp(-gap), (clock.close, value.log)),
            "sd": (value.sd.value, (value.sd,)),
            "drift": (drift, (clock.close, value.log, income, trend)),
            "earnings_yield": (income.value, (income,)),
            "trend": (trend.value, (trend,)),
            "implied": (value.implied, (value.log,)),
        }
        young = {
            "sd": f"no dividend value on each of the last {numbers.window.value} closes",
            "drift": "no dividend value, earnings yield or trend growth was known",
            "earnings_yield": "no fresh P/E was known",
            "trend": "no fresh real GDP was known, or too few quarters of it",
        }
        missing = "no fresh dividends of now and of the growth span's start, or no fresh 10-year yield, were known"
        return tuple(
            clock.column(self.part_id(part), values, *inputs, young=young.get(part, missing))
            for part, (values, inputs) in columns.items()
        )

    def _value(self, clock: Clock, lookup: SeriesLookup) -> _Value:
        """Value by reported dividends where they are known, else by implied ones; a window never mixes the two."""
        rate, window = riskless(clock, lookup), self.parameters.window.value
        reported, implied = clock.held(lookup(REPORTED)), implied_dividends(clock, lookup(TOTAL_RETURN))
        own, other = (self._log_value(paid, rate) for paid in (reported, implied))
        spread = [
            Held(
                value=clock.late(lambda values: trailing_std(values, window), held.value, window),
                known_at=held.known_at,
            )
            for held in (own, other)
        ]
        log = own.otherwise(other)
        return _Value(log=log, sd=spread[0].otherwise(spread[1]), implied=said(~np.isfinite(own.value), log.value))

    def _log_value(self, paid: Held, rate: Held) -> Held:
        numbers, slow, capm = self.parameters, rate.value, self.parameters.capm
        years = numbers.growth_years.value
        fast = np.expm1(change(np.log(paid.value), YEAR * years) / years)
        log = np.full(slow.size, np.nan)
        known = np.isfinite(fast) & np.isfinite(slow)
        known &= 1.0 + slow + numbers.half_life.value * (fast - slow) > 0.0
        cost = capm_cost(slow[known], capm.beta.value, capm.premium.value)
        stream = numbers.payout.value * paid.value[known]
        log[known] = np.log(h_model_value(stream, fast[known], slow[known], numbers.half_life.value, cost))
        return Held(value=log, known_at=np.fmax(paid.known_at, rate.known_at))

    def _trend(self, clock: Clock, lookup: SeriesLookup) -> Held:
        quarters = self.parameters.trend.value
        held = clock.held(None)
        for name in _GDP:
            series = lookup(name)
            if series is not None and not clock.known(held):
                held = held.otherwise(clock.held(_trend_growth(series, quarters)))
        return held


def _earnings_yield(clock: Clock, lookup: SeriesLookup) -> Held:
    """Reciprocal of the P/E on reported earnings, else on forward ones."""
    reported, forward = (clock.held(lookup(name)) for name in _EARNINGS)
    ratio = reported.otherwise(forward)
    return Held(value=1.0 / ratio.value, known_at=ratio.known_at)


def _trend_growth(series: Series, quarters: int) -> Series:
    """Mean growth a year over a span of quarters, one row per release, each within one vintage."""
    releases = last_periods(series, quarters + 1)
    value = (1.0 + growth(releases, quarters)) ** (4.0 / quarters) - 1.0
    known = np.isfinite(value)
    return Series(
        name=series.name,
        unit="fraction a year",
        period=releases.period[known],
        known_at=releases.known_at[known],
        value=value[known],
        source=series.source,
    )
