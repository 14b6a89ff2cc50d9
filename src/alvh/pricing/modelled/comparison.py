"""Modelled quotes beside recorded ones of the same expiry: errors in volatility, in half-spreads, in condor credits.

1. The modelled expiry is made on the forward implied from the recorded quotes (`on_forward`), so that errors are of the
   smile; how good the modelled forward is, is another question.
2. `quote_errors` compares every recorded out-of-the-money quote. `condor_errors` compares the two verticals of condors
   whose short strikes stand k expected moves from the forward, at mids, in fractions of the wider width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8, I8
from alvh.market.chain import QuoteStatus
from alvh.pricing.black76 import price
from alvh.pricing.greeks import first_greeks
from alvh.pricing.modelled.slices import ModelledSpxSlice
from alvh.pricing.modelled.surface import SpxSurface
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes

__all__ = ["CondorErrors", "QuoteErrors", "condor_errors", "on_forward", "quote_errors"]

# A listed wing may miss its wanted width by this much; beyond, the listing has no such condor.
_NARROWEST, _WIDEST = 0.6, 1.5
_LEAST_SIDE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteErrors:
    """One row per recorded out-of-the-money quote of an expiry.

    Attributes
    ----------
    delta : (n,) array
        Of the recorded mid on the forward, negative for puts.
    vol : (n,) array, volatility points
        Modelled less recorded.
    half, modelled_half : (n,) arrays, points
        Half the recorded and half the modelled bid-ask width; the second NaN where the model lists no such strike or
        has no bid for it.
    clear : (n,) array of bool
        Whether the ask is at most four bids and a point: beyond, a mid says little.
    """

    delta: F8
    vol: F8
    half: F8
    modelled_half: F8
    clear: B1


@dataclass(frozen=True, slots=True, kw_only=True)
class CondorErrors:
    """One row per condor of an expiry, fractions of the wider width.

    Attributes
    ----------
    k : (n,) array, expected moves from the forward to the short strikes
    width : (n,) array, wanted width of the wings, fraction of the forward
    put_credit, call_credit : (n,) arrays
        Recorded, at mids.
    put_error, call_error : (n,) arrays
        Modelled less recorded.
    package_half : (n,) array
        Half the bid-ask width of the four recorded legs together.
    """

    k: F8
    width: F8
    put_credit: F8
    call_credit: F8
    put_error: F8
    call_error: F8
    package_half: F8


def on_forward(surface: SpxSurface, quotes: ExpiryQuotes) -> ModelledSpxSlice | None:
    """Model the expiry of recorded quotes on their own parity forward; None where it has settled."""
    made = surface.slice(quotes.root, quotes.expiry)
    if made is None:
        return None
    spot = surface.levels.spot * quotes.forward / made.forward
    moved = msgspec.structs.replace(surface, levels=msgspec.structs.replace(surface.levels, spot=spot))
    return moved.slice(quotes.root, quotes.expiry)


def quote_errors(quotes: ExpiryQuotes, made: ModelledSpxSlice) -> QuoteErrors:
    """Compare an expiry's recorded quotes with the modelled expiry on the same forward."""
    is_put: B1 = quotes.k < 0.0
    terms = (quotes.forward, quotes.strike, quotes.tau)
    bid, ask = (price(*terms, side, is_put, quotes.discount) for side in (quotes.bid, quotes.ask))
    modelled = made.quote(quotes.strike, is_put)
    listed = modelled.status == QuoteStatus.OK
    # The recorded snapshot may stand earlier in the day than the modelled one: compare total volatility.
    vol = made.vol(quotes.strike) * math.sqrt(made.tau / quotes.tau)
    return QuoteErrors(
        delta=first_greeks(*terms, quotes.mid, is_put, 1.0).delta,
        vol=100.0 * (vol - quotes.mid),
        half=0.5 * (ask - bid),
        modelled_half=np.where(listed, 0.5 * (modelled.ask - modelled.bid), np.nan),
        clear=ask <= 4.0 * bid + 1.0,
    )


def condor_errors(quotes: ExpiryQuotes, made: ModelledSpxSlice, *, move: float, k: F8, widths: F8) -> CondorErrors:
    """Compare condors of one expiry, every k with every width that is listed.

    Parameters
    ----------
    quotes : ExpiryQuotes
    made : ModelledSpxSlice
        On the same forward.
    move : float, points
        One expected move to expiry.
    k : (a,) array
        Expected moves from the forward to the short strikes.
    widths : (b,) array
        Of the wings, fractions of the forward.
    """
    is_put: B1 = quotes.k < 0.0
    terms = (quotes.forward, quotes.strike, quotes.tau)
    bid, mid, ask = (price(*terms, side, is_put, quotes.discount) for side in (quotes.bid, quotes.mid, quotes.ask))
    own = quotes.discount * made.exact(quotes.strike, is_put)
    legs, wanted = _legs(quotes, is_put, move, k, widths)
    strike = quotes.strike[legs]
    wide = np.maximum(strike[:, 1] - strike[:, 0], strike[:, 3] - strike[:, 2])
    put, call = (mid[legs[:, 1]] - mid[legs[:, 0]]) / wide, (mid[legs[:, 2]] - mid[legs[:, 3]]) / wide
    own_put, own_call = (own[legs[:, 1]] - own[legs[:, 0]]) / wide, (own[legs[:, 2]] - own[legs[:, 3]]) / wide
    return CondorErrors(
        k=wanted[:, 0],
        width=wanted[:, 1],
        put_credit=put,
        call_credit=call,
        put_error=own_put - put,
        call_error=own_call - call,
        package_half=0.5 * (ask - bid)[legs].sum(axis=1) / wide,
    )


def _legs(quotes: ExpiryQuotes, is_put: B1, move: float, k: F8, widths: F8) -> tuple[I8, F8]:
    """Return rows of long put, short put, short call and long call per condor, and its k and width."""
    puts, calls = np.flatnonzero(is_put), np.flatnonzero(~is_put)
    legs: list[tuple[int, int, int, int]] = []
    wanted: list[tuple[float, float]] = []
    if min(puts.size, calls.size) < _LEAST_SIDE:
        return np.zeros((0, 4), np.int64), np.zeros((0, 2))
    strike, forward = quotes.strike, quotes.forward
    for distance in k:
        short_put = _nearest(puts, strike, forward - distance * move)
        short_call = _nearest(calls, strike, forward + distance * move)
        for width in widths:
            wing = width * forward
            long_put = _nearest(puts, strike, strike[short_put] - wing)
            long_call = _nearest(calls, strike, strike[short_call] + wing)
            found = (strike[short_put] - strike[long_put], strike[long_call] - strike[short_call])
            if _NARROWEST * wing <= min(found) and max(found) <= _WIDEST * wing:
                legs.append((long_put, short_put, short_call, long_call))
                wanted.append((float(distance), float(width)))
    return np.array(legs, np.int64).reshape(-1, 4), np.array(wanted).reshape(-1, 2)


def _nearest(places: I8, strike: F8, level: float) -> int:
    return int(places[np.argmin(np.abs(strike[places] - level))])
