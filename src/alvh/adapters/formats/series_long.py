"""Long tables: one row per symbol and day."""

from __future__ import annotations

from collections.abc import Callable

from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.tables import Field, long_table
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
_MEMBER_COLUMNS = ("Date", "Open", "High", "Low", "Close", "Volume", "Name")


def _has(*columns: str) -> Callable[[Sniff], bool]:
    return lambda sniff: sniff.columns == columns


def _symbol(name: str) -> str:
    upper = canonical(name.upper())
    for suffix in _BLOOMBERG_SUFFIXES:
        upper = upper.removesuffix(suffix)
    return canonical(upper)


def _named(name: str, suffix: str) -> str:
    """Name a series; what the vendor adjusted for dividends says so."""
    adjusted = name.upper().endswith(_FUND_SUFFIX)
    field = f".adj{suffix.removeprefix('.') or 'close'}" if adjusted else suffix
    return f"{_symbol(name)}{field}"


def _prices(close: str, opened: str, high: str, low: str) -> tuple[Field, ...]:
    return (
        Field(column=close, suffix=""),
        Field(column=opened, suffix=".open"),
        Field(column=high, suffix=".high"),
        Field(column=low, suffix=".low"),
    )


FORMATS = (
    long_table(
        "levels_long",
        "Index levels, one row per index and day (Bloomberg export)",
        _has("ID", "Date", "Close"),
        (Field(column="Close", suffix=""),),
        header="ID,Date,Close",
        symbol="ID",
        day="Date",
        series=_named,
        share=False,
    ),
    long_table(
        "levels_ohlc_long",
        "Open, high, low, close, one row per instrument and day (Bloomberg export)",
        _has("ID", "Date", "O", "H", "L", "C"),
        _prices("C", "O", "H", "L"),
        header="ID,Date,O,H,L,C",
        symbol="ID",
        day="Date",
        series=_named,
    ),
    long_table(
        "adjusted_long",
        "Closes adjusted for splits and dividends, one row per symbol and day (Yahoo)",
        _has("symbol", "Date", "Close"),
        (Field(column="Close", suffix=".adjclose"),),
        header="symbol,Date,Close",
        symbol="symbol",
        day="Date",
        series=_named,
    ),
    long_table(
        "prices_long",
        "Prices as traded with adjusted close, dividends and splits (Alpha Vantage)",
        _has(*_RAW_COLUMNS),
        (
            *_prices("close", "open", "high", "low"),
            Field(column="adjusted_close", suffix=".adjclose"),
            Field(column="volume", suffix=".volume"),
            Field(column="dividend_amount", suffix=".dividend", nothing=0.0),
            Field(column="split_coefficient", suffix=".split", nothing=1.0),
        ),
        header=",".join(_RAW_COLUMNS),
        symbol="symbol",
        day="date",
        series=_named,
    ),
    long_table(
        "fred_long",
        "Several FRED series in one table",
        _has("series", "observation_date", "value"),
        (Field(column="value", suffix=""),),
        header="series,observation_date,value",
        symbol="series",
        day="observation_date",
        series=_named,
        share=False,
    ),
    long_table(
        "members_long",
        "Daily prices of index members, split-adjusted, as one Parquet table (Kaggle)",
        lambda sniff: sniff.container is Container.PARQUET and sniff.columns == _MEMBER_COLUMNS,
        (*_prices("Close", "Open", "High", "Low"), Field(column="Volume", suffix=".volume")),
        header=",".join(_MEMBER_COLUMNS),
        symbol="Name",
        day="Date",
        series=_named,
    ),
)
