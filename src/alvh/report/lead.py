"""The first words of the page: what happened, in sentences, and whether the books add up."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.ledger.invariants import Check
from alvh.money.drawdown import max_drawdown
from alvh.report.study import Study
from alvh.report.wording import day, interval_of, of_measure, percent, usd


@dataclass(frozen=True, slots=True, kw_only=True)
class BookVerdict:
    """Whether every invariant of every run held.

    Attributes
    ----------
    checks : tuple of (strategy, Check)
    """

    checks: tuple[tuple[str, Check], ...]

    @property
    def broken(self) -> tuple[tuple[str, Check], ...]:
        """Those that did not hold."""
        return tuple((name, check) for name, check in self.checks if not check.holds)

    @property
    def sentence(self) -> str:
        """The verdict in one line."""
        if not self.checks:
            return "No invariant was checked."
        if self.broken:
            return f"{len(self.broken)} of {len(self.checks)} invariants FAIL. Do not use these numbers."
        return f"All {len(self.checks)} invariants hold."


def verdict(made: Study) -> BookVerdict:
    """Collect the invariants of every run."""
    return BookVerdict(checks=tuple((run.strategy, check) for run in made.runs for check in run.checks))


def lead(made: Study) -> tuple[str, ...]:
    """Tell the result in a few sentences."""
    return tuple(text for text in (_growth(made), _index(made), _hedge(made)) if text)


def _growth(made: Study) -> str:
    curve = made.history.curve
    growth = made.measure("cagr")
    text = (
        f"From {day(curve.day(0))} to {day(curve.day(-1))} {made.main.strategy} turned {usd(curve.initial)} USD into "
        f"{usd(float(curve.value[-1]))} USD"
    )
    if growth.value is not None:
        text += f", {of_measure(growth)} a year"
    fall = max_drawdown(curve)
    if fall is not None:
        text += f", with a largest drawdown of {percent(-fall.depth)} ({day(fall.peak)} to {day(fall.trough)})"
    return text + "."


def _index(made: Study) -> str:
    parts: list[str] = []
    for run, history in zip(made.runs[1:], made.histories[1:], strict=True):
        fall = max_drawdown(history.curve)
        depth = f" with a drawdown of {percent(-fall.depth)}" if fall is not None else ""
        parts.append(f"{run.strategy} ended at {usd(float(history.equity[-1]))} USD{depth}")
    for curve in made.references:
        fall = max_drawdown(curve)
        depth = f" with a drawdown of {percent(-fall.depth)}" if fall is not None else ""
        parts.append(f"{curve.name} at {usd(float(curve.value[-1]))} USD{depth}")
    return "Over the same sessions " + ", ".join(parts) + "." if parts else ""


def _hedge(made: Study) -> str:
    pnl, cost, payoff = (made.measure(name) for name in ("hedge_pnl", "hedge_cost", "hedge_tail_payoff"))
    if pnl.value is None:
        return "There was no hedge."
    way = "earned" if pnl.value > 0 else "cost"
    text = f"The hedge {way} {usd(abs(pnl.value))} USD"
    if cost.value is not None:
        text += f", {percent(abs(cost.value), 2)} of equity a year"
    if payoff.value is not None:
        text += f", and made {of_measure(payoff)} of what the condors lost in the ten worst weeks"
    cut = made.measure("drawdown_cut")
    if cut.value is None:
        return text + "."
    word = "smaller" if cut.value > 0 else "larger"
    points = f"{abs(100 * cut.value):.1f} points {word}"
    return f"{text}. Its drawdown was {points} than the unhedged twin's (95% interval {interval_of(cut)})."
