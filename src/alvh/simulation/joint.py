"""What a joint model of SPX and VIX answers: its path, and every price as a function of its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from alvh.core.arrays import F8
from alvh.simulation.timeline import Timeline

__all__ = ["THIRTY_DAYS", "Forced", "JointModel", "StatePath"]

THIRTY_DAYS = 30.0 / 365.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forced:
    """What a scenario prescribes, by step; NaN where the model runs free.

    Attributes
    ----------
    vix : (m,) array, vol points
        VIX at the end of the step; the state is moved to where the model says so.
    slow : (m,) array
        With `vix`: how much of the move the slow part of the state carries, 0 to 1.
    log_return : (m,) array
        Change of the index's logarithm over the step.
    """

    vix: F8
    slow: F8
    log_return: F8

    @classmethod
    def nothing(cls, steps: int) -> Forced:
        """Return prescriptions for no step."""
        free = np.full(steps, np.nan)
        return cls(vix=free, slow=free.copy(), log_return=free.copy())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StatePath:
    """A path of the state and of the index without its carry.

    Attributes
    ----------
    state : (m, 2) array
        At the end of every step.
    log_index : (m,) array
        Logarithm of the index over its start, without interest and dividends.
    variance : (m,) array
        Diffusive variance per year at the end of every step.
    jumps : (m,) array
        Log jump in the step, 0 where there was none.
    """

    state: F8
    log_index: F8
    variance: F8
    jumps: F8


class JointModel(Protocol):
    """A joint model; states are rows of two numbers."""

    @property
    def name(self) -> str:
        """Short name, as after ``simulated:``."""
        ...

    @property
    def title(self) -> str:
        """One sentence for reports."""
        ...

    @property
    def identity(self) -> object:
        """JSON-encodable value that names the model and all its numbers."""
        ...

    def path(self, line: Timeline, seed: int, forced: Forced) -> StatePath:
        """Draw one path as it would be seen, under the real measure."""
        ...

    def index(self, states: F8, tau: float) -> F8:
        """Return the volatility index of a horizon in years at n states, (n, 2) to (n,), vol points."""
        ...

    def total_variance(self, state: tuple[float, float], tau: F8) -> F8:
        """Return ``-2 E[ln(S_T / F)]`` to n horizons from one state."""
        ...

    def futures(self, states: F8, tau: F8) -> F8:
        """Return E[VIX_T] for n pairs of state and horizon in years, vol points."""
        ...

    def vix_cloud(self, state: tuple[float, float], tau: float) -> tuple[F8, F8]:
        """Return values of VIX after a time and their weights, which sum to one."""
        ...

    def vix_of_vix(self, states: F8) -> F8:
        """Return the 30-day log-contract volatility of VIX itself at n states, vol points."""
        ...

    def smile(self, state: tuple[float, float], tau: float) -> F8:
        """Return the SPX mixture of one horizon, (2, m): ln(mean / forward) and volatility; weights `smiles.SHARES`."""
        ...
