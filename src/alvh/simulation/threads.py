"""Spread blocks of paths over threads; kernels release the interpreter lock and draw by counter, so results agree."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

__all__ = ["BLOCK", "default_threads", "spread"]

BLOCK = 512
"""Paths computed side by side; their state stays in the nearest cache."""


def default_threads() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def spread(work: Callable[[int, int], None], blocks: int, threads: int | None = None) -> None:
    """Call ``work(first, last)`` on ranges of blocks that together cover ``0..blocks``.

    Parameters
    ----------
    work : callable
        Computes blocks `first` up to, not including, `last`, and writes nothing another block writes.
    blocks : int
    threads : int, optional
        One per processor where left out.
    """
    count = max(1, min(threads or default_threads(), blocks))
    if count == 1:
        work(0, blocks)
        return
    edges = [blocks * part // count for part in range(count + 1)]
    with ThreadPoolExecutor(max_workers=count) as pool:
        for done in [pool.submit(work, first, last) for first, last in pairwise(edges)]:
            done.result()
