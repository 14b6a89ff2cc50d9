"""Open a simulated market by name: ``simulated``, ``simulated:7``, ``simulated:svj:7``, ``simulated:quintic-jumps``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from alvh.core.errors import UsageError
from alvh.simulation.joint import JointModel
from alvh.simulation.quintic_market import house, house_with_jumps
from alvh.simulation.source import SimulatedSource

__all__ = ["MODELS", "PREFIX", "open_simulated", "parse_name"]

PREFIX = "simulated"

MODELS: Mapping[str, Callable[[], JointModel]] = MappingProxyType(
    {"quintic": house, "quintic-jumps": house_with_jumps}
)
"""Joint models by name; the first is the default."""


def parse_name(name: str) -> tuple[str, int]:
    """Return model and seed of a market's name.

    Raises
    ------
    UsageError
        The name is no simulated market's.
    """
    parts = name.split(":")
    model, seed = next(iter(MODELS)), 0
    rest = parts[1:]
    if rest and rest[0] in MODELS:
        model = rest.pop(0)
    if rest and rest[0].isdigit():
        seed = int(rest.pop(0))
    if parts[0] != PREFIX or rest:
        raise UsageError(
            f"{name!r} names no simulated market",
            where="--market",
            fix=f"Write simulated[:MODEL][:SEED], e.g. simulated:7; models: {', '.join(MODELS)}.",
        )
    return model, seed


def open_simulated(name: str, *, start: date | None = None, end: date | None = None) -> SimulatedSource:
    """Open a simulated market by name."""
    model, seed = parse_name(name)
    return SimulatedSource(MODELS[model](), seed=seed, start=start, end=end)
