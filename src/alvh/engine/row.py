"""One row of the equity table: what the account was worth and what it risked at the end of a session."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from alvh.book.coverage import condor_max_loss, hedge_capital, hedge_notional
from alvh.book.margin_parameters import MarginParameters
from alvh.book.positions import Book
from alvh.book.stress import Stress, stress
from alvh.book.totals import book_totals
from alvh.core.errors import InvariantError
from alvh.market.view import View
from alvh.pricing.scenarios import DOWN, UP

_SHOCKS = (DOWN, UP)
_CENTS = 100.0


class EquityRow(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Columns of `alvh.engine.run.EQUITY_COLUMNS`, in their order."""

    session: date
    equity: float
    cash: Decimal
    condor_mark: float
    hedge_mark: float
    margin: float
    max_loss: float
    hedge_capital: float
    condors: int
    hedges: int
    spx_delta: float
    spx_gamma: float
    spx_vega: float
    vx_delta: float
    vx_vega: float
    theta: float
    coverage: float | None
    stress_down: float | None
    stress_up: float | None
    stale: int
    spot: float
    vix: float | None
    rate: float | None


def equity_row(view: View, book: Book, margin: MarginParameters | None = None) -> EquityRow:
    """Measure a marked book.

    Parameters
    ----------
    margin : MarginParameters, optional
        Needed where a requirement moves with the market: uncovered shorts, futures, shares sold.

    Raises
    ------
    InvariantError
        The book carries no marks.
    """
    marks = book.marks
    if marks is None:
        raise InvariantError("a row was asked for on a book without marks", where=str(view.session))
    condor, hedge = marks.condor, marks.hedge
    totals = book_totals(book.positions)
    loss = totals.loss_cents / _CENTS if totals.loss_cents is not None else float(condor_max_loss(book))
    capital = totals.hedge_cents / _CENTS if totals.hedge_cents is not None else float(hedge_capital(book, margin))
    down, up = stress(marks, view, _SHOCKS) if loss > 0 else (None, None)
    return EquityRow(
        session=view.session,
        equity=float(book.cash) + marks.total,
        cash=book.cash,
        condor_mark=condor.value,
        hedge_mark=hedge.value,
        margin=totals.condor_cents / _CENTS,
        max_loss=loss,
        hedge_capital=capital,
        condors=totals.condors,
        hedges=totals.hedges,
        spx_delta=condor.spx_delta,
        spx_gamma=condor.spx_gamma,
        spx_vega=condor.spx_vega,
        vx_delta=hedge.vx_delta,
        vx_vega=hedge.vx_vega,
        theta=condor.theta + hedge.theta,
        coverage=hedge_notional(book, view) / loss if loss > 0 else None,
        stress_down=_protection(down) if down is not None else None,
        stress_up=_both(up, loss) if up is not None else None,
        stale=marks.stale_legs,
        spot=view.spot,
        vix=view.vix,
        rate=view.rate(30.0),
    )


def _protection(found: Stress) -> float | None:
    """Gain of the hedge over loss of the condors; None when the shock does not hurt the condors."""
    return found.hedge_pnl / -found.condor_pnl if found.condor_pnl < 0 else None


def _both(found: Stress, loss: float) -> float:
    return (found.hedge_pnl + found.condor_pnl) / loss
