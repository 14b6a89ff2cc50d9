from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from alvh.core.errors import UsageError
from alvh.market.contracts import Option, Right
from alvh.market.symbols import compact, dxfeed, occ, parse_symbol

CALL = Option("SPXW", date(2019, 6, 21), 2900.0, Right.CALL)
PUT = Option("VIX", date(2022, 3, 15), 22.5, Right.PUT)


@pytest.mark.parametrize(
    ("option", "padded", "plain", "feed"),
    [
        (CALL, "SPXW  190621C02900000", "SPXW190621C02900000", ".SPXW190621C2900"),
        (PUT, "VIX   220315P00022500", "VIX220315P00022500", ".VIX220315P22.5"),
        (
            Option("SPX", date(2027, 12, 17), 10_000.0, Right.PUT),
            "SPX   271217P10000000",
            "SPX271217P10000000",
            ".SPX271217P10000",
        ),
    ],
)
def test_the_three_forms(option: Option, padded: str, plain: str, feed: str) -> None:
    assert (occ(option), compact(option), dxfeed(option)) == (padded, plain, feed)
    assert {parse_symbol(padded), parse_symbol(plain), parse_symbol(feed)} == {option}


def test_roots_of_one_day_are_kept_apart() -> None:
    assert parse_symbol("SPX190621C02900000") != parse_symbol("SPXW190621C02900000")
    assert parse_symbol("VIX220316C00020000").root == "VIX"
    assert parse_symbol("VIXW220316C00020000").root == "VIXW"


def test_a_root_may_end_in_a_digit() -> None:
    assert parse_symbol("SPX1190621C02900000").root == "SPX1"
    assert parse_symbol(".SPX1190621C2900").root == "SPX1"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no option symbol"),
        ("SPXW", "no option symbol"),
        ("spxw190621C02900000", "capitals"),
        ("SPXW 190621C02900000", "20 characters long, a padded OCC symbol has 21"),
        ("SPXW190621C2900000", "no option symbol"),
        ("SPXW190631C02900000", "names the day 190631, which is no date"),
        ("SPXW191321C02900000", "names the day 191321, which is no date"),
        ("SPXW190621X02900000", "says 'X' where C or P is needed"),
        ("SPXW190621C00000000", "strike of zero"),
        (".SPXW190621C2900.1234", "no option symbol"),
        (".SPXW190621C-5", "no option symbol"),
        ("SPXWEEK190621C02900000", "no option symbol"),
        ("SPXW190621C02900000\n", "no option symbol"),
        ("SPXW١٩٠٦٢١C02900000", "no option symbol"),
    ],
)
def test_what_is_no_symbol_is_refused_with_a_reason(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        parse_symbol(text)


@pytest.mark.parametrize("strike", [0.0, -5.0, 2900.0005, 100_000.0, float("nan"), float("inf")])
@pytest.mark.parametrize("write", [occ, compact, dxfeed])
def test_a_strike_that_cannot_be_written_is_refused(strike: float, write: Callable[[Option], str]) -> None:
    option = Option("SPX", date(2019, 6, 21), strike, Right.CALL)
    with pytest.raises(UsageError, match="cannot be written"):
        write(option)


def test_a_year_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(UsageError, match="2000-2099"):
        occ(Option("SPX", date(1999, 6, 18), 1300.0, Right.CALL))


@pytest.mark.parametrize("root", ["", "spx", "TOOLONG", "BRK.B"])
def test_a_root_that_cannot_be_written_is_refused(root: str) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        occ(Option(root, date(2019, 6, 21), 1300.0, Right.CALL))


def test_the_last_bit_of_a_strike_does_not_matter() -> None:
    assert occ(Option("VIX", date(2019, 6, 19), 0.1 + 0.2, Right.CALL)).endswith("C00000300")
