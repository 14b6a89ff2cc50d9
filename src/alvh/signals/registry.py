"""Every signal class of the program, in the order of the rulebook."""

from __future__ import annotations

from typing import Any

from alvh.signals.advance_decline import AdvanceDecline
from alvh.signals.cone import Cone
from alvh.signals.earnings_season import EarningsSeason
from alvh.signals.exchange_rate import ExchangeRate
from alvh.signals.flows import Flows
from alvh.signals.macd import MacdSignal
from alvh.signals.migration import Migration
from alvh.signals.narrowing import Narrowing
from alvh.signals.realized_volatility import RealizedVolatility
from alvh.signals.rsi import Rsi
from alvh.signals.rsi_divergence import RsiDivergence
from alvh.signals.signal import Signal
from alvh.signals.term_structure import TermStructure
from alvh.signals.valuation import PriceEarnings
from alvh.signals.vix_history import VixHistory
from alvh.signals.weighted_volatility import WeightedVolatility

SIGNALS: tuple[type[Signal[Any]], ...] = (
    Rsi,
    RsiDivergence,
    MacdSignal,
    AdvanceDecline,
    Narrowing,
    TermStructure,
    Migration,
    VixHistory,
    RealizedVolatility,
    WeightedVolatility,
    Cone,
    ExchangeRate,
    PriceEarnings,
    Flows,
    EarningsSeason,
)

BY_ID: dict[str, type[Signal[Any]]] = {signal.id: signal for signal in SIGNALS}

PARTS: tuple[str, ...] = tuple(identifier for signal in SIGNALS for identifier in signal.part_ids())
"""Full id of every part of every signal."""
