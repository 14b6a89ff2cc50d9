"""``alvh rules``: the list of rules and each rule's page, generated from the rule's own words and the policy."""

from __future__ import annotations

import textwrap
from typing import Any

from alvh.apps import output
from alvh.apps.assembly import load_policy
from alvh.core.errors import UsageError
from alvh.core.threshold import Declaration, declarations
from alvh.method.parameters import AlvhParameters
from alvh.method.registry import RULES
from alvh.method.rule import Rule
from alvh.policy.compose import Policy
from alvh.policy.document import leaves


def show_rules(identifier: str | None, policy_source: str | None, *, as_json: bool) -> None:
    """Print the list of rules, or one rule's page."""
    policy = load_policy(policy_source)
    if identifier is None:
        _list(as_json=as_json)
        return
    page = rule_page(identifier, policy)
    if as_json:
        output.document(page)
    else:
        output.line(render(page))


def rule_page(identifier: str, policy: Policy[AlvhParameters]) -> dict[str, Any]:
    """Collect what a rule's page says.

    Raises
    ------
    UsageError
        No rule has this id.
    """
    rule = next((rule for rule in RULES if rule.id == identifier.upper()), None)
    if rule is None:
        known = ", ".join(rule.id for rule in RULES)
        raise UsageError(f"no rule is called {identifier!r}", fix=f"Known: {known}.")
    return {
        "id": rule.id,
        "title": rule.title,
        "text": rule.page(),
        "seeds": list(rule.seeds),
        "thresholds": _thresholds(rule, policy),
    }


def render(page: dict[str, Any]) -> str:
    """Lay a rule's page out for a terminal."""
    seeds = ", ".join(page["seeds"]) if page["seeds"] else "ours"
    paragraphs = [textwrap.fill(part, 96) for part in page["text"].split("\n\n")]
    lines = [f"{page['id']}  {page['title']}", f"source: {seeds}", "", "\n\n".join(paragraphs), ""]
    for number in page["thresholds"]:
        lines.append(f"{number['key']} = {number['value']}  [{number['unit']}]")
        lines.append(f"    {number['meaning']}")
        source = f", seed {number['source']}" if number["source"].isdigit() else f", {number['source']}"
        note = f": {number['note']}" if number["note"] else ""
        lines.append(f"    {number['basis']}{source if number['source'] else ''}{note}")
    return "\n".join(lines).rstrip()


def _list(*, as_json: bool) -> None:
    if as_json:
        output.document([{"id": rule.id, "title": rule.title, "seeds": list(rule.seeds)} for rule in RULES])
        return
    rows = [(rule.id, rule.title, ", ".join(rule.seeds) or "ours") for rule in RULES]
    output.table("Rules (alvh rules ID prints a page)", ("id", "rule", "seeds"), rows, numeric=False)


def _thresholds(rule: type[Rule], policy: Policy[AlvhParameters]) -> list[dict[str, Any]]:
    meanings = {".".join(path): item for path, item in _walk(AlvhParameters, ())}
    prefix = f"{rule.section}.{rule.id}."
    found: list[dict[str, Any]] = []
    for path, leaf in leaves(policy.document):
        key = ".".join(path)
        if key.startswith(prefix):
            found.append(
                {
                    "key": key,
                    "value": leaf["value"],
                    "unit": leaf.get("unit", meanings[key].unit),
                    "meaning": meanings[key].meaning,
                    "basis": leaf["basis"],
                    "source": leaf.get("source", ""),
                    "note": leaf.get("note", ""),
                }
            )
    return found


def _walk(parameters: type, prefix: tuple[str, ...]) -> list[tuple[tuple[str, ...], Declaration]]:
    found: list[tuple[tuple[str, ...], Declaration]] = []
    for name, item in declarations(parameters).items():
        if isinstance(item, Declaration):
            found.append(((*prefix, name), item))
        else:
            found.extend(_walk(item, (*prefix, name)))
    return found
