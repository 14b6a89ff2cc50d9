from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from alvh.core.digest import canonical_bytes, digest, digest_of
from alvh.core.errors import AlvhError, DataError, PolicyError, RefusedError, UsageError
from alvh.core.threshold import Declaration, Threshold, declarations, declare, section


def test_an_error_reads_where_what_and_what_next() -> None:
    error = RefusedError("the file ends in the middle of a row", where="spx.csv line 9", fix="Fetch it again.")
    assert error.sentence == "spx.csv line 9: the file ends in the middle of a row. Fetch it again."
    assert str(error) == error.sentence
    assert isinstance(error, DataError)


def test_every_refusal_has_an_exit_code_other_than_zero() -> None:
    for kind in (AlvhError, UsageError, PolicyError, DataError):
        assert kind("x").exit_code != 0


def test_the_digest_of_a_value_does_not_depend_on_key_order() -> None:
    assert digest_of({"a": 1, "b": [1.5, None]}) == digest_of({"b": [1.5, None], "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert canonical_bytes({"x": Decimal("1.10")}) == b'{"x":"1.10"}'


def test_the_digest_tells_where_one_part_ends() -> None:
    assert digest(b"ab", b"c") != digest(b"a", b"bc")


@dataclass(frozen=True, kw_only=True)
class Inner:
    low: Threshold[float] = declare(float, "points", "least", low=0)


@dataclass(frozen=True, kw_only=True)
class Outer:
    inner: Inner = section("C-INNER", Inner)


def test_declarations_walk_sections_by_their_rule_id() -> None:
    assert declarations(Outer) == {"C-INNER": Inner}
    low = declarations(Inner)["low"]
    assert isinstance(low, Declaration)
    assert (low.unit, low.low) == ("points", 0)


def test_something_else_than_a_dataclass_declares_nothing() -> None:
    with pytest.raises(TypeError, match="not a parameter dataclass"):
        declarations(int)
