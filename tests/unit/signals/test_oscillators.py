from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from alvh.signals.oscillators import Seed, crossed_above, crossed_below, macd, rsi

REFERENCE = Path(__file__).parents[2] / "reference" / "oscillators.csv"


def closes(count: int = 600) -> np.ndarray:
    i = np.arange(count)
    wave = 8 * np.sin(i / 6) + 0.02 * i + 3 * np.cos(i / 2.3) + 5 * np.sin(i * i / 900.0)
    return np.round(100 + wave, 4)


def answers() -> list[dict[str, str]]:
    lines = [line for line in REFERENCE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def wilder(values: list[float], period: int) -> list[float | None]:
    """RSI from its ratio, written from the book: 100 - 100 / (1 + RS)."""
    out: list[float | None] = [None] * len(values)
    moves = [b - a for a, b in pairwise(values)]
    up = sum(max(move, 0) for move in moves[:period]) / period
    down = sum(max(-move, 0) for move in moves[:period]) / period
    for place in range(period, len(values)):
        if place > period:
            up = (up * (period - 1) + max(moves[place - 1], 0)) / period
            down = (down * (period - 1) + max(-moves[place - 1], 0)) / period
        out[place] = 100.0 if down == 0 and up > 0 else 50.0 if down == 0 else 100 - 100 / (1 + up / down)
    return out


class TestRsi:
    def test_it_is_talibs_to_nine_digits(self) -> None:
        mine = rsi(closes(), 14)
        for row in answers():
            expected = float(row["rsi"]) if row["rsi"] else np.nan
            assert mine[int(row["i"])] == pytest.approx(expected, abs=1e-9, nan_ok=True)

    def test_it_is_the_books_recursion(self) -> None:
        mine = rsi(closes(), 14)
        for got, expected in zip(mine.tolist(), wilder(closes().tolist(), 14), strict=True):
            assert got == pytest.approx(np.nan if expected is None else expected, abs=1e-10, nan_ok=True)

    def test_only_gains_are_a_hundred_only_losses_zero_and_no_move_is_fifty(self) -> None:
        assert rsi(np.arange(20.0), 14)[-1] == 100.0
        assert rsi(-np.arange(20.0), 14)[-1] == 0.0
        assert rsi(np.full(20, 7.0), 14)[-1] == 50.0

    def test_too_short_a_history_has_no_value(self) -> None:
        assert np.isnan(rsi(np.arange(14.0), 14)).all()
        assert rsi(np.zeros(0), 14).size == 0

    @pytest.mark.shared
    def test_it_is_the_published_sheet(self, shared_reference: Path) -> None:
        table = json.loads((shared_reference / "indicators_rsi_macd.json").read_text("utf-8"))["rsi"]
        mine = rsi(np.array(table["closes"], float), 14)
        for got, exact in zip(mine.tolist(), table["exact"], strict=True):
            assert got == pytest.approx(np.nan if exact is None else float(exact), abs=1e-9, nan_ok=True)
        printed = np.array(table["expected_2dp_stockcharts"])
        np.testing.assert_allclose(mine[table["first_index"] :], printed, atol=0.00501)


class TestMacd:
    def test_seeded_as_talib_it_is_talibs_to_nine_digits(self) -> None:
        mine = macd(closes(), 12, 26, 9, seed=Seed.TALIB)
        for row in answers():
            if row["signal"]:
                assert mine.line[int(row["i"])] == pytest.approx(float(row["macd"]), abs=1e-9)
                assert mine.signal[int(row["i"])] == pytest.approx(float(row["signal"]), abs=1e-9)

    def test_after_four_hundred_bars_the_seed_does_not_show(self) -> None:
        mine = macd(closes(), 12, 26, 9)
        for row in answers():
            if int(row["i"]) >= 400:
                assert mine.line[int(row["i"])] == pytest.approx(float(row["macd"]), abs=1e-9)
                assert mine.signal[int(row["i"])] == pytest.approx(float(row["signal"]), abs=1e-9)

    def test_it_is_the_plain_recursion_from_the_first_close(self) -> None:
        values = closes(80).tolist()

        def mean(column: list[float], span: int) -> list[float]:
            out = [column[0]]
            for value in column[1:]:
                out.append((1 - 2 / (span + 1)) * out[-1] + 2 / (span + 1) * value)
            return out

        line = [a - b for a, b in zip(mean(values, 12), mean(values, 26), strict=True)]
        mine = macd(np.array(values), 12, 26, 9)
        np.testing.assert_allclose(mine.line, line, atol=1e-12)
        np.testing.assert_allclose(mine.signal, mean(line, 9), atol=1e-12)

    @pytest.mark.parametrize("seed", list(Seed))
    def test_too_short_a_history_has_no_value_and_does_not_fail(self, seed: Seed) -> None:
        assert macd(np.zeros(0), 12, 26, 9, seed=seed).line.size == 0
        if seed is not Seed.FIRST:
            assert np.isnan(macd(np.arange(33.0), 12, 26, 9, seed=seed).signal).all()

    @pytest.mark.shared
    @pytest.mark.parametrize("seed", [Seed.FIRST, Seed.SMA])
    def test_both_textbook_seeds_agree_with_the_tables(self, shared_reference: Path, seed: Seed) -> None:
        table = json.loads((shared_reference / "indicators_rsi_macd.json").read_text("utf-8"))["macd"]
        mine = macd(np.array(table["closes"], float), 12, 26, 9, seed=seed)
        for place, (line, signal, _) in table["values"][seed].items():
            assert mine.line[int(place)] == pytest.approx(line, abs=1e-9)
            if signal is not None:
                assert mine.signal[int(place)] == pytest.approx(signal, abs=1e-9)


def test_both_are_talibs_on_a_random_walk() -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is not installed")
    values = 100 * np.exp(np.cumsum(0.01 * np.random.default_rng(5).standard_normal(3000)))
    np.testing.assert_allclose(rsi(values, 14)[14:], talib.RSI(values, 14)[14:], atol=1e-9)
    line, signal, _ = talib.MACD(values, 12, 26, 9)
    mine = macd(values, 12, 26, 9, seed=Seed.TALIB)
    np.testing.assert_allclose(mine.line[33:], line[33:], atol=1e-9)
    np.testing.assert_allclose(mine.signal[33:], signal[33:], atol=1e-9)
    ours = macd(values, 12, 26, 9)
    np.testing.assert_allclose(ours.signal[400:], signal[400:], atol=1e-9)


def test_a_crossover_is_the_first_row_on_the_other_side() -> None:
    line, other = np.array([0.0, 1.0, 1.0, 0.0, -1.0, 0.0, 2.0]), np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    assert np.flatnonzero(crossed_above(line, other)).tolist() == [1, 6]
    assert np.flatnonzero(crossed_below(line, other)).tolist() == [4]
