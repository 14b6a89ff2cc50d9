"""What a trade costs, per contract and product; cash settlement costs nothing.

Exchange fees by premium where the exchange charges so, plus clearing, regulatory and broker fees. Each is a number
of the policy, for exchanges and brokers change them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from alvh.book.cents import cents, points
from alvh.book.identity import Remembered
from alvh.core.errors import UsageError
from alvh.core.threshold import Threshold, declare
from alvh.market.contracts import Future, Instrument, Option
from alvh.market.products import PRODUCTS

__all__ = ["FeeParameters", "Rates", "fee", "rates_of"]

_USD = "USD per contract"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeParameters:
    """Section ``fees`` of the policy, customer rates."""

    spx_boundary: Threshold[float] = declare(
        float, "index points", "premium from which the higher SPX exchange fee applies", low=0
    )
    spx_below: Threshold[float] = declare(float, _USD, "SPX and SPXW exchange fee below the boundary", low=0, high=100)
    spx_above: Threshold[float] = declare(
        float, _USD, "SPX and SPXW exchange fee from the boundary on", low=0, high=100
    )
    xsp: Threshold[float] = declare(float, _USD, "XSP exchange fee", low=0, high=100)
    vix_boundaries: Threshold[tuple[float, ...]] = declare(
        tuple, "VIX points", "highest premium of each VIX exchange fee tier but the last, ascending", low=0
    )
    vix_simple: Threshold[tuple[float, ...]] = declare(
        tuple, _USD, "VIX exchange fee by tier, one leg", low=0, high=100
    )
    vix_complex: Threshold[tuple[float, ...]] = declare(
        tuple, _USD, "VIX exchange fee by tier, several legs", low=0, high=100
    )
    equity_option: Threshold[float] = declare(float, _USD, "exchange fee of options on shares", low=0, high=100)
    occ: Threshold[float] = declare(float, _USD, "options clearing fee", low=0, high=100)
    orf: Threshold[float] = declare(float, _USD, "options regulatory fee", low=0, high=100)
    broker_option: Threshold[float] = declare(float, _USD, "broker commission on options", low=0, high=100)
    vx: Threshold[float] = declare(float, _USD, "VX exchange and clearing fee", low=0, high=100)
    vxm: Threshold[float] = declare(float, _USD, "VXM exchange and clearing fee", low=0, high=100)
    index_future: Threshold[float] = declare(float, _USD, "index future exchange and clearing fee", low=0, high=100)
    broker_future: Threshold[float] = declare(float, _USD, "broker commission on futures", low=0, high=100)
    share: Threshold[float] = declare(float, "USD per share", "broker commission on shares", low=0, high=10)


def fee(
    instrument: Instrument, price: float, contracts: int, parameters: FeeParameters, *, several_legs: bool = False
) -> Decimal:
    """Return what trading one leg costs.

    Parameters
    ----------
    price : float, points
        Premium at which the leg trades; decides the tier.
    contracts : int
        Number traded; the sign does not matter.
    several_legs : bool
        Whether the leg is part of a complex order, which has its own VIX tiers.

    Returns
    -------
    Decimal, USD, positive, to the cent
    """
    return rates_of(parameters).fee(instrument, price, contracts, several_legs=several_legs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """All fees of one contract added up, exact; the tiers of `vix` are (boundary, one leg, several legs)."""

    spx_boundary: float
    spx_below: Decimal
    spx_above: Decimal
    xsp: Decimal
    vix: tuple[tuple[float, Decimal, Decimal], ...]
    equity_option: Decimal
    futures: Mapping[str, Decimal]
    index_future: Decimal
    share: Decimal

    def fee(self, instrument: Instrument, price: float, contracts: int, *, several_legs: bool) -> Decimal:
        """Return what trading one leg costs; see `fee`."""
        if isinstance(instrument, Option):
            each = self.option(instrument.root, price, several_legs=several_legs)
        elif isinstance(instrument, Future):
            each = self.futures.get(instrument.root, self.index_future)
        else:
            each = self.share
        return cents(each * abs(contracts))

    def option(self, root: str, price: float, *, several_legs: bool) -> Decimal:
        """Return the fees of one option contract at a premium."""
        underlying = PRODUCTS[root].underlying
        if underlying == "SPX":
            return self.spx_above if price >= self.spx_boundary else self.spx_below
        if underlying == "XSP":
            return self.xsp
        if underlying != "VIX":
            return self.equity_option
        # A premium of a tier's boundary to the cent belongs to that tier.
        _, one, several = next(tier for tier in self.vix if round(price, 4) <= tier[0])
        return several if several_legs else one


def _read_rates(parameters: FeeParameters) -> Rates:
    simple, several = parameters.vix_simple.value, parameters.vix_complex.value
    boundaries = (*parameters.vix_boundaries.value, math.inf)
    if not len(simple) == len(several) == len(boundaries):
        raise UsageError(
            f"{len(simple)} simple and {len(several)} complex VIX fees stand against {len(boundaries) - 1} boundaries; "
            "one more tier is needed than boundaries.",
            where="fees.vix_boundaries",
            fix="Give one fee per tier, the last without a boundary.",
        )
    common = sum(
        (points(each.value) for each in (parameters.occ, parameters.orf, parameters.broker_option)), Decimal(0)
    )
    broker = points(parameters.broker_future.value)
    tiers = zip(boundaries, simple, several, strict=True)
    return Rates(
        spx_boundary=parameters.spx_boundary.value,
        spx_below=common + points(parameters.spx_below.value),
        spx_above=common + points(parameters.spx_above.value),
        xsp=common + points(parameters.xsp.value),
        vix=tuple((top, common + points(one), common + points(more)) for top, one, more in tiers),
        equity_option=common + points(parameters.equity_option.value),
        futures={"VX": broker + points(parameters.vx.value), "VXM": broker + points(parameters.vxm.value)},
        index_future=broker + points(parameters.index_future.value),
        share=points(parameters.share.value),
    )


rates_of = Remembered(_read_rates, size=16)
"""Fees of a policy added up by product; remembered."""
