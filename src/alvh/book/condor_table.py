"""The open condors of a book side by side: what a day asks of all of them, worked out once while the book stands."""

from __future__ import annotations

import msgspec
import numpy as np

from alvh.book.condor import Condor
from alvh.book.identity import Remembered
from alvh.book.positions import Position, Sleeve
from alvh.core.arrays import F8

__all__ = ["CondorTable", "condor_table"]

_PUT_SHORT, _PUT_SPAN, _CALL_SHORT, _CALL_SPAN, _SCALE = range(5)


class CondorTable(msgspec.Struct, frozen=True, kw_only=True):
    """Condors of a tuple of positions, in order of opening; a wing left behind by a close is not one.

    Attributes
    ----------
    positions : tuple of Position, length n
    condors : tuple of Condor, length n
    margin, max_loss : tuples of float, length n, USD
    numbers : (5, n) array
        Short put strike and width of the put wing, the same of the call wing, points; points per SPX point.
    """

    positions: tuple[Position, ...]
    condors: tuple[Condor, ...]
    margin: tuple[float, ...]
    max_loss: tuple[float, ...]
    numbers: F8

    def ratios(self, spot: float) -> list[float]:
        """Return the larger test ratio of each condor; see `Condor.test_ratio`.

        Parameters
        ----------
        spot : float, SPX points
        """
        numbers = self.numbers
        level = spot * numbers[_SCALE]
        put = (numbers[_PUT_SHORT] - level) / numbers[_PUT_SPAN]
        call = (level - numbers[_CALL_SHORT]) / numbers[_CALL_SPAN]
        found: list[float] = np.maximum(put, call).tolist()
        return found


def condor_table(positions: tuple[Position, ...]) -> CondorTable:
    """Return the table of exactly this tuple of positions; remembered."""
    return _table(positions)


class _Row(msgspec.Struct, frozen=True):
    condor: Condor
    margin: float
    max_loss: float
    numbers: tuple[float, float, float, float, float]


def _read_row(position: Position) -> _Row | None:
    condor = Condor.of(position) if position.sleeve is Sleeve.CONDOR else None
    if condor is None:
        return None
    spans = condor.put_short - condor.put_long, condor.call_long - condor.call_short
    numbers = condor.put_short, spans[0], condor.call_short, spans[1], condor.scale
    return _Row(condor, float(condor.margin), float(condor.max_loss), numbers)


def _read_table(positions: tuple[Position, ...]) -> CondorTable:
    rows = zip(positions, _row.each(positions), strict=True)
    held = [(position, row) for position, row in rows if row is not None]
    return CondorTable(
        positions=tuple([position for position, _ in held]),
        condors=tuple([row.condor for _, row in held]),
        margin=tuple([row.margin for _, row in held]),
        max_loss=tuple([row.max_loss for _, row in held]),
        numbers=np.array([row.numbers for _, row in held], dtype=np.float64).reshape(len(held), 5).T,
    )


_row = Remembered(_read_row, size=8192)
_table: Remembered[tuple[Position, ...], CondorTable] = Remembered(_read_table, size=16)
