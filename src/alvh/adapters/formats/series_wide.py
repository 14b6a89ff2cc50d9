"""Wide tables: a date and one named column per series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.words import Kind, ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import Harvest
from alvh.adapters.series_reading import Column, Table, days, numbers, read_table, texts
from alvh.core.arrays import D8, F8

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One series of a wide table: its column, its name, and how its cells become the unit of the catalogue."""

    column: str
    name: str
    convert: Callable[[F8], F8] | None = None


def _read(sniff: Sniff, source: str, day: int, parts: list[Part]) -> SeriesRead:
    table = read_table(sniff, key=day)
    period = days(table, table.columns[day])
    harvest = Harvest(table=table, source=f"{source}:{sniff.where}")
    for part in parts:
        column = numbers(table, part.column)
        if part.convert is not None:
            converted = np.where(column.present, part.convert(column.value), 0.0)
            column = Column(value=converted, present=column.present)
        harvest.add(part.name, period, column, label=part.column)
    return harvest.result()


def _percent(fraction: F8) -> F8:
    # Yields are published to the hundredth; the fraction in the file is 0.0783 for 7.83.
    percent: F8 = (100.0 * fraction).round(6)
    return percent


def _exponential(logarithm: F8) -> F8:
    level: F8 = np.exp(logarithm)
    return level


def _read_put_call(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [
        Part(column=name, name=f"PCR.{name.removesuffix('_PUT_CALL_RATIO')}") for name in sniff.columns[1:] if name
    ]
    return _read(sniff, "put_call", 0, parts)


def _read_treasury(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=name, name=_TENORS[name], convert=_percent) for name in sniff.columns[1:]]
    return _read(sniff, "treasury_curve", 0, parts)


def _read_shiller(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=name, name=f"SHILLER.{_SHILLER[name]}") for name in sniff.columns[1:]]
    return _read(sniff, "shiller", 0, parts)


def _read_strategies(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=name, name=f"CBOE.{name}") for name in sniff.columns[1:]]
    return _read(sniff, "cboe_strategy", 0, parts)


def _read_breadth(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=name, name=f"BREADTH.{name.upper()}") for name in sniff.columns[1:]]
    return _read(sniff, "breadth", 0, parts)


def _read_nyse(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=name, name=f"NYSE.{name.upper()}") for name in sniff.columns[1:]]
    return _read(sniff, "nyse_breadth", 0, parts)


def _read_constant_maturity(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=column, name=name, convert=_exponential) for column, name in _CONSTANT_MATURITY.items()]
    parts += [Part(column=column, name=name) for column, name in _ROLLS.items() if column in sniff.columns]
    parts.append(Part(column="ln_VIX", name="VIX", convert=_rounded_exponential))
    parts.append(Part(column="VIX_1M", name="VX.1M"))
    return _read(sniff, "vx_constant_maturity", 0, parts)


def _rounded_exponential(logarithm: F8) -> F8:
    # VIX is published to the hundredth.
    level: F8 = np.exp(logarithm).round(2)
    return level


def _read_ranks(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    return _read(sniff, "vx_ranks", 1, [Part(column=name, name=f"VX.{name}") for name in sniff.columns[2:]])


def _read_rank_expiries(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff, key=1)
    period = days(table, "date")
    harvest = Harvest(table=table, source=f"vx_rank_expiries:{sniff.where}")
    for name in sniff.columns[2:]:
        harvest.add(f"VX.M{name[1:]}.expiry", period, _day_numbers(table, name), label=name)
    return harvest.result()


def _read_front(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff)
    period = days(table, "date")
    harvest = Harvest(table=table, source=f"vx_front:{sniff.where}")
    harvest.add("VX.FRONT", period, numbers(table, "vx_f1"), label="vx_f1")
    harvest.add("VX.FRONT.expiry", period, _day_numbers(table, "f1_expiration"), label="f1_expiration")
    for name in ("volume", "open_interest"):
        harvest.add(f"VX.FRONT.{name}", period, numbers(table, name), label=name)
    return harvest.result()


def _day_numbers(table: Table, column: str) -> Column:
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


def _read_volumes(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff)
    return _read(sniff, "cfe_volume", 0, [_volume_part(name) for name in table.columns[1:]])


def _volume_part(column: str) -> Part:
    words = column.upper().replace("VOLUMNE", "VOLUME").removesuffix("_DUPLICATED_0").split()
    repeated = column.endswith("_duplicated_0")
    field = "open_interest" if words[-1] == "OI" else "volume"
    product = " ".join(words[:-1]).rstrip(".")
    short = "VX" if product == "VOLATILITY INDEX" else product
    return Part(column=column, name=f"CFE.{short}{' (2)' if repeated else ''}.{field}")


def _read_bis(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    whole = read_table(sniff)
    kinds = np.array(texts(whole, "symbol"))
    harvest = Harvest(table=whole, source=f"bis_eer:{sniff.where}")
    period = days(whole, "date")
    for kind in dict.fromkeys(kinds.tolist()):
        rows = np.flatnonzero(kinds == kind)
        for economy in whole.columns[2:]:
            column = numbers(whole, economy)
            part = Column(value=column.value[rows], present=column.present[rows])
            harvest.add(f"BIS.{kind}.{economy}", period[rows], part, label=economy, rows=rows)
    return harvest.result()


def _read_constituents(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    parts = [Part(column=name, name=f"{name}.adjclose") for name in sniff.columns if name != "Date"]
    return _read(sniff, "members_wide", sniff.columns.index("Date"), parts)


def _ends(sniff: Sniff, suffix: str) -> bool:
    return len(sniff.columns) > 2 and all(name.endswith(suffix) for name in sniff.columns[1:] if name)


def _starts(sniff: Sniff, *columns: str) -> bool:
    return sniff.columns[: len(columns)] == columns


FORMATS = (
    SeriesFormat(
        name="put_call",
        title="Cboe put/call volume ratios",
        header="<date>,<PRODUCT>_PUT_CALL_RATIO,...",
        matches=lambda sniff: _ends(sniff, "_PUT_CALL_RATIO"),
        read=_read_put_call,
    ),
    SeriesFormat(
        name="treasury_curve",
        title="US Treasury par yields by tenor, as fractions",
        header="Time Period,1month,3month,...,30year",
        matches=lambda sniff: sniff.columns[0] == "Time Period" and set(sniff.columns[1:]) <= set(_TENORS),
        read=_read_treasury,
    ),
    SeriesFormat(
        name="shiller",
        title="Shiller's monthly S&P 500 table",
        header="Date,SP500,Dividend,Earnings,Consumer Price Index,...",
        matches=lambda sniff: _starts(sniff, "Date", "SP500", "Dividend") and set(sniff.columns[1:]) <= set(_SHILLER),
        read=_read_shiller,
    ),
    SeriesFormat(
        name="cboe_strategy",
        title="Cboe option strategy indices, month end",
        header="Date,BXM,BXMD,BXY,PUT,CLL,...",
        matches=lambda sniff: _starts(sniff, "Date", "BXM"),
        read=_read_strategies,
    ),
    SeriesFormat(
        name="breadth",
        title="Shares of index members above an average or at new lows",
        header="date,sp_breadth,sp_new_low,...",
        matches=lambda sniff: _starts(sniff, "date", "sp_breadth"),
        read=_read_breadth,
    ),
    SeriesFormat(
        name="nyse_breadth",
        title="Advances, declines, new highs and lows",
        header="date,advances,declines,unchanged,...",
        matches=lambda sniff: _starts(sniff, "date", "advances", "declines"),
        read=_read_nyse,
    ),
    SeriesFormat(
        name="vx_constant_maturity",
        title="VX constant-maturity term structure, natural logarithms",
        header="date,VIX_1M,...,ln_VIX,ln_V1,...,ln_V6,...",
        matches=lambda sniff: {"date", "VIX_1M", "ln_VIX", *_CONSTANT_MATURITY} <= set(sniff.columns),
        read=_read_constant_maturity,
        kind=Kind.FUTURES,
    ),
    SeriesFormat(
        name="vx_ranks",
        title="VX last trades by maturity rank",
        header='"",date,M1,...,M8',
        matches=lambda sniff: _starts(sniff, "", "date", "M1"),
        read=_read_ranks,
        kind=Kind.FUTURES,
    ),
    SeriesFormat(
        name="vx_rank_expiries",
        title="VX expiries by maturity rank",
        header='"",date,V1,...,V8',
        matches=lambda sniff: _starts(sniff, "", "date", "V1"),
        read=_read_rank_expiries,
        kind=Kind.FUTURES,
    ),
    SeriesFormat(
        name="vx_front",
        title="Nearest VX contract, weekly or monthly",
        header="date,vx_f1,f1_expiration,volume,open_interest",
        matches=lambda sniff: _starts(sniff, "date", "vx_f1", "f1_expiration"),
        read=_read_front,
        kind=Kind.FUTURES,
    ),
    SeriesFormat(
        name="cfe_volume",
        title="CFE daily volume and open interest by product",
        header="Date,VOLATILITY INDEX VOLUME,VOLATILITY INDEX OI,...",
        matches=lambda sniff: _starts(sniff, "Date", "VOLATILITY INDEX VOLUME"),
        read=_read_volumes,
        kind=Kind.FUTURES,
    ),
    SeriesFormat(
        name="bis_eer",
        title="BIS effective exchange rates by economy",
        header="date,symbol,<economy>,...",
        matches=lambda sniff: _starts(sniff, "date", "symbol") and "United States" in sniff.columns,
        read=_read_bis,
    ),
    SeriesFormat(
        name="members_wide",
        title="Adjusted closes of index members, one column per ticker, as Parquet",
        header="Date,<TICKER>,<TICKER>,...",
        matches=lambda sniff: (
            sniff.container is Container.PARQUET
            and "Date" in sniff.columns
            and len(sniff.columns) > 20
            and all(name == "Date" or name.upper() == name for name in sniff.columns)
        ),
        read=_read_constituents,
    ),
)
