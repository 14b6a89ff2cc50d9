"""Places in the row of numbers that a modelled expiry is quoted from, the same length for SPX and VIX expiries.

The first eighteen belong to the formula (`spx_quotes.Terms`, `vix_quotes.model_vix_slice`), the others to every slice.
"""

from __future__ import annotations

ROW = 22
KIND, ROW_TAU, ROW_FORWARD, ROW_DISCOUNT = 18, 19, 20, 21
"""Which formula; years; forward in points of the root; discount factor."""
SPX, VIX = 0.0, 1.0
"""Values of `KIND`."""
