"""The open condors of a book side by side: what a day asks of all of them, as columns of the book's table."""

from __future__ import annotations

import numpy as np

from alvh.book.condor import Condor
from alvh.book.identity import Remembered
from alvh.book.leg_table import leg_table
from alvh.book.position_columns import (
    CALL_SHORT,
    CALL_SPAN,
    CREDIT,
    EXPIRY,
    IS_CONDOR,
    MARGIN,
    MAX_LOSS,
    PUT_SHORT,
    PUT_SPAN,
    SCALE,
)
from alvh.book.positions import Position
from alvh.core.arrays import F8, I8
from alvh.core.compiled import compiled

__all__ = ["CondorTable", "condor_table"]


class CondorTable:
    """Condors of a tuple of positions, in order of opening; a wing left behind by a close is not one.

    Attributes
    ----------
    rows : (n,) array
        Their places among all positions.
    facts : (n, 20) array
        See `position_columns.FACTS`.
    positions : tuple of Position, length n
    ids : tuple of str, length n
    margins, losses : lists of float, length n, USD
        Wider width x multiplier x quantity; (wider width - credit) x multiplier x quantity.
    """

    __slots__ = ("facts", "ids", "losses", "margins", "positions", "rows")

    def __init__(self, positions: tuple[Position, ...]) -> None:
        facts = leg_table(positions).facts
        self.rows: I8 = np.flatnonzero(facts[:, IS_CONDOR])
        self.facts: F8 = facts[self.rows]
        self.positions = tuple([positions[place] for place in self.rows.tolist()])
        self.ids = tuple([position.id for position in self.positions])
        self.margins: list[float] = self.facts[:, MARGIN].tolist()
        self.losses: list[float] = self.facts[:, MAX_LOSS].tolist()

    def __len__(self) -> int:
        """Count the condors."""
        return len(self.positions)

    @property
    def condors(self) -> tuple[Condor, ...]:
        """The positions read as condors."""
        found = (Condor.of(position) for position in self.positions)
        return tuple(condor for condor in found if condor is not None)

    def left(self, amounts: list[float], leaving: frozenset[str]) -> float:
        """Sum amounts over the condors that stay."""
        if not leaving:
            return sum(amounts)
        return sum([amount for name, amount in zip(self.ids, amounts, strict=True) if name not in leaving])

    @property
    def credit(self) -> F8:
        """Net premium received, points per condor."""
        return self.facts[:, CREDIT]

    @property
    def expiry(self) -> F8:
        """Ordinals of the days of expiry."""
        return self.facts[:, EXPIRY]

    def ratios(self, spot: float) -> F8:
        """Return the larger test ratio of each condor; see `Condor.test_ratio`.

        Parameters
        ----------
        spot : float, SPX points
        """
        found = np.empty(len(self))
        _ratios(self.facts, spot, found)
        return found


def condor_table(positions: tuple[Position, ...]) -> CondorTable:
    """Return the table of exactly this tuple of positions; remembered."""
    return _table(positions)


@compiled
def _ratios(facts: F8, spot: float, found: F8) -> None:
    for i in range(found.shape[0]):
        level = spot * facts[i, SCALE]
        put = (facts[i, PUT_SHORT] - level) / facts[i, PUT_SPAN]
        call = (level - facts[i, CALL_SHORT]) / facts[i, CALL_SPAN]
        found[i] = max(put, call)


_table: Remembered[tuple[Position, ...], CondorTable] = Remembered(CondorTable, size=16)
