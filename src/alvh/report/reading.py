"""Read a run folder back: one day's record, and the same day told as a person would tell it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from alvh.core.errors import UsageError
from alvh.ledger.events import Event
from alvh.report.folder import is_run_folder
from alvh.report.manifest import NAME
from alvh.report.telling import Day, tell
from alvh.report.wording import WEEKDAYS

_EVENTS = msgspec.json.Decoder(Event)


def explain(folder: Path, day: date, strategy: str | None = None) -> str:
    """Tell one day of a run: the market, what was held, what each rule said, and what was done about it.

    Parameters
    ----------
    folder : Path
        Run folder, as `write_run` leaves it.
    strategy : str, optional
        Name of the run itself (also where absent) or of a rival.

    Raises
    ------
    UsageError
        No run folder, no such strategy, or no decision on that day; the nearest sessions are named.
    """
    about = _manifest(folder)
    place = _place(folder, about, strategy)
    lines = _lines(place)
    found = _locate(lines, day, folder)
    return tell(
        Day(
            strategy=strategy or about["strategy"],
            market=about["market"],
            quotes=about["option_quotes"],
            record=msgspec.json.decode(lines[found]),
            before=msgspec.json.decode(lines[found - 1]) if found else None,
            high=max(_spot(line) for line in lines[: found + 1]),
            events=_events(place, day),
        )
    )


def decision_line(folder: Path, day: date, strategy: str | None = None) -> dict[str, Any]:
    """Return one day's record of `decisions.jsonl`.

    Raises
    ------
    UsageError
        As `explain`.
    """
    place = _place(folder, _manifest(folder), strategy)
    lines = _lines(place)
    record: dict[str, Any] = msgspec.json.decode(lines[_locate(lines, day, folder)])
    return record


def _manifest(folder: Path) -> dict[str, Any]:
    if not is_run_folder(folder):
        raise UsageError(
            "this is not a run folder (it has no manifest.json of this program)",
            where=str(folder),
            fix="Give the folder that alvh backtest printed.",
        )
    about: dict[str, Any] = msgspec.json.decode((folder / NAME).read_bytes())
    return about


def _place(folder: Path, about: dict[str, Any], strategy: str | None) -> Path:
    if strategy is None or strategy == about["strategy"]:
        return folder
    if strategy in about["rivals"]:
        return folder / "rivals" / strategy
    known = ", ".join([about["strategy"], *about["rivals"]])
    raise UsageError(f"no strategy {strategy!r} in this run", where=str(folder), fix=f"Known: {known}.")


def _lines(place: Path) -> list[bytes]:
    try:
        return (place / "decisions.jsonl").read_bytes().splitlines()
    except OSError as error:
        raise UsageError("decisions.jsonl cannot be read", where=str(place), fix="Run the backtest again.") from error


def _locate(lines: list[bytes], day: date, folder: Path) -> int:
    # Every line begins {"session":"2018-02-09", so dates compare as text without decoding.
    wanted = day.isoformat().encode()
    sessions = [line[12:22] for line in lines]
    if wanted in sessions:
        return sessions.index(wanted)
    later = next((place for place, session in enumerate(sessions) if session > wanted), len(sessions))
    near = [session.decode() for session in sessions[max(later - 1, 0) : later + 1]]
    raise UsageError(
        f"no decision was taken on {WEEKDAYS[day.weekday()]} {day}{_skipped(folder, day)}",
        where=str(folder),
        fix=f"Nearest: {' and '.join(near)}.",
    )


def _skipped(folder: Path, day: date) -> str:
    try:
        summary = msgspec.json.decode((folder / "summary.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return ""
    why = [item["reason"] for item in summary.get("skipped", []) if item["session"] == day.isoformat()]
    return f" ({why[0]})" if why else ""


def _spot(line: bytes) -> float:
    return _Market.decode(line).market["spot"] or 0.0


def _events(place: Path, day: date) -> tuple[Event, ...]:
    wanted = day.isoformat()
    found: list[Event] = []
    for line in (place / "ledger.jsonl").read_bytes().splitlines():
        event: Event = _EVENTS.decode(line)
        if event.session.isoformat() > wanted:
            break
        found.append(event)
    return tuple(found)


class _MarketPart(msgspec.Struct):
    market: dict[str, float | None]


_Market = msgspec.json.Decoder(_MarketPart)
