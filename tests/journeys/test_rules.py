"""``alvh rules``, and the rulebook page of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from alvh.apps.rule_pages import PAGES, markdown
from alvh.signals.registry import SIGNALS

DOCS = Path(__file__).parents[2] / "docs"

WITHOUT_NUMBERS = frozenset({"L-INSTR", "D-CLASSIFY", "D-ACTIVATE", "D-SHIFT"})
"""Rules that only combine what others measure."""


def test_the_list_names_every_rule(alvh) -> None:
    said = alvh("rules")
    assert said.code == 0
    for rule in PAGES:
        assert rule.id in said.out


@pytest.mark.parametrize("rule", [rule.id for rule in PAGES])
def test_every_rule_has_a_page_with_its_numbers_and_their_provenance(alvh, rule: str) -> None:
    page = alvh("rules", rule, "--json").document
    assert page["id"] == rule
    assert len(page["text"]) > 100
    assert bool(page["thresholds"]) is (rule not in WITHOUT_NUMBERS)
    for number in page["thresholds"]:
        assert number["basis"] in {"stated", "derived", "calibrated", "assumed"}
        assert number["meaning"]
    spoken = alvh("rules", rule)
    assert spoken.code == 0
    assert page["title"] in spoken.out
    for number in page["thresholds"]:
        assert number["key"] in spoken.out


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.id)
def test_a_signals_page_says_its_family_its_parts_and_how_old_its_inputs_may_be(alvh, signal) -> None:
    page = alvh("rules", signal.id.lower(), "--json").document
    assert page["family"] == signal.family
    assert [part["id"] for part in page["parts"]] == list(signal.part_ids())
    assert sorted(name for item in page["inputs"] for name in item["names"]) == sorted(signal.inputs)
    assert all(item["fresh"].endswith("days") and item["known"] for item in page["inputs"])
    assert signal.part_ids()[0] in alvh("rules", signal.id).out


def test_the_documentation_is_what_the_program_says() -> None:
    assert (DOCS / "rules.md").read_text("utf-8") == markdown(), "run: alvh rules --markdown > docs/rules.md"
