"""D-ORDER: what is done about a tested condor, by first match, and what is done when nothing is approved."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from alvh.book.liquidity import quick_ratio
from alvh.book.margin import available
from alvh.book.margin_parameters import MarginParameters
from alvh.book.marks import Marks
from alvh.book.positions import Book
from alvh.book.stress import stress
from alvh.book.totals import book_totals
from alvh.core.errors import InvariantError
from alvh.market.view import View
from alvh.method.rule import Rule
from alvh.method.tested.parameters import OrderParameters
from alvh.pricing.scenarios import DOWN
from alvh.strategy.decision import Observed, Outcome, Verdict
from alvh.strategy.words import Said, said

__all__ = ["DOrder", "Step"]

_CENTS = 100.0
Step = tuple[str, str | Said]
"""A rule that was asked, and its answer."""


class DOrder(Rule):
    """Act on a tested condor by first match: D-CLOSE, then the rules of D-CLASSIFY's path, then hold.

    Whatever matches is voted like any proposal of section 6. Where an authorised roll cannot be filled, the condor is
    closed on the same session. A limit is broken when the condor's test ratio reaches `ratio`, the margin of all
    condors exceeds `margin` of equity, buying power is negative, or the quick ratio of the portfolio is below
    `quick_ratio`; with a limit broken, or at D-MECHANICAL's own ratio, the condor is closed too where nothing matches
    and where what matches is refused. The path taken is written down, with the break-evens before and after.
    """

    id = "D-ORDER"
    title = "Order of the rules for a tested condor"
    seeds = ("004",)
    section = "tested"

    def __init__(self, parameters: OrderParameters, margin: MarginParameters) -> None:
        self._ratio = parameters.ratio.value
        self._margin = parameters.margin.value
        self._quick = parameters.quick_ratio.value
        self._requirements = margin

    def broken(self, book: Book, view: View, margin: float) -> str:
        """Say which limit of the whole book is broken, or nothing.

        Parameters
        ----------
        book : Book
            Marked at `view`.
        margin : float, USD
            Of all condors.
        """
        if book.marks is None:
            raise InvariantError("limits were asked of a book without marks", where=str(view.session))
        equity = float(book.cash) + book.marks.total
        if margin > self._margin * equity:
            return f"the condors tie up {margin:,.0f} USD, {self._margin:.0%} of equity is {self._margin * equity:,.0f}"
        free = float(available(book, book.cash + Decimal(repr(book.marks.total)), self._requirements))
        if free < 0.0:
            return f"buying power is {free:,.0f} USD"
        ratio = _quick_ratio(book, book.marks, view, self._quick)
        if ratio is not None and ratio < self._quick:
            return f"the quick ratio is {ratio:.2f}, its floor is {self._quick:g}"
        return ""

    def beyond(self, ratio: float) -> str:
        """Say that a condor's own test ratio is a broken limit, or nothing."""
        return f"the test ratio is {ratio:.0%}" if ratio >= self._ratio else ""

    def path(self, position: str, side: str, ratio: float, steps: Sequence[Step], end: str, seen: Observed) -> Verdict:
        """Write down the path taken for one condor.

        Parameters
        ----------
        steps : sequence of (rule, answer)
            In the order asked.
        end : str
            What is done.
        seen : mapping
            Break-evens before and after, and what else belongs to the record.
        """
        pattern = "{}, tested on the {} side at {:.0%} of its wing. " + "{}: {} " * len(steps) + "Therefore: {}."
        flat = [part for step in steps for part in step]
        observed: Observed = {"position": position, "side": side, "ratio": ratio, "action": end, **seen}
        return self.verdict(
            Outcome.FIRED, said(pattern, position, side, ratio, *flat, end), observed, {"ratio": self._ratio}
        )


def _quick_ratio(book: Book, marks: Marks, view: View, floor: float) -> float | None:
    """Liquid assets over margin and loss; the worst loss stands in for the shock's where that is enough already."""
    totals = book_totals(book.positions)
    if totals.reserved_cents is None:
        return None
    liquid, due = float(book.cash), totals.reserved_cents / _CENTS
    if totals.loss_cents is not None and totals.hedge_cents is not None:
        ratio = quick_ratio(liquid, due, (totals.loss_cents + totals.hedge_cents) / _CENTS)
        if ratio is None or ratio >= floor:
            return ratio
    (down,) = stress(marks, view, (DOWN,))
    return quick_ratio(liquid, due, -(down.condor_pnl + down.hedge_pnl))
