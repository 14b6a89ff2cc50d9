"""Jump wings: SVI in numbers a trader reads off the smile, and the repair of butterfly arbitrage.

``v`` is the at-the-money variance per year, ``psi`` the slope of volatility at the money in standard deviations, ``p``
and ``c`` the slopes of the put and call wing over the at-the-money standard deviation, ``v_tilde`` the least variance.

The repair keeps v, psi and p and takes ``c = p + 2 psi`` and ``v_tilde = 4 v p c / (p + c)^2``, which is the SSVI slice
with the same money. That slice is free of arbitrage when ``theta phi (1 + |rho|) < 4`` and
``theta phi^2 (1 + |rho|) <= 4``; between the two, the first slice without arbitrage is the closest to the fit.

References
----------
.. [1] Gatheral, J. and Jacquier, A. (2014). Arbitrage-free SVI volatility surfaces, sections 3.3 and 5.1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from alvh.core.errors import UsageError
from alvh.pricing.surface.raw_svi import RawSvi

__all__ = ["JumpWings", "repaired"]

_BISECTIONS = 40
# Slices a hair inside the bound: the theorem allows equality, rounding does not.
_ROOM = 1.0 - 1e-9
# Least call wing over put wing of a repaired slice.
_LEAST_WING = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class JumpWings:
    """SVI in jump-wing parameters.

    Attributes
    ----------
    v, v_tilde : float, variance per year
        At the money, and the least.
    psi : float
        Slope of volatility at the money per at-the-money standard deviation.
    p, c : float
        Slopes of the put and the call wing.
    tau : float, years
    """

    v: float
    psi: float
    p: float
    c: float
    v_tilde: float
    tau: float

    @staticmethod
    def of(svi: RawSvi, tau: float) -> JumpWings:
        """Read the jump wings off a raw slice.

        Raises
        ------
        UsageError
            `tau` is not positive, or there is no variance at the money.
        """
        bend = math.hypot(svi.m, svi.sigma)
        w = svi.a + svi.b * (bend - svi.rho * svi.m)
        if not (tau > 0.0 and w > 0.0):
            raise UsageError(f"jump wings need time and variance at the money; got tau {tau!r} and variance {w!r}.")
        root = math.sqrt(w)
        return JumpWings(
            v=w / tau,
            psi=0.5 * svi.b / root * (svi.rho - svi.m / bend),
            p=svi.b * (1.0 - svi.rho) / root,
            c=svi.b * (1.0 + svi.rho) / root,
            v_tilde=svi.least_variance / tau,
            tau=tau,
        )

    def raw(self) -> RawSvi:
        """Return the raw slice.

        Raises
        ------
        UsageError
            No hyperbola has these numbers: p, c or v not positive, psi outside (-p / 2, c / 2), or v_tilde above v.
        """
        w = self.v * self.tau
        legal = self.p > 0.0 and self.c > 0.0 and w > 0.0 and self.v_tilde <= self.v
        if not (legal and -self.p < 2.0 * self.psi < self.c):
            raise UsageError(
                f"no SVI slice has these jump wings: {self}.",
                fix="v, p and c must be positive, -p < 2 psi < c, and v_tilde at most v.",
            )
        b = 0.5 * math.sqrt(w) * (self.p + self.c)
        rho = (self.c - self.p) / (self.c + self.p)
        # beta is the sine of the angle under which the vertex is seen: m / hypot(m, sigma).
        beta = rho - 4.0 * self.psi / (self.p + self.c)
        flat = math.sqrt(1.0 - rho * rho)
        upright = math.sqrt(1.0 - beta * beta)
        # v - v_tilde = b bend (1 - rho beta - sqrt(1 - rho^2) sqrt(1 - beta^2)) / tau; the bracket is a versed sine.
        versed = 1.0 - rho * beta - flat * upright
        gap = (self.v - self.v_tilde) * self.tau
        if not (versed > 0.0 and gap > 0.0):
            raise UsageError(
                f"{self} has its vertex at the money, where the width of the hyperbola cannot be told.",
                fix="Keep the raw parameters of such a slice.",
            )
        bend = gap / (b * versed)
        return RawSvi(
            a=self.v_tilde * self.tau - b * bend * upright * flat, b=b, rho=rho, m=bend * beta, sigma=bend * upright
        )


def repaired(svi: RawSvi, tau: float) -> RawSvi:
    """Return the slice closest to a given one, on the way to its SSVI slice, that is free of butterfly arbitrage.

    Parameters
    ----------
    svi : RawSvi
    tau : float, years

    Returns
    -------
    RawSvi
        The slice itself where it is free already.
    """
    if svi.butterfly_free:
        return svi
    start = JumpWings.of(svi, tau)
    best = _ssvi_slice(start)
    end = JumpWings.of(best, tau)
    low, high = 0.0, 1.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        between = _between(start, end, middle)
        if between is not None and between.butterfly_free:
            high, best = middle, between
        else:
            low = middle
    return best


def _ssvi_slice(start: JumpWings) -> RawSvi:
    """Return the SSVI slice with v, psi and p kept, as far as the theorem's two bounds allow."""
    theta = start.v * start.tau
    root = math.sqrt(theta)
    p = start.p
    c = max(p + 2.0 * start.psi, _LEAST_WING * p)
    rho = (c - p) / (c + p)
    lean = 1.0 + abs(rho)
    phi = min((p + c) / root, _ROOM * 4.0 / (theta * lean), _ROOM * 2.0 / math.sqrt(theta * lean))
    flat = math.sqrt(1.0 - rho * rho)
    return RawSvi(a=0.5 * theta * flat * flat, b=0.5 * theta * phi, rho=rho, m=-rho / phi, sigma=flat / phi)


def _between(start: JumpWings, end: JumpWings, share: float) -> RawSvi | None:
    """Mix jump wings; None where no hyperbola has the mixture."""

    def mix(first: float, last: float) -> float:
        return (1.0 - share) * first + share * last

    mixture = JumpWings(
        v=start.v,
        psi=mix(start.psi, end.psi),
        p=mix(start.p, end.p),
        c=mix(start.c, end.c),
        v_tilde=mix(start.v_tilde, end.v_tilde),
        tau=start.tau,
    )
    try:
        return mixture.raw()
    except UsageError:
        return None
