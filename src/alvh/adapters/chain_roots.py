"""Give every quote the root that decides its settlement.

A symbol in the file says the root. Where the file has none, the person may give it; where they do not, an S&P 500
option that expires on the monthly morning-settled date is taken as SPX and any other as SPXW, and every session says
so in a finding. An expiry on a Saturday, which is how the clearing house dated monthlies until February 2015, is the
session before it.
"""

from __future__ import annotations

import polars as pl

from alvh.adapters.session_clock import SessionClock
from alvh.core.errors import RefusedError
from alvh.market.expiry_rules import is_monthly_spx


def with_roots(frame: pl.DataFrame, given: str | None, clock: SessionClock, where: str) -> tuple[pl.DataFrame, bool]:
    """Fill the column ``root`` and move Saturday expiries; True where SPX and SPXW were told apart by the expiry.

    Raises
    ------
    RefusedError
        Neither the file nor the person names an underlying.
    """
    frame = _without_saturdays(frame, clock)
    if not frame.get_column("root").null_count():
        return frame, False
    if given is not None:
        _refuse_several(frame, given, where)
        return frame.with_columns(pl.col("root").fill_null(given)), False
    if frame.filter(pl.col("root").is_null()).get_column("underlying").null_count():
        raise RefusedError(
            "neither the rows nor the file name say what the options are on.", where=where, fix="Give --root, e.g. SPX."
        )
    if not frame.select((pl.col("underlying") == "SPX").any()).item():
        return frame.with_columns(pl.col("root").fill_null(pl.col("underlying"))), False
    return frame.with_columns(pl.coalesce("root", _told_by_expiry(frame))), True


def _refuse_several(frame: pl.DataFrame, given: str, where: str) -> None:
    names = frame.filter(pl.col("root").is_null()).get_column("underlying").drop_nulls().unique().sort().to_list()
    if len(names) > 1:
        raise RefusedError(
            f"--root says {given} and the rows are on {', '.join(names)}.",
            where=where,
            fix="Split the file by underlying, or import it without --root.",
        )


def _told_by_expiry(frame: pl.DataFrame) -> pl.Expr:
    monthlies = [day for day in frame.get_column("expiry").unique().to_list() if is_monthly_spx(day)]
    spx = pl.when(pl.col("expiry").is_in(monthlies)).then(pl.lit("SPX")).otherwise(pl.lit("SPXW"))
    return pl.when(pl.col("underlying") == "SPX").then(spx).otherwise(pl.col("underlying"))


def _without_saturdays(frame: pl.DataFrame, clock: SessionClock) -> pl.DataFrame:
    saturdays = frame.get_column("expiry").unique()
    saturdays = saturdays.filter(saturdays.dt.weekday() == 6)
    if not saturdays.len():
        return frame
    moved = {day: clock.session_on_or_before(day) for day in saturdays.to_list()}
    return frame.with_columns(pl.col("expiry").replace(list(moved), list(moved.values())))
