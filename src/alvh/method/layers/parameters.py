"""Numbers of the hedge layers, by rule id."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare, section


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseParameters:
    """L-BASE."""

    floor: Threshold[float] = declare(
        float, "coverage", "coverage that goes on as one package with each condor", low=0, high=5
    )
    stable: Threshold[float] = declare(
        float, "coverage", "coverage while the dollar's real rate and the index P/E are stable", low=0, high=5
    )
    unstable: Threshold[float] = declare(
        float, "coverage", "coverage while either is unstable or absent", low=0, high=5
    )
    delta: Threshold[float] = declare(float, "delta on the VX forward", "strike of the VIX calls", low=0.01, high=0.99)
    dte_min: Threshold[int] = declare(int, "calendar days", "nearest VIX expiry that is bought", low=1, high=400)
    dte_max: Threshold[int] = declare(int, "calendar days", "farthest VIX expiry that is bought", low=1, high=400)
    dte_target: Threshold[int] = declare(
        int, "calendar days", "the VIX expiry nearest to this is bought", low=1, high=400
    )
    sell_dte: Threshold[int] = declare(
        int, "calendar days", "VIX calls this near to expiry are sold and replaced (L-LADDER)", low=0, high=400
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderParameters:
    """L-LADDER."""

    quiet: Threshold[int] = declare(int, "sessions", "a rung no longer triggered for so long is left", low=1, high=252)
    spike: Threshold[float] = declare(
        float, "multiple of VIX's 20-session mean", "VIX from which a spike is monetised", low=1, high=10
    )
    spike_steward: Threshold[float] = declare(
        float, "multiple of VIX's 20-session mean", "the same in steward regimes", low=1, high=10
    )
    share: Threshold[float] = declare(
        float, "fraction of the gain", "taken once a spike; zero switches it off", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpandParameters:
    """L-EXPAND."""

    coverage: Threshold[float] = declare(float, "coverage", "rung 2; zero switches it off", low=0, high=5)
    rsi: Threshold[float] = declare(float, "RSI", "of SPX, above which the rung is triggered", low=0, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectParameters:
    """L-PROTECT."""

    coverage: Threshold[float] = declare(float, "coverage", "rung 3; zero switches it off", low=0, high=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapParameters:
    """L-CAP."""

    calm: Threshold[float] = declare(
        float, "fraction of risk capital", "while the volatility of the dollar's real rate is low", low=0, high=1
    )
    usual: Threshold[float] = declare(float, "fraction of risk capital", "otherwise", low=0, high=1)
    narrow: Threshold[float] = declare(float, "fraction of risk capital", "while breadth narrows", low=0, high=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StewardLayerParameters:
    """L-STEWARD."""

    share: Threshold[float] = declare(
        float, "fraction of the rung", "held this way; zero switches it off", low=0, high=1
    )
    low: Threshold[float] = declare(float, "VIX points", "least distance of the strike above VIX", low=0, high=100)
    high: Threshold[float] = declare(float, "VIX points", "largest distance of the strike above VIX", low=0, high=100)
    near: Threshold[float] = declare(
        float, "VIX points", "the listed strike nearest to this distance is bought", low=0, high=100
    )
    dte_min: Threshold[int] = declare(int, "calendar days", "nearest expiry that is bought", low=1, high=400)
    dte_max: Threshold[int] = declare(int, "calendar days", "farthest expiry that is bought", low=1, high=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltasParameters:
    """L-DELTAS."""

    share: Threshold[float] = declare(
        float, "fraction of the rung", "held this way; zero switches it off", low=0, high=1
    )
    deltas: Threshold[tuple[float, ...]] = declare(
        tuple, "delta on the VX forward", "strikes of the ladder, equal weights", low=0.01, high=0.99
    )
    dte_min: Threshold[int] = declare(int, "calendar days", "nearest expiry that is bought", low=1, high=400)
    dte_max: Threshold[int] = declare(int, "calendar days", "farthest expiry that is bought", low=1, high=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoterLayerParameters:
    """L-PROMOTER."""

    variant: Threshold[str] = declare(str, "variant", "side of the put spreads", choices=("bought", "sold"))
    premium: Threshold[float] = declare(
        float,
        "fraction of equity",
        "most premium, or most loss where they are sold; zero switches it off",
        low=0,
        high=1,
    )
    width: Threshold[float] = declare(
        float, "VIX points", "distance of the lower strike below the forward", low=0.5, high=50
    )
    dte_max: Threshold[int] = declare(int, "calendar days", "farthest expiry", low=1, high=400)
    motion: Threshold[int] = declare(int, "points", "R-MOTION must count fewer", low=1, high=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenorParameters:
    """L-TENOR."""

    enabled: Threshold[bool] = declare(bool, "switch", "off: always the usual window of VIX calls")
    fomc: Threshold[int] = declare(int, "sessions", "ahead of a meeting of the FOMC counts as an event", low=0, high=30)
    event: Threshold[str] = declare(str, "instrument", "bought ahead of events", choices=("futures", "put spreads"))
    event_low: Threshold[int] = declare(int, "calendar days", "nearest expiry ahead of events", low=1, high=400)
    event_high: Threshold[int] = declare(int, "calendar days", "farthest expiry ahead of events", low=1, high=400)
    put_long: Threshold[float] = declare(
        float, "fraction out of the money", "bought put of an SPX put spread", low=0, high=0.9
    )
    put_short: Threshold[float] = declare(
        float, "fraction out of the money", "sold put of an SPX put spread", low=0, high=0.9
    )
    short_low: Threshold[int] = declare(
        int,
        "calendar days",
        "nearest expiry of calls while VIX is below its mean and inflation contained",
        low=1,
        high=400,
    )
    short_high: Threshold[int] = declare(int, "calendar days", "farthest expiry of the same", low=1, high=400)
    low: Threshold[int] = declare(int, "calendar days", "nearest expiry of calls otherwise", low=1, high=400)
    high: Threshold[int] = declare(int, "calendar days", "farthest expiry of calls otherwise", low=1, high=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class FomcLayerParameters:
    """L-FOMC."""

    points: Threshold[float] = declare(float, "coverage", "added over a decision; zero switches it off", low=0, high=1)
    before: Threshold[int] = declare(int, "sessions", "ahead of the decision it is opened", low=1, high=30)
    after: Threshold[int] = declare(int, "calendar days", "least life beyond the decision", low=1, high=200)
    move: Threshold[float] = declare(
        float, "percentage points", "of the 2-year yield that keeps the tranche", low=0, high=5
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSpreadParameters:
    """L-CALLSPREAD."""

    points: Threshold[float] = declare(float, "coverage", "most that is added; zero switches it off", low=0, high=1)
    width: Threshold[float] = declare(float, "VIX points", "distance of the strikes", low=0.5, high=100)
    premium: Threshold[float] = declare(
        float, "fraction of the tested condors' credit", "most that is paid", low=0, high=5
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StrongParameters:
    """L-STRONG."""

    factor: Threshold[float] = declare(
        float, "multiple of the rung", "where cash flows are strong; one switches it off", low=0, high=1
    )
    quick: Threshold[float] = declare(float, "fraction", "percentile of the quick ratio that is high", low=0, high=1)
    alone: Threshold[float] = declare(
        float, "price over dividend value", "limit where no quick ratio is known", low=0, high=2
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetParameters:
    """L-BUDGET."""

    enabled: Threshold[bool] = declare(bool, "switch", "off: the hedge may cost anything")
    share: Threshold[float] = declare(
        float, "fraction of the condors' credit", "most expected cost of the hedge a cycle", low=0, high=5
    )
    earned: Threshold[float] = declare(
        float, "fraction of the condors' credit", "expected to be earned in a cycle", low=0, high=1
    )
    cycle: Threshold[int] = declare(int, "calendar days", "a condor's expected life", low=1, high=400)
    deltas: Threshold[tuple[float, ...]] = declare(
        tuple, "delta on the VX forward", "further strikes tried where the hedge is too dear", low=0.01, high=0.99
    )
    call_iv: Threshold[float] = declare(
        float, "fraction of sessions", "percentile of VVIX above which spreads are bought", low=0, high=1
    )
    width: Threshold[float] = declare(float, "VIX points", "distance of a spread's strikes", low=0.5, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class AmmParameters:
    """L-AMM."""

    fee: Threshold[float] = declare(
        float, "fraction of target", "no trade while coverage is this close to its target", low=0, high=0.95
    )
    tilt: Threshold[float] = declare(
        float, "fraction of the rung", "added at full rotation towards growth; zero switches it off", low=0, high=1
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecalParameters:
    """L-RECAL."""

    enabled: Threshold[bool] = declare(bool, "switch", "off: a surprise changes nothing by itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerParameters:
    """Section ``layers`` of the policy."""

    base: BaseParameters = section("L-BASE", BaseParameters)
    ladder: LadderParameters = section("L-LADDER", LadderParameters)
    expand: ExpandParameters = section("L-EXPAND", ExpandParameters)
    protect: ProtectParameters = section("L-PROTECT", ProtectParameters)
    cap: CapParameters = section("L-CAP", CapParameters)
    steward: StewardLayerParameters = section("L-STEWARD", StewardLayerParameters)
    promoter: PromoterLayerParameters = section("L-PROMOTER", PromoterLayerParameters)
    deltas: DeltasParameters = section("L-DELTAS", DeltasParameters)
    tenor: TenorParameters = section("L-TENOR", TenorParameters)
    fomc: FomcLayerParameters = section("L-FOMC", FomcLayerParameters)
    recal: RecalParameters = section("L-RECAL", RecalParameters)
    strong: StrongParameters = section("L-STRONG", StrongParameters)
    budget: BudgetParameters = section("L-BUDGET", BudgetParameters)
    call_spread: CallSpreadParameters = section("L-CALLSPREAD", CallSpreadParameters)
    amm: AmmParameters = section("L-AMM", AmmParameters)
