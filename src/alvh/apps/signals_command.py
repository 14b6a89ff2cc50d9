"""``alvh signals``: how the evidence stands on a day, its history in a file, and its page."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import numpy as np

from alvh.apps import output
from alvh.apps.assembly import evidence_of, open_market
from alvh.apps.policies import load_policy
from alvh.core.arrays import D8
from alvh.core.errors import UsageError
from alvh.governance.stances import VOTING, StanceTable
from alvh.market.sessions import trading_calendar
from alvh.market.view import MarketSource
from alvh.market.wall_clock import close_instants
from alvh.method.evidence import EvidenceTable
from alvh.report.standing import Standing, standing
from alvh.report.standing_words import HEADER, by_reason, cells, heading
from alvh.report.wording import day
from alvh.signals.signal import Family

PAGE, TABLES = (".html",), (".parquet", ".csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The evidence of a market up to a day."""

    market: str
    table: EvidenceTable
    stances: StanceTable
    standing: Standing


def show_signals(
    *,
    market: str,
    asof: date | None,
    history: bool,
    out: tuple[Path, ...],
    policy_source: str | None,
    as_json: bool,
) -> None:
    """Print how the evidence stands, and write what was asked for."""
    for path in out:
        if path.suffix not in (*PAGE, *TABLES):
            raise UsageError(
                f"nothing of the signals is written as {path.name}",
                where="--out",
                fix="End it with .html for the page, .parquet or .csv for the history.",
            )
    found = evidence(market, asof, policy_source)
    written = _write(found, _outputs(out, history=history))
    if as_json:
        output.document(
            {"market": found.market, **msgspec.to_builtins(found.standing), "written": [str(path) for path in written]}
        )
        return
    _print(found)
    for path in written:
        output.line(f"Written: {path}")


def evidence(market: str, asof: date | None = None, policy_source: str | None = None) -> Evidence:
    """Compute the evidence of a market over every session up to a day.

    Parameters
    ----------
    asof : date, optional
        The market's last session if left out. A later day is looked at from its close with what is known: inputs that
        are too old by then are absent.

    Raises
    ------
    UsageError
        The day lies before the market's first session.
    """
    source, numbers = open_market(market), load_policy(policy_source).parameters
    table = evidence_of(numbers)(source.series, _snapshots(source, asof))
    stances = table.stances(numbers.governance.votes)
    return Evidence(market=source.name, table=table, stances=stances, standing=standing(table, stances, numbers))


def _snapshots(source: MarketSource, asof: date | None) -> D8:
    sessions = source.sessions()
    if asof is not None and asof < sessions[0]:
        raise UsageError(
            f"{asof} lies before the first session of {source.name}, {sessions[0]}", where="--asof", fix="Ask later."
        )
    kept = [session for session in sessions if asof is None or session <= asof]
    instants: D8 = np.array([source.instant(session).replace(tzinfo=None) for session in kept], "datetime64[s]")
    if asof is None or asof <= sessions[-1]:
        return instants
    later = trading_calendar(sessions[-1], asof).between(sessions[-1], asof)
    return np.concatenate((instants, close_instants(later[later > np.datetime64(sessions[-1])])))


def _outputs(out: Sequence[Path], *, history: bool) -> tuple[Path, ...]:
    if history and not any(path.suffix in TABLES for path in out):
        return (*out, Path("signals.parquet"))
    return tuple(out)


def _write(found: Evidence, paths: Sequence[Path]) -> tuple[Path, ...]:
    for path in paths:
        if path.suffix in PAGE:
            from alvh.report.signals_page import render_signals

            page = render_signals(found.table, found.stances, found.standing, market=found.market)
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + ".part")
            part.write_bytes(page)
            os.replace(part, path)
        else:
            from alvh.report.signals_history import history_frame, write_history

            write_history(history_frame(found.table, found.stances), path)
    return tuple(paths)


def _print(found: Evidence) -> None:
    now = found.standing
    output.line(f"Evidence of {found.market} on {day(now.session)}, as known at {now.asof}")
    output.line()
    for regime in now.regimes:
        output.line(f"{regime.id:<10} {regime.sentence}")
    output.line()
    for family in (*VOTING, Family.CONTEXT):
        lines = [line for line in now.present if line.family is family]
        if lines:
            output.table(heading(now, family), HEADER, [cells(line) for line in lines])
    output.line(f"Absent ({len(now.absent)}):")
    for reason, lines in by_reason(now.absent).items():
        output.line(f"  {', '.join(line.id for line in lines)}: {reason}")
