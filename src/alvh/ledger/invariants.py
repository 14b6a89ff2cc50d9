"""Invariants: what every run must hold, as a list of small functions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One invariant with its verdict.

    Attributes
    ----------
    name : str
        Short, stable name, e.g. ``equity = cash + marks``.
    holds : bool
    sentence : str
        What was compared, over how many rows, and the worst case, for a person.
    worst : float
        Size of the worst deviation in the invariant's own unit; 0.0 when nothing deviated.
    """

    name: str
    holds: bool
    sentence: str
    worst: float
