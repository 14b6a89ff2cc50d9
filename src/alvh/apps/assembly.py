"""Where ports are wired: the only place that knows which market, policy and strategies make a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

from alvh.adapters.history import builtin, open_store
from alvh.core.errors import UsageError
from alvh.engine.account import Entrant, Terms
from alvh.market.view import MarketSource
from alvh.method.alvh import Alvh
from alvh.method.amended import Amended
from alvh.method.evidence import EvidenceNumbers
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import PolicyHistory
from alvh.policy.compose import Policy, compose, override
from alvh.strategy.protocol import Strategy

Chains: TypeAlias = Literal["auto", "recorded", "modelled"]

AnyPolicy: TypeAlias = Policy[AlvhParameters] | PolicyHistory[AlvhParameters]
"""A policy, or one with its amendments."""

SAMPLE = "sample"
"""Name of the built-in market."""

SIMULATED = "simulated"
"""How the names of simulated markets begin."""

RIVALS = ("unhedged",)
"""Strategies that can run beside ALVH."""

REFERENCES = ("spx", "cash")
"""Curves that every report draws; naming them is allowed and changes nothing."""


def open_market(
    spec: str | Path = SAMPLE, *, start: date | None = None, end: date | None = None, chains: Chains = "auto"
) -> MarketSource:
    """Open a market.

    Parameters
    ----------
    spec : str or Path
        ``sample`` for the built-in one, ``simulated[:MODEL][:SEED]`` for one that did not happen, else the folder of an
        imported store.
    start, end : date, optional
        First and last session wanted; the data's own range where absent.
    chains : {"auto", "recorded", "modelled"}
        Which option quotes a store answers with: recorded where it has them and modelled elsewhere, recorded only, or
        modelled only.

    Raises
    ------
    UsageError
        The folder is no store, or recorded chains are asked of a market that has none.
    """
    if str(spec) == SAMPLE:
        if chains == "recorded":
            raise UsageError("the built-in sample has no recorded chains", fix="Import some and name the store.")
        return builtin()
    if str(spec).split(":", maxsplit=1)[0] == SIMULATED:
        if chains == "recorded":
            raise UsageError("a simulated market has no recorded chains", fix="Leave --chains away.")
        from alvh.apps.simulated_markets import open_simulated_market

        return open_simulated_market(str(spec), start=start, end=end)
    return open_store(Path(spec), start=start, end=end, chains=chains)


def method(policy: AnyPolicy, *, layers: bool = True, name: str = "alvh") -> Strategy:
    """Make ALVH under a policy, or under a policy that is amended on the way."""

    def make(one: Policy[AlvhParameters]) -> Strategy:
        return Alvh(one, layers=layers, name=name)

    amended = isinstance(policy, PolicyHistory) and policy.amendments
    return Amended(policy, make) if amended and isinstance(policy, PolicyHistory) else make(first_policy(policy))


def first_policy(policy: AnyPolicy) -> Policy[AlvhParameters]:
    """Return the policy before any amendment; what holds for a whole run never changes within it."""
    return policy.policies[0] if isinstance(policy, PolicyHistory) else policy


def rivals(policy: AnyPolicy, against: Sequence[str] = RIVALS) -> list[Strategy]:
    """Make the strategies that a run is compared with.

    Raises
    ------
    UsageError
        A rival nobody knows.
    """
    known = (*RIVALS, *REFERENCES)
    for name in against:
        if name not in known:
            raise UsageError(f"no strategy is called {name!r}", where="--against", fix=f"Known: {', '.join(known)}.")
    return [method(policy, layers=False, name="unhedged")] if "unhedged" in against else []


def terms(policy: Policy[AlvhParameters], equity: Decimal) -> Terms:
    """Collect what an account trades under."""
    numbers = policy.parameters
    return Terms(
        fills=numbers.fills,
        fees=numbers.fees,
        governance=numbers.governance,
        margin=numbers.margin,
        evidence=evidence_of(numbers),
        initial_equity=equity,
    )


def evidence_of(numbers: AlvhParameters) -> EvidenceNumbers:
    """Collect what the evidence depends on besides the market."""
    return EvidenceNumbers(signals=numbers.signals, regimes=numbers.regimes)


def at_other_fills(policy: AnyPolicy, equity: Decimal) -> list[Entrant]:
    """Enter ALVH again, filled at mid and at natural: how much of the result is the fill model."""
    made: list[Entrant] = []
    for model in ("mid", "natural"):
        if first_policy(policy).parameters.fills.model.value != model:
            changed = _at_fills(policy, model)
            strategy = method(changed, name=f"alvh at {model}")
            made.append(Entrant(strategy=strategy, terms=terms(first_policy(changed), equity)))
    return made


def _at_fills(policy: AnyPolicy, model: str) -> AnyPolicy:
    def changed(one: Policy[AlvhParameters]) -> Policy[AlvhParameters]:
        return compose(AlvhParameters, override(one.document, (f"fills.model={model}",)))

    if isinstance(policy, PolicyHistory):
        return replace(policy, policies=tuple(map(changed, policy.policies)))
    return changed(policy)
