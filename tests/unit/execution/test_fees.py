from __future__ import annotations

from decimal import Decimal

import pytest

from alvh.core.errors import UsageError
from alvh.execution.fees import fee
from alvh.market.contracts import Share
from fakes.packages import VIX_EXPIRY, fee_parameters, future, option

COMMON = Decimal("0.53")  # clearing, regulatory and broker fees of the test's table


def vix(strike=20.0):
    return option(strike, "C", root="VIX", expiry=VIX_EXPIRY)


@pytest.mark.parametrize(("price", "exchange"), [(0.95, "0.36"), (0.99, "0.36"), (1.00, "0.45"), (20.0, "0.45")])
@pytest.mark.parametrize("root", ["SPX", "SPXW"])
def test_spx_fee_depends_on_premium(root, price, exchange):
    assert fee(option(3000, "C", root=root), price, 10, fee_parameters()) == 10 * (Decimal(exchange) + COMMON)


@pytest.mark.parametrize(
    ("price", "simple", "several"),
    [
        (0.05, "0.10", "0.05"),
        (0.10, "0.10", "0.05"),
        (0.11, "0.25", "0.17"),
        (0.99, "0.25", "0.17"),
        (1.00, "0.40", "0.30"),
        (1.99, "0.40", "0.30"),
        (2.00, "0.45", "0.45"),
    ],
)
def test_vix_fee_depends_on_premium_and_on_the_order(price, simple, several):
    parameters = fee_parameters()
    assert fee(vix(), price, 1, parameters) == Decimal(simple) + COMMON
    assert fee(vix(), price, 1, parameters, several_legs=True) == Decimal(several) + COMMON


def test_selling_costs_what_buying_costs():
    assert fee(vix(), 1.2, -7, fee_parameters()) == fee(vix(), 1.2, 7, fee_parameters()) > 0


@pytest.mark.parametrize(("root", "each"), [("VX", "2.36"), ("VXM", "1.05"), ("ES", "2.25")])
def test_futures(root, each):
    assert fee(future(root), 17.0, 2, fee_parameters()) == 2 * Decimal(each)


def test_shares_and_options_on_them():
    assert fee(Share(root="VXX"), 25.0, 1000, fee_parameters()) == Decimal("5.00")
    assert fee(option(25, "C", root="VXX"), 1.0, 1, fee_parameters(equity_option=0.2)) == Decimal("0.73")


def test_xsp_has_its_own_fee():
    assert fee(option(300, "C", root="XSP"), 1.0, 1, fee_parameters()) == Decimal("0.60")


def test_fees_are_whole_cents():
    assert fee(vix(), 0.5, 1, fee_parameters(orf=0.0123)) == Decimal("0.78")


def test_tiers_and_boundaries_must_match():
    with pytest.raises(UsageError, match="one more tier is needed"):
        fee(vix(), 1.0, 1, fee_parameters(vix_boundaries=(0.1, 1.0)))
