"""Fit the smile's coefficients to the recorded SPX days of a store, once with all and once without each month and year.

python docs/fit_modelled_shape.py STORE

Writes src/alvh/pricing/modelled/refits.py and prints the fit to all days, which is `calibration.SHAPE`.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
from modelled_days import Day, recorded_days

from alvh.core.arrays import F8
from alvh.pricing.greeks import first_greeks
from alvh.pricing.modelled.shape_fit import ShapeSample, fit_shape
from alvh.pricing.surface.expiry_quotes import ExpiryQuotes

TARGET = Path(__file__).parents[1] / "src" / "alvh" / "pricing" / "modelled" / "refits.py"
DAYS = (7, 200)
DELTA = (0.05, 0.55)
QUOTES = 14
# Sessions of 2019 follow each other and say much the same: every second takes part. Weights even the years out.
EVERY_SECOND = 2019
WEIGHT = {2011: 2.0, 2018: 0.6, 2019: 1.0, 2022: 3.0, 2023: 3.0}


def chosen(quotes: ExpiryQuotes) -> F8:
    """Rows of the quotes a fit looks at: clear ones of 5 to 55 delta, evenly over the listed strikes."""
    is_put = quotes.k < 0.0
    delta = np.abs(first_greeks(quotes.forward, quotes.strike, quotes.tau, quotes.mid, is_put, 1.0).delta)
    rows = np.flatnonzero((delta >= DELTA[0]) & (delta <= DELTA[1]))
    spread = quotes.ask[rows] <= 1.5 * quotes.bid[rows]
    rows = rows[spread]
    return rows if rows.size <= QUOTES else rows[np.linspace(0, rows.size - 1, QUOTES).round().astype(np.int64)]


def sample_of(days: list[Day]) -> tuple[ShapeSample, F8, F8]:
    """Lay the days out in columns; also the month and the year of each slice."""
    slices: list[tuple[float, ...]] = []
    place: list[int] = []
    k: list[float] = []
    vol: list[float] = []
    for day in days:
        if day.period == EVERY_SECOND and day.session.day % 2:
            continue
        surface = day.surface(day.capture)
        levels = day.capture
        slopes = (math.log(levels.vix3m / levels.vix), math.log(levels.vix6m / levels.vix3m))
        usable = [item for item in day.quotes if item.root != "XSP"]
        usable = [item for item in usable if DAYS[0] <= (item.expiry - day.session).days <= DAYS[1]]
        for item in usable:
            rows = chosen(item)
            made = surface.slice(item.root, item.expiry)
            if made is None or rows.size < 3:
                continue
            weight = WEIGHT[day.period] / len(usable)
            own = (item.forward, float(made.vector[1]) ** 2, 365.0 * made.tau, *slopes, item.tau, weight)
            slices.append((*own, day.group, day.period))
            place += [len(slices) - 1] * rows.size
            k += item.k[rows].tolist()
            vol += item.mid[rows].tolist()
    columns = np.array(slices).T
    names = ("forward", "variance", "days", "slope", "long_slope", "tau", "weight")
    sample = ShapeSample(
        **{name: np.ascontiguousarray(columns[i]) for i, name in enumerate(names)},
        place=np.array(place),
        k=np.array(k),
        vol=np.array(vol),
    )
    return sample, columns[-2].astype(int), columns[-1].astype(int)


def rows_of(table: F8, indent: str) -> str:
    """Lay a table out as source text."""
    rows = [", ".join(f"{value:.4f}" for value in row) for row in table]
    return "\n".join(f"{indent}[{row}]," for row in rows)


def main() -> None:
    """Fit and write."""
    days = list(recorded_days(Path(sys.argv[1])))
    sample, month, year = sample_of(days)
    sys.stdout.write(f"{sample.k.size} quotes on {sample.tau.size} slices of {len(days)} sessions\n")
    sys.stdout.write(rows_of(fit_shape(sample), "        ") + "\n")
    parts = [
        '"""The smile\'s coefficients fitted without one month or one year of the recorded days.\n',
        "Written by docs/fit_modelled_shape.py; laid out like `calibration.SHAPE`. Keys are the years and months left",
        "out, 2019 and 201904. They are what cross-fitted errors are measured with, and how far they differ from each",
        "other is what the fit does not know (`stress`).",
        '"""\n',
        "from __future__ import annotations\n",
        "import numpy as np\n",
        "from alvh.core.arrays import F8, frozen\n",
        '__all__ = ["SHAPE_WITHOUT"]\n',
        "SHAPE_WITHOUT: dict[int, F8] = {",
    ]
    for key, of_slice in [(k, year) for k in np.unique(year)] + [(k, month) for k in np.unique(month)]:
        table = fit_shape(sample.taking(of_slice != key))
        parts += [f"    {key}: np.array(", "        [", rows_of(table, "            "), "        ]", "    ),"]
    parts += ["}", "for _table in SHAPE_WITHOUT.values():", "    frozen(_table)", ""]
    TARGET.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
