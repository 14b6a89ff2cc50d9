"""One signal over a whole history: a value per session, or the reason why it is absent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from alvh.core.arrays import D8, F8, I1
from alvh.market.series import Series

SeriesLookup: TypeAlias = Callable[[str], Series | None]
"""Finds a series by canonical name; None where the market does not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalColumn:
    """A causal signal aligned to session snapshots.

    Attributes
    ----------
    id : str
        Rulebook id, with a part after a dot where a signal has parts: ``S-REER.stable``.
    value : (n,) array
        Zero where absent; read it only through `code`.
    code : (n,) array
        0 where present, else an index into `reasons`.
    reasons : tuple of str
        ``reasons[0]`` is empty.
    """

    id: str
    value: F8
    code: I1
    reasons: tuple[str, ...]


def absent(identifier: str, snapshots: D8, reason: str) -> SignalColumn:
    """Make a column that is absent on every session, for one reason."""
    n = snapshots.size
    return SignalColumn(id=identifier, value=np.zeros(n), code=np.ones(n, np.int8), reasons=("", reason))


def aligned(
    identifier: str, series: Series, signal: F8, snapshots: D8, *, max_age_days: int, young: str
) -> SignalColumn:
    """Align a signal computed on a series' own observations to session snapshots.

    Parameters
    ----------
    signal : (m,) array
        One value per observation of `series`; NaN where the window is not yet full.
    snapshots : (n,) datetime64[s] array, UTC
    max_age_days : int
        Calendar days a value may be used after the last observation became known.
    young : str
        Reason to give while the window is not full.
    """
    place = np.searchsorted(series.known_at, snapshots, side="right") - 1
    known = place >= 0
    row = np.maximum(place, 0)
    age = snapshots - series.known_at[row]
    value = signal[row] if signal.size else np.zeros(snapshots.size)
    code = np.zeros(snapshots.size, np.int8)
    code[~np.isfinite(value)] = 1
    code[age > np.timedelta64(max_age_days, "D")] = 2
    code[~known] = 3
    reasons = (
        "",
        young,
        f"the last {series.name} is more than {max_age_days} days old",
        f"no {series.name} was known yet",
    )
    return SignalColumn(id=identifier, value=np.where(code == 0, value, 0.0), code=code, reasons=reasons)
