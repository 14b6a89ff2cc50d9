"""A user's own series with the moment each value became public: ``date,known_at,<NAME>``.

Several rows of one date are vintages. A known-at that is a day counts from 18:00 New York on it; a moment carries its
zone. For a series without known-at use ``date,<NAME>``; its release rule is then the catalogue's.
"""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from alvh.adapters.formats.series_single import series_name
from alvh.adapters.formats.source import Container, Sniff
from alvh.adapters.formats.words import ReadOptions, SeriesFormat, SeriesRead
from alvh.adapters.series_making import stamped
from alvh.adapters.series_reading import Table, days, numbers, read_table, texts
from alvh.core.arrays import D8
from alvh.core.errors import RefusedError
from alvh.market.catalogue import entry
from alvh.market.wall_clock import eastern_instants

_EVENING = 18 * 60
_DAY_LENGTH = len("yyyy-mm-dd")


def _read(sniff: Sniff, options: ReadOptions) -> SeriesRead:
    del options
    table = read_table(sniff)
    label = sniff.columns[2]
    period, column = days(table, sniff.columns[0]), numbers(table, label)
    instants = _moments(table, "known_at")
    early = np.flatnonzero(instants < period)
    if early.size:
        row = int(early[0])
        raise RefusedError(
            f"the value of {period[row]} cannot have been known at {instants[row]}, before it began.",
            where=table.place(row, "known_at"),
            fix="Write the moment it became public; nothing of the file was kept.",
        )
    known, kept = entry(series_name(sniff, label)), column.present
    if known.positive and (column.value[kept] < 0.0).any():
        row = int(np.argmax(kept & (column.value < 0.0)))
        raise RefusedError(
            f"{known.name} is {column.value[row]:g} on {period[row]}, and {known.unit} cannot be negative.",
            where=table.place(row, label),
            fix="Correct the cell; nothing of the file was kept.",
        )
    series = stamped(known, period[kept], instants[kept], column.value[kept], f"own_release:{sniff.where}")
    return SeriesRead(series=(series,), rows=table.frame.height)


def _moments(table: Table, column: str) -> D8:
    """Read days (the evening in New York) and moments with a zone."""
    cells = texts(table, column)
    found = np.zeros(len(cells), "datetime64[s]")
    for row, cell in enumerate(cells):
        found[row] = _moment(table, column, row, cell.strip())
    return found


def _moment(table: Table, column: str, row: int, cell: str) -> np.datetime64:
    try:
        read = datetime.fromisoformat(cell)
    except ValueError:
        read = None
    if read is not None and len(cell) == _DAY_LENGTH:
        evening: D8 = eastern_instants(np.array([cell], "datetime64[D]"), _EVENING)
        return np.datetime64(evening[0])
    if read is None or read.tzinfo is None:
        raise RefusedError(
            f'"{cell}" is neither a day written yyyy-mm-dd nor a moment with its zone.',
            where=table.place(row, column),
            fix="Write for example 2024-05-15 or 2024-05-15T08:30-04:00; nothing of the file was kept.",
        )
    return np.datetime64(read.astimezone(UTC).replace(tzinfo=None), "s")


FORMATS = (
    SeriesFormat(
        name="own_release",
        title="A user's series with the day or moment each value became public",
        header="date,known_at,<NAME>",
        matches=lambda sniff: (
            sniff.container is Container.TEXT
            and len(sniff.columns) == 3
            and tuple(name.lower() for name in sniff.columns[:2]) == ("date", "known_at")
        ),
        read=_read,
    ),
)
