"""Flags made of flags, where some of them are absent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from alvh.core.arrays import B1
from alvh.signals.column import SignalColumn, combined

__all__ = ["either", "every", "negated", "renamed", "tested"]


def every(identifier: str, *columns: SignalColumn) -> SignalColumn:
    """Hold where all hold. One that fails settles it; otherwise one that is absent leaves it absent."""
    fails = np.logical_or.reduce([column.present & (column.value == 0.0) for column in columns])
    made = combined(identifier, np.ones(fails.size), *columns)
    return replace(
        made, value=np.where(fails, 0.0, made.value), code=np.where(fails, 0, made.code).astype(made.code.dtype)
    )


def either(identifier: str, *columns: SignalColumn) -> SignalColumn:
    """Hold where one of those present holds; absent only where all are."""
    holds = np.logical_or.reduce([column.present & (column.value != 0.0) for column in columns])
    known = np.logical_or.reduce([column.present for column in columns])
    made = combined(identifier, holds.astype(float), *columns)
    return replace(
        made,
        value=np.where(known, holds.astype(float), 0.0),
        code=np.where(known, 0, made.code).astype(made.code.dtype),
    )


def negated(column: SignalColumn) -> SignalColumn:
    """Turn a flag round where it is present."""
    return tested(column.id, column, column.value == 0.0)


def tested(identifier: str, column: SignalColumn, condition: B1) -> SignalColumn:
    """Turn a column into a flag by a condition on its values."""
    return replace(column, id=identifier, value=np.where(column.present, condition.astype(float), 0.0))


def renamed(identifier: str, column: SignalColumn) -> SignalColumn:
    """Hand a column out under another id."""
    return replace(column, id=identifier)
