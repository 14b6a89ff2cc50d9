"""Numbers as people read them; one place, so that page, table and prose agree."""

from __future__ import annotations

from datetime import date

from alvh.money.definitions import COUNT, DAYS, FRACTION, USD, YEARLY
from alvh.money.measure import Measure

ABSENT = "–"
MINUS = "−"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""Not the locale's, so that the same run gives the same bytes everywhere."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def usd(value: float, places: int = 0) -> str:
    """Write an amount: ``−12,300``."""
    return signed(f"{value:,.{places}f}")


def percent(value: float, places: int = 1) -> str:
    """Write a fraction as per cent: ``12.5%``."""
    return signed(f"{100.0 * value:,.{places}f}") + "%"


def number(value: float, places: int = 2) -> str:
    """Write a plain number."""
    return signed(f"{value:,.{places}f}")


def signed(text: str) -> str:
    """Give a negative number a real minus sign, and no sign to a rounded zero."""
    if not text.startswith("-"):
        return text
    return text[1:] if not text.strip("-0.,") else MINUS + text[1:]


def day(when: date) -> str:
    """Write a date in words: ``9 Feb 2018``."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def of_unit(value: float, unit: str) -> str:
    """Write a value of a measure's unit."""
    if unit in (FRACTION, YEARLY):
        # Below one per cent a single decimal says too little.
        return percent(value, 1 if abs(value) >= 0.01 or value == 0.0 else 2)
    if unit == USD:
        return usd(value)
    if unit in (COUNT, DAYS):
        return number(value, 0 if unit == COUNT else 1)
    return number(value)


def of_measure(measure: Measure) -> str:
    """Write a measure's value, or a dash where it is absent."""
    return ABSENT if measure.value is None else of_unit(measure.value, measure.unit)


def interval_of(measure: Measure) -> str:
    """Write a measure's interval in brackets; empty where there is none."""
    if measure.interval is None:
        return ""
    low, high = measure.interval
    return f"[{of_unit(low, measure.unit)}, {of_unit(high, measure.unit)}]"
