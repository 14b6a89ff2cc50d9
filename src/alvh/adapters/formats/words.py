"""The words of the importers: what a format is, what a person may add, what reading gives.

A format module is called ``chain_*.py`` or ``series_*.py`` and exposes ``FORMATS``, a tuple of `ChainFormat` or
`SeriesFormat`; the registry finds the module by its name. A format recognises a file by its header alone, so
`matches` must be cheap and must not open the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
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
        The header as a person would recognise it.
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
class Preamble:
    """What a quote table says above its header, or its file name says, about every row.

    Attributes
    ----------
    session : date or None
        Quote date of every row.
    spot : float or None
        Level of the underlying, points.
    asof : int or None
        Seconds since 1970, UTC; None where the table has no usable clock.
    root : str or None
        Option root the person gave, for files without one.
    findings : tuple of Finding
        What is worth recording, e.g. that the table's own date disagrees with its file name.
    """

    session: date | None = None
    spot: float | None = None
    asof: int | None = None
    root: str | None = None
    findings: tuple[Finding, ...] = ()


def _first_line(table: Sniff) -> int:
    return next((place for place, line in enumerate(table.lines) if line.strip()), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFormat:
    """A file of option quotes, read in pieces and turned into the normal columns by polars expressions.

    Attributes
    ----------
    text : tuple of str
        Columns read as text: dates, symbols, rights.
    numbers : tuple of str
        Columns read as float64; a blank is a missing value, anything else that is not a number refuses the file.
    normalise : callable
        ``normalise(frame, preamble) -> frame`` with the columns of `alvh.adapters.formats.normal`. The frame holds
        every column of `text` and `numbers` (null where the file has none) and ``line``, the place in the file.
    says : mapping
        Normal column -> the file's own column, for messages.
    session_column : str or None
        Column by which rows of one session are kept together; None where the whole file is one session.
    preamble : callable or None
        Reads what stands above the header or in the file name; None where the rows say everything.
    header_line : callable
        Index of the header line among ``sniff.lines``.
    clean : callable or None
        Rewrites raw bytes before they are parsed, e.g. drops the blank after each comma.
    notes : str
        What a person should know about times, columns and limits; printed in the documentation.
    """

    name: str
    title: str
    header: str
    matches: Callable[[Sniff], bool]
    normalise: Callable[[pl.DataFrame, Preamble], pl.DataFrame]
    text: tuple[str, ...]
    numbers: tuple[str, ...]
    says: Mapping[str, str]
    session_column: str | None
    preamble: Callable[[Sniff, ReadOptions], Preamble] | None = None
    header_line: Callable[[Sniff], int] = _first_line
    clean: Callable[[bytes], bytes] | None = None
    notes: str = ""
    kind: Kind = Kind.CHAIN
    rank: int = 10


Format: TypeAlias = ChainFormat | SeriesFormat
