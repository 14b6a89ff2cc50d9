"""A run as the measures read it: frames turned into numpy columns, nulls into masks."""

from __future__ import annotations

import numpy as np
import polars as pl

from alvh.book.identity import Remembered
from alvh.core.arrays import B1, D8, F8
from alvh.engine.run import Run
from alvh.money.history import History


def _read(run: Run) -> History:
    frame = run.equity
    rate, known = masked(frame["rate"])
    return History(
        name=run.strategy,
        dates=sessions_of(run),
        initial=run.initial_equity,
        equity=column(frame["equity"]),
        condor_mark=column(frame["condor_mark"]),
        hedge_mark=column(frame["hedge_mark"]),
        margin=column(frame["margin"]),
        spot=column(frame["spot"]),
        rate=rate,
        rate_known=known,
        coverage=column(frame["coverage"].drop_nulls()),
        stress_down=column(frame["stress_down"].drop_nulls()),
        entries=run.entries,
        open_marks=dict(run.open_marks),
    )


def sessions_of(run: Run) -> D8:
    """Return (n,) sessions of a run."""
    found: D8 = run.equity["session"].to_numpy().astype("datetime64[D]")
    return found


def column(series: pl.Series) -> F8:
    """Return a frame's column without nulls as floats."""
    found: F8 = series.cast(pl.Float64).to_numpy()
    return found


def masked(series: pl.Series) -> tuple[F8, B1]:
    """Return a column with zeros where it is null, and the mask of what is known."""
    numbers = series.cast(pl.Float64)
    known: B1 = (numbers.is_not_null() & numbers.is_not_nan().fill_null(False)).to_numpy()
    values: F8 = numbers.fill_nan(None).fill_null(0.0).to_numpy()
    return values, np.asarray(known, np.bool_)


history_of = Remembered(_read, size=16)
"""Read a run's equity frame into columns; folder, page and table ask for the same run and share one answer."""
