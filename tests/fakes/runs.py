"""Run strategies over small markets in one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from alvh.engine.account import Terms, entrants
from alvh.engine.loop import run
from alvh.engine.run import Run
from alvh.market.view import MarketSource
from alvh.method.alvh import Alvh
from alvh.method.evidence import EvidenceNumbers
from alvh.method.parameters import AlvhParameters
from alvh.policy.compose import Policy, compose, override
from alvh.policy.document import preset


def policy(*changes: str) -> Policy[AlvhParameters]:
    """The default policy with ``key=value`` changes."""
    return compose(AlvhParameters, override(preset("alvh"), changes))


def terms(chosen: Policy[AlvhParameters], equity: str = "1000000") -> Terms:
    numbers = chosen.parameters
    return Terms(
        fills=numbers.fills,
        fees=numbers.fees,
        governance=numbers.governance,
        margin=numbers.margin,
        evidence=EvidenceNumbers(signals=numbers.signals, regimes=numbers.regimes),
        initial_equity=Decimal(equity),
    )


def run_alvh(market: MarketSource, *changes: str, layers: bool = True, equity: str = "1000000") -> Run:
    """Run ALVH, or its unhedged twin, over a market."""
    chosen = policy(*changes)
    return run(entrants([Alvh(chosen, layers=layers)], terms(chosen, equity)), market)[0]


def cut(market, sessions: int):
    """The same market, its future forgotten."""
    return replace(market, days=market.days[:sessions], spot=market.spot[:sessions], vix=market.vix[:sessions])


def positions_opened(made: Run) -> Sequence[str]:
    return [event.position for event in made.events if type(event).__name__ == "Opened"]
