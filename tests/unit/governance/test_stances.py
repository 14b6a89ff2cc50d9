"""G-VOTES: columns of evidence become stances of families."""

from __future__ import annotations

import numpy as np
import pytest

from alvh.core.compiled import plain
from alvh.governance import stances as module
from alvh.governance.stances import StanceTable, Voice, voice_values
from alvh.signals.column import SignalColumn
from alvh.signals.signal import Family, Kind


def column(values: list[float | None], identifier: str = "S-X.y") -> SignalColumn:
    known = np.array([value is not None for value in values])
    return SignalColumn(
        id=identifier,
        value=np.array([0.0 if value is None else value for value in values]),
        code=np.where(known, 0, 1).astype(np.int8),
        reasons=("", "not there"),
        known_at=np.full(len(values), np.datetime64("2020-01-01", "s")),
    )


def voice(kind: Kind = Kind.LEVEL, sign: int = 1, family: Family = Family.PRICE, identifier: str = "S-X.y") -> Voice:
    return Voice(id=identifier, family=family, kind=kind, sign=sign)


def said(values: list[float | None], by: Voice, window: int = 5, at_least: int = 2) -> list[float]:
    return voice_values(by, column(values), window=window, at_least=at_least).tolist()


class TestFlag:
    def test_a_set_flag_votes_one_and_an_unset_one_minus_one(self) -> None:
        assert said([1.0, 0.0], voice(Kind.FLAG)) == [1.0, -1.0]

    def test_its_sign_turns_it(self) -> None:
        assert said([1.0, 0.0], voice(Kind.FLAG, sign=-1)) == [-1.0, 1.0]

    def test_an_absent_flag_says_nothing(self) -> None:
        assert np.isnan(said([None], voice(Kind.FLAG))[0])


class TestLevel:
    def test_it_votes_half_its_z_score_in_the_trailing_window(self) -> None:
        values = [1.0, 2.0, 4.0, 3.0, 5.0]
        z = (5.0 - np.mean(values)) / np.std(values, ddof=1)
        assert said(values, voice())[-1] == pytest.approx(z / 2)

    def test_it_is_clipped(self) -> None:
        assert said([0.0] * 30 + [9.0], voice(), window=31)[-1] == 1.0

    def test_the_window_forgets(self) -> None:
        long_ago = said([1000.0, 1.0, 2.0, 4.0, 3.0, 5.0], voice())[-1]
        assert long_ago == said([-7.0, 1.0, 2.0, 4.0, 3.0, 5.0], voice())[-1]

    def test_a_young_window_says_nothing(self) -> None:
        assert np.isnan(said([1.0, 2.0], voice(), at_least=3)).all()

    def test_a_constant_says_nothing(self) -> None:
        assert np.isnan(said([2.0, 2.0, 2.0], voice())).all()

    def test_absent_sessions_are_left_out_of_the_window(self) -> None:
        assert said([1.0, None, 2.0, 4.0], voice())[-1] == pytest.approx(said([1.0, 2.0, 4.0], voice())[-1])

    def test_the_plain_twin_agrees(self) -> None:
        values = np.random.default_rng(3).normal(size=400)
        values[::7] = np.nan
        machine = module._trailing_z(values, 60, 20)
        np.testing.assert_allclose(machine, plain(module._trailing_z)(values, 60, 20), rtol=1e-12)


class TestTable:
    def test_a_family_is_the_mean_of_its_present_parts(self) -> None:
        table = StanceTable(
            [
                (voice(Kind.FLAG, identifier="S-A.a"), column([1.0])),
                (voice(Kind.FLAG, identifier="S-B.b"), column([0.0])),
                (voice(Kind.FLAG, identifier="S-C.c"), column([1.0])),
                (voice(Kind.FLAG, identifier="S-D.d"), column([None])),
            ],
            window=5,
            at_least=2,
        )
        stance = table.row(0)[Family.PRICE]
        assert stance.value == pytest.approx(1 / 3)
        assert [name for name, _ in stance.inputs] == ["S-A.a", "S-B.b", "S-C.c"]

    def test_a_family_without_evidence_is_absent(self) -> None:
        table = StanceTable([(voice(Kind.FLAG), column([None]))], window=5, at_least=2)
        assert dict(table.row(0)) == {}

    def test_voices_of_the_day_join(self) -> None:
        table = StanceTable([(voice(Kind.FLAG), column([None]))], window=5, at_least=2)
        own = voice(family=Family.POSITION, sign=-1, identifier="S-QUICK.portfolio")
        assert table.row(0, [(own, 3.0)])[Family.POSITION].value == -1.0

    def test_context_never_votes(self) -> None:
        table = StanceTable([(voice(Kind.FLAG, family=Family.CONTEXT), column([1.0]))], window=5, at_least=2)
        assert dict(table.row(0)) == {}

    def test_the_whole_history_says_what_its_rows_say(self) -> None:
        rng = np.random.default_rng(5)
        pairs = [
            (
                voice(kind, family=family, identifier=f"S-{place}.x"),
                column([None if rng.random() < 0.2 else float(rng.integers(0, 2)) for _ in range(60)]),
            )
            for place, (kind, family) in enumerate(
                [(Kind.FLAG, Family.PRICE), (Kind.LEVEL, Family.PRICE), (Kind.FLAG, Family.MACRO)]
            )
        ]
        table = StanceTable(pairs, window=20, at_least=5)
        values, present = table.values()
        for place in range(60):
            row = table.row(place)
            for order, family in enumerate(module.VOTING):
                assert present[order, place] == (family in row)
                if family in row:
                    assert values[order, place] == pytest.approx(row[family].value)

    def test_cutting_the_future_changes_no_row(self) -> None:
        values = list(np.random.default_rng(2).normal(size=80))
        whole = said(values, voice(), window=30)
        np.testing.assert_array_equal(said(values[:50], voice(), window=30), whole[:50])
