"""What a condor scan found: every condor with its profit, what became of the others, and how profits are spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from alvh.core.arrays import B1, D8, F8, I8
from alvh.core.errors import UsageError
from alvh.research.scan_parameters import ScanParameters

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanTrades:
    """Condors entered and closed, n rows sorted by (entry, root, expiry); legs stand in the order of `LEGS`.

    Attributes
    ----------
    entry, exit, expiry : (n,) arrays of datetime64[D]
    root : (n,) array of codes
        Place in `roots`.
    roots : tuple of str
        Option roots or underlying symbols; one empty name where the source has none.
    strike : (n, 4) array, points
    delta : (n, 4) array
        As quoted at the entry.
    credit : (n,) array, points
        Received at the entry; negative where the condor cost money.
    cost : (n,) array, points
        Paid to close; negative where closing brought money.
    """

    entry: D8
    exit: D8
    expiry: D8
    root: I8
    roots: tuple[str, ...]
    strike: F8
    delta: F8
    credit: F8
    cost: F8

    def __len__(self) -> int:
        return int(self.credit.size)

    @property
    def pnl(self) -> F8:
        """(n,) array, points: credit less cost, before fees."""
        return self.credit - self.cost

    @property
    def dte(self) -> I8:
        """(n,) array, calendar days from entry to expiry."""
        days: I8 = (self.expiry - self.entry).astype(np.int64)
        return days

    @property
    def short_delta(self) -> F8:
        """(n,) array: mean absolute delta of the two short legs at the entry."""
        size: F8 = np.abs(self.delta[:, 1:3]).mean(axis=1)
        return size

    @property
    def width(self) -> F8:
        """(n,) array, points: the wider wing, which times 100 is the margin requirement of one condor."""
        return np.maximum(self.strike[:, 1] - self.strike[:, 0], self.strike[:, 3] - self.strike[:, 2])

    def frame(self) -> pl.DataFrame:
        """Return the table as a polars frame, one column a strike and a delta."""
        import polars as pl  # noqa: PLC0415 - only callers who want a frame pay for it

        names = ("long_put", "short_put", "short_call", "long_call")
        root = np.array(self.roots, dtype=np.str_)[self.root]
        columns: dict[str, Any] = {"root": root.tolist(), "entry": self.entry, "exit": self.exit, "expiry": self.expiry}
        columns |= {name: self.strike[:, leg] for leg, name in enumerate(names)}
        columns |= {f"{name}_delta": self.delta[:, leg] for leg, name in enumerate(names)}
        columns |= {"credit": self.credit, "cost": self.cost, "pnl": self.pnl}
        return pl.DataFrame(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanCounts:
    """What became of every chance to enter; `offered` is the sum of `traded` and the five reasons below it.

    Attributes
    ----------
    offered : int
        Pairs of session and expiry in the range of days, with at least one quote within reach of a leg.
    traded : int
        Entered and closed.
    without_leg : int
        Some leg had no quote within the tolerance.
    out_of_order : int
        The four strikes did not ascend.
    without_session : int
        The expiry had no quotes at all on the exit day.
    without_quote : int
        A contract had no usable quote on the exit day.
    still_open : int
        The exit day lies after the last session.
    unusable : int
        Quotes within reach that are no price: a blank, a negative or crossed quote, or no ask.
    repeated : int
        Quotes within reach that repeated another one word for word.
    """

    offered: int = 0
    traded: int = 0
    without_leg: int = 0
    out_of_order: int = 0
    without_session: int = 0
    without_quote: int = 0
    still_open: int = 0
    unusable: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Profits of the condors of one range of days to expiry and of short delta.

    Attributes
    ----------
    dte_from, dte_to : int, calendar days
        Both included.
    delta_from, delta_to : float
        Mean absolute delta of the short legs; the first included, the second not.
    trades : int
        At least one.
    total, mean, worst, lower_quartile, median, upper_quartile, best : float, points
    deviation : float or None, points
        Standard deviation of the sample; None for a single condor.
    won : float
        Fraction with a profit above zero.
    """

    dte_from: int
    dte_to: int
    delta_from: float
    delta_to: float
    trades: int
    total: float
    mean: float
    deviation: float | None
    worst: float
    lower_quartile: float
    median: float
    upper_quartile: float
    best: float
    won: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """Every condor that could have been sold, before any portfolio rule and before fees.

    Attributes
    ----------
    first, last : date or None
        First and last session seen; None where there was none.
    """

    parameters: ScanParameters
    trades: ScanTrades
    counts: ScanCounts
    first: date | None
    last: date | None

    @property
    def total(self) -> float:
        """Sum of all profits, points; exactly zero where nothing traded."""
        return float(self.trades.pnl.sum())

    def distribution(self, *, days: int = 7, delta: float = 0.02) -> tuple[Bucket, ...]:
        """Spread the profits over ranges of days to expiry and of short delta; empty ranges are left out.

        Parameters
        ----------
        days : int, calendar days
            Width of a range of days; the first begins right after the exit day.
        delta : float
            Width of a range of delta; the first begins at zero.

        Raises
        ------
        UsageError
            A width is not positive.
        """
        if days < 1 or not 0.0 < delta < 1.0:
            raise UsageError(f"ranges of {days} days and {delta} of delta have no width.", where="distribution")
        trades = self.trades
        day = (trades.dte - self.parameters.exit_dte - 1) // days
        # Deltas come as decimals of few places; without the nudge 0.16 would fall into the range below 0.16.
        size = np.floor(trades.short_delta / delta + 1e-9).astype(np.int64)
        found = sorted(set(zip(day.tolist(), size.tolist(), strict=True)))
        return tuple(self._bucket(at, step, (day == at) & (size == step), days, delta) for at, step in found)

    def _bucket(self, at: int, step: int, members: B1, days: int, delta: float) -> Bucket:
        pnl = self.trades.pnl[members]
        start = self.parameters.exit_dte + 1 + at * days
        worst, lower, median, upper, best = np.quantile(pnl, (0.0, 0.25, 0.5, 0.75, 1.0)).tolist()
        return Bucket(
            dte_from=start,
            dte_to=min(start + days - 1, self.parameters.max_dte),
            delta_from=round(step * delta, 10),
            delta_to=round((step + 1) * delta, 10),
            trades=pnl.size,
            total=float(pnl.sum()),
            mean=float(pnl.mean()),
            deviation=float(pnl.std(ddof=1)) if pnl.size > 1 else None,
            worst=worst,
            lower_quartile=lower,
            median=median,
            upper_quartile=upper,
            best=best,
            won=float((pnl > 0.0).mean()),
        )
