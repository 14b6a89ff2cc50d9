"""VX futures by contract: the exchange's own files, a settlement table by month, and final settlement values.

A contract is named by its final settlement date: ``VX/2018-02-14`` where that is the monthly date by the exchange's
rule, ``VXW/2018-02-21`` where it is not. A monthly contract is never filled from a weekly one.

Before 2007-03-26 the exchange quoted ten times the index; those prices are divided by ten. Zeros are how its files
write "no price": an untraded open, high, low or close has no row, and a settlement of zero is recorded as a finding.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import numpy as np

from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import Kind, ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import Harvest
from alvh.adapters.series_reading import Column, Table, days, numbers, read_table, texts
from alvh.core.arrays import B1, D8, F8, I8
from alvh.core.errors import RefusedError
from alvh.market.expirations import is_monthly_vx, vx_monthly_expiry
from alvh.market.quality import Defect

RESCALED = np.datetime64("2007-03-26")
"""First session on which VX was quoted in index points; ten times the index before."""

_MONTH_CODES = "FGHJKMNQUVXZ"
_BY_CODE = re.compile(rf"cfe_([{_MONTH_CODES.lower()}])(\d\d)_vx")
_BY_DATE = re.compile(r"vx_(\d{4})-(\d\d)-(\d\d)")
_BY_MONTH = re.compile(r"(\d{4})_(\d\d)")
_PRICES = (("Settle", "settle"), ("Close", "close"), ("Open", "open"), ("High", "high"), ("Low", "low"))
_COUNTS = (("Total Volume", "volume"), ("Open Interest", "open_interest"))
_COLUMNS = ("Trade Date", "Futures", "Open", "High", "Low", "Close", "Settle", "Change", "Total Volume")
# In its first year the exchange settled on the Wednesday before the third Friday of the contract's own month; the rule
# of thirty days gives the same day except for these two.
_FIRST_YEAR = {(2004, 7): date(2004, 7, 14), (2004, 10): date(2004, 10, 13)}
# Between the highest VX and a tenth of the lowest: tells index points from ten times the index before 2007.
_TENFOLD_ABOVE = 60.0


def contract_expiry(file_name: str) -> date | None:
    """Read the final settlement date from a contract's file name: ``CFE_X08_VX.csv`` or ``VX_2020-03-18.csv``."""
    name = file_name.lower()
    by_date = _BY_DATE.search(name)
    if by_date:
        return date(*(int(part) for part in by_date.groups()))
    by_code = _BY_CODE.search(name)
    if by_code:
        return monthly_expiry(2000 + int(by_code[2]), _MONTH_CODES.lower().index(by_code[1]) + 1)
    return None


@cache
def contract_name(expiry: date) -> str:
    """Name a VX contract, monthly apart from weekly."""
    monthly = expiry in _FIRST_YEAR.values() or is_monthly_vx(expiry)
    return f"{'VX' if monthly else 'VXW'}/{expiry.isoformat()}"


def monthly_expiry(year: int, month: int) -> date:
    """Return the final settlement date of a monthly contract, first year included."""
    return _FIRST_YEAR.get((year, month)) or vx_monthly_expiry(year, month)


def _is_contracts(sniff: Sniff) -> bool:
    columns = sniff.columns[1:] if sniff.columns[0] == "contract_file" else sniff.columns
    return columns[: len(_COLUMNS)] == _COLUMNS


def _read_contracts(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff)
    period = days(table, "Trade Date")
    files = texts(table, "contract_file") if "contract_file" in table.columns else [sniff.name] * period.size
    prices = {field: _price(table, column, period) for column, field in _PRICES}
    counts = {field: numbers(table, column) for column, field in _COUNTS}
    harvest = Harvest(table=table, source=f"cfe_vx:{sniff.where}")
    _say_zero_settlements(harvest, period, prices)
    for file, rows in _runs(files):
        _refuse_after_expiry(table, period, rows, file)
        name = contract_name(_expiry_of(file, sniff))
        for column, field in _PRICES:
            harvest.add(f"{name}.{field}", period[rows], _part(prices[field], rows), label=column, rows=rows)
        for column, field in _COUNTS:
            harvest.add(f"{name}.{field}", period[rows], _part(counts[field], rows), label=column, rows=rows)
    return harvest.result()


def _expiry_of(file: str, sniff: Sniff) -> date:
    expiry = contract_expiry(file)
    if expiry is None:
        raise RefusedError(
            f'"{file}" does not name a contract.',
            where=sniff.where,
            fix="Name the file as the exchange does, CFE_X08_VX.csv or VX_2020-03-18.csv.",
        )
    return expiry


def _refuse_after_expiry(table: Table, period: D8, rows: I8, file: str) -> None:
    expiry = contract_expiry(file)
    if expiry is None or period[rows[-1]] <= np.datetime64(expiry):
        return
    raise RefusedError(
        f"{file} has a row on {period[rows[-1]]}, after its final settlement on {expiry}.",
        where=f"{table.where}, line {int(table.line[rows[-1]])}",
        fix="Check which contract the rows belong to; nothing of the file was kept.",
    )


def _runs(files: list[str]) -> list[tuple[str, I8]]:
    """Split the rows by contract file, in the order of the table."""
    names = np.array(files)
    starts = np.flatnonzero(np.concatenate(([True], names[1:] != names[:-1])))
    ends = np.append(starts[1:], names.size)
    return [(str(names[start]), np.arange(start, end)) for start, end in zip(starts, ends, strict=True)]


def _part(column: Column, rows: I8) -> Column:
    return Column(value=column.value[rows], present=column.present[rows])


def _price(table: Table, column: str, period: D8) -> Column:
    """Read prices in index points; a zero is no price."""
    read = numbers(table, column)
    present = read.present & (read.value != 0.0)
    return Column(value=_in_points(table, column, period, read.value, present), present=present)


def _in_points(table: Table, column: str, period: D8, value: F8, present: B1) -> F8:
    early = present & (period < RESCALED)
    tenfold = early & (value > _TENFOLD_ABOVE)
    if early.any() and tenfold.any() and not tenfold[early].all():
        row = int(np.flatnonzero(early & ~tenfold)[0])
        raise RefusedError(
            f"prices before {RESCALED} are partly ten times the index and partly not: {value[row]:g} here.",
            where=table.place(row, column),
            fix="Fetch the exchange's own file; nothing of this one was kept.",
        )
    points: F8 = np.where(tenfold, np.round(value / 10.0, 4), value)
    return points


def _say_zero_settlements(harvest: Harvest, period: D8, prices: dict[str, Column]) -> None:
    zero = ~prices["settle"].present
    traded = zero & prices["close"].present
    if zero.any():
        detail = f"settlement of zero on {int(zero.sum())} rows, {int(traded.sum())} of them with a last trade"
        harvest.finding("VX", Defect.ZERO_SETTLE, period[zero], detail)


def _read_months(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff)
    period = days(table, "Trade Date")
    harvest = Harvest(table=table, source=f"vx_months:{sniff.where}")
    for column in table.columns[1:]:
        year, month = (int(part) for part in column.split("_"))
        name = contract_name(monthly_expiry(year, month))
        harvest.add(f"{name}.settle", period, _price(table, column, period), label=column)
    return harvest.result()


def _read_final(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff)
    years, months = numbers(table, "SettlementYear").value, numbers(table, "SettlementMonth").value
    prices = numbers(table, "SettlementPrice")
    symbols = texts(table, "Symbol")
    kinds = texts(table, "ProductType")
    harvest = Harvest(table=table, source=f"cfe_final:{sniff.where}")
    other = 0
    for row, symbol in enumerate(symbols):
        if symbol != "VX" or kinds[row] != "Standard":
            other += 1
            continue
        expiry = monthly_expiry(int(years[row]), int(months[row]))
        period = np.array([expiry], "datetime64[D]")
        scale = 10.0 if period[0] < RESCALED else 1.0
        value = np.round(prices.value[row : row + 1] / scale, 4)
        column = Column(value=value, present=prices.present[row : row + 1])
        name = f"{contract_name(expiry)}.final"
        harvest.add(name, period, column, label="SettlementPrice", rows=np.array([row]))
    if other:
        nothing = np.zeros(0, "datetime64[D]")
        detail = f"{other} rows of other products than VX were not imported"
        harvest.finding("CFE", Defect.MISSING_VALUE, nothing, detail)
    return harvest.result()


FORMATS = (
    SeriesFormat(
        name="cfe_vx",
        title="CFE VX futures, one contract per file, or many joined under a column contract_file",
        header="[contract_file,]" + ",".join(_COLUMNS) + ",EFP,Open Interest",
        matches=_is_contracts,
        read=_read_contracts,
        kind=Kind.FUTURES,
        rank=20,
    ),
    SeriesFormat(
        name="vx_months",
        title="VX settlements, one column per contract month",
        header="Trade Date,2008_01,2008_02,...",
        matches=lambda sniff: (
            sniff.columns[0] == "Trade Date"
            and len(sniff.columns) > 1
            and all(_BY_MONTH.fullmatch(name) for name in sniff.columns[1:])
        ),
        read=_read_months,
        kind=Kind.FUTURES,
        rank=20,
    ),
    SeriesFormat(
        name="cfe_final",
        title="CFE final settlement values by contract month",
        header="Symbol,SettlementMonth,SettlementYear,ProductType,SettlementDate,SettlementPrice,...",
        matches=lambda sniff: sniff.columns[:3] == ("Symbol", "SettlementMonth", "SettlementYear"),
        read=_read_final,
        kind=Kind.FUTURES,
        rank=20,
    ),
)
