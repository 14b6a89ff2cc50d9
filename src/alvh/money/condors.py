"""Measures of the condors and of what trading cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alvh.money.definitions import SMALL_SAMPLE
from alvh.money.history import History
from alvh.money.measure import Measure, absent, perhaps, present
from alvh.money.trades import Trade

NONE_CLOSED = "no condor was closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """Trades that ended for one reason.

    Attributes
    ----------
    count, winners : int
    pnl : float, USD, after fees
    days : float
        Mean calendar days in trade.
    """

    reason: str
    count: int
    winners: int
    pnl: float
    days: float


def closed_trades(trades: Sequence[Trade], sleeve: str) -> tuple[Trade, ...]:
    """Trades of a sleeve that have ended and whose P/L is known."""
    return tuple(trade for trade in trades if trade.sleeve == sleeve and trade.closed and trade.pnl is not None)


def reasons_for_closing(trades: Sequence[Trade], sleeve: str) -> tuple[ReasonRow, ...]:
    """Group ended trades by reason, most frequent first."""
    groups: dict[str, list[Trade]] = {}
    for trade in closed_trades(trades, sleeve):
        groups.setdefault(trade.reason, []).append(trade)
    rows = [
        ReasonRow(
            reason=reason,
            count=len(group),
            winners=sum(_pnl(trade) > 0 for trade in group),
            pnl=sum(map(_pnl, group)),
            days=float(np.mean([trade.days or 0 for trade in group])),
        )
        for reason, group in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.reason)))


def condor_measures(history: History) -> tuple[Measure, ...]:
    """Measure the condor sleeve, its trades, and the costs of both sleeves."""
    closed = closed_trades(history.trades, "condor")
    return (*_trade_measures(closed), *_sleeve_measures(history), *_costs(history))


def small_sample(count: int) -> str:
    """Say that a sample is small; empty where it is not."""
    return f"only {count} trades, fewer than {SMALL_SAMPLE}: read it as an anecdote" if count < SMALL_SAMPLE else ""


def _trade_measures(closed: Sequence[Trade]) -> list[Measure]:
    count = present("condor_trades", float(len(closed)))
    names = ("win_rate", "average_winner", "average_loser", "capture_rate", "premium_kept", "days_in_trade")
    if not closed:
        return [count, *(absent(name, NONE_CLOSED) for name in names)]
    caution = small_sample(len(closed))
    pnl = np.array([_pnl(trade) for trade in closed])
    credit = sum(trade.received for trade in closed) / 100
    gross = sum(trade.gross for trade in closed) / 100
    won, lost = pnl[pnl > 0], pnl[pnl <= 0]
    values: dict[str, tuple[float | None, str]] = {
        "win_rate": (float(np.mean(pnl > 0)), ""),
        "average_winner": (float(np.mean(won)) if won.size else None, "no condor made money"),
        "average_loser": (float(np.mean(lost)) if lost.size else None, "no condor lost money"),
        "capture_rate": (float(np.sum(pnl)) / credit if credit > 0 else None, "no credit was received"),
        "premium_kept": (gross / credit if credit > 0 else None, "no credit was received"),
        "days_in_trade": (float(np.mean([trade.days or 0 for trade in closed])), ""),
    }
    return [count, *(perhaps(name, *values[name], caution=caution) for name in names)]


def _sleeve_measures(history: History) -> list[Measure]:
    pnl = float(history.condor.pnl[-1])
    average = float(np.mean(history.margin))
    if history.years <= 0 or average <= 0:
        yearly = absent("return_on_margin", "no margin was in use" if average <= 0 else "a single session")
    else:
        yearly = present("return_on_margin", pnl / history.years / average)
    solvent = history.curve.solvent
    use = float(np.mean(history.margin / history.equity)) if solvent else None
    return [yearly, perhaps("margin_use", use, "wealth was lost whole"), present("condor_pnl", pnl)]


def _costs(history: History) -> list[Measure]:
    fees = -float(history.condor.fees[-1] + history.hedge.fees[-1])
    return [
        present("fees", fees),
        present("slippage", slippage(history)),
        present("interest", float(history.interest[-1])),
    ]


def slippage(history: History) -> float:
    """Return value given up against mid on every fill, USD."""
    packages = history.entries.packages
    given: list[float] = ((packages.mid - packages.price) * history.multipliers * packages.quantity).tolist()
    return sum(given)


def _pnl(trade: Trade) -> float:
    return (trade.pnl or 0) / 100
