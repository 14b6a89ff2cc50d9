"""What a trade costs, per contract and product; cash settlement costs nothing.

Exchange fees by premium where the exchange charges so, plus clearing, regulatory and broker fees. Each is a number
of the policy, for exchanges and brokers change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from alvh.book.cents import cents, points
from alvh.core.errors import UsageError
from alvh.core.threshold import Threshold, declare
from alvh.market.contracts import Future, Instrument, Option, Share
from alvh.market.products import product_of

__all__ = ["FeeParameters", "fee"]

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
    each = _per_contract(instrument, price, parameters, several_legs=several_legs)
    return cents(each * abs(contracts))


def _per_contract(instrument: Instrument, price: float, parameters: FeeParameters, *, several_legs: bool) -> Decimal:
    if isinstance(instrument, Share):
        return points(parameters.share.value)
    if isinstance(instrument, Future):
        return _future(instrument, parameters) + points(parameters.broker_future.value)
    common = points(parameters.occ.value) + points(parameters.orf.value) + points(parameters.broker_option.value)
    return _exchange(instrument, price, parameters, several_legs=several_legs) + common


def _future(future: Future, parameters: FeeParameters) -> Decimal:
    rates = {"VX": parameters.vx, "VXM": parameters.vxm}
    return points(rates.get(future.root, parameters.index_future).value)


def _exchange(option: Option, price: float, parameters: FeeParameters, *, several_legs: bool) -> Decimal:
    underlying = product_of(option).underlying
    if underlying == "SPX":
        above = price >= parameters.spx_boundary.value
        return points((parameters.spx_above if above else parameters.spx_below).value)
    if underlying == "XSP":
        return points(parameters.xsp.value)
    if underlying != "VIX":
        return points(parameters.equity_option.value)
    tiers = parameters.vix_complex.value if several_legs else parameters.vix_simple.value
    boundaries = parameters.vix_boundaries.value
    if len(tiers) != len(boundaries) + 1:
        raise UsageError(
            f"{len(tiers)} VIX fee tiers stand against {len(boundaries)} boundaries; one more tier is needed.",
            where="fees.vix_boundaries",
            fix="Give one fee per tier, the last without a boundary.",
        )
    # A premium of a tier's boundary to the cent belongs to that tier.
    return points(tiers[sum(round(price, 4) > boundary for boundary in boundaries)])
