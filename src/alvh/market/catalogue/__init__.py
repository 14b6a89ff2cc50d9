"""The catalogue of series: canonical name, meaning, unit, frequency, release rule, how long a value stays fresh.

One row describes one series or, with a trailing ``*``, a family. A new series is one more row.

Names: an index or a share is its symbol (``SPX``, ``VIX``, ``SPY``) and that means the close; ``.open``, ``.high``,
``.low``, ``.volume`` follow a dot; ``.adjclose`` is a close adjusted for splits and dividends. A FRED series keeps its
FRED id. ``VX/2018-02-14.settle`` is a field of one monthly VX future, ``VXW/...`` of a weekly one; ``VX1`` is the first
monthly future of a day and ``VX30`` the curve at thirty days.

Release rules come from the publishers' schedules (BLS, BEA, Federal Reserve H.15, H.6, H.10 and H.4.1, Cboe). Where a
schedule moves from month to month the rule takes the latest day seen, so it errs late: the 138 CPI releases of
2015-2026 came 37 to 56 days after the start of their month, never later than 26 days after its end. Where a table of
true release dates is in the store (``calendar`` of a row), it replaces the rule.

Values of macro series marked ``revised`` are of the vintage in which the file was made: what was known then is
approximate, and only the vintage tables are exact.
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache

from alvh.market.catalogue.daily import BREADTH_ROWS, FIELD_ROWS, INDEX_ROWS, VX_ROWS
from alvh.market.catalogue.entry import (
    AT_1615,
    CLOSE,
    MAX_AGE,
    ONE_WEEK,
    Frequency,
    SeriesEntry,
    after_month,
    after_quarter,
)
from alvh.market.catalogue.inputs import (
    BREADTH_INPUT_ROWS,
    EQUITY_INPUT_ROWS,
    RATE_INPUT_ROWS,
    VIX_OPTION_ROWS,
    VX_INPUT_ROWS,
)
from alvh.market.catalogue.macro import EQUITY_ROWS, MACRO_ROWS, RATE_ROWS
from alvh.market.release import Anchor, Release

__all__ = ["ALIASES", "CATALOGUE", "Frequency", "SeriesEntry", "canonical", "entry", "known", "share_entry"]

ALIASES = {
    "VIXCLS": "VIX",
    "VXVCLS": "VIX3M",
    "OVXCLS": "OVX",
    "VXOCLS": "VXO",
    "SP500": "SPX",
    "^GSPC": "SPX",
    "GSPC": "SPX",
    "VXST": "VIX9D",
    "VXV": "VIX3M",
    "VXMT": "VIX6M",
    "SPTR": "SPXT",
    "VIX INDEX": "VIX",
    "SP500_FORWARD_PE": "SPX.FORWARD_PE",
    "3MONTHTREASURY": "DGS3MO",
}
"""Other names under which publishers and vendors know a series."""

_TABLES = (
    FIELD_ROWS,
    INDEX_ROWS,
    VX_ROWS,
    BREADTH_ROWS,
    RATE_ROWS,
    MACRO_ROWS,
    EQUITY_ROWS,
    VX_INPUT_ROWS,
    VIX_OPTION_ROWS,
    BREADTH_INPUT_ROWS,
    EQUITY_INPUT_ROWS,
    RATE_INPUT_ROWS,
)
_PRICE_FIELDS = (".open", ".high", ".low", ".close", ".settle")
_STRANGER = {
    Frequency.DAILY: Release(anchor=Anchor.DAY, minute=AT_1615),
    Frequency.WEEKLY: ONE_WEEK,
    Frequency.MONTHLY: after_month(45),
    Frequency.QUARTERLY: after_quarter(90),
    Frequency.IRREGULAR: ONE_WEEK,
}

_WILD = frozenset("*?[")

CATALOGUE: dict[str, SeriesEntry] = {item.name: item for table in _TABLES for item in table}
"""Every row by its canonical name or family."""


def canonical(name: str) -> str:
    """Return the canonical name of a series known under several."""
    return ALIASES.get(name.upper(), name)


@cache
def known(name: str) -> SeriesEntry | None:
    """Look a canonical name up, through its family and its price field; None where the catalogue does not have it."""
    if name in CATALOGUE:
        return replace(CATALOGUE[name], name=name)
    families = (row for family, row in CATALOGUE.items() if not _WILD.isdisjoint(family))
    for row in families:
        if fnmatchcase(name, row.name):
            return replace(row, name=name)
    for field in _PRICE_FIELDS:
        if name.endswith(field):
            base = known(name.removesuffix(field))
            return replace(base, name=name) if base else None
    return None


def entry(name: str, frequency: Frequency = Frequency.DAILY) -> SeriesEntry:
    """Describe a series, by the catalogue or, for a stranger, by its frequency.

    A stranger's daily value counts as known at 16:15 New York on its day; a weekly one 8 days, a monthly one 45 days
    after the month, a quarterly one 90 days after the quarter: late enough for any publisher we know.
    """
    return known(name) or SeriesEntry(
        name=name,
        meaning="not in the catalogue",
        unit="unknown",
        frequency=frequency,
        release=_STRANGER[frequency],
        max_age=MAX_AGE[frequency],
        positive=False,
    )


def share_entry(name: str) -> SeriesEntry:
    """Describe the price of a share or a fund that the catalogue does not name."""
    return known(name) or SeriesEntry(
        name=name,
        meaning="share or fund, price as the file gives it",
        unit="USD",
        frequency=Frequency.DAILY,
        release=CLOSE,
        max_age=MAX_AGE[Frequency.DAILY],
    )
