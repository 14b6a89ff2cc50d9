"""One step of Levenberg and Marquardt's method, for compiled fits of a few unknowns."""

from __future__ import annotations

import math

import numpy as np

from alvh.core.arrays import F8
from alvh.core.compiled import compiled

__all__ = ["damped_step"]

# Unknowns that nothing depends on leave a zero on the diagonal.
_LEAST_DIAGONAL = 1e-12


@compiled
def damped_step(normal: F8, gradient: F8, damping: float, out: F8) -> bool:
    """Solve ``(N + damping diag N) step = -gradient`` by Cholesky.

    Parameters
    ----------
    normal : (n, n) array
        Normal equations; only the lower triangle is read.
    gradient : (n,) array
    damping : float
    out : (n,) array
        The step is written here.

    Returns
    -------
    bool
        False, and `out` without meaning, where the equations are singular.
    """
    n = gradient.size
    lower = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            total = normal[i, j] + (damping * normal[i, i] + _LEAST_DIAGONAL if i == j else 0.0)
            for q in range(j):
                total -= lower[i, q] * lower[j, q]
            if i == j:
                if not total > 0.0:
                    return False
                lower[i, i] = math.sqrt(total)
            else:
                lower[i, j] = total / lower[j, j]
    for i in range(n):
        total = -gradient[i]
        for q in range(i):
            total -= lower[i, q] * out[q]
        out[i] = total / lower[i, i]
    for i in range(n - 1, -1, -1):
        total = out[i]
        for q in range(i + 1, n):
            total -= lower[q, i] * out[q]
        out[i] = total / lower[i, i]
    return True
