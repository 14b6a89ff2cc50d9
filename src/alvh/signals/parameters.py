"""Numbers of the signals, by rulebook id; each signal declares its own beside its class."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from alvh.core.threshold import section
from alvh.signals.advance_decline import AdvanceDeclineParameters
from alvh.signals.beta import BetaParameters
from alvh.signals.cash_flow import CashFlowParameters
from alvh.signals.cone import ConeParameters
from alvh.signals.ddm import DdmParameters
from alvh.signals.dividend_growth import DividendGrowthParameters
from alvh.signals.earnings_season import EarningsParameters
from alvh.signals.exchange_rate import ExchangeRateParameters
from alvh.signals.flows import FlowParameters
from alvh.signals.fomc import FomcParameters
from alvh.signals.growth_gdp import GdpParameters
from alvh.signals.inflation import InflationParameters
from alvh.signals.interest_rate import InterestRateParameters
from alvh.signals.ipo import IpoParameters
from alvh.signals.liquidity import LiquidityParameters
from alvh.signals.macd import MacdParameters
from alvh.signals.migration import MigrationParameters
from alvh.signals.narrowing import NarrowingParameters
from alvh.signals.quick_ratio import QuickRatioParameters
from alvh.signals.realized_volatility import RealizedParameters
from alvh.signals.reit import ReitParameters
from alvh.signals.rotation import RotationParameters
from alvh.signals.rsi import RsiParameters
from alvh.signals.rsi_divergence import RsiDivergenceParameters
from alvh.signals.term_structure import TermParameters
from alvh.signals.valuation import PriceEarningsParameters
from alvh.signals.vix_history import VixHistoryParameters
from alvh.signals.wacc import WaccParameters
from alvh.signals.weighted_volatility import WeightedVolatilityParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalParameters:
    """Section ``signals`` of the policy."""

    rsi: RsiParameters = section("S-RSI", RsiParameters)
    rsi_divergence: RsiDivergenceParameters = section("S-RSIDIV", RsiDivergenceParameters)
    macd: MacdParameters = section("S-MACD", MacdParameters)
    advance_decline: AdvanceDeclineParameters = section("S-AD", AdvanceDeclineParameters)
    narrowing: NarrowingParameters = section("S-NARROW", NarrowingParameters)
    term_structure: TermParameters = section("S-TERM", TermParameters)
    migration: MigrationParameters = section("S-MIGRATE", MigrationParameters)
    vix_history: VixHistoryParameters = section("S-VIXHIST", VixHistoryParameters)
    realized_volatility: RealizedParameters = section("S-RV", RealizedParameters)
    weighted_volatility: WeightedVolatilityParameters = section("S-CAPVOL", WeightedVolatilityParameters)
    cone: ConeParameters = section("S-CONE", ConeParameters)
    inflation: InflationParameters = section("S-INFL", InflationParameters)
    growth_gdp: GdpParameters = section("S-GDP", GdpParameters)
    fomc: FomcParameters = section("S-FOMC", FomcParameters)
    interest_rate: InterestRateParameters = section("S-RATE", InterestRateParameters)
    exchange_rate: ExchangeRateParameters = section("S-REER", ExchangeRateParameters)
    price_earnings: PriceEarningsParameters = section("S-PE", PriceEarningsParameters)
    cash_flow: CashFlowParameters = section("S-PCF", CashFlowParameters)
    quick_ratio: QuickRatioParameters = section("S-QUICK", QuickRatioParameters)
    ddm: DdmParameters = section("S-DDM", DdmParameters)
    wacc: WaccParameters = section("S-WACC", WaccParameters)
    dividend_growth: DividendGrowthParameters = section("S-DIV", DividendGrowthParameters)
    reit: ReitParameters = section("S-REIT", ReitParameters)
    beta: BetaParameters = section("S-BETA", BetaParameters)
    ipo: IpoParameters = section("S-IPO", IpoParameters)
    rotation: RotationParameters = section("S-ROT", RotationParameters)
    flows: FlowParameters = section("S-FLOW", FlowParameters)
    earnings_season: EarningsParameters = section("S-EARN", EarningsParameters)
    liquidity: LiquidityParameters = section("S-LIQ", LiquidityParameters)

    def of(self, identifier: str) -> Any:
        """Return the numbers of one signal by its rulebook id.

        Raises
        ------
        KeyError
            No signal of this id declares numbers.
        """
        return getattr(self, _FIELDS[identifier])


_FIELDS = {str(item.metadata["key"]): item.name for item in fields(SignalParameters)}
