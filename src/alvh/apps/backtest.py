"""`alvh.backtest`: the engine in one call, for notebooks and for the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alvh.apps.assembly import (
    RIVALS,
    SAMPLE,
    AnyPolicy,
    at_other_fills,
    first_policy,
    method,
    open_market,
    rivals,
    terms,
)
from alvh.apps.policies import load_policy
from alvh.core.errors import UsageError
from alvh.engine.account import entrants
from alvh.engine.loop import run
from alvh.engine.recording import InMemory, Journal, Journals, Nowhere
from alvh.engine.run import Run
from alvh.market.view import MarketSource
from alvh.method.parameters import AlvhParameters
from alvh.policy.compose import Policy
from alvh.strategy.protocol import Strategy

if TYPE_CHECKING:
    import polars as pl

    from alvh.report.extras import Extras


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A strategy over one market, beside its rivals.

    Attributes
    ----------
    run : Run
        The strategy itself, ALVH where none was named.
    rivals : tuple of Run
        The strategies it is compared with, over the same sessions and views.
    other_fills : tuple of (label, Run)
        ALVH again, filled at mid and at natural; empty unless asked for.
    """

    run: Run
    rivals: tuple[Run, ...]
    other_fills: tuple[tuple[str, Run], ...]
    policy: Policy[AlvhParameters]
    source: MarketSource

    @property
    def equity(self) -> pl.DataFrame:
        """One row per session; `alvh.engine.run.EQUITY_COLUMNS` says what each column means."""
        return self.run.equity

    @property
    def trades(self) -> pl.DataFrame:
        """One row per closed position, in the column names traders exchange."""
        from alvh.report.trades import trades_frame

        return trades_frame(self.run)

    @property
    def fills(self) -> pl.DataFrame:
        """One row per leg filled, with the quote it was filled on."""
        from alvh.report.fills import fills_frame

        return fills_frame(self.run)

    @property
    def summary(self) -> dict[str, Any]:
        """Every measure with its definition and unit, by strategy."""
        from alvh.report.summary import summarise

        return summarise(self.runs, self.extras())

    @property
    def headline(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Heading and rows of the short table, as text."""
        from alvh.report.summary import headline

        return headline(self.runs, self.extras())

    @property
    def runs(self) -> tuple[Run, ...]:
        """The strategy first, then its rivals."""
        return (self.run, *self.rivals)

    @property
    def holds(self) -> bool:
        """Whether every invariant held in every run."""
        return all(check.holds for made in self.runs for check in made.checks)

    def write(self, folder: str | Path) -> Path:
        """Write the run folder with its report and return its path.

        Raises
        ------
        UsageError
            The folder cannot be written, or is something else than a run folder.
        """
        from alvh.report.folder import write_run

        return write_run(Path(folder), self.runs, self.extras())

    def extras(self) -> Extras:
        """Collect what a report is given besides the runs."""
        from alvh.report.extras import Extras

        return Extras(sensitivity=self.other_fills, total_return=self._total_return(), policy=self.policy.document)

    def _total_return(self) -> dict[date, float]:
        """Levels of the S&P 500 total-return index, where the market has it; a report needs one a session."""
        series = self.source.series("SPXT")
        if series is None:
            return {}
        return dict(zip(series.period.tolist(), series.value.tolist(), strict=True))


def backtest(
    market: MarketSource | str | Path | None = None,
    strategy: Strategy | None = None,
    *,
    policy: AnyPolicy | None = None,
    against: Sequence[str] = RIVALS,
    start: date | None = None,
    end: date | None = None,
    equity: Decimal | int | str = 1_000_000,
    seed: int = 0,
    sensitivity: bool = False,
    progress: Callable[[int, int], None] | None = None,
    journals: Journals | None = None,
) -> Backtest:
    """Backtest a strategy, ALVH where none is given, beside its rivals.

    Parameters
    ----------
    market : MarketSource, str or Path, optional
        From `open_market`, or the folder of an imported store; the built-in sample where absent.
    strategy : Strategy, optional
        Anything with a pure ``decide(facts, view, book, memory)``; ``Alvh(policy)`` where absent.
    policy : Policy, optional
        From `load_policy`, or with its amendments from `alvh.apps.policies.load_history`; the default policy where
        absent. Its fills, fees and checks hold for every strategy.
    against : sequence of str
        Rivals to run beside it: ``unhedged``.
    start, end : date, optional
        First and last session, inclusive.
    equity : USD
        Starting equity.
    seed : int
        Seed of every random draw in the report.
    sensitivity : bool
        Whether to run ALVH again, filled at mid and at natural. Without it the report re-prices the same trades.
    progress : callable, optional
        Told (sessions done, sessions in all).
    journals : callable, optional
        Gives the journal that takes the days of a strategy, by its name, so that they need not be kept in memory; the
        frames are there either way, `Run.events` and `Run.decisions` are not.

    Returns
    -------
    Backtest

    Raises
    ------
    UsageError
        What was given as a strategy cannot decide, or a rival is unknown.
    CoverageError
        The market has no session in the range.

    Examples
    --------
    >>> import alvh
    >>> done = alvh.backtest(policy=alvh.load_policy(changes=["layers.L-BASE.stable=0.10"]))  # doctest: +SKIP
    >>> done.equity.to_pandas()  # doctest: +SKIP
    """
    if strategy is not None and not callable(getattr(strategy, "decide", None)):
        raise UsageError(
            f"a {type(strategy).__name__} was given where a strategy is needed",
            where="alvh.backtest",
            fix="Pass a policy as policy=..., or a strategy such as alvh.Alvh(policy).",
        )
    chosen = policy if policy is not None else load_policy()
    source = (
        market if not isinstance(market, str | Path | None) else open_market(market or SAMPLE, start=start, end=end)
    )
    capital = Decimal(str(equity))
    lead = strategy if strategy is not None else method(chosen)
    first = first_policy(chosen)
    field = entrants([lead, *rivals(chosen, against)], terms(first, capital))
    others = at_other_fills(chosen, capital) if sensitivity and strategy is None else []
    names = {entrant.strategy.name for entrant in field}

    def journal(name: str) -> Journal:
        # Of reruns at other fills only the numbers are shown.
        return (journals or _kept)(name) if name in names else Nowhere()

    made = run([*field, *others], source, start=start, end=end, seed=seed, progress=progress, journals=journal)
    labelled = tuple((rerun.strategy.removeprefix("alvh at "), rerun) for rerun in made[len(field) :])
    return Backtest(run=made[0], rivals=made[1 : len(field)], other_fills=labelled, policy=first, source=source)


def _kept(_: str) -> Journal:
    return InMemory()
