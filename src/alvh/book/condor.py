"""The short iron condor: four legs of one expiry read as strikes, widths, credit, loss and test ratios.

Only the wider wing can lose: at settlement spot is beyond one short strike or the other, never both. So the margin is
wider width x multiplier x quantity, once, and the maximum loss is that less the credit.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from alvh.book.cents import cents, points
from alvh.book.identity import Remembered
from alvh.book.positions import Leg, Position
from alvh.market.contracts import Option
from alvh.market.products import product_of

__all__ = ["Condor", "spot_scale"]

_RATIOS = (1, -1, -1, 1)


def spot_scale(root: str) -> float:
    """Points of a root's own index per SPX point: 0.1 for XSP, 1 otherwise."""
    return 0.1 if root == "XSP" else 1.0


class Condor(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A short iron condor: long put, short put, short call, long call.

    Attributes
    ----------
    put_long, put_short, call_short, call_long : float, points of the root's own index
    quantity : int
        Condors, positive.
    credit : Decimal, points
        Net premium received per condor.
    put_width, call_width, width : Decimal, points
        Widths of the two wings and the wider of them.
    multiplier : int, USD per point
    scale : float
        Points of the root's own index per SPX point (0.1 for XSP).
    """

    root: str
    expiry: date
    put_long: float
    put_short: float
    call_short: float
    call_long: float
    quantity: int
    credit: Decimal
    put_width: Decimal
    call_width: Decimal
    width: Decimal
    multiplier: int
    scale: float

    @staticmethod
    def of(position: Position) -> Condor | None:
        """Read a position as a condor; None when it is not one. The answer is remembered."""
        return _of_position(position)

    @staticmethod
    def of_legs(legs: tuple[Leg, ...], *, credit: Decimal, quantity: int) -> Condor | None:
        """Read four legs in any order as a condor; None when they are not one.

        Parameters
        ----------
        credit : Decimal, points per condor, positive when received
        quantity : int
        """
        shape = _shape(legs)
        if shape is None:
            return None
        return Condor(
            root=shape.root,
            expiry=shape.expiry,
            put_long=shape.strikes[0],
            put_short=shape.strikes[1],
            call_short=shape.strikes[2],
            call_long=shape.strikes[3],
            quantity=quantity,
            credit=credit,
            put_width=shape.put_width,
            call_width=shape.call_width,
            width=max(shape.put_width, shape.call_width),
            multiplier=shape.multiplier,
            scale=spot_scale(shape.root),
        )

    @property
    def margin(self) -> Decimal:
        """Wider width x multiplier x quantity, USD."""
        return cents(self.width * self.multiplier * self.quantity)

    @property
    def max_loss(self) -> Decimal:
        """(Wider width - credit) x multiplier x quantity, USD; negative when the credit exceeds the width."""
        return cents((self.width - self.credit) * self.multiplier * self.quantity)

    @property
    def max_profit(self) -> Decimal:
        """Credit x multiplier x quantity, USD."""
        return cents(self.credit * self.multiplier * self.quantity)

    @property
    def break_evens(self) -> tuple[float, float]:
        """Settlement values, lower and upper, at which the condor neither earns nor loses before fees.

        Points of the root's own index. A side whose width the credit covers never loses; its break-even is the long
        strike.
        """
        credit = float(self.credit)
        return max(self.put_short - credit, self.put_long), min(self.call_short + credit, self.call_long)

    def test_ratio(self, spot: float) -> tuple[float, float]:
        """Return how far spot has gone from the short to the long strike, put side and call side.

        Zero at the short strike, one at the long strike, negative while the side is untested; a side is tested from
        zero on.

        Parameters
        ----------
        spot : float, SPX points
            Also for XSP, which stands at a tenth of it.
        """
        level = spot * self.scale
        put = (self.put_short - level) / (self.put_short - self.put_long)
        call = (level - self.call_short) / (self.call_long - self.call_short)
        return put, call

    def payoff(self, value: float) -> float:
        """Profit or loss of one condor at a settlement value, points, before fees.

        Parameters
        ----------
        value : float, points of the root's own index
        """
        put_side = min(max(self.put_short - value, 0.0), self.put_short - self.put_long)
        call_side = min(max(value - self.call_short, 0.0), self.call_long - self.call_short)
        return float(self.credit) - put_side - call_side


class _Shape(msgspec.Struct, frozen=True, gc=False):
    """What the legs alone say."""

    root: str
    expiry: date
    strikes: tuple[float, float, float, float]
    put_width: Decimal
    call_width: Decimal
    multiplier: int


def _read_shape(legs: tuple[Leg, ...]) -> _Shape | None:
    if len(legs) != 4:
        return None
    options = [leg.instrument for leg in legs if isinstance(leg.instrument, Option)]
    if len(options) != 4 or len({(option.root, option.expiry) for option in options}) != 1:
        return None
    # Most condors are written in this order already.
    return _shape_in_order(legs) or _shape_in_order(tuple(sorted(legs, key=_place)))


def _shape_in_order(legs: tuple[Leg, ...]) -> _Shape | None:
    if tuple([leg.ratio for leg in legs]) != _RATIOS:
        return None
    long_put, short_put, short_call, long_call = (leg.instrument for leg in legs if isinstance(leg.instrument, Option))
    rights = (long_put.is_put, short_put.is_put, short_call.is_put, long_call.is_put)
    strikes = (long_put.strike, short_put.strike, short_call.strike, long_call.strike)
    if rights != (True, True, False, False) or not strikes[0] < strikes[1] <= strikes[2] < strikes[3]:
        return None
    return _Shape(
        long_put.root,
        long_put.expiry,
        strikes,
        points(strikes[1]) - points(strikes[0]),
        points(strikes[3]) - points(strikes[2]),
        product_of(long_put).multiplier,
    )


def _place(leg: Leg) -> tuple[bool, float, int]:
    # Puts before calls, then ascending strikes; at an iron butterfly both short legs share a strike.
    option = leg.instrument
    assert isinstance(option, Option)
    return not option.is_put, option.strike, -leg.ratio


def _read(position: Position) -> Condor | None:
    return Condor.of_legs(position.legs, credit=position.price, quantity=position.quantity)


_of_position = Remembered(_read, size=8192)
_shape: Remembered[tuple[Leg, ...], _Shape | None] = Remembered(_read_shape, size=8192)
