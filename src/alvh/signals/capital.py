"""Riskless rate and debt at the closes, shared by what discounts dividends and what weighs capital."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare
from alvh.signals.clock import Clock, Held
from alvh.signals.column import SeriesLookup

__all__ = ["DEBT", "RISKLESS", "SPREAD", "CapmParameters", "debt_yield", "riskless"]

RISKLESS, SPREAD, DEBT = "DGS10", "BAA10Y", "BAA"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapmParameters:
    """CAPM of S-DDM and S-WACC."""

    premium: Threshold[float] = declare(
        float, "fraction a year", "return of the market over the 10-year yield", low=0.001, high=0.2
    )
    beta: Threshold[float] = declare(float, "beta", "of the index on the market", low=0.1, high=3)


def riskless(clock: Clock, lookup: SeriesLookup) -> Held:
    """10-year Treasury yield, decimal a year."""
    held = clock.held(lookup(RISKLESS))
    return Held(value=0.01 * held.value, known_at=held.known_at)


def debt_yield(clock: Clock, lookup: SeriesLookup) -> Held:
    """Baa corporate yield, decimal a year: 10-year yield plus its daily spread, else the month's mean."""
    base, spread, monthly = (clock.held(lookup(name)) for name in (RISKLESS, SPREAD, DEBT))
    daily = Held(value=base.value + spread.value, known_at=spread.known_at)
    held = daily.otherwise(monthly)
    return Held(value=0.01 * held.value, known_at=held.known_at)
