"""Every signal and every regime has a test that fires it, one that leaves it silent, and one without its evidence."""

from __future__ import annotations

from pathlib import Path

import pytest

from alvh.method.regimes.registry import REGIMES
from alvh.signals.registry import SIGNALS
from fakes.rule_tests import SHOWS, shown

RULEBOOK = [
    *("S-RSI", "S-RSIDIV", "S-MACD", "S-AD", "S-NARROW", "S-TERM", "S-MIGRATE", "S-VIXHIST", "S-RV", "S-CAPVOL"),
    *("S-CONE", "S-INFL", "S-GDP", "S-FOMC", "S-RATE", "S-REER", "S-PE", "S-PCF", "S-QUICK", "S-DDM", "S-WACC"),
    *("S-DIV", "S-REIT", "S-BETA", "S-IPO", "S-ROT", "S-FLOW", "S-EARN", "S-LIQ"),
    *("R-STEWARD", "R-INFL", "R-GROWTH", "R-VOL", "R-RANGE", "R-EVENT", "R-MOTION", "R-THETA"),
]
"""Sections 1 and 2, in order."""

DOC = Path(__file__).parents[3] / "docs" / "signals.md"


def test_the_rulebooks_ids_are_implemented_in_its_order() -> None:
    assert [kind.id for kind in (*SIGNALS, *REGIMES)] == RULEBOOK


@pytest.mark.parametrize("what", SHOWS)
@pytest.mark.parametrize("identifier", RULEBOOK)
def test_every_id_is_shown(identifier: str, what: str) -> None:
    found = shown().get(identifier)
    assert found is not None, f"no test class says signal or regime = {identifier!r}"
    assert getattr(found, what), f"no test of {identifier} begins with {' or '.join(SHOWS[what])}"


def test_the_documentation_has_the_table() -> None:
    text = DOC.read_text("utf-8")
    for identifier in RULEBOOK:
        row = next((line for line in text.splitlines() if line.startswith(f"| {identifier} |")), "")
        assert row.endswith("| yes | yes | yes | yes |"), f"run: python docs/make_signals.py STORE ({identifier})"
