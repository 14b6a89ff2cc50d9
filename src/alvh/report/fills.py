"""Fills as a frame: one row per leg that was traded or settled, in the order of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from alvh.core.arrays import F8, I8
from alvh.engine.run import Run
from alvh.ledger.entries import Entries

FILL_COLUMNS: dict[str, pl.DataType] = {
    "session": pl.Date(),
    "position": pl.String(),
    "proposal": pl.String(),
    "kind": pl.String(),
    "sleeve": pl.String(),
    "rule": pl.String(),
    "reason": pl.String(),
    "symbol": pl.String(),
    "contracts": pl.Int64(),
    "bid": pl.Float64(),
    "ask": pl.Float64(),
    "price": pl.Float64(),
    "fee": pl.Float64(),
    "origin": pl.String(),
    "package_price": pl.Float64(),
    "package_mid": pl.Float64(),
    "package_natural": pl.Float64(),
    "package_cash": pl.Float64(),
}
"""One row per leg that was traded (`opened`, `closed`) or settled (`settled`, price = settlement value)."""

_AT_ONCE = 4096


def fills_frame(run: Run) -> pl.DataFrame:
    """Return one row per leg traded or settled, in the order of the ledger."""
    rows = _Rows(run.entries)
    packages, legs, settled = run.entries.packages, run.entries.legs, run.entries.settlements
    ended = settled.order.size
    columns = (
        pl.Series(rows.days(packages.session, settled.session)),
        rows.words(packages.position, settled.position),
        rows.words(packages.proposal),
        rows.words(np.where(packages.opened, "opened", "closed").tolist(), ["settled"] * ended),
        rows.words(packages.sleeve, settled.sleeve),
        rows.words(packages.rule),
        rows.words(packages.reason, [proxy or "official settlement value" for proxy in settled.proxy]),
        _symbols(np.concatenate([legs.symbol, settled.symbol]), rows.leg),
        # Settlement takes away what was held.
        pl.Series(np.concatenate([legs.ratio * packages.quantity[rows.package_of_leg], -settled.contracts])[rows.leg]),
        rows.of_legs(legs.bid),
        rows.of_legs(legs.ask),
        rows.of_legs(legs.price, settled.value),
        rows.of_legs(legs.fee, np.zeros(ended)),
        pl.Series([*legs.origin, *([None] * ended)], dtype=pl.String).gather(rows.leg),
        rows.of_packages(packages.price),
        rows.of_packages(packages.mid),
        rows.of_packages(packages.natural),
        rows.of_packages(packages.cash, settled.cash),
    )
    made = zip(FILL_COLUMNS.items(), columns, strict=True)
    return pl.DataFrame([column.cast(kind).alias(name) for (name, kind), column in made])


class _Rows:
    """Where each row of the frame stands: among the legs with the settlements behind them, and among the packages."""

    def __init__(self, entries: Entries) -> None:
        packages, settled = entries.packages, entries.settlements
        counts = np.diff(packages.legs)
        self.package_of_leg: I8 = np.repeat(np.arange(counts.size), counts)
        self._settled = settled.order.size
        order = np.concatenate([packages.order[self.package_of_leg], settled.order])
        self.leg: I8 = np.argsort(order, kind="stable")
        self.package: I8 = np.concatenate([self.package_of_leg, counts.size + np.arange(self._settled)])[self.leg]

    def days(self, traded: NDArray[np.datetime64], settled: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        """Dates of packages and settlements."""
        return np.concatenate([traded, settled])[self.package]

    def words(self, traded: Sequence[str], settled: Sequence[str] | None = None) -> pl.Series:
        """Texts of packages and settlements; null for settlements where these have none."""
        behind = settled if settled is not None else [None] * self._settled
        return pl.Series([*traded, *behind], dtype=pl.String).gather(self.package)

    def of_packages(self, traded: F8, settled: F8 | None = None) -> pl.Series:
        """Numbers of packages and settlements."""
        return self._numbers(traded, settled, self.package)

    def of_legs(self, traded: F8, settled: F8 | None = None) -> pl.Series:
        """Numbers of legs and settlements."""
        return self._numbers(traded, settled, self.leg)

    def _numbers(self, traded: F8, settled: F8 | None, rows: I8) -> pl.Series:
        if settled is not None:
            return pl.Series(np.concatenate([traded, settled])[rows])
        none = pl.Series([None] * self._settled, dtype=pl.Float64)
        return pl.concat([pl.Series(traded), none], rechunk=True).gather(rows)


def _symbols(symbols: NDArray[np.bytes_], rows: I8) -> pl.Series:
    """Symbols as texts, made a few at a time."""
    parts = [
        pl.Series([symbol.decode() for symbol in symbols[rows[first : first + _AT_ONCE]].tolist()], dtype=pl.String)
        for first in range(0, max(rows.size, 1), _AT_ONCE)
    ]
    return pl.concat(parts, rechunk=True)
