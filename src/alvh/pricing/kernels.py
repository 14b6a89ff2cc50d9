"""The serial pricing kernels, for compiled code of other rooms to call; Python calls the functions of their modules.

price_kernel(forward, strike, tau, vol, is_put, discount, out)
    `black76.price` into (n,) `out`; NaN where an input is one no formula can use.
greeks_kernel(forward, strike, tau, vol, is_put, discount, by_rate, out, start, stop)
    `greeks.first_greeks` into (6, n) `out` for options from `start` to `stop`, `by_rate` false for discount factors.
implied_kernel(price, forward, strike, tau, is_put, discount, vol, status, start, stop)
    `implied.implied_vol` into `vol` and `status` for options from `start` to `stop`.
"""

from __future__ import annotations

from alvh.pricing.black76 import _price as price_kernel
from alvh.pricing.greeks import _span as greeks_kernel
from alvh.pricing.implied import _implied as implied_kernel

__all__ = ["greeks_kernel", "implied_kernel", "price_kernel"]
