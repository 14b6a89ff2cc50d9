"""What a file name says: the symbol in its first word, a date in its digits."""

from __future__ import annotations

import re
from datetime import date

from alvh.market.contracts import Kind
from alvh.market.products import PRODUCTS

_DATED = re.compile(r"(?<!\d)(\d{4})[-_]?(\d{2})[-_]?(\d{2})(?!\d)")


def root_in_name(name: str) -> str | None:
    """Return the first word of a file name where it is an option root this program knows."""
    word = re.split(r"[^a-z0-9]", name.lower())[0].upper()
    found = PRODUCTS.get(word)
    return word if found is not None and found.kind is Kind.OPTION else None


def day_in_name(name: str) -> date | None:
    """Return the first date written as YYYYMMDD, with or without separators, in a file name."""
    for found in _DATED.finditer(name):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    return None
