"""What fills cost, and what the same trades would have made at other prices between mid and natural."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1
from alvh.engine.run import Run
from alvh.ledger.entries import cents
from alvh.money.curve import DAYS_PER_YEAR, LEAST_DAYS
from alvh.money.history import History
from alvh.report.study import Study, study

FRACTIONS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""From mid (0) to natural (1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repriced:
    """The same trades at one price between mid and natural.

    Attributes
    ----------
    change : float, USD
        Against what was paid in the run.
    final : float, USD
        Equity at the end; interest on the difference is left out.
    cagr : float or None
    """

    label: str
    change: float
    final: float
    cagr: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """The strategy run again under another fill model."""

    label: str
    final: float
    cagr: float | None
    drawdown: float | None
    condors: int
    hedge_cost: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRow:
    """Packages of one sleeve and kind.

    Attributes
    ----------
    slippage : float, USD given up against mid
    share : float or None
        Slippage over the whole way from mid to natural.
    fees : float, USD
    """

    what: str
    packages: int
    slippage: float
    share: float | None
    fees: float


def repriced(made: Study) -> tuple[Repriced, ...]:
    """Reprice every fill of the main run; trades, sizes and interest stay as they were."""
    curve, packages = made.history.curve, made.main.entries.packages
    prices, mids, naturals = packages.price, packages.mid, packages.natural
    size = made.history.multipliers * packages.quantity
    rows: list[Repriced] = []
    for fraction in (*FRACTIONS, None):
        at = prices if fraction is None else mids + fraction * (naturals - mids)
        change = float(np.sum((at - prices) * size))
        final = float(curve.value[-1]) + change
        growth = final / curve.initial
        long_enough = curve.days >= LEAST_DAYS and growth > 0.0
        rows.append(
            Repriced(
                label=_label(fraction),
                change=change,
                final=final,
                cagr=growth ** (DAYS_PER_YEAR / curve.days) - 1.0 if long_enough else None,
            )
        )
    return tuple(rows)


def reruns(made: Study) -> tuple[Rerun, ...]:
    """Measure the reruns that the caller made under other fill models, beside the run itself; empty without any."""
    if not made.extras.sensitivity:
        return ()
    return tuple(_rerun(label, run) for label, run in (("as run", made.main), *made.extras.sensitivity))


def fill_rows(history: History) -> tuple[FillRow, ...]:
    """Sum slippage and fees by sleeve, openings and closings apart."""
    packages = history.entries.packages
    rows: list[FillRow] = []
    for sleeve in ("condor", "hedge"):
        mine = np.array([each == sleeve for each in packages.sleeve], np.bool_)
        for opened, word in ((True, "opened"), (False, "closed")):
            chosen = mine & (packages.opened == opened)
            if chosen.any():
                rows.append(_fill_row(f"{sleeve}s {word}", history, chosen))
    return tuple(rows)


def _fill_row(what: str, history: History, chosen: B1) -> FillRow:
    packages = history.entries.packages
    size = (history.multipliers * packages.quantity)[chosen]
    mid = packages.mid[chosen]
    given = sum(((mid - packages.price[chosen]) * size).tolist())
    way = sum(((mid - packages.natural[chosen]) * size).tolist())
    return FillRow(
        what=what,
        packages=int(packages.quantity[chosen].sum()),
        slippage=given,
        share=given / way if way > 0.0 else None,
        fees=int(cents(packages.fees[chosen]).sum()) / 100,
    )


def _label(fraction: float | None) -> str:
    if fraction is None:
        return "as filled"
    if fraction in (0.0, 1.0):
        return "mid" if fraction == 0.0 else "natural (far side of every leg)"
    return f"{fraction:.0%} of the way to natural"


def _rerun(label: str, run: Run) -> Rerun:
    made = study((run,))
    found = {measure.name: measure.value for measure in made.quick[0]}
    return Rerun(
        label=label,
        final=float(made.history.equity[-1]),
        cagr=found["cagr"],
        drawdown=found["max_drawdown"],
        condors=int(found["condor_trades"] or 0),
        hedge_cost=found["hedge_cost"],
    )
