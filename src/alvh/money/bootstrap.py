"""Stationary block bootstrap: rows of a sample in blocks of random length.

1. Start each block at a row drawn evenly; after each row stay in the block with probability 1 - 1/mean, else start
   anew.
2. Past the last row a block goes on at the first (circular), so every row is equally likely.

References
----------
.. [1] Politis, D. N. and Romano, J. P. (1994). The stationary bootstrap. J. American Statistical Association 89.
"""

from __future__ import annotations

import numpy as np

from alvh.core.arrays import F8, I4

MEAN_BLOCK = 21
DRAWS = 500
_AT_ONCE = 10


def stationary_rows(n: int, draws: int, mean_block: float, rng: np.random.Generator) -> I4:
    """Draw rows of samples.

    Returns
    -------
    (draws, n) array of row numbers in 0...n - 1
    """
    fresh = rng.random((draws, n), dtype=np.float32) < 1.0 / mean_block
    fresh[:, 0] = True
    start = rng.integers(0, n, size=(draws, n), dtype=np.int32)
    place = np.arange(n, dtype=np.int32)
    rows = np.empty((draws, n), np.int32)
    # A few draws at a time, so that a long history does not need many arrays of its length at once.
    for first in range(0, draws, _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        # Column of the block's first row: the last fresh column so far.
        origin = np.maximum.accumulate(np.where(fresh[part], place, np.int32(0)), axis=1)
        rows[part] = (np.take_along_axis(start[part], origin, axis=1) + (place - origin)) % np.int32(n)
    return rows


def interval(samples: F8, level: float = 0.95) -> tuple[float, float]:
    """Return the equal-tailed percentile interval of finite samples."""
    tail = 0.5 * (1.0 - level)
    low, high = np.quantile(samples, [tail, 1.0 - tail])
    return float(low), float(high)
