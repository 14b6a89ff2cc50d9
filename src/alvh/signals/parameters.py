"""Numbers of the signals, by rulebook id; each signal declares its own beside its class."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from alvh.core.threshold import section
from alvh.signals.exchange_rate import ExchangeRateParameters
from alvh.signals.valuation import PriceEarningsParameters
from alvh.signals.vix_history import VixHistoryParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalParameters:
    """Section ``signals`` of the policy."""

    vix_history: VixHistoryParameters = section("S-VIXHIST", VixHistoryParameters)
    exchange_rate: ExchangeRateParameters = section("S-REER", ExchangeRateParameters)
    price_earnings: PriceEarningsParameters = section("S-PE", PriceEarningsParameters)

    def of(self, identifier: str) -> Any:
        """Return the numbers of one signal by its rulebook id.

        Raises
        ------
        KeyError
            No signal of this id declares numbers.
        """
        return getattr(self, _FIELDS[identifier])


_FIELDS = {str(item.metadata["key"]): item.name for item in fields(SignalParameters)}
