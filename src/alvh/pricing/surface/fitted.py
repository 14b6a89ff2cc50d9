"""A fitted surface: volatility, price and Greeks at any strike and time, and how good it is per expiry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from alvh.core.arrays import B1, F8
from alvh.core.errors import UsageError
from alvh.market.quality import Defect, Finding
from alvh.pricing.black76 import price
from alvh.pricing.greeks import Greeks, greeks
from alvh.pricing.surface.between import surface_parts
from alvh.pricing.surface.calendars import Crossing
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes, RefusedExpiry
from alvh.pricing.surface.raw_svi import LeastG, RawSvi

__all__ = ["FittedExpiry", "FittedSurface", "NoSurface", "Quality", "Sticky"]


class Sticky(Enum):
    """What volatility does when the forward moves; the value is the skew-stickiness ratio.

    The volatility of a fixed strike moves by (ratio - 1) times the slope of the smile in log-moneyness per unit move
    of ln F.
    """

    MONEYNESS = 0.0
    """The smile moves with the forward: volatility belongs to K / F."""
    STRIKE = 1.0
    """The smile stays: volatility belongs to K. Delta and gamma are Black's."""
    LOCAL_VOL = 2.0
    """At-the-money volatility moves by twice the slope, as a local volatility model has it near expiry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well a slice meets the quotes it was fitted to, all of them, down-weighted ones included.

    Attributes
    ----------
    quotes : int
    rms : float, vol points
        Of the difference to mid.
    rms_core : float, vol points
        The same within 2.5 standard deviations of the forward.
    half_spreads : float
        Median absolute difference to mid in half bid-asks of volatility.
    inside : float
        Share of quotes whose bid and ask hold the surface between them.
    down_weighted : int
        Quotes the robust fit took for stale, at less than half weight.
    """

    quotes: int
    rms: float
    rms_core: float
    half_spreads: float
    inside: float
    down_weighted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedExpiry:
    """One expiry of a fitted surface.

    Attributes
    ----------
    svi : RawSvi
    least_g : LeastG
        Of the slice on the whole line; not negative.
    quotes : ExpiryQuotes
    quality : Quality
        Of the surface at this expiry.
    repaired : bool
        Whether the last hair of butterfly arbitrage was taken out along the jump wings.
    """

    svi: RawSvi
    least_g: LeastG
    quotes: ExpiryQuotes
    quality: Quality
    repaired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSurface:
    """Why a chain has no surface.

    Attributes
    ----------
    reason : str
        One sentence.
    refused : tuple of RefusedExpiry
    """

    reason: str
    refused: tuple[RefusedExpiry, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedSurface:
    """Volatility of one underlying at one snapshot.

    Attributes
    ----------
    roots : tuple of str
    session : date
    asof : datetime
        Aware UTC instant of the quotes.
    spot : float or None, points
    expiries : tuple of FittedExpiry
        Ascending by time.
    refused : tuple of RefusedExpiry
    crossings : tuple of Crossing
        Calendar conditions that the fitted slices fail. The surface itself fails none: see `between`.
    table, taus : (n, 5) array; (n,) array, years
        Raw parameters and times of the expiries.
    beyond : float, variance per year
        At-the-money forward variance after the last expiry.
    """

    roots: tuple[str, ...]
    session: date
    asof: datetime
    spot: float | None
    expiries: tuple[FittedExpiry, ...]
    refused: tuple[RefusedExpiry, ...]
    crossings: tuple[Crossing, ...]
    table: F8
    taus: F8
    beyond: float

    def total_variance(self, k: ArrayLike, tau: ArrayLike) -> F8:
        """Return total variance at log-moneyness k and time tau, broadcast together.

        Raises
        ------
        UsageError
            A k is not finite or a tau not positive and finite.
        """
        total: F8 = self._parts(k, tau)[0]
        return total

    def vol(self, k: ArrayLike, tau: ArrayLike) -> F8:
        """Return volatility, decimal, at log-moneyness k = ln(K / F) and tau years, broadcast together.

        Raises
        ------
        UsageError
            A k is not finite or a tau not positive and finite.
        """
        root: F8 = np.sqrt(self._parts(k, tau)[0] / np.asarray(tau, dtype=np.float64))
        return root

    def forward(self, tau: ArrayLike) -> F8:
        """Return the forward, points: ln F linear in time between expiries, from spot where it is known."""
        points = [math.log(item.quotes.forward) for item in self.expiries]
        level: F8 = np.exp(_line(tau, self.taus, points, math.log(self.spot) if self.spot else None))
        return level

    def discount(self, tau: ArrayLike) -> F8:
        """Return the discount factor: its logarithm is linear in time between expiries, from 0 now."""
        points = [math.log(item.quotes.discount) for item in self.expiries]
        factor: F8 = np.exp(_line(tau, self.taus, points, 0.0))
        return factor

    def quoted(self, k: ArrayLike, tau: ArrayLike) -> B1:
        """Whether each place lies within the quotes of the expiries around it; elsewhere the surface extrapolates."""
        place, years = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(tau, dtype=np.float64))
        low = np.array([item.quotes.k[0] for item in self.expiries])
        high = np.array([item.quotes.k[-1] for item in self.expiries])
        right = np.minimum(np.searchsorted(self.taus, years), self.taus.size - 1)
        left = np.where(self.taus[right] > years, np.maximum(right - 1, 0), right)
        within: B1 = (years >= self.taus[0]) & (years <= self.taus[-1])
        within &= (place >= np.maximum(low[left], low[right])) & (place <= np.minimum(high[left], high[right]))
        return within

    def price(self, strike: ArrayLike, tau: ArrayLike, is_put: ArrayLike) -> F8:
        """Value European options, discounted, points.

        Raises
        ------
        UsageError
            A strike or tau is not positive and finite.
        """
        strikes, years, puts = _options(strike, tau, is_put)
        forward = self.forward(years)
        vol = self.vol(np.log(strikes / forward), years)
        return price(forward, strikes, years, vol, puts, self.discount(years))

    def greeks(self, strike: ArrayLike, tau: ArrayLike, is_put: ArrayLike, *, sticky: Sticky = Sticky.STRIKE) -> Greeks:
        """Price European options and differentiate them, the smile moving with the forward as `sticky` says.

        Delta and gamma follow the rule; the other Greeks are at fixed volatility.

        Raises
        ------
        UsageError
            A strike or tau is not positive and finite.
        """
        strikes, years, puts = _options(strike, tau, is_put)
        forward = self.forward(years)
        w, first, second = self._parts(np.log(strikes / forward), years)
        vol = np.sqrt(w / years)
        slope = 0.5 * first / (vol * years)
        bend = 0.5 * second / (vol * years) - slope * slope / vol
        made = greeks(forward, strikes, years, vol, puts, self.discount(years))
        share = sticky.value - 1.0
        if share == 0.0:
            return made
        moves = share * slope / forward
        turns = (share * share * bend - share * slope) / forward**2
        return Greeks(
            price=made.price,
            delta=made.delta + made.vega * moves,
            gamma=made.gamma + 2.0 * made.vanna * moves + made.volga * moves**2 + made.vega * turns,
            vega=made.vega,
            theta=made.theta,
            rho=made.rho,
            vanna=made.vanna,
            volga=made.volga,
            charm=made.charm,
        )

    def g(self, k: ArrayLike, tau: ArrayLike) -> F8:
        """Return Durrleman's g of the surface: negative where a butterfly at that time has a negative price."""
        w, first, second = self._parts(k, tau)
        place = np.asarray(k, dtype=np.float64)
        value: F8 = (1.0 - 0.5 * place * first / w) ** 2 - 0.25 * first**2 * (1.0 / w + 0.25) + 0.5 * second
        return value

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should know: expiries refused, and expiries that cross where both are quoted."""
        name = "+".join(self.roots)
        told = [
            Finding(
                subject=item.root,
                defect=Defect.MISSING_EXPIRY,
                session=self.session,
                count=1,
                detail=f"no smile for {item.root} {item.expiry}: {item.reason}",
            )
            for item in self.refused
        ]
        return tuple(told) + tuple(
            Finding(
                subject=name,
                defect=Defect.ARBITRAGE,
                session=self.session,
                count=1,
                detail=f"{item.next_root} {item.next_expiry} lies {item.shortfall:.2f} vol points below "
                f"{item.root} {item.expiry} at ln(K/F) = {item.k:.3f} (from {item.k_from:.3f} to {item.k_to:.3f}).",
            )
            for item in self.crossings
            if item.quoted
        )

    def _parts(self, k: ArrayLike, tau: ArrayLike) -> F8:
        place, years = np.broadcast_arrays(np.asarray(k, dtype=np.float64), np.asarray(tau, dtype=np.float64))
        if not (np.all(np.isfinite(place)) and np.all((years > 0.0) & (years < math.inf))):
            raise UsageError(
                "the surface was asked at a log-moneyness that is not finite or a time that is not positive.",
                where=f"surface of {'+'.join(self.roots)} {self.session}",
                fix="Pass k = ln(K / F) and tau in years, counted to the settlement instant.",
            )
        flat = np.empty((3, place.size))
        surface_parts(self.table, self.taus, self.beyond, place.flatten(), years.flatten(), flat)
        return flat.reshape(3, *place.shape)


def _options(strike: ArrayLike, tau: ArrayLike, is_put: ArrayLike) -> tuple[F8, F8, B1]:
    strikes, years, puts = np.broadcast_arrays(
        np.atleast_1d(np.asarray(strike, dtype=np.float64)),
        np.asarray(tau, dtype=np.float64),
        np.asarray(is_put, dtype=np.bool_),
    )
    if not np.all((strikes > 0.0) & (strikes < math.inf) & (years > 0.0) & (years < math.inf)):
        raise UsageError(
            "a strike or a time to expiry is not a positive number.", where="fitted surface", fix="Leave such rows out."
        )
    return strikes.copy(), years.copy(), puts.copy()


def _line(tau: ArrayLike, taus: F8, values: list[float], start: float | None) -> F8:
    """Go through points in straight lines; the outermost lines go on. Without a start the first line goes back."""
    times, heights = np.array(taus), np.array(values)
    if start is not None:
        times, heights = np.concatenate(([0.0], times)), np.concatenate(([start], heights))
    years = np.asarray(tau, dtype=np.float64)
    if times.size == 1:
        return np.full(years.shape, heights[0])
    right = np.clip(np.searchsorted(times, years), 1, times.size - 1)
    left = right - 1
    share = (years - times[left]) / (times[right] - times[left])
    found: F8 = heights[left] + share * (heights[right] - heights[left])
    return found
