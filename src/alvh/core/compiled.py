"""The one door through which numba enters.

A function marked `compiled` is machine code after its first call and is cached on disk, so the second process
starts warm. Keep the arithmetic readable without numba: `kernel.py_func` is the plain twin that tests compare.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit as _njit
from numba import prange

__all__ = ["compiled", "compiled_parallel", "inlined", "plain", "prange"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

# "contract" lets LLVM fuse multiply and add; the rest of fastmath would drop the meaning of NaN.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"contract"}}


def compiled(function: _Function) -> _Function:
    """Compile a numeric function, serial."""
    machine: _Function = _njit(**_OPTIONS)(function)
    return machine


def inlined(function: _Function) -> _Function:
    """Compile a small numeric function that is folded into its callers, so that their loops can be vectorised."""
    machine: _Function = _njit(forceinline=True, **_OPTIONS)(function)
    return machine


def compiled_parallel(function: _Function) -> _Function:
    """Compile a numeric function whose `prange` loops share the cores."""
    machine: _Function = _njit(parallel=True, **_OPTIONS)(function)
    return machine


def plain(function: _Function) -> _Function:
    """Return the uncompiled twin of a compiled function."""
    twin: _Function = getattr(function, "py_func", function)
    return twin
