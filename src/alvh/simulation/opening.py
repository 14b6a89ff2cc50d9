"""Open a simulated market by name: ``simulated``, ``simulated:7``, ``simulated:svj:7``, ``simulated:2008``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from alvh.core.errors import UsageError
from alvh.simulation.joint import JointModel
from alvh.simulation.path import LAST_YEAR, market_line
from alvh.simulation.quintic_market import house, house_with_jumps
from alvh.simulation.scenarios import SCENARIOS, prescribed, scenario_start
from alvh.simulation.source import SimulatedSource
from alvh.simulation.svj_market import svj_market

__all__ = ["BOOTSTRAP", "MODELS", "PREFIX", "MarketName", "open_simulated", "parse_name"]

PREFIX = "simulated"
BOOTSTRAP = "bootstrap"
"""Real history in another order; needs a store and is opened elsewhere."""

MODELS: Mapping[str, Callable[[], JointModel]] = MappingProxyType(
    {"quintic": house, "quintic-jumps": house_with_jumps, "svj": svj_market}
)
"""Joint models by name; the first is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketName:
    """What the name of a simulated market says.

    Attributes
    ----------
    model : str
        A key of `MODELS`, or ``bootstrap``.
    seed : int
    scenario : str or None
        A key of `SCENARIOS`.
    day : date or None
        Where the scenario begins.
    """

    model: str = next(iter(MODELS))
    seed: int = 0
    scenario: str | None = None
    day: date | None = None


def parse_name(name: str) -> MarketName:
    """Read ``simulated[:MODEL][:SCENARIO[@DATE]][:SEED]``; the parts may come in any order.

    A number that is a scenario's name is the scenario; to use it as a seed as well, write it twice.

    Raises
    ------
    UsageError
        The name is no simulated market's.
    """
    head, *parts = name.split(":")
    model: str | None = None
    scenario: str | None = None
    seed: int | None = None
    day: date | None = None
    for part in parts:
        label, _, when = part.partition("@")
        if model is None and (label in MODELS or label == BOOTSTRAP) and not when:
            model = label
        elif scenario is None and label in SCENARIOS:
            scenario, day = label, _date(when, name) if when else None
        elif seed is None and part.isascii() and part.isdigit():
            seed = int(part)
        else:
            raise _unknown(name)
    if head != PREFIX or (model == BOOTSTRAP and scenario):
        raise _unknown(name)
    return MarketName(model=model or next(iter(MODELS)), seed=seed or 0, scenario=scenario, day=day)


def open_simulated(
    name: MarketName | str,
    *,
    years: int = 20,
    start: date | None = None,
    end: date | None = None,
    spread_factor: float = 1.0,
) -> SimulatedSource:
    """Open the market of a joint model.

    Parameters
    ----------
    name : MarketName or str
        See `parse_name`.
    years : int, optional
        Whole years, ending with 2025.
    start, end : date, optional
        First and last session wanted within them.
    spread_factor : float, optional
        Multiplier of half-spreads.

    Raises
    ------
    UsageError
        The name is not understood, or is the bootstrap's.
    CoverageError
        Dates outside the years on offer.
    """
    wanted = parse_name(name) if isinstance(name, str) else name
    if wanted.model not in MODELS:
        raise UsageError(f"the market {wanted.model!r} is no joint model", where="simulation")
    model = MODELS[wanted.model]()
    if wanted.scenario is None:
        return SimulatedSource(model, seed=wanted.seed, years=years, start=start, end=end, spread_factor=spread_factor)
    scenario = SCENARIOS[wanted.scenario]
    line = market_line(years)
    first, last = date(LAST_YEAR + 1 - years, 1, 1), date(LAST_YEAR, 12, 31)
    place = scenario_start(line, first, last, wanted.day)
    return SimulatedSource(
        model,
        seed=wanted.seed,
        years=years,
        start=start,
        end=end,
        label=f"{scenario.name} from {line.sessions[place]}: {scenario.title}",
        forced=prescribed(model, line, wanted.seed, scenario, place),
        spread_factor=spread_factor,
    )


def _date(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unknown(name) from None


def _unknown(name: str) -> UsageError:
    return UsageError(
        f"{name!r} names no simulated market",
        where="--market",
        fix=f"Write simulated[:MODEL][:SCENARIO[@DATE]][:SEED], e.g. simulated:7; models: {', '.join(MODELS)}, "
        f"{BOOTSTRAP}; scenarios: {', '.join(SCENARIOS)}.",
    )
