"""Wide tables: a date and one named column per series."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.tables import Part, groups, wide_table
from alvh.adapters.formats.words import Kind, ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import Harvest
from alvh.adapters.series_reading import Column, days, numbers, read_table
from alvh.core.arrays import F8

_TENORS = {
    "1month": "DGS1MO",
    "3month": "DGS3MO",
    "6month": "DGS6MO",
    "1year": "DGS1",
    "2year": "DGS2",
    "3year": "DGS3",
    "5year": "DGS5",
    "7year": "DGS7",
    "10year": "DGS10",
    "20year": "DGS20",
    "30year": "DGS30",
}
_SHILLER = {
    "SP500": "PRICE",
    "Dividend": "DIVIDEND",
    "Earnings": "EARNINGS",
    "Consumer Price Index": "CPI",
    "Long Interest Rate": "LONG_RATE",
    "Real Price": "REAL_PRICE",
    "Real Dividend": "REAL_DIVIDEND",
    "Real Earnings": "REAL_EARNINGS",
    "PE10": "PE10",
}
_CONSTANT_MATURITY = {f"ln_V{month}": f"VX.CM{month}" for month in range(1, 7)}
_ROLLS = {f"roll{month}": f"VX.ROLL{month}" for month in range(1, 7)}
_LEAST_MEMBERS = 20

_Columns = tuple[str, ...]


def _percent(fraction: F8) -> F8:
    # Yields are published to the hundredth; the fraction in the file is 0.0783 for 7.83.
    percent: F8 = (100.0 * fraction).round(6)
    return percent


def _exponential(logarithm: F8) -> F8:
    level: F8 = np.exp(logarithm)
    return level


def _rounded_exponential(logarithm: F8) -> F8:
    # VIX is published to the hundredth.
    level: F8 = np.exp(logarithm).round(2)
    return level


def _prefixed(prefix: str, start: int = 1) -> Callable[[_Columns], list[Part]]:
    """Name every column from `start` on after itself, in capitals."""
    return lambda columns: [Part(column=name, name=f"{prefix}.{name.upper()}") for name in columns[start:]]


def _ratios(columns: _Columns) -> list[Part]:
    suffix = "_PUT_CALL_RATIO"
    return [Part(column=name, name=f"PCR.{name.removesuffix(suffix)}") for name in columns[1:] if name]


def _yields(columns: _Columns) -> list[Part]:
    return [Part(column=name, name=_TENORS[name], convert=_percent) for name in columns[1:]]


def _shiller(columns: _Columns) -> list[Part]:
    return [Part(column=name, name=f"SHILLER.{_SHILLER[name]}") for name in columns[1:]]


def _maturities(columns: _Columns) -> list[Part]:
    parts = [Part(column=column, name=name, convert=_exponential) for column, name in _CONSTANT_MATURITY.items()]
    parts += [Part(column=column, name=name) for column, name in _ROLLS.items() if column in columns]
    parts.append(Part(column="ln_VIX", name="VIX", convert=_rounded_exponential))
    parts.append(Part(column="VIX_1M", name="VX.1M"))
    return parts


def _rank_expiries(columns: _Columns) -> list[Part]:
    return [Part(column=name, name=f"VX.M{name[1:]}.expiry", days=True) for name in columns[2:]]


def _front(columns: _Columns) -> list[Part]:
    del columns
    return [
        Part(column="vx_f1", name="VX.FRONT"),
        Part(column="f1_expiration", name="VX.FRONT.expiry", days=True),
        Part(column="volume", name="VX.FRONT.volume"),
        Part(column="open_interest", name="VX.FRONT.open_interest"),
    ]


def _volumes(columns: _Columns) -> list[Part]:
    return [_volume(name) for name in columns[1:]]


def _volume(column: str) -> Part:
    words = column.upper().replace("VOLUMNE", "VOLUME").removesuffix("_DUPLICATED_0").split()
    repeated = column.endswith("_duplicated_0")
    field = "open_interest" if words[-1] == "OI" else "volume"
    product = " ".join(words[:-1]).rstrip(".")
    short = "VX" if product == "VOLATILITY INDEX" else product
    return Part(column=column, name=f"CFE.{short}{' (2)' if repeated else ''}.{field}")


def _members(columns: _Columns) -> list[Part]:
    return [Part(column=name, name=f"{name}.adjclose") for name in columns if name != "Date"]


def _read_bis(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    """Read a table that is long in the kind of rate and wide in the economies."""
    del options
    whole = read_table(sniff)
    harvest = Harvest(table=whole, source=f"bis_eer:{sniff.where}")
    period = days(whole, "date")
    for kind, rows in groups(whole, "symbol"):
        for economy in whole.columns[2:]:
            column = numbers(whole, economy)
            part = Column(value=column.value[rows], present=column.present[rows])
            harvest.add(f"BIS.{kind}.{economy}", period[rows], part, label=economy, rows=rows)
    return harvest.result()


def _ends(sniff: Sniff, suffix: str) -> bool:
    return len(sniff.columns) > 2 and all(name.endswith(suffix) for name in sniff.columns[1:] if name)


def _starts(*columns: str) -> Callable[[Sniff], bool]:
    return lambda sniff: sniff.columns[: len(columns)] == columns


def _is_shiller(sniff: Sniff) -> bool:
    return _starts("Date", "SP500", "Dividend")(sniff) and set(sniff.columns[1:]) <= set(_SHILLER)


def _is_members(sniff: Sniff) -> bool:
    tickers = all(name == "Date" or name.upper() == name for name in sniff.columns)
    many = len(sniff.columns) > _LEAST_MEMBERS
    return sniff.container is Container.PARQUET and "Date" in sniff.columns and many and tickers


FORMATS = (
    wide_table(
        "put_call",
        "Cboe put/call volume ratios",
        "<date>,<PRODUCT>_PUT_CALL_RATIO,...",
        lambda sniff: _ends(sniff, "_PUT_CALL_RATIO"),
        _ratios,
    ),
    wide_table(
        "treasury_curve",
        "US Treasury par yields by tenor, as fractions",
        "Time Period,1month,3month,...,30year",
        lambda sniff: sniff.columns[0] == "Time Period" and set(sniff.columns[1:]) <= set(_TENORS),
        _yields,
    ),
    wide_table(
        "shiller",
        "Shiller's monthly S&P 500 table",
        "Date,SP500,Dividend,Earnings,Consumer Price Index,...",
        _is_shiller,
        _shiller,
    ),
    wide_table(
        "cboe_strategy",
        "Cboe option strategy indices, month end",
        "Date,BXM,BXMD,BXY,PUT,CLL,...",
        _starts("Date", "BXM"),
        lambda columns: [Part(column=name, name=f"CBOE.{name}") for name in columns[1:]],
    ),
    wide_table(
        "breadth",
        "Shares of index members above an average or at new lows",
        "date,sp_breadth,sp_new_low,...",
        _starts("date", "sp_breadth"),
        _prefixed("BREADTH"),
    ),
    wide_table(
        "nyse_breadth",
        "Advances, declines, new highs and lows",
        "date,advances,declines,unchanged,...",
        _starts("date", "advances", "declines"),
        _prefixed("NYSE"),
    ),
    wide_table(
        "vx_constant_maturity",
        "VX constant-maturity term structure, natural logarithms",
        "date,VIX_1M,...,ln_VIX,ln_V1,...,ln_V6,...",
        lambda sniff: {"date", "VIX_1M", "ln_VIX", *_CONSTANT_MATURITY} <= set(sniff.columns),
        _maturities,
        kind=Kind.FUTURES,
    ),
    wide_table(
        "vx_ranks",
        "VX last trades by maturity rank",
        '"",date,M1,...,M8',
        _starts("", "date", "M1"),
        _prefixed("VX", start=2),
        day=1,
        kind=Kind.FUTURES,
    ),
    wide_table(
        "vx_rank_expiries",
        "VX expiries by maturity rank",
        '"",date,V1,...,V8',
        _starts("", "date", "V1"),
        _rank_expiries,
        day=1,
        kind=Kind.FUTURES,
    ),
    wide_table(
        "vx_front",
        "Nearest VX contract, weekly or monthly",
        "date,vx_f1,f1_expiration,volume,open_interest",
        _starts("date", "vx_f1", "f1_expiration"),
        _front,
        kind=Kind.FUTURES,
    ),
    wide_table(
        "cfe_volume",
        "CFE daily volume and open interest by product",
        "Date,VOLATILITY INDEX VOLUME,VOLATILITY INDEX OI,...",
        _starts("Date", "VOLATILITY INDEX VOLUME"),
        _volumes,
        kind=Kind.FUTURES,
    ),
    SeriesFormat(
        name="bis_eer",
        title="BIS effective exchange rates by economy",
        header="date,symbol,<economy>,...",
        matches=lambda sniff: _starts("date", "symbol")(sniff) and "United States" in sniff.columns,
        read=_read_bis,
    ),
    wide_table(
        "members_wide",
        "Adjusted closes of index members, one column per ticker, as Parquet",
        "Date,<TICKER>,<TICKER>,...",
        _is_members,
        _members,
        day="Date",
    ),
)
