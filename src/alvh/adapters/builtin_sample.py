"""The sample every installation has: S&P 500 and VIX history inside the `arch` package, read without importing it.

`arch` depends on pandas and scipy, which this program does not load at run time; its data files are plain CSV, so
they are found through the import system's folder of the package and read as bytes.

The usable range is 2014-01-03 to 2018-12-31, the common range of the index and of the VIX. SPX reaches back to 1999
so that moving averages and realised volatility are warm on the first day.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from alvh.core.arrays import D8, F8, frozen
from alvh.core.errors import DataError
from alvh.market.catalogue import entry
from alvh.market.release import known_at
from alvh.market.series import Series

SAMPLE_START = date(2014, 1, 3)
SAMPLE_END = date(2018, 12, 31)
SAMPLE_NAME = "built-in sample"

_MONTHS_PER_YEAR = 12.0
_HOLIDAY = "."
"""FRED's cell for a day without a value; such a row is no observation."""


def builtin_sample() -> dict[str, Series]:
    """Read the built-in series: SPX (open, high, low, close), VIX closes, the one-month bill rate, Aaa and Baa yields.

    Returns
    -------
    dict of str to Series
        ``SPX``, ``SPX.open``, ``SPX.high``, ``SPX.low``, ``VIX``, ``BILL1M``, ``AAA``, ``BAA``, with the release
        rules of the catalogue.

    Raises
    ------
    DataError
        The `arch` package or one of its files is not there.

    References
    ----------
    .. [1] K. Sheppard, arch, data sets sp500, vix, frenchdata (Kenneth French's data library) and default (FRED).
    """
    found = (*_spx(), _vix(), _bill_rate(), *_corporate_yields())
    return {series.name: series for series in found}


def sample_folder() -> Path:
    """Locate the data folder of the installed `arch` package without importing it."""
    spec = importlib.util.find_spec("arch")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise DataError(
            "the built-in sample lives in the package 'arch', which is not installed",
            fix="Install it with 'pip install arch', or pass --market with a store of imported data.",
        )
    return Path(places[0]) / "data"


def _spx() -> Iterator[Series]:
    table = _rows("sp500")
    days = _american_days(row[0] for row in table)
    for place, name in ((1, "SPX.open"), (2, "SPX.high"), (3, "SPX.low"), (4, "SPX")):
        yield _series(name, days, _floats(table, place), "sp500")


def _vix() -> Series:
    table = _rows("vix")
    return _series("VIX", _american_days(row[0] for row in table), _floats(table, 1), "vix")


def _bill_rate() -> Series:
    """Annualise the one-month bill return: % per month times twelve."""
    table = _rows("frenchdata")
    months = np.array([f"{row[0][:4]}-{row[0][4:6]}" for row in table], "datetime64[M]")
    return _series("BILL1M", months.astype("datetime64[D]"), _MONTHS_PER_YEAR * _floats(table, 4), "frenchdata")


def _corporate_yields() -> Iterator[Series]:
    table = _rows("default")
    days = _american_days(row[0] for row in table)
    for place, name in ((1, "AAA"), (2, "BAA")):
        yield _series(name, days, _floats(table, place), "default")


def _rows(name: str) -> list[list[str]]:
    path = sample_folder() / name / f"{name}.csv.gz"
    try:
        text = gzip.decompress(path.read_bytes()).decode("utf-8")
    except (OSError, EOFError) as error:
        raise DataError(
            f"the built-in sample cannot be read ({error})",
            where=str(path),
            fix="Reinstall the package 'arch', or pass --market with a store of imported data.",
        ) from error
    rows = (line.split(",") for line in text.splitlines()[1:])
    return [row for row in rows if _HOLIDAY not in row]


def _american_days(cells: Iterator[str]) -> D8:
    """Read month/day/year."""
    parts = np.array([cell.split("/") for cell in cells], np.int64)
    months = (12 * (parts[:, 2] - 1970) + parts[:, 0] - 1).astype("datetime64[M]")
    days: D8 = months.astype("datetime64[D]") + (parts[:, 1] - 1).astype("timedelta64[D]")
    return days


def _floats(table: list[list[str]], place: int) -> F8:
    return np.array([row[place] for row in table]).astype(np.float64)


def _series(name: str, period: D8, value: F8, file: str) -> Series:
    known = entry(name)
    instants = known_at(known.release, period)
    for column in (period, instants, value):
        frozen(column)
    return Series(
        name=name,
        unit=known.unit,
        period=period,
        known_at=instants,
        value=value,
        source=f"arch package, data/{file}/{file}.csv.gz",
    )
