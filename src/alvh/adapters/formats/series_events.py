"""Tables whose rows carry their own release times: vintages, release days, decision days; and lists without values."""

from __future__ import annotations

from typing import NoReturn

import numpy as np

from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.tables import day_number
from alvh.adapters.formats.words import ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import stamped
from alvh.adapters.series_reading import Table, days, numbers, read_table, texts
from alvh.core.arrays import D8, F8
from alvh.core.errors import RefusedError
from alvh.market.catalogue import entry
from alvh.market.release import known_at
from alvh.market.series import Series
from alvh.market.wall_clock import eastern_instants, quarter_ends

_EVENING, _AT_0830, _AT_1415 = 18 * 60, 8 * 60 + 30, 14 * 60 + 15
_AT_1400_FROM = np.datetime64("2013-03-01")
_CENTURY_PIVOT = 60


def _read_philadelphia(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    """Read every vintage; a vintage is the data as known in the middle of its quarter."""
    del options
    table = read_table(sniff)
    period = _quarters(table, "DATE")
    parts: list[tuple[D8, D8, F8]] = []
    for column in table.columns[1:]:
        read = numbers(table, column)
        known = eastern_instants(np.array([_vintage_day(column)]), _EVENING)
        count = int(read.present.sum())
        parts.append((period[read.present], np.repeat(known, count), read.value[read.present]))
    source = f"philadelphia:{sniff.where}"
    return SeriesRead(series=(_joined("ROUTPUT", parts, source),), rows=table.frame.height)


def _vintage_day(column: str) -> np.datetime64:
    """Return the middle day of a vintage such as ROUTPUT65Q4: the 15th of the quarter's second month."""
    year, quarter = int(column[-4:-2]), int(column[-1])
    year += 1900 if year >= _CENTURY_PIVOT else 2000
    return np.datetime64(f"{year}-{3 * quarter - 1:02d}-15")


def _quarters(table: Table, column: str) -> D8:
    months = [f"{text[:4]}-{3 * int(text[-1]) - 2:02d}" for text in texts(table, column)]
    return np.array(months, "datetime64[M]").astype("datetime64[D]")


def _joined(name: str, parts: list[tuple[D8, D8, F8]], source: str) -> Series:
    period, instants, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    return stamped(entry(name), period, instants, value, source)


def _read_gdp_vintages(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    """Read vintages dated by the start of their quarter, known by the end of it at the latest."""
    del options
    table = read_table(sniff)
    period, vintage = days(table, "time"), days(table, "pub_date")
    values = numbers(table, "value")
    economies = np.array(texts(table, "id"))
    known = eastern_instants(quarter_ends(vintage), _EVENING)
    found = []
    for economy in dict.fromkeys(economies.tolist()):
        rows = np.flatnonzero((economies == economy) & values.present)
        name = entry(f"GDP.VINTAGE.{economy}")
        source = f"gdp_vintages:{sniff.where}"
        found.append(stamped(name, period[rows], known[rows], values.value[rows], source))
    return SeriesRead(series=tuple(found), rows=table.frame.height)


def _read_releases(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    """Read the days of one statistic, which the name of the file says: CPI, PPI or GDP; CPI if it says none."""
    del options
    table = read_table(sniff)
    released = days(table, "release_date")
    months = table.frame["reference_month"].str.strip_chars() + "-01"
    reference = days(Table(where=table.where, frame=months.to_frame(), line=table.line), "reference_month")
    early = released <= reference
    if early.any():
        row = int(np.argmax(early))
        raise RefusedError(
            f"{table.cell(row, 'reference_month')} cannot have been released on {released[row]}.",
            where=table.place(row, "release_date"),
            fix="Correct the row; nothing of the file was kept.",
        )
    known = eastern_instants(released, _AT_0830)
    source = f"cpi_releases:{sniff.where}"
    named = next((name for name in ("ppi", "gdp") if name in sniff.name.lower().split("_")), "cpi")
    series = stamped(entry(f"{named.upper()}.RELEASE"), reference, known, day_number(released), source)
    return SeriesRead(series=(series,), rows=table.frame.height)


def _read_decisions(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    """Read decision days; the statement came at 14:15 until 2013, and at the catalogue's 14:00 since."""
    del options
    table = read_table(sniff)
    known, period = entry("FOMC"), np.unique(days(table, "date"))
    late = eastern_instants(period, _AT_1415)
    instants = np.where(period < _AT_1400_FROM, late, known_at(known.release, period))
    series = stamped(known, period, instants, np.ones(period.size), f"fomc_days:{sniff.where}")
    return SeriesRead(series=(series,), rows=table.frame.height)


def _refuse_names(sniff: Sniff, options: ReadOptions) -> NoReturn:
    del options
    raise RefusedError(
        "a list of symbols and names carries no dated value, so there is no series in it.",
        where=sniff.where,
        fix="Import the prices of its members instead.",
    )


FORMATS = (
    SeriesFormat(
        name="philadelphia",
        title="Philadelphia Fed real-time data set, one column per quarterly vintage",
        header="DATE,ROUTPUT65Q4,ROUTPUT66Q1,...",
        matches=lambda sniff: sniff.columns[0] == "DATE" and sniff.columns[1].startswith("ROUTPUT"),
        read=_read_philadelphia,
    ),
    SeriesFormat(
        name="gdp_vintages",
        title="Real GDP by vintage and economy",
        header="time,pub_date,value,id",
        matches=lambda sniff: sniff.columns == ("time", "pub_date", "value", "id"),
        read=_read_gdp_vintages,
    ),
    SeriesFormat(
        name="cpi_releases",
        title="Days on which the CPI (PPI, GDP: by the file's name) was released",
        header="release_date,reference_month",
        matches=lambda sniff: sniff.columns == ("release_date", "reference_month"),
        read=_read_releases,
    ),
    SeriesFormat(
        name="fomc_days",
        title="FOMC decision days",
        header="date (in a file named fomc...)",
        matches=lambda sniff: (
            sniff.container is Container.TEXT and sniff.columns == ("date",) and sniff.name.startswith("fomc")
        ),
        read=_read_decisions,
    ),
    SeriesFormat(
        name="symbol_list",
        title="A list of symbols; refused, because it carries no dated value",
        header="Symbol,Security",
        matches=lambda sniff: sniff.columns == ("Symbol", "Security"),
        read=_refuse_names,
    ),
)
