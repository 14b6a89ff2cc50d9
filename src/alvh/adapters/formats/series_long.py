"""Long tables: one row per symbol and day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.words import ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import Harvest
from alvh.adapters.series_reading import Column, Table, days, numbers, read_table, texts
from alvh.core.arrays import I8
from alvh.market.catalogue import canonical

_FUND_SUFFIX = " US EQUITY"
"""Bloomberg's funds come adjusted for dividends (SPY at 95 in April 2000, when it traded at 150), indices do not."""
_BLOOMBERG_SUFFIXES = (_FUND_SUFFIX, " INDEX")
_RAW_COLUMNS = (
    "symbol",
    "date",
    "open",
    "high",
    "low",
    "close",
    "adjusted_close",
    "volume",
    "dividend_amount",
    "split_coefficient",
)

_Fields = tuple[tuple[str, str], ...]


def _has(sniff: Sniff, *columns: str) -> bool:
    return sniff.columns == columns


def _groups(table: Table, column: str) -> Iterator[tuple[str, I8]]:
    """Split the rows by symbol, symbols in order of appearance, rows in the order of the file."""
    names = texts(table, column)
    unique: dict[str, int] = {}
    code = np.fromiter((unique.setdefault(name, len(unique)) for name in names), np.int64, len(names))
    order = np.argsort(code, kind="stable")
    bounds = np.searchsorted(code[order], np.arange(len(unique) + 1))
    for place, name in enumerate(unique):
        yield name, order[bounds[place] : bounds[place + 1]]


def _symbol(name: str) -> str:
    upper = canonical(name.upper())
    for suffix in _BLOOMBERG_SUFFIXES:
        upper = upper.removesuffix(suffix)
    return canonical(upper)


def _read(sniff: Sniff, source: str, symbol: str, day: str, fields: _Fields, *, share: bool = True) -> SeriesRead:
    """Read a long table; `fields` pairs a column with the suffix of its series."""
    table = read_table(sniff)
    period = days(table, day)
    columns = [(column, suffix, numbers(table, column)) for column, suffix in fields]
    harvest = Harvest(table=table, source=f"{source}:{sniff.where}")
    for name, rows in _groups(table, symbol):
        adjusted = name.upper().endswith(_FUND_SUFFIX)
        for column, suffix, values in columns:
            part = Column(value=values.value[rows], present=values.present[rows])
            if suffix in (".dividend", ".split"):
                part = _events(part, nothing=0.0 if suffix == ".dividend" else 1.0)
            field = f".adj{suffix.removeprefix('.') or 'close'}" if adjusted else suffix
            harvest.add(f"{_symbol(name)}{field}", period[rows], part, label=column, rows=rows, share=share)
    return harvest.result()


def _events(column: Column, nothing: float) -> Column:
    """Keep the days on which something happened."""
    return Column(value=column.value, present=column.present & (column.value != nothing))


def _read_levels(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read(sniff, "levels_long", "ID", "Date", (("Close", ""),), share=False)


def _read_levels_ohlc(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    fields = (("C", ""), ("O", ".open"), ("H", ".high"), ("L", ".low"))
    return _read(sniff, "levels_ohlc_long", "ID", "Date", fields)


def _read_adjusted(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read(sniff, "adjusted_long", "symbol", "Date", (("Close", ".adjclose"),))


def _read_raw(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    fields = (
        ("close", ""),
        ("open", ".open"),
        ("high", ".high"),
        ("low", ".low"),
        ("adjusted_close", ".adjclose"),
        ("volume", ".volume"),
        ("dividend_amount", ".dividend"),
        ("split_coefficient", ".split"),
    )
    return _read(sniff, "prices_long", "symbol", "date", fields)


def _read_rates(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read(sniff, "fred_long", "series", "observation_date", (("value", ""),), share=False)


def _read_members(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    fields = (("Close", ""), ("Open", ".open"), ("High", ".high"), ("Low", ".low"), ("Volume", ".volume"))
    return _read(sniff, "members_long", "Name", "Date", fields)


FORMATS = (
    SeriesFormat(
        name="levels_long",
        title="Index levels, one row per index and day (Bloomberg export)",
        header="ID,Date,Close",
        matches=lambda sniff: _has(sniff, "ID", "Date", "Close"),
        read=_read_levels,
    ),
    SeriesFormat(
        name="levels_ohlc_long",
        title="Open, high, low, close, one row per instrument and day (Bloomberg export)",
        header="ID,Date,O,H,L,C",
        matches=lambda sniff: _has(sniff, "ID", "Date", "O", "H", "L", "C"),
        read=_read_levels_ohlc,
    ),
    SeriesFormat(
        name="adjusted_long",
        title="Closes adjusted for splits and dividends, one row per symbol and day (Yahoo)",
        header="symbol,Date,Close",
        matches=lambda sniff: _has(sniff, "symbol", "Date", "Close"),
        read=_read_adjusted,
    ),
    SeriesFormat(
        name="prices_long",
        title="Prices as traded with adjusted close, dividends and splits (Alpha Vantage)",
        header=",".join(_RAW_COLUMNS),
        matches=lambda sniff: _has(sniff, *_RAW_COLUMNS),
        read=_read_raw,
    ),
    SeriesFormat(
        name="fred_long",
        title="Several FRED series in one table",
        header="series,observation_date,value",
        matches=lambda sniff: _has(sniff, "series", "observation_date", "value"),
        read=_read_rates,
    ),
    SeriesFormat(
        name="members_long",
        title="Daily prices of index members, split-adjusted, as one Parquet table (Kaggle)",
        header="Date,Open,High,Low,Close,Volume,Name",
        matches=lambda sniff: (
            sniff.container is Container.PARQUET
            and _has(sniff, "Date", "Open", "High", "Low", "Close", "Volume", "Name")
        ),
        read=_read_members,
    ),
)
