"""Portfolio liquidity (S-LIQ, S-QUICK): how wide the quotes we hold are, and whether cash covers what may fall due."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from alvh.core.arrays import F8

__all__ = ["liquidity", "quick_ratio", "relative_half_spread"]


def relative_half_spread(bid: F8, ask: F8) -> float | None:
    """Median of half the bid-ask width over the mid, of the quotes held.

    Parameters
    ----------
    bid, ask : (n,) array, points
        A leg without a two-sided market (no ask, or ask below bid) is left out; a zero bid counts, as the width
        is then the whole price.

    Returns
    -------
    float or None
        Fraction of mid, between 0 and 1; None where no quote is left.
    """
    usable = np.isfinite(bid) & np.isfinite(ask) & (bid >= 0.0) & (ask >= bid) & (ask > 0.0)
    if not usable.any():
        return None
    low, high = bid[usable], ask[usable]
    return float(np.median((high - low) / (high + low)))


def liquidity(
    today: float | None, before: Sequence[float | None], *, window: int = 63, at_least: int = 21
) -> float | None:
    """Compare today's relative half-spread with its median over the sessions before (S-LIQ).

    Parameters
    ----------
    today : float or None
        Of `relative_half_spread`; None when nothing is held or quoted.
    before : sequence of float or None
        One per session, oldest first, today not among them; sessions without holdings are None.
    window : int, sessions
    at_least : int
        Values that a median needs.

    Returns
    -------
    float or None
        Above 1: quotes are wider than usual. None while there is nothing to compare.
    """
    past = [value for value in before[-window:] if value is not None]
    if today is None or len(past) < at_least:
        return None
    usual = float(np.median(past))
    return today / usual if usual > 0.0 else None


def quick_ratio(liquid: float, margin_due: float, stress_loss: float) -> float | None:
    """Liquid assets over what may fall due at once: margin plus the loss in the down-shock (portfolio S-QUICK).

    Parameters
    ----------
    liquid : float, USD
        Cash and bills.
    margin_due : float, USD
        Requirement of the book.
    stress_loss : float, USD
        Loss of the whole book in the down-shock, hedge included; a gain counts as no loss.

    Returns
    -------
    float or None
        None where nothing can fall due, for then any cash is enough and a ratio says nothing.
    """
    due = max(margin_due, 0.0) + max(stress_loss, 0.0)
    if not (math.isfinite(liquid) and math.isfinite(due)) or due == 0.0:
        return None
    return liquid / due
