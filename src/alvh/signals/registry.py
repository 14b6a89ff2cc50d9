"""Every signal class of the program, in the order of the rulebook."""

from __future__ import annotations

from typing import Any

from alvh.signals.advance_decline import AdvanceDecline
from alvh.signals.beta import Beta
from alvh.signals.cash_flow import CashFlow
from alvh.signals.cone import Cone
from alvh.signals.ddm import DividendDiscount
from alvh.signals.dividend_growth import DividendGrowth
from alvh.signals.earnings_season import EarningsSeason
from alvh.signals.exchange_rate import ExchangeRate
from alvh.signals.flows import Flows
from alvh.signals.fomc import Fomc
from alvh.signals.growth_gdp import GdpGrowth
from alvh.signals.inflation import Inflation
from alvh.signals.interest_rate import InterestRate
from alvh.signals.ipo import Ipo
from alvh.signals.liquidity import Liquidity
from alvh.signals.macd import MacdSignal
from alvh.signals.migration import Migration
from alvh.signals.narrowing import Narrowing
from alvh.signals.quick_ratio import QuickRatio
from alvh.signals.realized_volatility import RealizedVolatility
from alvh.signals.reit import Reit
from alvh.signals.rotation import Rotation
from alvh.signals.rsi import Rsi
from alvh.signals.rsi_divergence import RsiDivergence
from alvh.signals.signal import Signal
from alvh.signals.term_structure import TermStructure
from alvh.signals.valuation import PriceEarnings
from alvh.signals.vix_history import VixHistory
from alvh.signals.wacc import CostOfCapital
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
    Inflation,
    GdpGrowth,
    Fomc,
    InterestRate,
    ExchangeRate,
    PriceEarnings,
    CashFlow,
    QuickRatio,
    DividendDiscount,
    CostOfCapital,
    DividendGrowth,
    Reit,
    Beta,
    Ipo,
    Rotation,
    Flows,
    EarningsSeason,
    Liquidity,
)

BY_ID: dict[str, type[Signal[Any]]] = {signal.id: signal for signal in SIGNALS}

PARTS: tuple[str, ...] = tuple(identifier for signal in SIGNALS for identifier in signal.part_ids())
"""Full id of every part of every signal."""
