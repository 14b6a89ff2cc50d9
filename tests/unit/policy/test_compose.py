from __future__ import annotations

from dataclasses import dataclass

import pytest

from alvh.core.errors import PolicyError
from alvh.core.threshold import Threshold, declare, section
from alvh.policy.compose import compose, override
from alvh.policy.document import parse


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    low: Threshold[float] = declare(float, "fraction", "least credit", low=0, high=1)
    days: Threshold[int] = declare(int, "calendar days", "nearest expiry", low=1)
    widths: Threshold[tuple[float, ...]] = declare(tuple, "points", "widths", low=0.1)
    model: Threshold[str] = declare(str, "model", "fill model", choices=("mid", "natural"))
    on: Threshold[bool] = declare(bool, "switch", "whether it is on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    rule: Rule = section("C-RULE", Rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    room: Room = section("room", Room)


TEXT = """
[room.C-RULE]
low = {value = 0.15, unit = "fraction", basis = "stated", source = "001"}
days = {value = 30, unit = "calendar days", basis = "assumed"}
widths = {value = [5, 10.0], unit = "points", basis = "assumed"}
model = {value = "mid", unit = "model", basis = "assumed"}
on = {value = true, unit = "switch", basis = "assumed"}
"""


def composed(text: str = TEXT) -> Root:
    return compose(Root, parse(text, "test.toml")).parameters


def test_every_number_arrives_with_its_provenance() -> None:
    low = composed().room.rule.low
    assert (low.value, low.unit, low.basis, low.source) == (0.15, "fraction", "stated", "001")
    assert composed().room.rule.widths.value == (5.0, 10.0)


@pytest.mark.parametrize(
    ("old", "new", "needle"),
    [
        ("low =", "lowest =", "room.C-RULE.lowest: no rule has this key"),
        ("value = 0.15", 'value = "much"', "room.C-RULE.low: 'much' is of type str, needed of type float"),
        ("value = 0.15", "value = true", "of type bool"),
        ("value = 0.15", "value = 1.5", "lies outside [0, 1]"),
        ("value = 0.15", "value = nan", "needed of type float"),
        ("value = 30", "value = 30.5", "needed of type int"),
        ("value = 30", "value = 0", "lies outside [1, inf]"),
        ("[5, 10.0]", "[]", "needed a list of numbers"),
        ('"mid"', '"best"', "is not one of mid, natural"),
        ('basis = "stated"', 'basis = "guess"', "basis 'guess' is not one of"),
        ('unit = "fraction"', 'unit = "percent"', "unit 'percent', needed 'fraction'"),
        ("days = {value = 30", "# {value = 30", "room.C-RULE.days: this key is missing"),
        ('source = "001"', 'sauce = "001"', "unknown field 'sauce'"),
        ("[room.C-RULE]", "[chamber.C-RULE]", "no rule has this key"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_in_words(old: str, new: str, needle: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError) as refusal:
        composed(TEXT.replace(old, new, 1))
    assert needle in refusal.value.sentence


def test_a_near_miss_is_suggested() -> None:
    with pytest.raises(PolicyError, match=r"Did you mean room\.C-RULE\.low"):
        override(parse(TEXT, "t"), ("room.C-RULE.lov=0.2",))


def test_a_bare_number_is_refused_because_it_has_no_provenance() -> None:
    with pytest.raises(PolicyError, match="needs its provenance"):
        composed(TEXT + "\n[other]\nx = 3\n")


def test_an_override_changes_value_basis_and_digest_and_nothing_else() -> None:
    before = compose(Root, parse(TEXT, "t"))
    after = compose(Root, override(before.document, ("room.C-RULE.low=0.10", "room.C-RULE.widths=[1, 2]")))
    assert after.parameters.room.rule.low.value == 0.10
    assert after.parameters.room.rule.low.source == "--set"
    assert after.parameters.room.rule.widths.value == (1.0, 2.0)
    assert after.parameters.room.rule.days == before.parameters.room.rule.days
    assert after.digest != before.digest
    assert compose(Root, parse(TEXT, "t")).digest == before.digest


def test_an_override_without_an_equals_sign_is_refused() -> None:
    with pytest.raises(PolicyError, match="is not key=value"):
        override(parse(TEXT, "t"), ("room.C-RULE.low",))


def test_broken_toml_names_the_file() -> None:
    with pytest.raises(PolicyError, match=r"mine\.toml: not a TOML document"):
        parse("a = = 1", "mine.toml")


def test_extending_an_unknown_preset_lists_the_known_ones() -> None:
    with pytest.raises(PolicyError, match="Known presets: alvh"):
        parse('extends = "nothing"', "mine.toml")
