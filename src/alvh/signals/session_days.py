"""Columns that follow from the calendar alone: the days of snapshots, and values that are always known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from alvh.core.arrays import B1, D8
from alvh.signals.column import SignalColumn

_NEW_YORK = np.timedelta64(5 * 3600, "s")
"""Behind UTC, at most an hour off; snapshots are far from New York's midnight."""


def days_of(snapshots: D8) -> D8:
    """Day of each snapshot in New York."""
    days: D8 = (snapshots - _NEW_YORK).astype("datetime64[D]")
    return days


def on_calendar(identifier: str, snapshots: D8, present: B1, values: NDArray[np.generic]) -> SignalColumn:
    """Make a column that is known at the snapshot itself, absent where the calendar has no such event."""
    return SignalColumn(
        id=identifier,
        value=np.where(present, values, 0).astype(float),
        code=np.where(present, 0, 1).astype(np.int8),
        reasons=("", "the calendar has no such event"),
        known_at=snapshots,
    )
