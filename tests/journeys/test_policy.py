"""`alvh policy`: show, diff, check, amend, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from alvh.apps.cli import cli
from alvh.core.errors import AlvhError
from alvh.policy.document import presets

OWN = 'extends = "alvh"\n\n[condor.C-SIZE]\nhigh = {value = 0.015, basis = "assumed", note = "mine"}\n'
AMEND = (
    "--set", "layers.L-BASE.stable=0.15", "--trigger", "M-TAIL.2020 < 0.25", "--observed", "0.1", "--on", "2020-02-28",
    "--votes", "price,volatility", "--effective", "2020-04-01", "--reason", 'Coverage came "late"',
)  # fmt: skip


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    return path


def said(*words: object) -> str:
    outcome = CliRunner().invoke(cli, ["policy", *map(str, words)], catch_exceptions=False)
    assert outcome.exit_code == 0, outcome.output
    return outcome.output


def told(*words: object) -> Any:
    return json.loads(said(*words, "--json"))


def refusal(*words: object) -> str:
    with pytest.raises(AlvhError) as caught:
        CliRunner().invoke(cli, ["policy", *map(str, words)], catch_exceptions=False, standalone_mode=False)
    return caught.value.sentence


def amended(*changes: str) -> tuple[str, ...]:
    """The amendment's options with some of them replaced."""
    words = list(AMEND)
    for option, value in zip(changes[::2], changes[1::2], strict=True):
        words[words.index(option) + 1] = value
    return tuple(words)


def test_every_preset_is_listed_with_a_title() -> None:
    listed = told("list")
    assert tuple(row["preset"] for row in listed) == presets()
    assert all(row["title"] for row in listed)


def test_show_prints_each_number_with_its_provenance() -> None:
    shown = told("show")
    assert shown["keys"]["condor.C-CREDIT.low"] == {
        "value": 0.15, "unit": "fraction of wider width", "basis": "stated", "source": "001",
    }  # fmt: skip
    assert "[condor.C-CREDIT]\nlow = 0.15 fraction of wider width (stated 001)\n" in said("show")


def test_diff_names_what_differs_and_why(own: Path) -> None:
    found = told("diff", "alvh", own)
    assert [row["key"] for row in found["numbers"]] == ["condor.C-SIZE.high"]
    assert found["numbers"][0]["second"]["note"] == "mine"
    assert "1 of" in said("diff", "alvh", own)
    assert "same" in said("diff", "alvh", "alvh")


def test_check_accepts_a_sound_file_and_names_the_key_that_is_not(own: Path) -> None:
    assert told("check", own)["sound"]
    own.write_text(OWN.replace("0.015", "2.5"), "utf-8")
    assert "condor.C-SIZE.high" in refusal("check", own)
    own.write_text(OWN.replace("high", "hihg"), "utf-8")
    assert "condor.C-SIZE.high" in refusal("check", own)
    assert "cannot be read" in refusal("check", own.with_name("none.toml"))


def test_amend_appends_and_show_answers_by_date(own: Path) -> None:
    done = told("amend", own, *AMEND)
    assert own.read_text("utf-8").startswith(OWN)
    before = told("show", own, "--on", "2020-03-31")
    after = told("show", own, "--on", "2020-04-01")
    assert before["keys"]["layers.L-BASE.stable"]["value"] == 0.125
    assert after["keys"]["layers.L-BASE.stable"]["value"] == 0.15
    assert after["keys"]["layers.L-BASE.stable"]["note"] == 'Coverage came "late"'
    assert after["digest"] == done["digest"] != before["digest"]
    assert told("check", own)["amendments"] == 1


def test_a_second_amendment_amends_the_first(own: Path) -> None:
    said("amend", own, *AMEND)
    said(
        "amend", own, *amended("--set", "layers.L-BASE.stable=0.11", "--on", "2020-06-01", "--effective", "2020-07-01")
    )
    assert told("show", own, "--on", "2020-07-01")["keys"]["layers.L-BASE.stable"]["value"] == 0.11


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        (("--observed", "0.5"), "trigger did not hold"),
        (("--trigger", "late"), "no trigger"),
        (("--votes", "price"), "1 families voted"),
        (("--votes", "price,stars"), "no family"),
        (("--effective", "2020-03-10"), "may act from"),
        (("--set", "fees.vx=2.0"), "belongs to the whole run"),
        (("--set", "layers.L-BASE.nothing=1"), "layers.L-BASE.nothing"),
        (("--set", "layers.L-BASE.stable=7"), "layers.L-BASE.stable"),
        (("--reason", " "), "says why"),
    ],
)
def test_an_amendment_that_does_not_fit_leaves_the_file_as_it_was(
    own: Path, changed: tuple[str, str], why: str
) -> None:
    assert why in refusal("amend", own, *amended(*changed))
    assert own.read_text("utf-8") == OWN
    assert [path.name for path in own.parent.iterdir()] == ["own.toml"]


def test_a_preset_is_not_amended() -> None:
    assert "is a preset" in refusal("amend", "unhedged", *AMEND)
