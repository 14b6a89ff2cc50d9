"""The equity table while it is being made: a row of numbers per session, eight bytes each, and a frame at the end."""

from __future__ import annotations

from array import array
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from alvh.engine.row import EquityRow

if TYPE_CHECKING:
    import polars as pl

_NAMES = EquityRow.__struct_fields__
_COUNTS = frozenset({"condors", "hedges", "stale"})
_MAY_BE_ABSENT = frozenset({"coverage", "stress_down", "stress_up", "vix", "rate"})
_EPOCH = date(1970, 1, 1).toordinal()
_NOTHING = float("nan")


class EquityTable:
    """Rows of `alvh.engine.run.EQUITY_COLUMNS` as they come; 184 bytes a session."""

    __slots__ = ("_cells", "_sessions")

    def __init__(self) -> None:
        self._sessions = array("i")
        self._cells = array("d")

    def append(self, row: EquityRow) -> None:
        """Add the row of the next session."""
        self._sessions.append(row.session.toordinal() - _EPOCH)
        self._cells.extend(
            (
                row.equity,
                float(row.cash),
                row.condor_mark,
                row.hedge_mark,
                row.margin,
                row.max_loss,
                row.hedge_capital,
                row.condors,
                row.hedges,
                row.spx_delta,
                row.spx_gamma,
                row.spx_vega,
                row.vx_delta,
                row.vx_vega,
                row.theta,
                _NOTHING if row.coverage is None else row.coverage,
                _NOTHING if row.stress_down is None else row.stress_down,
                _NOTHING if row.stress_up is None else row.stress_up,
                row.stale,
                row.spot,
                _NOTHING if row.vix is None else row.vix,
                _NOTHING if row.rate is None else row.rate,
            )
        )

    def frame(self) -> pl.DataFrame:
        """Lay the rows out as a frame, absent values null."""
        import polars as pl  # noqa: PLC0415  # not before the loop is over

        cells = np.frombuffer(self._cells, np.float64).reshape(-1, len(_NAMES) - 1)
        made = {"session": pl.Series(np.frombuffer(self._sessions, np.int32)).cast(pl.Date)}
        for place, name in enumerate(_NAMES[1:]):
            column = np.ascontiguousarray(cells[:, place])
            if name in _COUNTS:
                made[name] = pl.Series(column.astype(np.int64))
            else:
                made[name] = pl.Series(column, nan_to_null=name in _MAY_BE_ABSENT)
        return pl.DataFrame(made)
