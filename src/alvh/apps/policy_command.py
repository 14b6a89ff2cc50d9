"""``alvh policy``: show a policy with its provenance, compare two, check a file, and amend one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from alvh.apps import output
from alvh.apps.amending import Draft, amended_text
from alvh.apps.policies import DEFAULT, load_history
from alvh.apps.writing_files import replace_file
from alvh.core.errors import UsageError
from alvh.method.parameters import AlvhParameters
from alvh.policy.amendments import Amendment, PolicyHistory
from alvh.policy.compose import Policy
from alvh.policy.document import leaves, preset_title, presets

_SHORT = 12


def list_presets(*, as_json: bool) -> None:
    """Name the policies that ship with the program."""
    found = [(name, preset_title(name)) for name in presets()]
    if as_json:
        output.document([{"preset": name, "title": title} for name, title in found])
    else:
        output.table("Presets", ("preset", "what it is"), found, numeric=False)


def show_policy(source: str | None, day: date | None, *, as_json: bool) -> None:
    """Print every number of the policy in force on a day with where it comes from."""
    found = load_history(source)
    policy = _in_force(found, day)
    named = source or DEFAULT
    if as_json:
        output.document(
            {
                "policy": named,
                "digest": policy.digest,
                "history": found.digest,
                "on": day,
                "amendments": found.amendments,
                "keys": _keys(policy),
            }
        )
        return
    output.line(f"{named}, policy {policy.digest[:_SHORT]}" + (f", in force on {day}" if day is not None else ""))
    for amendment, after in zip(found.amendments, found.policies[1:], strict=True):
        output.line(f"Amended from {amendment.effective} to {after.digest[:_SHORT]}: {_changes(amendment)}")
        output.line(f"  {_reason(amendment)}")
    _print_numbers(policy)


def _print_numbers(policy: Policy[AlvhParameters]) -> None:
    """Print the numbers under the heading of their rule, one a line."""
    heading = ""
    for key, leaf in _keys(policy).items():
        section, _, name = key.rpartition(".")
        if section != heading:
            output.line()
            output.line(f"[{section}]")
            heading = section
        unit = str(leaf.get("unit", "")).strip()
        note = f". {leaf['note']}" if leaf.get("note") else ""
        basis = f"{leaf.get('basis', '')} {leaf.get('source', '')}".strip()
        output.line(f"{name} = {_text(leaf['value'])} {unit} ({basis}){note}")


def compare_policies(first: str, second: str, *, as_json: bool) -> None:
    """Print the numbers in which two policies differ, and those that differ only in where they come from."""
    one, two = load_history(first).policies[-1], load_history(second).policies[-1]
    before, after = _keys(one), _keys(two)
    changed = [key for key in before if before[key].get("value") != after[key].get("value")]
    reworded = [key for key in before if key not in changed and before[key] != after[key]]
    if as_json:
        numbers = [{"key": key, "first": before[key], "second": after[key]} for key in changed]
        document = {"first": one.digest, "second": two.digest, "numbers": numbers, "provenance_only": reworded}
        output.document(document)
        return
    if not changed:
        output.line(f"{first} and {second} have the same {len(before)} numbers.")
    else:
        rows = [
            (
                key,
                _text(before[key]["value"]),
                _text(after[key]["value"]),
                str(after[key].get("unit", "")),
                _why(after[key]),
            )
            for key in changed
        ]
        output.table(
            f"{len(changed)} of {len(before)} numbers differ",
            ("key", first, second, "unit", "why"),
            rows,
            numeric=False,
        )
    if reworded:
        output.line(f"Equal numbers from another source: {', '.join(reworded)}.")


def check_policy(path: Path, *, as_json: bool) -> None:
    """Read a policy file whole and say that it is sound; anything that does not fit is refused with its key."""
    found = load_history(path)
    keys, last = len(_keys(found.policies[-1])), found.policies[-1].digest
    if as_json:
        output.document(
            {"file": str(path), "sound": True, "keys": keys, "digest": last, "amendments": len(found.amendments)}
        )
        return
    count = len(found.amendments)
    words = f", {count} amendment{'' if count == 1 else 's'}" if count else ""
    output.line(f"{path} is sound: {keys} numbers, each with its provenance{words}; policy {last[:_SHORT]}.")


def amend_policy(
    path: Path,
    *,
    changes: tuple[str, ...],
    trigger: str,
    observed: float,
    day: date,
    proposed: date | None,
    votes: str,
    effective: date,
    reason: str,
    as_json: bool,
) -> None:
    """Append an amendment to a policy file, checked against the policy it amends; the file changes whole or not."""
    if str(path) in presets() and not path.exists():
        raise UsageError(
            f"{path} is a preset and cannot be amended", where="policy amend", fix=f'Write a file: extends = "{path}".'
        )
    draft = Draft(
        changes=changes,
        trigger=trigger,
        observed=observed,
        on=day,
        proposed=proposed or day,
        votes=tuple(name.strip() for name in votes.split(",") if name.strip()),
        effective=effective,
        reason=reason,
    )
    text, found = amended_text(path, draft)
    replace_file(path, text)
    amendment, policy = found.amendments[-1], found.policies[-1]
    if as_json:
        output.document({"file": str(path), "amendment": amendment, "digest": policy.digest, "history": found.digest})
        return
    output.line(f"{path} is amended from {amendment.effective}: {_changes(amendment)}.")
    output.line(f"{_reason(amendment)} Policy {policy.digest[:_SHORT]}.")


def _in_force(found: PolicyHistory[AlvhParameters], day: date | None) -> Policy[AlvhParameters]:
    return found.policies[0] if day is None else found.at(day)


def _keys(policy: Policy[AlvhParameters]) -> dict[str, dict[str, Any]]:
    return {".".join(path): dict(leaf) for path, leaf in leaves(policy.document)}


def _changes(amendment: Amendment) -> str:
    return ", ".join(f"{key} = {_text(leaf.get('value'))}" for key, leaf in amendment.changes.items())


def _reason(amendment: Amendment) -> str:
    trigger = amendment.trigger
    return (
        f"{amendment.reason.rstrip('.')}. {trigger.evidence} was {trigger.observed:g} on {trigger.on}, "
        f"{trigger.relation} {trigger.threshold:g}; proposed on {amendment.proposed}, "
        f"voted for by {', '.join(amendment.votes)}."
    )


def _why(leaf: dict[str, Any]) -> str:
    return " ".join(str(leaf.get(name, "")) for name in ("basis", "source", "note") if leaf.get(name))


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
