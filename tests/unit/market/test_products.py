from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from alvh.core.errors import UsageError
from alvh.market.contracts import Future, Kind, Option, Right, Settlement, Share, Style
from alvh.market.products import PRODUCTS, SHARES, product, product_of, tick_rule


@pytest.mark.parametrize(
    ("root", "multiplier", "settlement"),
    [
        ("SPX", 100, Settlement.AM_OPEN),
        ("SPXW", 100, Settlement.PM_CLOSE),
        ("XSP", 100, Settlement.PM_CLOSE),
        ("VIX", 100, Settlement.VIX_OPEN),
        ("VIXW", 100, Settlement.VIX_OPEN),
        ("VX", 1000, Settlement.VIX_OPEN),
        ("VXM", 100, Settlement.VIX_OPEN),
        ("ES", 50, Settlement.INDEX_OPEN),
        ("MES", 5, Settlement.INDEX_OPEN),
    ],
)
def test_the_facts_that_decide_money(root: str, multiplier: int, settlement: Settlement) -> None:
    assert (product(root).multiplier, product(root).settlement) == (multiplier, settlement)


@pytest.mark.parametrize("root", ["SPX", "SPXW", "XSP", "VIX", "VIXW"])
def test_index_options_are_european(root: str) -> None:
    assert product(root).european


@pytest.mark.parametrize("root", ["SPY", "VXX"])
def test_options_on_shares_are_american_and_never_black_76(root: str) -> None:
    item = product(root, Kind.OPTION)
    assert item.style is Style.AMERICAN
    assert item.settlement is Settlement.PHYSICAL
    assert not item.european


def test_every_product_is_filed_under_its_own_root() -> None:
    assert all(root == item.root for catalogue in (PRODUCTS, SHARES) for root, item in catalogue.items())


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PRODUCTS["SPX"] = PRODUCTS["XSP"]


def test_an_unknown_root_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'BVZ'.*Known roots: .*SPX, SPXW"):
        product("BVZ")


def test_a_known_root_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="'VIX' is not a root this program knows as future"):
        product("VIX", Kind.FUTURE)


def test_a_root_of_two_products_is_never_guessed() -> None:
    with pytest.raises(UsageError, match="both a share"):
        product("VXX")


def test_an_instrument_always_finds_its_product() -> None:
    day = date(2020, 3, 18)
    assert product_of(Option("VXX", day, 20.0, Right.CALL)).multiplier == 100
    assert product_of(Share("VXX")).multiplier == 1
    assert product_of(Future("VX", day)).multiplier == 1000
    assert product_of(Option("SPXW", day, 2500.0, Right.PUT)) is PRODUCTS["SPXW"]


def test_an_instrument_of_the_wrong_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="as future"):
        product_of(Future("SPX", date(2020, 3, 20)))


@pytest.mark.parametrize(
    ("root", "session", "price", "tick"),
    [
        ("SPX", date(2019, 5, 1), "2.95", "0.05"),
        ("SPX", date(2019, 5, 1), "3.00", "0.10"),
        ("SPXW", date(2023, 5, 1), "12.40", "0.10"),
        ("VIX", date(2022, 9, 30), "2.95", "0.05"),
        ("VIX", date(2022, 9, 30), "3.00", "0.10"),
        ("VIX", date(2022, 10, 3), "2.99", "0.01"),
        ("VIX", date(2022, 10, 3), "3.00", "0.05"),
        ("VIXW", date(2019, 5, 1), "9.00", "0.01"),
        ("VXM", date(2022, 9, 30), "20.00", "0.05"),
        ("VXM", date(2022, 10, 3), "20.00", "0.01"),
        ("VX", date(2010, 1, 4), "20.00", "0.05"),
        ("XSP", date(2013, 11, 4), "1.00", "0.05"),
        ("XSP", date(2020, 1, 2), "9.00", "0.01"),
        ("ES", date(2020, 1, 2), "3200.00", "0.25"),
        ("SVXY", date(2020, 1, 2), "60.00", "0.01"),
    ],
)
def test_ticks_by_price_and_date(root: str, session: date, price: str, tick: str) -> None:
    assert tick_rule(root, session).tick(Decimal(price)) == Decimal(tick)


@pytest.mark.parametrize(("root", "tick"), [("SPX", "0.05"), ("SPXW", "0.05"), ("VIX", "0.01"), ("XSP", "0.01")])
def test_packages_trade_in_finer_steps_than_their_dearest_leg(root: str, tick: str) -> None:
    assert product(root).package_tick == Decimal(tick)
