"""What each layer holds at a view: its coverage, and what it gains in both shocks beside what the condors lose."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from alvh.book.coverage import condor_max_loss, vx_notional
from alvh.book.marks import mark_book
from alvh.book.positions import Book, Position, Sleeve
from alvh.book.stress import stress
from alvh.core.errors import InvariantError
from alvh.market.view import View
from alvh.pricing.scenarios import DOWN, UP

__all__ = ["Tranche", "tranches"]


class Tranche(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One layer at one view.

    Attributes
    ----------
    rule : str
        Layer that opened the positions.
    packages : int
    coverage : float or None
        Signed VX notional over the condors' maximum loss; None without condors at risk.
    stress_down, stress_up : float, USD
        Gain under the down-shock and the up-shock.
    stress_coverage : float or None
        Gain over what the condors lose in the down-shock; None where they lose nothing.
    """

    rule: str
    packages: int
    value: float
    coverage: float | None
    stress_down: float
    stress_up: float
    stress_coverage: float | None


def tranches(book: Book, view: View) -> tuple[Tranche, ...]:
    """Report the hedge layer by layer, in the order of their first position.

    Raises
    ------
    InvariantError
        The book carries no marks.
    """
    if book.marks is None:
        raise InvariantError("tranches were asked for on a book without marks", where=str(view.session))
    loss = float(condor_max_loss(book))
    fallen = stress(book.marks, view, (DOWN,))[0].condor_pnl
    held: dict[str, list[Position]] = {}
    for position in book.sleeve(Sleeve.HEDGE):
        held.setdefault(position.rule, []).append(position)
    return tuple(_tranche(rule, tuple(found), book, view, loss, fallen) for rule, found in held.items())


def _tranche(rule: str, positions: tuple[Position, ...], book: Book, view: View, loss: float, fallen: float) -> Tranche:
    marks = mark_book(Book(cash=Decimal(0), positions=positions), view, book.marks)
    down, up = stress(marks, view, (DOWN, UP))
    notional = sum(vx_notional(position, view) for position in positions)
    return Tranche(
        rule=rule,
        packages=sum(position.quantity for position in positions),
        value=marks.total,
        coverage=notional / loss if loss > 0.0 else None,
        stress_down=down.hedge_pnl,
        stress_up=up.hedge_pnl,
        stress_coverage=down.hedge_pnl / -fallen if fallen < 0.0 else None,
    )
