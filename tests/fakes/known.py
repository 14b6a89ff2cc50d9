"""Facts written down by hand: what is given is present, everything else is absent."""

from __future__ import annotations

from datetime import date

from alvh.strategy.facts import Facts, Reading

SESSION = date(2018, 2, 5)


def known(readings: dict[str, float] | None = None, session: date = SESSION) -> Facts:
    found = readings or {}
    return Facts(session=session, readings={name: Reading(id=name, value=value) for name, value in found.items()})
