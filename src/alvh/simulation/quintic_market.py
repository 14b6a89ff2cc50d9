"""The quintic market as a joint model: house parameters, real measure, tabulated smiles."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from alvh.core.arrays import F8
from alvh.simulation import vix_law
from alvh.simulation.joint import THIRTY_DAYS, Forced, StatePath
from alvh.simulation.quintic import Jumps, QuinticModel, evaluate_polynomial, total_variances
from alvh.simulation.quintic_paths import conditional_paths, step_table
from alvh.simulation.quintic_walk import walk
from alvh.simulation.smiles import SmileTable, tabulate
from alvh.simulation.timeline import Timeline

__all__ = ["HOUSE_ALPHA", "QuinticMarket", "house", "house_model", "house_with_jumps"]

HOUSE_SPEEDS = (38.7, 1.0)
HOUSE_THETA = 0.807
HOUSE_RHO = -0.805
HOUSE_ALPHA = (1.0, 2.773387774699693, 6.048450481537744, 1.688243927931945, 4.683798508510608, 6.159312244030334)
"""1 + 0.518 u + 0.211 u^2 + 0.011 u^3 + 0.0057 u^4 + 0.0014 u^5 with u = z / sd(Z_inf), sd 0.186775, in powers of z."""

_X_GRID = np.array([-0.40, -0.25, -0.15, -0.08, 0.0, 0.06, 0.12, 0.19, 0.26, 0.34, 0.44, 0.58, 0.80, 1.20])
_Y_GRID = np.array([-2.6, -2.0, -1.5, -1.0, -0.6, -0.2, 0.2, 0.6, 1.0, 1.4, 1.8, 2.2, 2.6])
_DAYS = np.array([0.7, 2.0, 4.0, 7.0, 11.0, 16.0, 23.0, 30.0, 45.0, 60.0, 90.0, 135.0, 185.0, 270.0, 365.0, 730.0])
_COUNTS = np.array([4, 6, 6, 8, 8, 8, 10, 8, 12, 10, 15, 15, 12, 15, 15, 40])
_TABLE_PATHS = 32_768
_TABLE_SEED = 11
_TABLE_VERSION = 2


def house_model(*, level: float = 0.235**2, jumps: Jumps | None = None) -> QuinticModel:
    """Return the house set in its stationary form.

    Parameters
    ----------
    level : float, per year
        Long-run variance under the pricing measure; 0.235 squared goes with a premium of 0.5, 0.205 squared with none.
    jumps : Jumps, optional
    """
    return QuinticModel(
        lambda_x=HOUSE_SPEEDS[0],
        lambda_y=HOUSE_SPEEDS[1],
        theta=HOUSE_THETA,
        rho=HOUSE_RHO,
        alpha=HOUSE_ALPHA,
        level=level,
        jumps=jumps,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QuinticMarket:
    """A joint model; see `joint.JointModel`.

    Attributes
    ----------
    model : QuinticModel
        Stationary.
    premium : float
        eta; ``|rho| eta sigma`` is the equity premium per year, and VIX falls faster than its futures say.
    """

    name: str
    title: str
    model: QuinticModel
    premium: float
    _table: F8 = field(init=False, repr=False, compare=False)
    _smiles: list[SmileTable] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_table", self.model.polynomial(THIRTY_DAYS) / THIRTY_DAYS)

    @property
    def identity(self) -> object:
        """Name the model with all its numbers."""
        return ["quintic", _TABLE_VERSION, self.model.vector.tolist(), self._jump(), self.premium]

    def path(self, line: Timeline, seed: int, forced: Forced) -> StatePath:
        """Draw one path under the real measure, started in its long-run mean a year before it is looked at."""
        steps = step_table(self.model, line.dt)
        start = (-self.premium / self.model.lambda_x, -self.premium / self.model.lambda_y)
        states, log_index, variance, jumps = walk(
            self.model.vector,
            steps,
            start,
            self.premium,
            self._jump(),
            seed,
            self._table,
            forced.vix,
            forced.slow,
            forced.log_return,
        )
        return StatePath(state=states, log_index=log_index, variance=variance, jumps=jumps)

    def index(self, states: F8, tau: float) -> F8:
        """Return the volatility index of a horizon, vol points."""
        table = self._table if tau == THIRTY_DAYS else self.model.polynomial(tau) / tau
        square = evaluate_polynomial(table, np.ascontiguousarray(states[:, 0]), np.ascontiguousarray(states[:, 1]))
        found: F8 = 100.0 * np.sqrt(square)
        return found

    def total_variance(self, state: tuple[float, float], tau: F8) -> F8:
        """Return the log contract's total variance to n horizons."""
        return total_variances(self.model.vector, state[0], state[1], tau)

    def futures(self, states: F8, tau: F8) -> F8:
        """Return VX, vol points."""
        return vix_law.futures(self.model.vector, self._table, np.ascontiguousarray(states), tau, vix_law.QUICK)

    def vix_cloud(self, state: tuple[float, float], tau: float) -> tuple[F8, F8]:
        """Return the law of VIX after a time."""
        return vix_law.vix_cloud(self.model.vector, self._table, state[0], state[1], tau, vix_law.FINE)

    def vix_of_vix(self, states: F8) -> F8:
        """Return VVIX, vol points."""
        return vix_law.vix_of_vix(
            self.model.vector, self._table, np.ascontiguousarray(states), THIRTY_DAYS, vix_law.QUICK
        )

    def smile(self, state: tuple[float, float], tau: float) -> F8:
        """Return the SPX mixture of one horizon."""
        total = float(total_variances(self.model.vector, state[0], state[1], np.array([tau]))[0])
        return self.smiles.mixture(state, tau, total)

    @property
    def smiles(self) -> SmileTable:
        """The tabulated shapes, computed or read on first use."""
        if not self._smiles:
            self._smiles.append(self._tabulate())
        return self._smiles[0]

    def _tabulate(self) -> SmileTable:
        dt = np.repeat(np.diff(np.concatenate(([0.0], _DAYS))) / _COUNTS / 365.0, _COUNTS)
        marks = np.cumsum(_COUNTS).astype(np.float64)
        room = np.empty((marks.size, 2, _TABLE_PATHS))

        def cloud(x: float, y: float) -> F8:
            return conditional_paths(
                self.model, dt, marks, state=(x, y), paths=_TABLE_PATHS, seed=_TABLE_SEED, keep=room
            )

        jumps = self.model.jumps
        return tabulate(
            self.name,
            ["quintic", _TABLE_VERSION, self.model.vector.tolist(), self._jump(), _TABLE_PATHS, _COUNTS.tolist()],
            _X_GRID,
            _Y_GRID,
            _DAYS,
            cloud,
            residual=1.0 - self.model.rho**2,
            jump_rate=(lambda square, tau: jumps.rate * square) if jumps is not None else None,  # noqa: ARG005
            jump=(jumps.mean, jumps.sd) if jumps is not None else (0.0, 0.0),
        )

    def _jump(self) -> tuple[float, float, float, float]:
        jumps = self.model.jumps
        return (jumps.real_rate, jumps.rate, jumps.mean, jumps.sd) if jumps is not None else (0.0, 0.0, 0.0, 0.0)


def house(premium: float = 0.5) -> QuinticMarket:
    """Return the house market: no jumps, an equity premium of about five percent a year."""
    return QuinticMarket(
        name="quintic",
        title="two-factor quintic Ornstein-Uhlenbeck market, house parameters",
        model=house_model(),
        premium=premium,
    )


def house_with_jumps() -> QuinticMarket:
    """Return the house market with compensated jumps, dearer in prices than in what happens: a variance premium.

    The diffusive level is lowered by the jumps' load, so that VIX stays where the house market has it, and the premium
    on W by what the jumps' premium adds.
    """
    jumps = Jumps(rate=29.0, real_rate=6.0, mean=-0.10, sd=0.05)
    return QuinticMarket(
        name="quintic-jumps",
        title="two-factor quintic Ornstein-Uhlenbeck market with jumps, house parameters",
        model=house_model(level=0.22**2 / (1.0 + jumps.load), jumps=jumps),
        premium=0.25,
    )
