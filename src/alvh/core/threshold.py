"""Every number has a birth certificate.

A room declares its parameters as a frozen dataclass whose fields are annotated `Threshold[float]` (or int, bool,
str, a tuple of floats) and default to `declare(...)`, which names the unit, the legal range and what the number
means. The values themselves, with their provenance, live in the policy document.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

T = TypeVar("T", float, int, bool, str, tuple[float, ...])


class Basis(StrEnum):
    """Where a number comes from."""

    STATED = "stated"
    """A seed document says the number."""
    DERIVED = "derived"
    """Follows from stated numbers or from a contract's definition."""
    CALIBRATED = "calibrated"
    """Fitted; the source names the fit."""
    ASSUMED = "assumed"
    """Ours; the note says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Generic[T]):
    """One number of the policy with its unit and provenance."""

    value: T
    unit: str
    basis: Basis
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a room says about one of its parameters: meaning, unit, type and legal range."""

    kind: type
    unit: str
    meaning: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


def declare(
    kind: type,
    unit: str,
    meaning: str,
    *,
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a parameter of a room, to be given its value by the policy document.

    Parameters
    ----------
    kind : type
        float, int, bool, str or tuple (of floats).
    unit : str
        Unit as printed on the rule's page, e.g. "calendar days", "fraction of equity".
    meaning : str
        One line for the rule's page.
    low, high : float, optional
        Inclusive legal range.
    choices : tuple of str, optional
        Legal values of a str parameter.
    """
    declaration = Declaration(kind=kind, unit=unit, meaning=meaning, low=low, high=high, choices=choices)
    return field(metadata={"declaration": declaration})


def declarations(parameters: type) -> dict[str, Declaration | type]:
    """List the parameters of a dataclass: a `Declaration` for a number, a dataclass type for a nested table.

    Nested tables are fields annotated with another parameter dataclass and made by `section`.
    """
    if not is_dataclass(parameters):
        raise TypeError(f"{parameters!r} is not a parameter dataclass")
    found: dict[str, Declaration | type] = {}
    for item in fields(parameters):
        name = str(item.metadata.get("key", item.name))
        found[name] = item.metadata.get("declaration") or item.metadata["section"]
    return found


def section(key: str, parameters: type) -> Any:
    """Declare a nested table of parameters under a rule id such as ``C-SHAPE``."""
    return field(metadata={"key": key, "section": parameters})
