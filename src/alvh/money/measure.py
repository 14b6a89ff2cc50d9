"""A measure: one number with its unit and definition, or the reason why it is absent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from alvh.core.errors import InvariantError
from alvh.money.definitions import DEFINITIONS, Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of a report.

    Attributes
    ----------
    name : str
        Key of `alvh.money.definitions.DEFINITIONS`.
    value : float or None
        In `unit`; None when the measure is absent, and then `reason` says why.
    unit, definition : str
        Printed with the number wherever it appears.
    interval : (float, float) or None
        Interval at `level`, where the definition names one.
    dates : tuple of date
        Days the figure refers to, e.g. peak, trough and recovery of a drawdown.
    reason : str
        Why `value` is None; empty otherwise.
    caution : str
        What a reader should hold against the number, e.g. a small sample; empty otherwise.
    """

    name: str
    label: str
    value: float | None
    unit: str
    definition: str
    interval: tuple[float, float] | None = None
    dates: tuple[date, ...] = ()
    reason: str = ""
    caution: str = ""


def present(
    name: str,
    value: float,
    *,
    interval: tuple[float, float] | None = None,
    dates: tuple[date, ...] = (),
    caution: str = "",
) -> Measure:
    """Make a measure that has a value.

    Raises
    ------
    InvariantError
        The value is not finite: whoever computed it had to say `absent`.
    """
    if not math.isfinite(value):
        raise InvariantError(f"{name} came out as {value}", where="alvh.money")
    about = _definition(name)
    return Measure(
        name=name,
        label=about.label,
        value=float(value),
        unit=about.unit,
        definition=about.text,
        interval=interval,
        dates=dates,
        caution=caution,
    )


def absent(name: str, reason: str, *, caution: str = "") -> Measure:
    """Make a measure without a value, with the reason."""
    about = _definition(name)
    return Measure(
        name=name,
        label=about.label,
        value=None,
        unit=about.unit,
        definition=about.text,
        reason=reason,
        caution=caution,
    )


def perhaps(name: str, value: float | None, reason: str, *, caution: str = "") -> Measure:
    """Make a measure that is absent for `reason` where `value` is None."""
    return absent(name, reason, caution=caution) if value is None else present(name, value, caution=caution)


def _definition(name: str) -> Definition:
    return DEFINITIONS[name]
