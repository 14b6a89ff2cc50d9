"""The words of the importers: what a format is, what was sniffed of a file, what reading it gives.

A format module is called ``chain_*.py`` or ``series_*.py`` and exposes ``FORMATS``, a tuple of `ChainFormat` or
`SeriesFormat`; the registry finds the module by its name. A format recognises a file by its header alone, so
`matches` must be cheap and must not open the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from alvh.adapters.formats.source import Sniff
from alvh.market.quality import Finding
from alvh.market.series import Series

if TYPE_CHECKING:
    import polars as pl


class Kind(StrEnum):
    """Which part of the store a format feeds."""

    CHAIN = "chain"
    SERIES = "series"
    FUTURES = "futures"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the person who imports may say about a file that does not say it itself.

    Attributes
    ----------
    day : date or None
        Quote date of an undated table.
    root : str or None
        Option root of a file without one.
    """

    day: date | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesRead:
    """What a series or futures file gave.

    Attributes
    ----------
    rows : int
        Data rows seen in the file, kept or not.
    days_refused : tuple of (date, sentence)
        Rows kept out, by their date.
    """

    series: tuple[Series, ...]
    findings: tuple[Finding, ...] = ()
    rows: int = 0
    days_refused: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFormat:
    """A file of series or of futures prices.

    Attributes
    ----------
    name : str
        Short name printed in reports, e.g. ``fred``.
    title : str
        One line for the documentation.
    header : str
        The header as a person would recognise it, for the message that lists known formats.
    matches : callable
        ``matches(sniff) -> bool``, from the columns, the first lines and the file's name only.
    read : callable
        ``read(sniff, options) -> SeriesRead``; raises `RefusedError` for content that must not be believed.
    rank : int
        Formats are asked in ascending rank; a catch-all such as ``date,value`` takes a high one.
    """

    name: str
    title: str
    header: str
    matches: Callable[[Sniff], bool]
    read: Callable[[Sniff, ReadOptions], SeriesRead]
    kind: Kind = Kind.SERIES
    rank: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a whole quote table says above its header: the level of the underlying, and when.

    Attributes
    ----------
    session : date or None
        Quote date of every row.
    spot : float or None
        Level of the underlying, points.
    asof : int or None
        Seconds since 1970, UTC; None where the table has no readable clock.
    notes : tuple of str
        Sentences worth recording, e.g. that the table's own date disagrees with its file name.
    """

    session: date | None = None
    spot: float | None = None
    asof: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFormat:
    """A file of option quotes, read in pieces and turned into the normal columns by polars expressions.

    Attributes
    ----------
    text : tuple of str
        Columns read as text (dates, symbols, rights); all other columns in `columns` are read as float64.
    needed : tuple of str
        Columns whose every cell must hold a readable value; a blank or unreadable one refuses the file.
    optional : tuple of str
        Columns that may hold blanks; text that is not a number refuses the file all the same.
    normalise : callable
        ``normalise(frame, snapshot) -> frame`` with the columns of `alvh.adapters.formats.normal`.
    preamble : callable or None
        Reads the lines above the header; None where the header is the first line.
    header_line : callable
        Index of the header line among ``sniff.lines``.
    clean : callable or None
        Rewrites raw bytes before they are parsed, e.g. drops the blank after each comma.
    """

    name: str
    title: str
    header: str
    matches: Callable[[Sniff], bool]
    normalise: Callable[[pl.DataFrame, Snapshot], pl.DataFrame]
    text: tuple[str, ...]
    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    preamble: Callable[[Sniff, ReadOptions], Snapshot] | None = None
    header_line: Callable[[Sniff], int] = field(default=lambda _: 0)
    clean: Callable[[bytes], bytes] | None = None
    kind: Kind = Kind.CHAIN
    rank: int = 10


Format: TypeAlias = ChainFormat | SeriesFormat
