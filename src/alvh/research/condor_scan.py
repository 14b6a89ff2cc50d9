"""Scan option quotes for every condor that could have been sold, before any portfolio rule.

1. On every session, for every expiry with ``exit_dte < dte <= max_dte``, take the four quotes nearest to the target
   deltas (`scan_legs`) and enter at the mid, or at a fraction of the bid-ask width.
2. Carry the condor to the day that lies `exit_dte` days before expiry and close it there (`scan_exits`).
3. Count every chance and what became of it; a condor without a quote on its exit day has no result and is counted.

One pass over the quotes: only open condors and finished trades are kept, so memory does not grow with the years but
for a few hundred bytes a trade. The work is done for many sessions at once in numpy; compiled code would gain less
than it costs to load (see the page on benchmarks).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from alvh.core.arrays import D8, F8, I8
from alvh.core.errors import RefusedError
from alvh.research.quote_batch import QuoteBatch, as_date, usable_quotes
from alvh.research.scan_exits import close
from alvh.research.scan_files import open_quotes, windows
from alvh.research.scan_legs import Condors, choose, joined, no_condors
from alvh.research.scan_parameters import LEGS, Pricing, ScanParameters
from alvh.research.scan_result import Bucket, ScanCounts, ScanResult, ScanTrades

__all__ = [
    "LEGS",
    "Bucket",
    "Pricing",
    "QuoteBatch",
    "ScanCounts",
    "ScanParameters",
    "ScanResult",
    "ScanTrades",
    "scan",
    "scan_days",
    "scan_file",
]

_DEFAULTS = ScanParameters()


def scan(paths: str | Path | Sequence[str | Path], parameters: ScanParameters = _DEFAULTS) -> ScanResult:
    """Scan Parquet files, or folders of them, for condors.

    Parameters
    ----------
    paths : path or sequence of paths
        Files with optopsy's columns (quote_date, expiration, option_type, strike, bid, ask, delta, and
        underlying_symbol where there is more than one) or the chains of an imported store.
    parameters : ScanParameters, optional

    Raises
    ------
    DataError
        A file is missing, is not Parquet, lacks a column, or quotes one contract twice on one day.
    """
    several = [paths] if isinstance(paths, str | Path) else paths
    files = open_quotes([Path(path) for path in several])
    return scan_days(windows(files, parameters), parameters, roots=files.roots)


def scan_file(path: str | Path) -> tuple[int, float]:
    """Scan one file with the default parameters.

    Returns
    -------
    trades : int
    total : float, points
        Sum of all profits.
    """
    found = scan(path)
    return len(found.trades), found.total


def scan_days(
    batches: Iterable[QuoteBatch], parameters: ScanParameters = _DEFAULTS, *, roots: Sequence[str] = ("",)
) -> ScanResult:
    """Scan quotes that come in batches of whole sessions.

    Parameters
    ----------
    batches : iterable of QuoteBatch
        In ascending order of sessions; a session lies in one batch only.
    parameters : ScanParameters, optional
    roots : sequence of str, optional
        Names of the roots that the batches give by code; looked at after the last batch.

    Raises
    ------
    RefusedError
        Batches are out of order, or one contract has two different quotes on one session.
    """
    ledger = _Ledger()
    for batch in _ascending(batches):
        ledger.see(batch)
        usable = usable_quotes(batch, parameters)
        choice = choose(usable, parameters)
        exits = close(joined([ledger.held, choice.condors]), usable, parameters)
        ledger.held = exits.still_open
        ledger.closed.append(exits.closed)
        ledger.cost.append(exits.cost)
        ledger.count(
            offered=choice.offered,
            traded=exits.closed.size,
            without_leg=choice.without_leg,
            out_of_order=choice.out_of_order,
            without_session=exits.without_session,
            without_quote=exits.without_quote,
            unusable=usable.unusable,
            repeated=usable.repeated,
        )
    return ledger.result(parameters, tuple(roots))


@dataclass(slots=True, kw_only=True)
class _Ledger:
    """What a scan keeps between batches."""

    held: Condors = field(default_factory=no_condors)
    closed: list[Condors] = field(default_factory=list)
    cost: list[F8] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None

    def see(self, batch: QuoteBatch) -> None:
        """Extend the range of sessions."""
        if self.first is None and batch.size:
            self.first = int(batch.session.min())
        self.last = batch.last

    def count(self, **more: int) -> None:
        """Add to the counts."""
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def result(self, parameters: ScanParameters, roots: tuple[str, ...]) -> ScanResult:
        """Sort the trades and sum up."""
        closed = joined(self.closed)
        cost = np.concatenate(self.cost) if self.cost else np.empty(0)
        order = np.lexsort((closed.expiry, closed.root, closed.session))
        closed, cost = closed.take(order), cost[order]
        trades = ScanTrades(
            entry=_dates(closed.session),
            exit=_dates(closed.expiry - parameters.exit_dte),
            expiry=_dates(closed.expiry),
            root=closed.root,
            roots=roots,
            strike=closed.strike,
            delta=closed.delta,
            credit=closed.credit,
            cost=cost,
        )
        return ScanResult(
            parameters=parameters,
            trades=trades,
            counts=ScanCounts(**self.counts, still_open=self.held.size),
            first=None if self.first is None else as_date(self.first),
            last=None if self.last is None else as_date(self.last),
        )


def _ascending(batches: Iterable[QuoteBatch]) -> Iterator[QuoteBatch]:
    """Pass batches on while their sessions ascend."""
    last: int | None = None
    for batch in batches:
        early = last is not None and batch.size and int(batch.session.min()) <= last
        if early or (batch.size and int(batch.session.max()) > batch.last) or (last is not None and batch.last < last):
            raise RefusedError(
                f"a batch up to {as_date(batch.last)} holds sessions outside its turn"
                + ("" if last is None else f" after {as_date(last)}"),
                fix="Give whole sessions in ascending order.",
            )
        last = batch.last
        yield batch


def _dates(days: I8) -> D8:
    dates: D8 = days.astype("datetime64[D]")
    return dates
