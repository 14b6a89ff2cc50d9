"""Every column of the evidence over a whole history, as a table for a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import polars as pl

from alvh.core.errors import UsageError
from alvh.governance.stances import VOTING, StanceTable
from alvh.method.evidence import EvidenceTable
from alvh.signals.session_days import days_of

SUFFIXES = (".parquet", ".csv")


def history_frame(table: EvidenceTable, stances: StanceTable) -> pl.DataFrame:
    """Lay out one row per session: its day, its instant, every part of every signal and regime, every stance.

    A part that is absent on a day is null there; a flag is 1 or 0.
    """
    columns: dict[str, pl.Series] = {
        "session": pl.Series(days_of(table.snapshots).astype("datetime64[D]")),
        "asof": pl.Series(table.snapshots.astype("datetime64[us]")).dt.replace_time_zone("UTC"),
    }
    for column in table.columns():
        columns[column.id] = pl.Series(np.where(column.present, column.value, np.nan)).fill_nan(None)
    value, present = stances.values()
    for place, family in enumerate(VOTING):
        said = np.where(present[place], value[place], np.nan)[table.place]
        columns[f"stance.{family}"] = pl.Series(said).fill_nan(None)
    return pl.DataFrame(columns)


def write_history(frame: pl.DataFrame, path: Path) -> None:
    """Write the table to a .parquet or a .csv file, whole or not at all.

    Raises
    ------
    UsageError
        The file's ending is neither.
    """
    if path.suffix not in SUFFIXES:
        raise UsageError(
            f"a history is not written as {path.suffix or 'a file without an ending'}",
            where=str(path),
            fix="End the name with .parquet or .csv.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    os.close(handle)
    try:
        if path.suffix == ".parquet":
            frame.write_parquet(name)
        else:
            frame.write_csv(name)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
