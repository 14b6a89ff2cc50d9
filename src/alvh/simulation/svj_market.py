"""The affine market as a joint model: the mis-specification check of the house market."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from alvh.core.arrays import F8
from alvh.simulation.joint import THIRTY_DAYS, Forced, StatePath
from alvh.simulation.smiles import SmileTable, tabulate
from alvh.simulation.svj import SvjParameters
from alvh.simulation.svj_vix import svj_moments, svj_vix_cloud
from alvh.simulation.svj_walk import svj_clouds, svj_walk
from alvh.simulation.timeline import Timeline

__all__ = ["SvjMarket", "svj_market"]

_GRID = np.array([0.0005, 0.002, 0.005, 0.01, 0.018, 0.03, 0.045, 0.07, 0.11, 0.17, 0.26, 0.4, 0.65, 1.0, 1.6])
_DAYS = np.array([0.7, 2.0, 4.0, 7.0, 11.0, 16.0, 23.0, 30.0, 45.0, 60.0, 90.0, 135.0, 185.0, 270.0, 365.0, 730.0])
_COUNTS = np.array([6, 8, 8, 10, 12, 12, 14, 14, 20, 20, 30, 30, 30, 40, 40, 80])
_PATHS = 16_384
_SEED = 12
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SvjMarket:
    """A joint model; see `joint.JointModel`. The second number of its state is always 0.

    Attributes
    ----------
    model : SvjParameters
        Under the pricing measure.
    real : SvjParameters
        As it happens; kappa theta, xi and rho are those of `model`.
    premium : float
        Equity premium per unit of variance, on top of what priced jumps bring.
    """

    name: str
    title: str
    model: SvjParameters
    real: SvjParameters
    premium: float
    _smiles: list[SmileTable] = field(init=False, repr=False, compare=False, default_factory=list)

    @property
    def identity(self) -> object:
        """Name the model with all its numbers."""
        numbers = [
            [p.kappa, p.theta, p.xi, p.rho, p.jump_rate, p.jump_mean, p.jump_sd] for p in (self.model, self.real)
        ]
        return ["svj", _VERSION, numbers, self.premium]

    def path(self, line: Timeline, seed: int, forced: Forced) -> StatePath:
        """Draw one path under the real measure."""
        real, model = self.real, self.model
        variance, log_index, jumps = svj_walk(
            real.theta,
            line.dt,
            (real.kappa, real.theta, real.xi, real.rho, self.premium),
            (real.jump_rate, model.jump_rate, real.jump_mean, real.jump_sd, model.compensator),
            seed,
            model.line(THIRTY_DAYS),
            forced.vix,
            forced.log_return,
        )
        states = np.column_stack((variance, np.zeros(variance.size)))
        return StatePath(state=states, log_index=log_index, variance=variance, jumps=jumps)

    def index(self, states: F8, tau: float) -> F8:
        """Return the volatility index of a horizon, vol points."""
        a, b = self.model.line(tau)
        found: F8 = 100.0 * np.sqrt(a + b * states[:, 0])
        return found

    def total_variance(self, state: tuple[float, float], tau: F8) -> F8:
        """Return the log contract's total variance to n horizons."""
        return np.array([t * (line[0] + line[1] * state[0]) for t in tau.tolist() for line in (self.model.line(t),)])

    def futures(self, states: F8, tau: F8) -> F8:
        """Return VX, vol points."""
        return svj_moments(np.ascontiguousarray(states[:, 0]), tau, self._terms)[0]

    def vix_cloud(self, state: tuple[float, float], tau: float) -> tuple[F8, F8]:
        """Return the law of VIX after a time."""
        return svj_vix_cloud(state[0], tau, self._terms)

    def vix_of_vix(self, states: F8) -> F8:
        """Return VVIX, vol points."""
        variance = np.ascontiguousarray(states[:, 0])
        mean, log = svj_moments(variance, np.full(variance.size, THIRTY_DAYS), self._terms)
        found: F8 = 100.0 * np.sqrt(2.0 * (np.log(mean) - log) / THIRTY_DAYS)
        return found

    def smile(self, state: tuple[float, float], tau: float) -> F8:
        """Return the SPX mixture of one horizon."""
        a, b = self.model.line(tau)
        return self.smiles.mixture(state, tau, tau * (a + b * state[0]))

    @property
    def smiles(self) -> SmileTable:
        """The tabulated shapes, computed or read on first use."""
        if not self._smiles:
            self._smiles.append(self._tabulate())
        return self._smiles[0]

    @property
    def _terms(self) -> tuple[float, float, float, float, float]:
        a, b = self.model.line(THIRTY_DAYS)
        return self.model.kappa, self.model.theta, self.model.xi, a, b

    def _tabulate(self) -> SmileTable:
        model = self.model
        dt = np.repeat(np.diff(np.concatenate(([0.0], _DAYS))) / _COUNTS / 365.0, _COUNTS)
        marks = np.cumsum(_COUNTS).astype(np.float64)
        room = np.empty((marks.size, 2, _PATHS))

        def cloud(variance: float, nothing: float) -> F8:  # noqa: ARG001 - the state has one number
            svj_clouds(variance, dt, marks, (model.kappa, model.theta, model.xi, model.rho), _PATHS, _SEED, room)
            return room

        return tabulate(
            self.name,
            [self.identity, _PATHS, _COUNTS.tolist()],
            _GRID,
            np.zeros(1),
            _DAYS,
            cloud,
            residual=1.0 - model.rho**2,
            jump_rate=lambda square, tau: np.full(square.size, model.jump_rate * tau),
            jump=(model.jump_mean, model.jump_sd),
        )


def svj_market() -> SvjMarket:
    """Return the affine market with round parameters of our own.

    Long-run implied variance 0.038 plus jumps' 0.010, of which 0.0285 and 0.003 happen: VIX about 19 against a realised
    volatility of about 17.
    """
    kappa, theta, xi, rho = 3.0, 0.038, 0.50, -0.75
    real_kappa = 4.0
    return SvjMarket(
        name="svj",
        title="affine stochastic-volatility market with jumps",
        model=SvjParameters(kappa=kappa, theta=theta, xi=xi, rho=rho, jump_rate=1.2, jump_mean=-0.07, jump_sd=0.055),
        real=SvjParameters(
            kappa=real_kappa,
            theta=kappa * theta / real_kappa,
            xi=xi,
            rho=rho,
            jump_rate=0.5,
            jump_mean=-0.05,
            jump_sd=0.05,
        ),
        premium=0.5,
    )
