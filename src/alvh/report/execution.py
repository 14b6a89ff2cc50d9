"""What fills cost, and what the same trades would have made at other prices between mid and natural."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.engine.run import Run
from alvh.ledger.events import Closed, Opened
from alvh.money.condors import multiplier_of
from alvh.money.curve import DAYS_PER_YEAR, LEAST_DAYS
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
    run, curve = made.main, made.history.curve
    prices, mids, naturals, size = _columns(run)
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


def fill_rows(run: Run) -> tuple[FillRow, ...]:
    """Sum slippage and fees by sleeve, openings and closings apart."""
    rows: list[FillRow] = []
    for sleeve in ("condor", "hedge"):
        for kind, word in ((Opened, "opened"), (Closed, "closed")):
            events = [event for event in run.events if isinstance(event, kind) and event.sleeve == sleeve]
            if events:
                rows.append(_fill_row(f"{sleeve}s {word}", events))
    return tuple(rows)


def _fill_row(what: str, events: Sequence[Opened | Closed]) -> FillRow:
    given = sum((event.mid - float(event.price)) * _size(event) for event in events)
    way = sum((event.mid - event.natural) * _size(event) for event in events)
    return FillRow(
        what=what,
        packages=sum(event.quantity for event in events),
        slippage=given,
        share=given / way if way > 0.0 else None,
        fees=float(sum(event.fees for event in events)),
    )


def _columns(run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    events = [event for event in run.events if isinstance(event, Opened | Closed)]
    return (
        np.array([float(event.price) for event in events]),
        np.array([event.mid for event in events]),
        np.array([event.natural for event in events]),
        np.array([_size(event) for event in events], dtype=np.float64),
    )


def _size(event: Opened | Closed) -> int:
    return multiplier_of(event) * event.quantity


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
