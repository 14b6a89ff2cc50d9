"""The credit facility: accrual, limits, covenants, waterfall."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.book.facility import Facility, FacilityTerms
from alvh.core.errors import InvariantError

TERMS = FacilityTerms(
    limit=Decimal("200000.00"),
    spread=Decimal("0.03"),
    commitment=Decimal("0.005"),
    most_of_equity=Decimal("0.15"),
    least_quick=1.0,
)
EQUITY = Decimal("1000000.00")


def drawn(amount: str) -> Facility:
    made = Facility().draw(Decimal(amount), TERMS, equity=EQUITY, quick=2.0)
    assert isinstance(made, Facility)
    return made


class TestAccrual:
    def test_interest_on_what_is_drawn_and_a_fee_on_what_is_not(self) -> None:
        after = drawn("73000.00").accrued(TERMS, bill_rate=Decimal("0.02"), days=10)
        assert after.interest == Decimal("100")
        assert after.fees == Decimal("127000") * Decimal("0.005") * 10 / 365 // Decimal("1e-8") * Decimal("1e-8")

    def test_an_undrawn_facility_still_costs_its_fee(self) -> None:
        assert Facility().accrued(TERMS, bill_rate=Decimal(0), days=365).fees == Decimal("1000")

    def test_a_negative_bill_rate_does_not_pay_the_borrower(self) -> None:
        assert drawn("36500.00").accrued(TERMS, bill_rate=Decimal("-0.01"), days=10).interest == Decimal("30")

    def test_time_does_not_run_backwards(self) -> None:
        with pytest.raises(InvariantError, match="backwards"):
            Facility().accrued(TERMS, bill_rate=Decimal(0), days=-1)


class TestDraw:
    def test_inside_limit_and_covenants(self) -> None:
        assert drawn("150000.00").owed == Decimal("150000.00")

    def test_beyond_the_share_of_equity_with_its_sentence(self) -> None:
        refused = Facility().draw(Decimal("150000.01"), TERMS, equity=EQUITY, quick=2.0)
        assert refused == ("drawn 150,000.01 USD exceeds 15% of equity, 150,000.00 USD",)

    def test_beyond_the_limit(self) -> None:
        refused = Facility().draw(Decimal(200001), TERMS, equity=EQUITY * 10, quick=2.0)
        assert isinstance(refused, tuple)
        assert "limit" in refused[0]

    @pytest.mark.parametrize("quick", [0.99, None])
    def test_without_liquidity(self, quick: float | None) -> None:
        refused = Facility().draw(Decimal(1), TERMS, equity=EQUITY, quick=quick)
        assert isinstance(refused, tuple)
        assert "quick ratio" in refused[0]

    @pytest.mark.parametrize("amount", ["0", "-5", "0.001"])
    def test_an_amount_that_is_no_money(self, amount: str) -> None:
        with pytest.raises(InvariantError, match="cents"):
            Facility().draw(Decimal(amount), TERMS, equity=EQUITY, quick=2.0)


class TestWaterfall:
    OWING = Facility(drawn=Decimal("1000.00"), interest=Decimal("10.004"), fees=Decimal("2.50"))

    def test_fees_come_before_interest_before_principal(self) -> None:
        after, paid = self.OWING.repaid(Decimal("8.00"))
        assert (paid.fees, paid.interest, paid.principal) == (Decimal("2.50"), Decimal("5.50"), Decimal("0.00"))
        assert after == Facility(drawn=Decimal("1000.00"), interest=Decimal("4.504"), fees=Decimal("0.00"))

    def test_a_fraction_of_a_cent_is_paid_as_a_whole_one(self) -> None:
        after, paid = self.OWING.repaid(Decimal("5000"))
        assert paid.total == Decimal("1012.51")
        assert after.owed == 0

    def test_nothing_comes_of_nothing(self) -> None:
        after, paid = self.OWING.repaid(Decimal("-3"))
        assert paid.total == 0
        assert after == self.OWING


money = st.decimals(0, 10**6, places=2)


@given(draw=st.decimals("0.01", 100_000, places=2), days=st.lists(st.integers(0, 40), max_size=8), cash=st.lists(money))
def test_what_was_drawn_and_accrued_is_what_was_paid_and_is_owed(draw, days, cash) -> None:
    facility, paid, cost = drawn(str(draw)), Decimal(0), Decimal(0)
    for span, amount in zip(days, cash, strict=False):
        before = facility.owed
        facility = facility.accrued(TERMS, bill_rate=Decimal("0.05"), days=span)
        cost += facility.owed - before
        facility, payment = facility.repaid(amount)
        assert payment.total <= amount
        paid += payment.total
    # Rounding fees and interest up to a cent may pay at most two cents a payment more than was owed.
    assert Decimal(0) <= facility.owed - (draw + cost - paid) <= Decimal("0.02") * len(cash)
