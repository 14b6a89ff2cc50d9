"""The one door through which numba enters.

A function marked `compiled` is machine code after its first call and is cached on disk, so the second process
starts warm. Keep the arithmetic readable without numba: `kernel.py_func` is the plain twin that tests compare.

Kernels call each other across modules, but numba's cache looks only at the file a kernel stands in: after an edit of
`normal.py` a kernel elsewhere would go on with the old code inlined. So the cache folder is named by a digest of every
source file that holds kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from numba import config as _config
from numba import njit as _njit
from numba import prange as parts_at_once

from alvh.core.blas_question import answer_once
from alvh.core.cache import cache_folder

__all__ = ["compiled", "compiled_parallel", "inlined", "parts_at_once", "plain"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

answer_once()

# "contract" lets LLVM fuse multiply and add; the rest of fastmath would drop the meaning of NaN.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"contract"}}


def compiled(function: _Function) -> _Function:
    """Compile a numeric function, serial."""
    return _machine(function)


def compiled_parallel(function: _Function) -> _Function:
    """Compile a function whose loops over `parts_at_once` run on several threads; compiled when first called.

    Give each thread one large part and let a serial kernel do it: the answers then do not depend on the threads.
    """
    return _machine(function, parallel=True)


def inlined(function: _Function) -> _Function:
    """Compile a small numeric function that is folded into its callers, so that their loops can be vectorised."""
    return _machine(function, forceinline=True)


def plain(function: _Function) -> _Function:
    """Return the uncompiled twin of a compiled function."""
    twin: _Function = getattr(function, "py_func", function)
    return twin


def _machine(function: _Function, **more: bool) -> _Function:
    with _own_cache():
        machine: _Function = _njit(**_OPTIONS, **more)(function)
    return machine


@contextmanager
def _own_cache() -> Iterator[None]:
    """Point numba at our cache folder while one function is declared, and back again for everybody else's."""
    before = _config.CACHE_DIR
    if _FOLDER is not None:
        _config.CACHE_DIR = str(_FOLDER)
    try:
        yield
    finally:
        _config.CACHE_DIR = before


def _sources_digest() -> str:
    total = sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        content = path.read_bytes()
        if b"core.compiled" in content or path.name == "compiled.py":
            total.update(content)
    return total.hexdigest()


_FOLDER = cache_folder(f"kernels-{_sources_digest()[:16]}")
