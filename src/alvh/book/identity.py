"""Remember what was worked out from an immutable object, by its identity.

Positions and tuples of positions live for weeks and are asked about every session; hashing one costs more than the
answer. The object itself is kept beside the answer, so its identity cannot be taken over by another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

MOST = 1024
"""Positions of some months, with room."""

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """A function of one immutable object whose recent answers are kept.

    Parameters
    ----------
    make : callable
        Pure function of the object.
    size : int
        Answers kept, though never more than `MOST`: what was closed a year ago is not asked about again, and would
        make memory grow with the years. The whole store is dropped when it is full.
    """

    __slots__ = ("_make", "_seen", "_size")

    def __init__(self, make: Callable[[K], V], *, size: int) -> None:
        self._make = make
        self._size = min(size, MOST)
        self._seen: dict[int, tuple[K, V]] = {}

    def __call__(self, key: K) -> V:
        """Return the answer for exactly this object."""
        found = self._seen.get(id(key))
        if found is not None and found[0] is key:
            return found[1]
        return self._work_out(key)

    def each(self, keys: Iterable[K]) -> list[V]:
        """Return the answers for several objects, with one call instead of one for each."""
        seen = self._seen
        answers: list[V] = []
        for key in keys:
            found = seen.get(id(key))
            answers.append(found[1] if found is not None and found[0] is key else self._work_out(key))
        return answers

    def _work_out(self, key: K) -> V:
        value = self._make(key)
        if len(self._seen) >= self._size:
            self._seen.clear()
        self._seen[id(key)] = (key, value)
        return value
