"""OptionsDX: 33 bracketed columns, a blank after each comma, call and put on one row, blanks where nothing is known."""

from __future__ import annotations

import polars as pl

from alvh.adapters.formats.file_name import root_in_name
from alvh.adapters.formats.normal import day, normal, positive
from alvh.adapters.formats.source import Sniff
from alvh.adapters.formats.words import ChainFormat, Preamble, ReadOptions

_NEEDED = {"[QUOTE_UNIXTIME]", "[QUOTE_DATE]", "[EXPIRE_DATE]", "[STRIKE]", "[C_BID]", "[C_ASK]", "[P_BID]", "[P_ASK]"}
_NUMBERS = (
    "[QUOTE_UNIXTIME]",
    "[UNDERLYING_LAST]",
    "[STRIKE]",
    *(f"[{side}_{name}]" for side in "CP" for name in ("BID", "ASK", "IV", "DELTA", "VOLUME")),
)


def _side(frame: pl.DataFrame, side: str, preamble: Preamble) -> pl.DataFrame:
    return normal(
        frame,
        session=day(frame, "[QUOTE_DATE]"),
        asof=pl.col("[QUOTE_UNIXTIME]").round(),
        underlying=pl.lit(preamble.root),
        spot=positive("[UNDERLYING_LAST]"),
        expiry=day(frame, "[EXPIRE_DATE]"),
        strike=pl.col("[STRIKE]"),
        is_put=pl.lit(side == "P"),
        bid=pl.col(f"[{side}_BID]"),
        ask=pl.col(f"[{side}_ASK]"),
        iv=pl.col(f"[{side}_IV]"),
        delta=pl.col(f"[{side}_DELTA]"),
        volume=pl.col(f"[{side}_VOLUME]"),
    )


def _normalise(frame: pl.DataFrame, preamble: Preamble) -> pl.DataFrame:
    # Sides are stacked, so sessions are not contiguous until the rows are sorted by session.
    return pl.concat([_side(frame, "C", preamble), _side(frame, "P", preamble)])


def _preamble(table: Sniff, _: ReadOptions) -> Preamble:
    """Take the underlying from the file name (``spx_eod_202301``), which is the only place it stands."""
    return Preamble(root=root_in_name(table.name))


def _matches(table: Sniff) -> bool:
    return set(table.columns) >= _NEEDED


def _unblank(raw: bytes) -> bytes:
    return raw.replace(b", ", b",")


FORMATS = (
    ChainFormat(
        name="optionsdx",
        title="OptionsDX end of day",
        header="[QUOTE_UNIXTIME], [QUOTE_READTIME], [QUOTE_DATE], ..., [C_BID], [C_ASK], [STRIKE], [P_BID], ...",
        matches=_matches,
        normalise=_normalise,
        text=("[QUOTE_DATE]", "[EXPIRE_DATE]"),
        numbers=_NUMBERS,
        says={
            "session": "[QUOTE_DATE]",
            "expiry": "[EXPIRE_DATE]",
            "strike": "[STRIKE]",
            "spot": "[UNDERLYING_LAST]",
            "asof": "[QUOTE_UNIXTIME]",
            "bid": "[C_BID] or [P_BID]",
            "ask": "[C_ASK] or [P_ASK]",
        },
        session_column="[QUOTE_DATE]",
        preamble=_preamble,
        clean=_unblank,
        notes="Times its quotes (QUOTE_UNIXTIME). The underlying is the first word of the file name, or --root.",
    ),
)
