"""Fit a surface to the chains of one snapshot.

1. `expiry_quotes` turns quotes into volatilities; expiries without a forward are refused.
2. Every expiry gets the raw SVI slice of least squares with no butterfly (`slice_fit`), whatever its neighbours do.
   What little arbitrage the penalty leaves is taken out along the jump wings.
3. Expiries that cross a neighbour are fitted again, the latest first with a ceiling where only the neighbour is quoted,
   then the earliest first with a floor.
4. Crossings that are left are reported. The surface takes the greatest slice so far, so that it has none itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import F8
from alvh.core.errors import UsageError
from alvh.market.chain import OptionChain
from alvh.pricing.surface.between import GRID, grid_variances, surface_parts
from alvh.pricing.surface.calendars import Neighbour, bounds_between, crossings
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes, RateHint, RefusedExpiry, expiry_quotes
from alvh.pricing.surface.fitted import FittedExpiry, FittedSurface, NoSurface, Quality
from alvh.pricing.surface.jump_wings import repaired
from alvh.pricing.surface.raw_svi import LeastG, RawSvi
from alvh.pricing.surface.slice_fit import UNKNOWNS, fit_slice, raw_of

__all__ = ["fit"]

_LEAST_QUOTES = 8
_LEAST_PER_SIDE = 2
_CORE = 2.5
# The unit of a residual is at least a tenth of a volatility point at the money and grows with the square of standard
# deviations: five numbers cannot follow quotes from -20 to 4 deviations to a tenth, and books are traded within three.
_UNIT_FLOOR = 0.001
_NO_BOUNDS = np.zeros((4, 0))


@dataclass(slots=True)
class _Work:
    """One expiry while it is being fitted."""

    quotes: ExpiryQuotes
    unit: F8
    deviation: float
    unknowns: F8
    trust: F8
    row: F8
    least: float
    repaired: bool

    def fit(self, bounds: F8, *, fresh: bool) -> None:
        quotes = self.quotes
        self.trust, self.least = fit_slice(quotes.k, quotes.mid, self.unit, quotes.tau, bounds, self.unknowns, fresh)
        self.row[:] = raw_of(self.unknowns)
        self.repaired = self.least < 0.0
        if self.repaired:
            better = repaired(RawSvi(**dict(zip(_NAMES, self.row.tolist(), strict=True))), quotes.tau)
            self.row[:] = better.parameters
            self.least = better.least_g().value


_NAMES = ("a", "b", "rho", "m", "sigma")


def fit(chains: OptionChain | Sequence[OptionChain], *, rate_hint: RateHint = None) -> FittedSurface | NoSurface:
    """Fit an arbitrage-free surface.

    Parameters
    ----------
    chains : OptionChain or sequence of OptionChain
        One snapshot of one underlying; SPX and SPXW go together.
    rate_hint : float, callable or None
        Bill rate, continuously compounded, or a function of calendar days; used for expiries whose quotes do not pin
        the discount. Without it those expiries are refused.

    Returns
    -------
    FittedSurface or NoSurface
        The second where no expiry has enough quotes; this is a value, not an error.

    Raises
    ------
    UsageError
        No chain, or chains of different instants.
    """
    given = (chains,) if isinstance(chains, OptionChain) else tuple(chains)
    if not given or len({chain.asof for chain in given}) > 1:
        raise UsageError(
            f"a surface is of one instant; {len(given)} chains of {len({c.asof for c in given})} instants were given.",
            where="surface fit",
            fix="Pass the chains of one underlying and snapshot, at least one.",
        )
    quotes, refused = expiry_quotes(given, rate_hint=rate_hint)
    usable, thin = _sorted_out(quotes)
    refused += thin
    if not usable:
        return NoSurface(reason=_nothing(given, refused), refused=tuple(refused))
    table = np.empty((len(usable), UNKNOWNS))
    work = [_begin(item, table[place]) for place, item in enumerate(usable)]
    _apart(work, table)
    return _surface(given, work, table, tuple(refused))


def _sorted_out(quotes: list[ExpiryQuotes]) -> tuple[list[ExpiryQuotes], list[RefusedExpiry]]:
    usable: list[ExpiryQuotes] = []
    thin: list[RefusedExpiry] = []

    def refuse(item: ExpiryQuotes, reason: str) -> None:
        thin.append(RefusedExpiry(root=item.root, expiry=item.expiry, reason=reason))

    for item in quotes:
        puts = int(np.count_nonzero(item.k < 0.0))
        calls = item.k.size - puts
        if item.k.size < _LEAST_QUOTES or min(puts, calls) < _LEAST_PER_SIDE:
            refuse(
                item,
                f"{puts} puts and {calls} calls out of the money have usable quotes; five parameters want "
                f"{_LEAST_QUOTES}, with {_LEAST_PER_SIDE} on either side.",
            )
        elif usable and usable[-1].tau == item.tau:
            less, more = sorted((usable[-1], item), key=lambda one: one.k.size)
            usable[-1] = more
            refuse(less, f"it settles together with {more.root} {more.expiry}, which has more quotes.")
        else:
            usable.append(item)
    return usable, thin


def _begin(quotes: ExpiryQuotes, row: F8) -> _Work:
    deviation = float(np.interp(0.0, quotes.k, quotes.mid) * np.sqrt(quotes.tau))
    floor = _UNIT_FLOOR * (1.0 + (quotes.k / deviation) ** 2)
    work = _Work(
        quotes=quotes,
        unit=np.hypot(quotes.half_spread, floor),
        deviation=deviation,
        unknowns=np.zeros(UNKNOWNS),
        trust=np.ones(quotes.k.size),
        row=row,
        least=0.0,
        repaired=False,
    )
    work.fit(_NO_BOUNDS, fresh=True)
    return work


def _apart(work: Sequence[_Work], table: F8) -> None:
    """Fit crossing expiries again between their neighbours."""
    grid = GRID
    variances = grid_variances(table, grid)

    def neighbour(place: int) -> Neighbour:
        return Neighbour(work[place].quotes, variances[place])

    def again(place: int, below: Neighbour | None, above: Neighbour | None) -> None:
        one = work[place]
        one.fit(bounds_between(below, above, one.quotes, one.deviation), fresh=False)
        variances[place] = grid_variances(table[place : place + 1], grid)[0]

    for place in range(len(work) - 2, -1, -1):
        own = work[place].quotes.k
        alone = (grid < own[0]) | (grid > own[-1])
        if np.any(alone & (variances[place] > variances[place + 1])):
            again(place, None, neighbour(place + 1))
    for place in range(1, len(work)):
        if np.any(variances[place] < variances[place - 1]):
            again(place, neighbour(place - 1), neighbour(place + 1) if place + 1 < len(work) else None)


def _surface(
    chains: Sequence[OptionChain], work: Sequence[_Work], table: F8, refused: tuple[RefusedExpiry, ...]
) -> FittedSurface:
    taus = np.array([item.quotes.tau for item in work])
    quotes = [item.quotes for item in work]
    at_the_money = np.maximum.accumulate(grid_variances(table, np.zeros(1))[:, 0])
    beyond = at_the_money[-1] / taus[-1]
    if taus.size > 1:
        beyond = (at_the_money[-1] - at_the_money[-2]) / (taus[-1] - taus[-2])
    surface = FittedSurface(
        roots=tuple(chain.root for chain in chains),
        session=chains[0].session,
        asof=chains[0].asof,
        spot=next((chain.spot for chain in chains if chain.spot is not None), None),
        expiries=tuple(_expiry(item, table, taus) for item in work),
        refused=refused,
        crossings=crossings(grid_variances(table, GRID), quotes),
        table=table,
        taus=taus,
        beyond=float(beyond),
    )
    table.flags.writeable = False
    taus.flags.writeable = False
    return surface


def _expiry(work: _Work, table: F8, taus: F8) -> FittedExpiry:
    quotes = work.quotes
    svi = RawSvi(**dict(zip(_NAMES, work.row.tolist(), strict=True)))
    parts = np.empty((3, quotes.k.size))
    surface_parts(table, taus, 0.0, quotes.k, np.full(quotes.k.size, quotes.tau), parts)
    vol = np.sqrt(parts[0] / quotes.tau)
    away = vol - quotes.mid
    core = np.abs(quotes.k) <= _CORE * work.deviation
    quality = Quality(
        quotes=quotes.k.size,
        rms=100.0 * float(np.sqrt(np.mean(away**2))),
        rms_core=100.0 * float(np.sqrt(np.mean(away[core] ** 2))) if core.any() else 0.0,
        half_spreads=float(np.median(np.abs(away) / np.maximum(quotes.half_spread, 1e-9))),
        inside=float(np.mean((vol >= quotes.bid) & (vol <= quotes.ask))),
        down_weighted=int(np.count_nonzero(work.trust < 0.5)),
    )
    least = svi.least_g()
    return FittedExpiry(
        svi=svi,
        least_g=LeastG(value=least.value, k=least.k),
        quotes=quotes,
        quality=quality,
        repaired=work.repaired,
    )


def _nothing(chains: Sequence[OptionChain], refused: Sequence[RefusedExpiry]) -> str:
    name = "+".join(chain.root for chain in chains)
    if not refused:
        return f"the chain of {name} on {chains[0].session} lists no expiry."
    return f"none of {len(refused)} expiries of {name} on {chains[0].session} can be fitted; {refused[0].reason}"
