"""What the measures read: one strategy's history in numpy columns, with its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.ledger.entries import Entries
from alvh.money.curve import Curve
from alvh.money.sleeves import SleevePath, interest_path, sleeve_path
from alvh.money.trades import Trade, multipliers, trades_of


@dataclass(frozen=True, kw_only=True)
class History:
    """One strategy over n sessions.

    Attributes
    ----------
    name : str
    dates : (n,) datetime64[D] array
    initial : float, USD
    equity, condor_mark, hedge_mark, margin, spot : (n,) arrays
    rate : (n,) array
        One-month bill rate, decimal; meaningful only where `rate_known`.
    rate_known : (n,) array of bool
    coverage, stress_down : arrays
        Only the sessions on which they are defined.
    entries : Entries
        The ledger.
    open_marks : mapping of position id to USD
    """

    name: str
    dates: D8
    initial: float
    equity: F8
    condor_mark: F8
    hedge_mark: F8
    margin: F8
    spot: F8
    rate: F8
    rate_known: B1
    coverage: F8
    stress_down: F8
    entries: Entries
    open_marks: dict[str, float]

    @cached_property
    def curve(self) -> Curve:
        """Equity as a curve of wealth."""
        return Curve(name=self.name, dates=self.dates, value=self.equity, initial=self.initial)

    @cached_property
    def trades(self) -> tuple[Trade, ...]:
        """Every position as one record, both sleeves, in order of opening."""
        return trades_of(self.entries, self.open_marks)

    @cached_property
    def condor(self) -> SleevePath:
        """Where the condors' money came from."""
        return sleeve_path(self.entries, "condor", self.dates, self.condor_mark)

    @cached_property
    def hedge(self) -> SleevePath:
        """Where the hedge's money came from."""
        return sleeve_path(self.entries, "hedge", self.dates, self.hedge_mark)

    @cached_property
    def interest(self) -> F8:
        """Cumulative interest, USD."""
        return interest_path(self.entries.interest, self.dates)

    @cached_property
    def bill_returns(self) -> F8:
        """(n - 1,) returns of cash between sessions: the later session's rate x days / 365, as the account accrues."""
        days = np.diff(self.dates).astype("timedelta64[D]").astype(np.int64)
        return np.where(self.rate_known[1:], self.rate[1:], 0.0) * days / 365.0

    @cached_property
    def deposits(self) -> tuple[tuple[np.datetime64, float], ...]:
        """Dated deposits, USD."""
        paid = self.entries.deposits
        return tuple(zip(paid.session, paid.amount.tolist(), strict=True))

    @cached_property
    def multipliers(self) -> F8:
        """USD per point of each package of the ledger."""
        return multipliers(self.entries)

    @property
    def years(self) -> float:
        """Years of 365 days from the first to the last session."""
        return self.curve.days / 365.0
