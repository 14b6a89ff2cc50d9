"""Where the rules of section 5 look for the condor that takes the place of a tested one."""

from __future__ import annotations

from datetime import date

from alvh.book.condor import Condor
from alvh.execution.fills import FillParameters
from alvh.market.view import View
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.tested.roll import DRoll
from alvh.method.tested.search import Moved, inside_wing, rolled
from alvh.method.tested.side import Side
from alvh.strategy.facts import Absent, Facts

__all__ = ["Mover"]


class Mover:
    """Looks for a condor whose credit, less what closing the held one costs, is enough.

    Each way returns the new condor, or says why there is none. `paid` is what closing costs and `least` the least
    credit of the new one, points.
    """

    def __init__(self, roll: DRoll, shape: CShape, center: CCenter, fills: FillParameters) -> None:
        self._roll, self._shape, self._center, self._fills = roll, shape, center, fills

    def inside(self, held: Condor, side: Side, view: View, _: Facts, paid: float, least: float) -> Moved | str:
        """Move the short strike alone, inside its wing."""
        quotes = view.slice(held.root, held.expiry)
        if quotes is None:
            return f"{held.root} {held.expiry} is not quoted today"
        moved = inside_wing(quotes, held, side, paid, least, self._fills)
        return moved if moved is not None else "no strike inside the wing is paid for"

    def out(self, held: Condor, side: Side, view: View, facts: Facts, paid: float, least: float) -> Moved | str:
        """Roll to a later expiry."""
        mean = facts[self._center.evidence]
        if isinstance(mean, Absent):
            return f"the other side has no centre, {mean.reason}"
        pairs = self._roll.expiries(view, self._roots(held), held.expiry)
        for root, expiry in pairs:
            moved = self._to(view, root, expiry, held, side, mean.value, paid, least)
            if moved is not None:
                return moved
        return f"no strike of {len(pairs)} expiries is paid for" if pairs else "no expiry lies in the window of a roll"

    def outward(self, held: Condor, side: Side, view: View, facts: Facts, paid: float, least: float) -> Moved | str:
        """Roll to a later expiry, only where the break-even of the tested side moves outward."""
        moved = self.out(held, side, view, facts, paid, least)
        if isinstance(moved, str):
            return moved
        (low, high), (low_after, high_after) = held.break_evens, moved.break_evens
        outward = high_after > high if side is Side.CALL else low_after < low
        return moved if outward else "the break-even would not move outward"

    def _to(
        self, view: View, root: str, expiry: date, held: Condor, side: Side, mean: float, paid: float, least: float
    ) -> Moved | None:
        quotes = view.slice(root, expiry)
        if quotes is None:
            return None
        distance = self._center.k * self._center.move(quotes, mean)
        return rolled(quotes, held, side, distance, paid, least, self._fills)

    def _roots(self, condor: Condor) -> tuple[str, ...]:
        return (condor.root,) if condor.root == "XSP" else self._shape.roots
