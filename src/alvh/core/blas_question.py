"""Spare numba's question for a BLAS its price.

Before its first kernel numba finds out whether there is a BLAS by importing all of scipy.linalg, near half a second
that no kernel here needs. It is told instead whether scipy is installed at all, which is the same answer. Only that
one question is answered so: whoever compiles a matrix product later in the process gets numba's own check.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from numba.np import linalg

__all__ = ["answer_once"]


def answer_once() -> None:
    """Answer the question numba asks while it loads; do nothing where it has been asked already."""
    if "numba.np.arraymath" in sys.modules:
        return
    own = linalg.ensure_blas

    def lightly() -> None:
        linalg.ensure_blas = own
        if find_spec("scipy") is None:
            raise ImportError("scipy is not installed")

    linalg.ensure_blas = lightly
