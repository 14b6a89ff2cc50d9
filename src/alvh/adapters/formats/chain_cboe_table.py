"""The delayed quote table of cboe.com, saved as CSV: three or four lines above the header, calls and puts side by side.

The table does not carry its session reliably: the line above the header is the clock of whoever saved it, in their
language, often days later. The session is therefore taken from the file name or from what the person says, and a
clock that names another day is recorded as a finding. The clock times the quotes only where it lies inside the
session itself; otherwise they are the last displayed ones and are taken at 16:15 New York.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

import polars as pl

from alvh.adapters.formats.clock import read_clock
from alvh.adapters.formats.file_name import day_in_name
from alvh.adapters.formats.normal import day, normal, symbol_root
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble, ReadOptions
from alvh.core.errors import RefusedError
from alvh.market.quality import Defect, Finding
from alvh.market.sessions import NEW_YORK

_HEADER = "Expiration Date,Calls,Last Sale"
_LAST = re.compile(r"Last:\s*([0-9.]+)")
_CLOCK_LINE = re.compile(r"Date:\s*(.*?)\s*\"?,Bid:")
_OPEN, _LAST_LOOK = time(9, 30), time(16, 15)


def _side(frame: pl.DataFrame, preamble: Preamble, symbol: str, suffix: str) -> pl.DataFrame:
    return normal(
        frame,
        session=pl.lit(preamble.session),
        asof=pl.lit(preamble.asof),
        root=symbol_root(symbol),
        spot=pl.lit(preamble.spot),
        expiry=day(frame, "Expiration Date"),
        strike=pl.col("Strike"),
        is_put=pl.lit(symbol == "Puts"),
        bid=pl.col(f"Bid{suffix}"),
        ask=pl.col(f"Ask{suffix}"),
        iv=pl.col(f"IV{suffix}"),
        delta=pl.col(f"Delta{suffix}"),
        volume=pl.col(f"Volume{suffix}"),
        open_interest=pl.col(f"Open Interest{suffix}"),
    )


def _normalise(frame: pl.DataFrame, preamble: Preamble) -> pl.DataFrame:
    return pl.concat([_side(frame, preamble, "Calls", ""), _side(frame, preamble, "Puts", "_2")])


def _preamble(table: Sniff, options: ReadOptions) -> Preamble:
    above = table.lines[: _header_line(table)]
    last = next((found for line in above if (found := _LAST.search(line))), None)
    printed = next((found[1] for line in above if (found := _CLOCK_LINE.search(line))), "")
    clock = read_clock(printed)
    session = _session(table, options, printed)
    return Preamble(
        session=session,
        spot=float(last[1]) if last else None,
        asof=_instant(clock, session),
        findings=_disagreement(table, session, clock, printed),
    )


def _session(table: Sniff, options: ReadOptions, printed: str) -> date:
    named = day_in_name(table.name)
    if options.day is not None and named is not None and named != options.day:
        raise RefusedError(
            f"the file name says {named} and --date says {options.day}.", where=table.where, fix="Drop one of them."
        )
    session = options.day or named
    if session is None:
        raise RefusedError(
            f'the table does not say its session (the clock above it reads "{printed}").',
            where=table.where,
            fix="Give it with --date YYYY-MM-DD, or put YYYYMMDD in the file name.",
        )
    return session


def _instant(clock: datetime | None, session: date) -> int | None:
    """Seconds of a clock that lies inside the session; None otherwise."""
    if clock is None:
        return None
    local = clock.astimezone(NEW_YORK)
    if local.date() != session or not _OPEN <= local.time() <= _LAST_LOOK:
        return None
    return int(clock.timestamp())


def _disagreement(table: Sniff, session: date, clock: datetime | None, printed: str) -> tuple[Finding, ...]:
    subject = table.name.split("_")[0].upper()
    if clock is None:
        detail = f'The clock above the table reads "{printed}" and cannot be understood; the session is {session}.'
    elif clock.astimezone(NEW_YORK).date() != session:
        detail = f'The clock above the table reads "{printed}"; the session is {session}.'
    else:
        return ()
    return (Finding(subject=subject, defect=Defect.CONFLICT, session=session, count=1, detail=detail),)


def _header_line(table: Sniff) -> int:
    return next(place for place, line in enumerate(table.lines) if line.startswith(_HEADER))


def _matches(table: Sniff) -> bool:
    return any(line.startswith(_HEADER) for line in table.lines)


FORMATS = (
    ChainFormat(
        name="cboe-table",
        title="Cboe delayed quote table",
        header="(3-4 lines) Expiration Date,Calls,Last Sale,Net,Bid,Ask,...,Strike,Puts,Last Sale,Net,Bid,Ask,...",
        matches=_matches,
        normalise=_normalise,
        text=("Expiration Date", "Calls", "Puts"),
        numbers=(
            "Strike",
            *(
                f"{name}{suffix}"
                for suffix in ("", "_2")
                for name in ("Bid", "Ask", "Volume", "IV", "Delta", "Open Interest")
            ),
        ),
        says={
            "expiry": "Expiration Date",
            "strike": "Strike",
            "bid": "Bid",
            "ask": "Ask",
            "root": "Calls or Puts",
        },
        session_column=None,
        preamble=_preamble,
        header_line=_header_line,
        notes="The session comes from the file name or --date; the clock above the table counts only inside it.",
        rank=5,
    ),
)
