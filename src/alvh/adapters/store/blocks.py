"""The memory-mappable layout: one file per root and month, one block per session, one run of bytes per column.

The file begins with a table of its d days, all int64: ``d | session[d] | first word[d] | n[d] | m[d]``, where a session
is days since 1970 and a word is eight bytes. A block of n quotes and m expiries begins at a multiple of 64 bytes and
holds, without gaps::

    strike f8[n] | bid f8[n] | ask f8[n] | iv f8[n] | delta f8[n]
    offsets i8[m + 1] | expiry i4[m] | is_put u1[n] | status i1[n]

All little-endian. Where a block lies and how long its columns are stands in the manifest, so reading a day is slicing
the map: nothing is parsed and nothing is copied. The vendor's volatility and delta are NaN where the file had none.
"""

from __future__ import annotations

import mmap
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alvh.core.arrays import B1, F8, I1, I4, I8

if TYPE_CHECKING:
    from alvh.adapters.chain_days import ChainDay

ALIGNMENT = 64
assert sys.byteorder == "little", "the block layout is little-endian"


def table_size(days: int) -> int:
    """Bytes of the table at the head of a file, including the padding behind it."""
    return -(-8 * (1 + 4 * days) // ALIGNMENT) * ALIGNMENT


def fill_table(space: I1, days: I8) -> None:
    """Lay down the table of days: rows (session, first word, quotes, expiries) of `days`."""
    words = space.view(np.int64)
    words[0] = len(days)
    words[1 : 1 + 4 * len(days)] = days.T.ravel()


def block_size(rows: int, expiries: int) -> int:
    """Bytes of a block including the padding behind it."""
    size = 42 * rows + 8 * (expiries + 1) + 4 * expiries
    return -(-size // ALIGNMENT) * ALIGNMENT


def block_parts(day: ChainDay) -> list[NDArray[np.generic]]:
    """List the columns of a day in the order in which they are written."""
    return [
        day.strike,
        day.bid,
        day.ask,
        day.iv,
        day.delta,
        day.offsets,
        day.expiries,
        day.is_put,
        day.status,
    ]


def fill_block(space: I1, day: ChainDay) -> None:
    """Lay the columns of a day one after the other into bytes of its block's size."""
    start = 0
    for column in block_parts(day):
        raw = np.ascontiguousarray(column).view(np.int8)
        space[start : start + raw.size] = raw
        start += raw.size


class BlockFile:
    """One month of one root, mapped read-only; views of it keep the map alive.

    Attributes
    ----------
    f8, i8, i4, i1, b1 : arrays
        The whole file, read as numbers of one kind.
    size : int, bytes
    """

    __slots__ = ("_map", "b1", "f8", "i1", "i4", "i8", "size")

    def __init__(self, path: str) -> None:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            mapped = mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
        finally:
            os.close(handle)
        self._map = mapped
        self.size = len(mapped)
        self.f8: F8 = np.frombuffer(mapped, np.float64)
        self.i8: I8 = np.frombuffer(mapped, np.int64)
        self.i4: I4 = np.frombuffer(mapped, np.int32)
        self.i1: I1 = np.frombuffer(mapped, np.int8)
        self.b1: B1 = np.frombuffer(mapped, np.bool_)

    def rest(self) -> None:
        """Give the pages back to the system; a view that is read later fetches them again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def table(self) -> BlockTable:
        """Describe the days of this file to a compiled loop."""
        words = self.i8
        days = int(words[0])
        return BlockTable(
            session=words[1 : 1 + days],
            place=words[1 + days : 1 + 2 * days],
            rows=words[1 + 2 * days : 1 + 3 * days],
            expiries=words[1 + 3 * days : 1 + 4 * days],
            words=self.f8,
            edges=words,
            marks=self.i4,
        )

    def bytes_of(self, start: int, size: int) -> NDArray[np.int8]:
        """Raw bytes of a block, to be copied into another file."""
        return self.i1[start : start + size]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockTable:
    """A month of one root for compiled loops: the mapped words, and where each day's columns begin in them.

    A compiled function takes the arrays and cuts a day's column by arithmetic: with ``p = place[i]`` and
    ``n = rows[i]``, strikes are ``words[p : p + n]``, bids ``words[p + n : p + 2 * n]``, then asks, vendor volatility
    and vendor delta. Expiry j of ``expiries[i]`` covers rows ``edges[p + 5 * n + j]`` to ``edges[p + 5 * n + j + 1]``
    and falls on day ``marks[2 * (p + 5 * n + expiries[i] + 1) + j]`` since 1970.

    Attributes
    ----------
    session : (d,) array of days since 1970
    place : (d,) array
        First word (of eight bytes) of each day.
    rows, expiries : (d,) arrays
    words : float64 view of the file
    edges : int64 view of the file
    marks : int32 view of the file
    """

    session: I8
    place: I8
    rows: I8
    expiries: I8
    words: F8
    edges: I8
    marks: I4
