"""Write an amendment down: one more ``[[amendment]]`` table at the end of a policy file."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from alvh.apps.policies import read_file
from alvh.core.errors import PolicyError, UsageError
from alvh.governance.stances import VOTING
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import PolicyHistory, history, split
from alvh.policy.compose import override
from alvh.policy.document import leaves, parse

_TRIGGER = re.compile(r"^\s*(?P<evidence>\S+)\s*(?P<relation><=|>=|<|>)\s*(?P<threshold>\S+)\s*$")


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to amend, in the words of the command line.

    Attributes
    ----------
    changes : tuple of str
        ``key=value`` each.
    trigger : str
        Evidence, relation and threshold: ``M-TAIL.2020 < 0.25``.
    observed : float
    on : date
        When it was observed.
    votes : tuple of str
        Families that voted for it.
    """

    changes: tuple[str, ...]
    trigger: str
    observed: float
    on: date
    proposed: date
    votes: tuple[str, ...]
    effective: date
    reason: str


def amended_text(path: Path, draft: Draft) -> tuple[str, PolicyHistory[AlvhParameters]]:
    """Return the file's text with the amendment appended, and the history it then tells.

    Raises
    ------
    UsageError
        The trigger cannot be read, nothing is changed, the reason is empty, or a family is unknown.
    PolicyError
        The file, or the amendment against the policy in force, is not sound.
    """
    trigger = _trigger(draft)
    if not draft.changes:
        raise UsageError("nothing is changed", where="--set", fix="Write --set layers.L-BASE.stable=0.15.")
    if not draft.reason.strip():
        raise UsageError("an amendment says why", where="--reason", fix="Give a sentence.")
    strange = sorted(set(draft.votes) - set(VOTING))
    if strange:
        raise UsageError(
            f"{strange[0]!r} is no family of evidence", where="--votes", fix=f"Known: {', '.join(VOTING)}."
        )
    text = read_file(path)
    found = _history(text, path)
    parent = found.policies[-1]
    changed = {".".join(way): leaf for way, leaf in leaves(override(parent.document, draft.changes))}
    keys = [assignment.partition("=")[0] for assignment in draft.changes]
    written = {
        key: {"value": changed[key]["value"], "basis": "assumed", "source": "amendment", "note": draft.reason}
        for key in keys
    }
    fields: dict[str, Any] = {
        "parent": parent.digest,
        "proposed": draft.proposed,
        "effective": draft.effective,
        "reason": draft.reason,
        "votes": list(draft.votes),
        "trigger": trigger,
        "changes": written,
    }
    table = "\n".join(["[[amendment]]", *(f"{key} = {_toml(value)}" for key, value in fields.items())])
    longer = f"{text.rstrip()}\n\n{table}\n"
    return longer, _history(longer, path)


def _history(text: str, path: Path) -> PolicyHistory[AlvhParameters]:
    numbers, amendments = split(parse(text, str(path)), str(path))
    return history(AlvhParameters, numbers, amendments)


def _trigger(draft: Draft) -> dict[str, Any]:
    read = _TRIGGER.match(draft.trigger)
    try:
        threshold = float(read["threshold"]) if read is not None else None
    except ValueError:
        threshold = None
    if read is None or threshold is None:
        raise UsageError(
            f"{draft.trigger!r} is no trigger",
            where="--trigger",
            fix='Write "M-TAIL.2020 < 0.25": a name, a relation, a number.',
        )
    return {
        "evidence": read["evidence"],
        "observed": draft.observed,
        "relation": read["relation"],
        "threshold": threshold,
        "on": draft.on,
    }


def _toml(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | str):
        # A control character that JSON escapes is escaped the same way in TOML.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int | float):
        return repr(value)
    raise PolicyError(f"{value!r} cannot be written in a policy", where="policy amend")
