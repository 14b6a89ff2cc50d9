"""Exact money: points become USD to the cent, in one place."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """Round an amount in USD to the cent, half to even; nothing is zero, never minus zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN) + ZERO


def points(value: float) -> Decimal:
    """Turn a price or strike into exact points by its shortest decimal form, so 0.1 is one tenth.

    Parameters
    ----------
    value : float, points
    """
    return Decimal(repr(float(value)))
