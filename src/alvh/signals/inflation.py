"""S-INFL: consumer and producer price inflation as its prints told it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.calendar import sessions_since
from alvh.market.calendar.events import events
from alvh.market.catalogue import entry
from alvh.market.series import Series
from alvh.signals.clock import OLDEST, said, stood_in, with_stand_in
from alvh.signals.column import Alignment, SeriesLookup, SignalColumn, absent, combined, first_present
from alvh.signals.inputs import growth, last_periods
from alvh.signals.regression import trailing_autoregression
from alvh.signals.signal import Family, Signal, flag, level

CPI, PPI, PPI_BEFORE = "CPIAUCSL", "PPIFIS", "PPIACO"
_YEAR, _MONTHS = 12, 14
_SESSIONS_A_MONTH = 22
_NEVER = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class InflationParameters:
    """S-INFL."""

    contained: Threshold[float] = declare(
        float, "fraction a year", "highest year-on-year rate of both that is contained", low=-0.1, high=0.5
    )
    surprise: Threshold[float] = declare(float, "standard deviations", "error that is a surprise", low=0, high=10)
    order: Threshold[int] = declare(int, "prints", "lags of the forecast", low=1, high=12)
    window: Threshold[int] = declare(int, "prints", "history the forecast is fitted on", low=24, high=600)
    least: Threshold[int] = declare(int, "prints", "history a forecast needs", low=12, high=600)
    errors: Threshold[int] = declare(
        int, "prints", "past errors whose standard deviation is the unit", low=12, high=600
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prints:
    """One price index, one row per print; the name and instants make it alignable."""

    name: str
    known_at: D8
    growth: F8
    fell: F8
    surprise: F8


class Inflation(Signal[InflationParameters]):
    """Read CPI and PPI year on year at their last known prints.

    `contained`: both are at most `contained`. `disinflation` (confirmed): both fell at both of their last two prints.
    A surprise is the monthly log change less its forecast, over the standard deviation of the past `errors` errors; the
    forecast is an autoregression of `order` lags, fitted at each print on at most `window` prints before it. It is a
    model's surprise: no consensus is free. `surprise` holds from a print of at least `surprise` in absolute value to
    the next one of that index, and `since` counts the sessions since the last print of either.

    PPI is final demand (PPIFIS); where its growth is not known, all commodities (PPIACO) stand in and
    `all_commodities` says so. Both indices are seasonally adjusted and of one vintage: later revisions are in their
    history, the rates differ by a tenth from those announced.
    """

    id = "S-INFL"
    title = "Inflation"
    family = Family.MACRO
    seeds = ("000", "001", "002", "004")
    inputs = (CPI, PPI, PPI_BEFORE)
    parts = (
        level("cpi", "fraction a year", "consumer prices year on year"),
        level("ppi", "fraction a year", "producer prices year on year"),
        flag("contained", "both are low", vote=-1),
        flag("disinflation", "both fell at both of their last two prints", vote=-1),
        level("cpi_surprise", "standard deviations", "last print of CPI against its forecast", vote=1),
        level("ppi_surprise", "standard deviations", "last print of PPI against its forecast", vote=1),
        flag("surprise", "the last print of either was a surprise, up or down"),
        level("since", "sessions", "sessions since the last print of either; 0 on the session that first sees it"),
        flag("all_commodities", "PPI of all commodities stands in for final demand"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        numbers = self.parameters
        prints = numbers.window.value + numbers.errors.value + numbers.order.value + _MONTHS + 3
        return _SESSIONS_A_MONTH * prints + OLDEST

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        cpi = self._of(lookup(CPI), CPI, snapshots)
        final, all_ = (self._of(lookup(name), name, snapshots) for name in (PPI, PPI_BEFORE))
        ppi = {name: with_stand_in(column, all_[name]) for name, column in final.items()}
        limit = self.parameters.contained.value
        low = (cpi["growth"].value <= limit) & (ppi["growth"].value <= limit)
        fell = (cpi["fell"].value == 1.0) & (ppi["fell"].value == 1.0)
        return (
            self._named("cpi", cpi["growth"]),
            self._named("ppi", ppi["growth"]),
            self._both("contained", low, cpi["growth"], ppi["growth"]),
            self._both("disinflation", fell, cpi["fell"], ppi["fell"]),
            self._named("cpi_surprise", cpi["surprise"]),
            self._named("ppi_surprise", ppi["surprise"]),
            self._surprise(cpi["surprise"], ppi["surprise"]),
            self._since(cpi["growth"], ppi["growth"], snapshots),
            stood_in(self.part_id("all_commodities"), ppi["growth"], final["growth"]),
        )

    def _named(self, part: str, column: SignalColumn) -> SignalColumn:
        return replace(column, id=self.part_id(part))

    def _both(self, part: str, condition: B1, *columns: SignalColumn) -> SignalColumn:
        return combined(self.part_id(part), condition.astype(float), *columns)

    def _of(self, series: Series | None, name: str, snapshots: D8) -> dict[str, SignalColumn]:
        parts = ("growth", "fell", "surprise")
        if series is None:
            return {part: absent(f"{name}.{part}", snapshots, f"the market has no series {name}") for part in parts}
        prints = self._prints(series, snapshots)
        at = Alignment(prints, snapshots, max_age_days=entry(name).max_age)
        few = f"too few prints of {name} were known"
        return {part: at.column(f"{name}.{part}", getattr(prints, part), young=few) for part in parts}

    def _prints(self, series: Series, snapshots: D8) -> _Prints:
        releases = last_periods(series, _MONTHS)
        newer = np.ones(releases.period.size, np.bool_)
        newer[1:] = releases.period[1:] > np.maximum.accumulate(releases.period)[:-1]
        yearly = growth(releases, _YEAR)[newer]
        down = np.zeros(yearly.size)
        down[1:] = yearly[1:] < yearly[:-1]
        fell = np.full(yearly.size, np.nan)
        fell[2:] = said((down[2:] == 1.0) & (down[1:-1] == 1.0), yearly[2:], yearly[1:-1], yearly[:-2])
        known = releases.known_at[newer]
        first = max(int(np.searchsorted(known, snapshots[0], side="right")) - 1, 0) if snapshots.size else known.size
        surprise = self._surprises(releases.values[newer], first)
        return _Prints(name=series.name, known_at=known, growth=yearly, fell=fell, surprise=surprise)

    def _surprises(self, values: F8, first: int) -> F8:
        """Errors of the monthly log change; where a month was never published, of the mean change over the gap."""
        numbers = self.parameters
        step = np.log(values[:, 0] / values[:, 1])
        for gap in (2, 3):
            step = np.where(np.isfinite(step), step, np.log(values[:, 0] / values[:, gap]) / gap)
        surprise = np.full(step.size, np.nan)
        started = np.flatnonzero(np.isfinite(step))
        if started.size:
            surprise[started[0] :] = trailing_autoregression(
                step[started[0] :],
                order=numbers.order.value,
                window=numbers.window.value,
                at_least=numbers.least.value,
                errors=numbers.errors.value,
                least_errors=numbers.errors.value // 2,
                first=max(first - int(started[0]), 0),
            ).surprise
        return surprise

    def _surprise(self, cpi: SignalColumn, ppi: SignalColumn) -> SignalColumn:
        """Whether either is a surprise; either one known is enough."""
        limit = self.parameters.surprise.value
        large = [np.where(column.present, np.abs(column.value) >= limit, False) for column in (cpi, ppi)]
        known = first_present(self.part_id("surprise"), ppi, cpi)
        return replace(known, value=np.where(known.present, (large[0] | large[1]).astype(float), 0.0))

    def _since(self, cpi: SignalColumn, ppi: SignalColumn, snapshots: D8) -> SignalColumn:
        known = first_present(self.part_id("since"), cpi, ppi)
        last = np.fmax(np.where(cpi.present, cpi.known_at, _NEVER), np.where(ppi.present, ppi.known_at, _NEVER))
        instants = np.unique(last[~np.isnat(last)])
        sessions = snapshots.astype("datetime64[D]")
        distance = sessions_since(events(instants.astype("datetime64[D]"), instants), sessions, snapshots)
        return replace(known, value=np.where(known.present, distance.sessions, 0.0), known_at=last)
