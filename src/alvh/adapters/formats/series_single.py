"""One series per file: Cboe index history, open-high-low-close tables, FRED, and plain ``date,value``."""

from __future__ import annotations

import numpy as np

from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.words import ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import Harvest
from alvh.adapters.series_reading import Column, Table, days, numbers, read_table
from alvh.core.arrays import B1, D8
from alvh.market.catalogue import canonical, known
from alvh.market.quality import Defect

_DATES = ("date", "time", "dates", "observation_date")
_PRICES = ("open", "high", "low", "close")
_ALLOWED = {*_DATES, *_PRICES, "volume", "adj close", "adj_close"}
_SLIP = 0.01
_REPEATED = 0.05
_NOISE = ("OHLC", "OHLCV", "DAILY", "WEEKLY", "MONTHLY", "HISTORY", "DATA", "CACHE", "EOD", "US", "D")
_NAMELESS = ("", "value", "close", "last", "price")


def series_name(sniff: Sniff, value_column: str) -> str:
    """Name the series of a file: by its value column, else by as much of the file's name as the catalogue knows."""
    if value_column.lower() not in _NAMELESS and known(canonical(value_column.upper())):
        return canonical(value_column.upper())
    parts = sniff.name.upper().split("_")
    for length in range(len(parts), 0, -1):
        candidate = canonical("_".join(parts[:length]))
        if known(candidate):
            return candidate
    if value_column.lower() not in _NAMELESS:
        return value_column.upper()
    while len(parts) > 1 and (parts[-1] in _NOISE or parts[-1].isdigit()):
        parts.pop()
    return "_".join(parts)


def _header(sniff: Sniff) -> list[str]:
    return [name.lower() for name in sniff.columns]


def _is_ohlc(sniff: Sniff) -> bool:
    header = _header(sniff)
    return (
        sniff.container is Container.TEXT
        and header[0] in _DATES
        and set(_PRICES) <= set(header)
        and set(header) <= _ALLOWED
    )


def _is_cboe_ohlc(sniff: Sniff) -> bool:
    return _is_ohlc(sniff) and sniff.columns[0] in ("DATE", "time") and "adj close" not in _header(sniff)


def _is_pair(sniff: Sniff) -> bool:
    header = _header(sniff)
    return sniff.container is Container.TEXT and len(header) == 2 and header[0] in _DATES


def _is_cboe_close(sniff: Sniff) -> bool:
    second = sniff.lines[1] if len(sniff.lines) > 1 else ""
    return _is_pair(sniff) and sniff.columns[0] == "DATE" and "/" in second.split(",")[0]


def _is_fred(sniff: Sniff) -> bool:
    if not _is_pair(sniff):
        return False
    named = sniff.columns[1].upper()
    return sniff.columns[0] == "observation_date" or (
        named.lower() not in _NAMELESS and known(canonical(named)) is not None
    )


def _read_ohlc(sniff: Sniff, options: ReadOptions, *, source: str) -> SeriesRead:
    del options
    table = read_table(sniff)
    by_name = {name.lower(): name for name in table.columns}
    period = days(table, table.columns[0])
    name = series_name(sniff, "")
    prices = {field: numbers(table, by_name[field]) for field in _PRICES}
    harvest = Harvest(table=table, source=f"{source}:{sniff.where}")
    share = source == "ohlc"
    harvest.add(name, period, prices["close"], label=by_name["close"], share=share)
    ranged = _with_range(harvest, name, period, prices)
    possible = _possible_opens(harvest, name, period, prices, ranged)
    _say_repeated_opens(harvest, name, period, prices, possible)
    for field, kept in (("open", possible), ("high", ranged), ("low", ranged)):
        column = Column(value=prices[field].value, present=prices[field].present & kept)
        harvest.add(f"{name}.{field}", period, column, label=by_name[field], share=share)
    for field, suffix in (("volume", "volume"), ("adj close", "adjclose"), ("adj_close", "adjclose")):
        if field in by_name and share:
            harvest.add(f"{name}.{suffix}", period, numbers(table, by_name[field]), label=by_name[field])
    return harvest.result()


def _with_range(harvest: Harvest, name: str, period: D8, prices: dict[str, Column]) -> B1:
    """Tell the rows with a traded range; four equal prices are a close written four times."""
    close = prices["close"].value
    flat = prices["close"].present.copy()
    for field in ("open", "high", "low"):
        flat &= prices[field].present & (prices[field].value == close)
    if flat.any():
        detail = "open, high and low repeat the close, so only the close is kept"
        harvest.finding(name, Defect.MISSING_VALUE, period[flat], detail)
    ranged: B1 = ~flat
    return ranged


def _possible_opens(harvest: Harvest, name: str, period: D8, prices: dict[str, Column], ranged: B1) -> B1:
    """Tell the rows whose open can be one; say where open or close lies outside low to high.

    A hair outside is rounding, or a high and low that were taken after a late open. Further outside, as 2.58 on a day
    between 13.68 and 14.48, is a slip, and an open is what contracts are settled by in place of a missing print.
    """
    present = ranged & np.logical_and.reduce([prices[field].present for field in _PRICES])
    high, low = prices["high"].value, prices["low"].value
    first, last = prices["open"].value, prices["close"].value
    far = present & ((first > high * (1.0 + _SLIP)) | (first < low * (1.0 - _SLIP)))
    if far.any():
        harvest.finding(name, Defect.IMPLAUSIBLE, period[far], "open far outside low to high; the open is left out")
    near = present & ~far & ((first > high) | (first < low) | (last > high) | (last < low))
    if near.any():
        detail = "open or close lies outside low to high; kept as published"
        harvest.finding(name, Defect.IMPLAUSIBLE, period[near], detail)
    possible: B1 = ranged & ~far
    return possible


def _say_repeated_opens(harvest: Harvest, name: str, period: D8, prices: dict[str, Column], possible: B1) -> None:
    """Say where the open is the close of the day before: the index was printed before its members had traded."""
    ascending = period.size > 1 and period[0] < period[-1]
    before = np.roll(prices["close"].value, 1 if ascending else -1)
    repeated = possible & prices["open"].present & (prices["open"].value == before)
    if repeated.sum() > _REPEATED * possible.sum():
        detail = "the open repeats the close of the day before, so it is no opening print; kept as published"
        harvest.finding(f"{name}.open", Defect.STALE, period[repeated], detail)


def _read_cboe_ohlc(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    return _read_ohlc(sniff, options, source="cboe_index")


def _read_plain_ohlc(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    return _read_ohlc(sniff, options, source="ohlc")


def _read_pair(sniff: Sniff, source: str) -> SeriesRead:
    table = read_table(sniff)
    return _pair(table, series_name(sniff, sniff.columns[1]), f"{source}:{sniff.where}")


def _pair(table: Table, name: str, source: str) -> SeriesRead:
    harvest = Harvest(table=table, source=source)
    date_column, value_column = table.columns
    harvest.add(name, days(table, date_column), numbers(table, value_column), label=value_column)
    return harvest.result()


def _read_cboe_close(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read_pair(sniff, "cboe_index")


def _read_fred(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read_pair(sniff, "fred")


def _read_date_value(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read_pair(sniff, "date_value")


FORMATS = (
    SeriesFormat(
        name="cboe_index",
        title="Cboe index history, daily open, high, low, close (also the old VIX1Y layout)",
        header="DATE,OPEN,HIGH,LOW,CLOSE",
        matches=_is_cboe_ohlc,
        read=_read_cboe_ohlc,
        rank=30,
    ),
    SeriesFormat(
        name="cboe_index_close",
        title="Cboe index history, daily close",
        header="DATE,<INDEX> with mm/dd/yyyy",
        matches=_is_cboe_close,
        read=_read_cboe_close,
        rank=31,
    ),
    SeriesFormat(
        name="ohlc",
        title="Daily open, high, low, close of one instrument, named by its file (Yahoo and others)",
        header="Date,Open,High,Low,Close[,Adj Close][,Volume]",
        matches=_is_ohlc,
        read=_read_plain_ohlc,
        rank=40,
    ),
    SeriesFormat(
        name="fred",
        title="FRED series; '.' and blanks are holidays",
        header="observation_date,<ID> or DATE,<ID>",
        matches=_is_fred,
        read=_read_fred,
        rank=41,
    ),
    SeriesFormat(
        name="date_value",
        title="Any series as two columns, named by its file",
        header="date,value",
        matches=_is_pair,
        read=_read_date_value,
        rank=90,
    ),
)
