"""Findings: what is wrong with data, recorded and never silently repaired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Defect(StrEnum):
    """Kinds of defects in market data."""

    CROSSED = "crossed"
    NEGATIVE = "negative price"
    NOT_A_NUMBER = "not a number"
    DUPLICATE = "duplicate"
    STALE = "stale copy"
    EXPIRED = "expiry before quote date"
    MISSING_EXPIRY = "missing expiry"
    MISSING_SESSION = "missing session"
    NOT_A_SESSION = "not a session"
    ARBITRAGE = "static arbitrage"
    BLANKED = "quotes blanked"
    ZERO_SETTLE = "settlement of zero"
    RECONSTRUCTED = "reconstructed"
    OUT_OF_ORDER = "dates out of order"
    AMERICAN = "american exercise"
    MISSING_VALUE = "value absent"
    IMPLAUSIBLE = "implausible value"
    CONFLICT = "sources disagree"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One observation about one series or one chain day.

    Attributes
    ----------
    subject : str
        Series name or option root.
    session : date or None
        The day, or None where it concerns the whole series.
    count : int
        Rows concerned.
    detail : str
        One sentence a person can act on.
    """

    subject: str
    defect: Defect
    session: date | None
    count: int
    detail: str
