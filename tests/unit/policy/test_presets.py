from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from alvh.method.parameters import AlvhParameters
from alvh.policy.compose import compose
from alvh.policy.document import leaves, parse, preset, presets


@pytest.mark.parametrize("name", presets())
def test_every_shipped_policy_composes(name: str) -> None:
    assert compose(AlvhParameters, preset(name)).digest


def test_every_number_of_the_default_policy_says_where_it_comes_from() -> None:
    for path, leaf in leaves(preset("alvh")):
        key = ".".join(path)
        if leaf["basis"] in {"stated", "derived"}:
            assert leaf.get("source"), f"{key} is {leaf['basis']} but names no source"
        if leaf["basis"] == "assumed":
            assert leaf.get("note"), f"{key} is assumed but does not say why"
        if leaf["basis"] == "calibrated":
            assert leaf.get("source"), f"{key} is calibrated but names no fit"


def test_stated_numbers_are_the_rulebooks() -> None:
    numbers = compose(AlvhParameters, preset("alvh")).parameters
    assert (numbers.condor.credit.low.value, numbers.condor.credit.high.value) == (0.15, 0.25)
    assert (numbers.condor.size.low.value, numbers.condor.size.high.value) == (0.01, 0.02)
    assert (numbers.condor.allocation.start.value, numbers.condor.allocation.ceiling.value) == (0.20, 0.40)
    assert numbers.condor.shape.widths.value == (0.005, 0.0075, 0.01, 0.015, 0.02)
    assert (numbers.condor.shape.dte_min.value, numbers.condor.shape.dte_max.value) == (30, 45)
    assert numbers.condor.center.k.value == 1.0
    assert (numbers.layers.base.floor.value, numbers.layers.base.stable.value) == (0.10, 0.125)
    assert numbers.layers.base.unstable.value == 0.15
    assert numbers.condor.manage.profit_target.value == 0.50
    assert (numbers.condor.manage.time_exit.value, numbers.condor.manage.stop.value) == (21, 2.0)
    assert numbers.tested.mechanical.ratio.value == 0.80


def test_a_policy_of_ones_own_names_only_what_it_changes() -> None:
    text = """
    extends = "alvh"
    [layers.L-BASE]
    stable = {value = 0.11, basis = "assumed", note = "mine"}
    """
    own = compose(AlvhParameters, parse(text, "mine.toml"))
    base = compose(AlvhParameters, preset("alvh"))
    assert own.parameters.layers.base.stable.value == 0.11
    assert own.parameters.condor == base.parameters.condor
    assert own.digest != base.digest


def test_the_shipped_file_is_plain_toml() -> None:
    text = resources.files("alvh.policy").joinpath("alvh.toml").read_text("utf-8")
    assert set(tomllib.loads(text)) >= {"condor", "layers", "tested", "governance", "fills", "fees"}
