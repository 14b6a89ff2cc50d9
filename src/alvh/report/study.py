"""Everything a report says, computed once from the runs: measures, references, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import msgspec
import numpy as np

from alvh.core.arrays import F8
from alvh.core.digest import digest
from alvh.core.errors import UsageError
from alvh.engine.run import Run
from alvh.money.condors import condor_measures
from alvh.money.curve import Curve
from alvh.money.definitions import DEFINITIONS
from alvh.money.hedge import Week, drawn_measures, hedge_measures, worst_weeks
from alvh.money.history import History
from alvh.money.measure import Measure
from alvh.money.reference_curves import bills_held, spx_held
from alvh.money.returns import Backdrop, return_measures
from alvh.report.extras import NOTHING, Extras
from alvh.report.history import history_of

UNHEDGED = "unhedged"
_NAME = re.compile(r"\w[\w .+-]*")


@dataclass(frozen=True, kw_only=True)
class Study:
    """Runs with what was measured on them; the first run is the one the report is about."""

    runs: tuple[Run, ...]
    extras: Extras
    written: tuple[str, ...] = ()
    """Digest of each run's ledger, where the ledgers have been written already."""

    @cached_property
    def histories(self) -> tuple[History, ...]:
        """One per run, in order."""
        return tuple(history_of(run) for run in self.runs)

    @cached_property
    def ledgers(self) -> tuple[str, ...]:
        """Digest of each run's ledger as JSON lines; it names the journal."""
        if self.written:
            return self.written
        encode = msgspec.json.Encoder().encode_lines
        return tuple(digest(encode(run.events)) for run in self.runs)

    @property
    def main(self) -> Run:
        """The run the report is about."""
        return self.runs[0]

    @property
    def history(self) -> History:
        """History of the main run."""
        return self.histories[0]

    @cached_property
    def twin(self) -> History | None:
        """The unhedged run, unless it is the main one or was not given."""
        found = (history for history in self.histories[1:] if history.name == UNHEDGED)
        return next(found, None)

    @cached_property
    def backdrop(self) -> Backdrop:
        """Bills and index over the main run's sessions."""
        return _backdrop(self.history)

    @cached_property
    def references(self) -> tuple[Curve, ...]:
        """SPX held and, where a rate is known, bills held."""
        history = self.history
        total = self._total_return()
        index = spx_held(history.dates, history.spot, history.initial, total)
        bills = bills_held(history.dates, history.rate, history.rate_known, history.initial)
        return (index,) if bills is None else (index, bills)

    @cached_property
    def quick(self) -> tuple[tuple[Measure, ...], ...]:
        """Measures per run without those that resample."""
        return tuple(self._measure(history) for history in self.histories)

    @cached_property
    def measures(self) -> tuple[tuple[Measure, ...], ...]:
        """Every measure per run, in the order of the definitions."""
        return tuple(
            _replaced(quick, drawn_measures(history, self._twin_of(history), np.random.default_rng(run.seed)))
            for quick, history, run in zip(self.quick, self.histories, self.runs, strict=True)
        )

    @cached_property
    def reference_measures(self) -> tuple[tuple[Measure, ...], ...]:
        """Return measures of each reference curve."""
        return tuple(return_measures(curve, self.backdrop) for curve in self.references)

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        """The ten worst weeks."""
        return worst_weeks(self.history, self.twin)

    def measure(self, name: str, place: int = 0) -> Measure:
        """Return one measure of one run."""
        return next(item for item in self.measures[place] if item.name == name)

    def _twin_of(self, history: History) -> History | None:
        return None if history is self.twin else self.twin

    def _measure(self, history: History) -> tuple[Measure, ...]:
        return _ordered(
            (
                *return_measures(history.curve, _backdrop(history), history.deposits),
                *condor_measures(history),
                *hedge_measures(history, self._twin_of(history)),
            )
        )

    def _total_return(self) -> F8 | None:
        known = self.extras.total_return
        days = self.history.dates.tolist()
        if not known or any(day not in known for day in days):
            return None
        return np.array([known[day] for day in days])


def study(runs: Sequence[Run], extras: Extras | None = None, written: Sequence[str] = ()) -> Study:
    """Prepare the study of runs; nothing is computed before it is asked for.

    Parameters
    ----------
    written : sequence of str, optional
        Digest of each run's ledger, where the ledgers have been written already.

    Raises
    ------
    UsageError
        No run, a run without sessions, or two runs of one name.
    """
    if not runs or any(run.equity.height == 0 for run in runs):
        raise UsageError("a report needs at least one run with at least one session")
    check_names([run.strategy for run in runs])
    return Study(runs=tuple(runs), extras=extras if extras is not None else NOTHING, written=tuple(written))


def check_names(names: Sequence[str]) -> None:
    """Refuse names of strategies that cannot name folders side by side.

    Raises
    ------
    UsageError
        A name with characters a folder cannot have, or one that two strategies share.
    """
    for name in names:
        if not _NAME.fullmatch(name):
            raise UsageError(f"the strategy name {name!r} cannot name a folder", fix="Use letters, digits, - and _.")
    if len(set(names)) != len(names):
        raise UsageError(f"two runs are both called {max(names, key=names.count)!r}", fix="Name them apart.")


def _backdrop(history: History) -> Backdrop:
    spot = history.spot
    return Backdrop(bills=history.bill_returns, known=history.rate_known[1:], market=spot[1:] / spot[:-1] - 1.0)


def _replaced(measures: Sequence[Measure], by: Sequence[Measure]) -> tuple[Measure, ...]:
    """Add measures, those of the same name in place of the old ones."""
    return _ordered(tuple(({item.name: item for item in measures} | {item.name: item for item in by}).values()))


def _ordered(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    place = {name: number for number, name in enumerate(DEFINITIONS)}
    return tuple(sorted(measures, key=lambda measure: place[measure.name]))
