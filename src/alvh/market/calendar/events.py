"""Events with two clocks: the day they fall on, and when they were on the calendar.

A scheduled meeting is known long before it; an unscheduled one from the moment of its statement; a cancelled one until
it was called off. Distances count sessions and use only what was on the calendar at the snapshot, so a past emergency
meeting is never seen coming.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, D8, I8, frozen
from alvh.market.sessions import trading_calendar

__all__ = ["ALWAYS", "NEVER", "Distance", "Events", "events", "merged", "sessions_since", "sessions_until"]

ALWAYS = np.datetime64("1900-01-01T00:00:00", "s")
"""Announced before any session: a date that follows from a rule of the exchange."""
NEVER = np.datetime64("2262-01-01T00:00:00", "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """Events of one kind, ascending by instant.

    Attributes
    ----------
    day : (n,) datetime64[D] array
        Day of the event, a session or not.
    instant : (n,) datetime64[s] array, UTC
        When it happens.
    announced, withdrawn : (n,) datetime64[s] arrays, UTC
        It is on the calendar from `announced` until just before `withdrawn`.
    by_rule : (n,) array of bool
        The day is our rule's guess, not the publisher's date.
    """

    day: D8
    instant: D8
    announced: D8
    withdrawn: D8
    by_rule: B1


def events(
    day: D8,
    instant: D8,
    *,
    announced: D8 | np.datetime64 = ALWAYS,
    withdrawn: D8 | np.datetime64 = NEVER,
    by_rule: bool = False,
) -> Events:
    """Make events from columns; a single instant stands for all."""
    shape = day.shape
    columns = (
        day.astype("datetime64[D]"),
        instant.astype("datetime64[s]"),
        np.broadcast_to(np.asarray(announced, "datetime64[s]"), shape).copy(),
        np.broadcast_to(np.asarray(withdrawn, "datetime64[s]"), shape).copy(),
        np.full(shape, by_rule),
    )
    return _ordered(columns)


def merged(parts: Iterable[Events]) -> Events:
    """Join several sets of events into one calendar."""
    listed = list(parts)
    names = ("day", "instant", "announced", "withdrawn", "by_rule")
    return _ordered(tuple(np.concatenate([getattr(part, name) for part in listed]) for name in names))


def _ordered(columns: tuple[object, ...]) -> Events:
    day, instant, announced, withdrawn, by_rule = (np.asarray(column) for column in columns)
    order = np.argsort(instant, kind="stable")
    kept = [column[order] for column in (day, instant, announced, withdrawn, by_rule)]
    for column in kept:
        frozen(column)
    return Events(day=kept[0], instant=kept[1], announced=kept[2], withdrawn=kept[3], by_rule=kept[4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far an event is, for each of n sessions.

    Attributes
    ----------
    sessions : (n,) array
        Sessions to the next or since the last event; 0 on the day itself. Zero where absent.
    present : (n,) array of bool
        An event was on the calendar.
    event : (n,) array
        Row of `Events`; -1 where absent.
    by_rule : (n,) array of bool
        Its day is a rule's guess.
    """

    sessions: I8
    present: B1
    event: I8
    by_rule: B1


def sessions_until(found: Events, sessions: D8, snapshots: D8) -> Distance:
    """Count the sessions to the next event, today's included, as the calendar stood at each snapshot.

    An event on a day without trading counts for the next session.

    Parameters
    ----------
    found : Events
    sessions : (n,) datetime64[D] array, sessions of the exchange
    snapshots : (n,) datetime64[s] array, UTC
    """
    falls = _session_numbers(found.day)
    today = _session_numbers(sessions)
    # Events are ascending by instant, so their session numbers are too.
    row = np.searchsorted(falls, today, side="left")
    row = _first_listed(found, row, snapshots, step=1)
    return _distance(found, row, falls, today)


def sessions_since(found: Events, sessions: D8, snapshots: D8) -> Distance:
    """Count the sessions since the last event that had happened at each snapshot; 0 on its own session."""
    falls = _session_numbers(found.day)
    today = _session_numbers(sessions)
    row = np.searchsorted(found.instant, snapshots, side="right") - 1
    row = _first_listed(found, row, snapshots, step=-1)
    return _distance(found, row, falls, today)


def _first_listed(found: Events, row: I8, snapshots: D8, *, step: int) -> I8:
    """Move each row on, by steps, to an event that was on the calendar at its snapshot; -1 where there is none."""
    size = found.day.size
    row = row.copy()
    if not size:
        return np.full(row.size, -1)
    while True:
        inside = (row >= 0) & (row < size)
        place = np.clip(row, 0, size - 1)
        listed = (found.announced[place] <= snapshots) & (snapshots < found.withdrawn[place])
        off = inside & ~listed
        if not off.any():
            return np.where(inside, row, -1)
        row[off] += step


def _distance(found: Events, row: I8, falls: I8, today: I8) -> Distance:
    present: B1 = row >= 0
    if not found.day.size:
        return Distance(sessions=np.zeros(row.size, np.int64), present=present, event=row, by_rule=present)
    place = np.maximum(row, 0)
    return Distance(
        sessions=np.where(present, np.abs(falls[place] - today), 0),
        present=present,
        event=row,
        by_rule=present & found.by_rule[place],
    )


def _session_numbers(days: D8) -> I8:
    """Return the number of the session each day falls on, or of the next one; from one fixed origin."""
    if days.size == 0:
        return np.zeros(0, np.int64)
    calendar = trading_calendar(days.min().item(), days.max().item())
    # A fixed origin: a wider calendar starts earlier and would shift every number.
    origin = np.searchsorted(calendar.sessions, np.datetime64(_ORIGIN))
    number: I8 = np.searchsorted(calendar.sessions, days, side="left") - origin
    return number


_ORIGIN = "1990-01-02"
