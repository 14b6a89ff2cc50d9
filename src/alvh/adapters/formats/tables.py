"""Readers written as descriptions: a wide table has a column per series, a long one a row per symbol and day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import Kind, ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import Harvest
from alvh.adapters.series_reading import Column, Table, days, numbers, read_table, texts
from alvh.core.arrays import D8, F8, I8

__all__ = ["Field", "Part", "day_number", "groups", "long_table", "read_day_numbers", "wide_table"]

Convert: TypeAlias = Callable[[F8], F8]
Matches: TypeAlias = Callable[[Sniff], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One series of a wide table.

    Attributes
    ----------
    column, name : str
        Its column and its canonical name.
    convert : callable, optional
        How cells become the unit of the catalogue.
    days : bool
        The cells are days, kept as numbers yyyymmdd.
    """

    column: str
    name: str
    convert: Convert | None = None
    days: bool = False


def wide_table(
    name: str,
    title: str,
    header: str,
    matches: Matches,
    parts: Callable[[tuple[str, ...]], list[Part]],
    *,
    day: int | str = 0,
    kind: Kind = Kind.SERIES,
) -> SeriesFormat:
    """Describe a table with a column of days and a column per series.

    Parameters
    ----------
    parts : callable
        From the columns, as a person reads them, to the series.
    day : int or str
        Place or name of the column of days.
    """

    def read(sniff: Sniff, options: ReadOptions) -> SeriesRead:
        del options
        place = sniff.columns.index(day) if isinstance(day, str) else day
        table = read_table(sniff, key=place)
        period = days(table, table.columns[place])
        harvest = Harvest(table=table, source=f"{name}:{sniff.where}")
        for part in parts(tuple(table.columns)):
            harvest.add(part.name, period, _cells(table, part), label=part.column)
        return harvest.result()

    return SeriesFormat(name=name, title=title, header=header, matches=matches, read=read, kind=kind)


def _cells(table: Table, part: Part) -> Column:
    if part.days:
        return read_day_numbers(table, part.column)
    column = numbers(table, part.column)
    if part.convert is None:
        return column
    converted = np.where(column.present, part.convert(column.value), 0.0)
    return Column(value=converted, present=column.present)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a long table.

    Attributes
    ----------
    column, suffix : str
        Its column, and what its series are called after their symbol: ``.open``, nothing for the close.
    nothing : float, optional
        The cell of a day on which nothing happened, which is no value: 0 for dividends, 1 for splits.
    """

    column: str
    suffix: str
    nothing: float | None = None


def long_table(
    name: str,
    title: str,
    matches: Matches,
    fields: tuple[Field, ...],
    *,
    header: str,
    symbol: str,
    day: str,
    series: Callable[[str, str], str],
    share: bool = True,
) -> SeriesFormat:
    """Describe a table with one row per symbol and day.

    Parameters
    ----------
    symbol, day : str
        Columns of the symbol and of the day.
    series : callable
        ``series(symbol, suffix)`` names the series of a field.
    share : bool
        Whether a symbol the catalogue does not know is a share's.
    """

    def read(sniff: Sniff, options: ReadOptions) -> SeriesRead:
        del options
        table = read_table(sniff)
        period = days(table, day)
        columns = [(field, numbers(table, field.column)) for field in fields]
        harvest = Harvest(table=table, source=f"{name}:{sniff.where}")
        for item, rows in groups(table, symbol):
            for field, values in columns:
                part = Column(value=values.value[rows], present=values.present[rows])
                if field.nothing is not None:
                    part = Column(value=part.value, present=part.present & (part.value != field.nothing))
                called = series(item, field.suffix)
                harvest.add(called, period[rows], part, label=field.column, rows=rows, share=share)
        return harvest.result()

    return SeriesFormat(name=name, title=title, header=header, matches=matches, read=read)


def groups(table: Table, column: str) -> Iterator[tuple[str, I8]]:
    """Split the rows by a column of names, in order of appearance, rows in the order of the file."""
    names = texts(table, column)
    unique: dict[str, int] = {}
    code = np.fromiter((unique.setdefault(name, len(unique)) for name in names), np.int64, len(names))
    order = np.argsort(code, kind="stable")
    bounds = np.searchsorted(code[order], np.arange(len(unique) + 1))
    for place, name in enumerate(unique):
        yield name, order[bounds[place] : bounds[place + 1]]


def read_day_numbers(table: Table, column: str) -> Column:
    """Read a column of days as numbers written yyyymmdd."""
    text = np.array(texts(table, column))
    present = ~np.isin(text, ("", "NA"))
    value = np.zeros(text.size)
    filled = days(table.keep(present), column) if present.any() else np.zeros(0, "datetime64[D]")
    value[present] = day_number(filled)
    return Column(value=value, present=present)


def day_number(period: D8) -> F8:
    """Write days as numbers, yyyymmdd."""
    months = period.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (period.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(np.int64) + 1
    number: F8 = (10000 * year + 100 * month + day).astype(np.float64)
    return number
