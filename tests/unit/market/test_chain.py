from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from alvh.market.chain import OptionChain, Origin, QuoteStatus, RecordedSlice

CALLS_AND_PUTS = np.array([False, True, False, True, True])
STRIKES = np.array([2800.0, 2800.0, 2900.0, 2900.0, 3000.0])
BIDS = np.array([105.0, 4.0, 30.0, 0.0, 110.0])
ASKS = np.array([106.0, 4.4, 31.0, 0.1, 109.0])
STATUS = np.array([QuoteStatus.OK, QuoteStatus.OK, QuoteStatus.OK, QuoteStatus.ZERO_BID, QuoteStatus.CROSSED], np.int8)


@pytest.fixture
def june() -> RecordedSlice:
    return RecordedSlice(
        root="SPX",
        expiry=date(2019, 6, 21),
        tau=0.05,
        forward=2895.0,
        discount=0.999,
        origin=Origin.RECORDED,
        strike=STRIKES,
        is_put=CALLS_AND_PUTS,
        bid=BIDS,
        ask=ASKS,
        status=STATUS,
    )


def test_strikes_are_listed_once(june: RecordedSlice) -> None:
    assert june.strikes.tolist() == [2800.0, 2900.0, 3000.0]


def test_quotes_come_back_in_the_order_asked(june: RecordedSlice) -> None:
    quotes = june.quote(np.array([2900.0, 2800.0, 2800.0]), np.array([False, True, False]))
    assert quotes.bid.tolist() == [30.0, 4.0, 105.0]
    assert quotes.ask.tolist() == [31.0, 4.4, 106.0]
    np.testing.assert_allclose(quotes.mid, [30.5, 4.2, 105.5])
    assert quotes.status.tolist() == [QuoteStatus.OK] * 3


@pytest.mark.parametrize(
    ("strike", "is_put"), [(2850.0, False), (2700.0, True), (3100.0, True), (3000.0, False), (2900.0001, True)]
)
def test_an_unlisted_contract_is_absent(june: RecordedSlice, strike: float, is_put: bool) -> None:
    quotes = june.quote(np.array([strike]), np.array([is_put]))
    assert quotes.status.tolist() == [QuoteStatus.ABSENT]
    assert (quotes.bid[0], quotes.ask[0]) == (0.0, 0.0)


def test_a_bad_quote_keeps_its_prices_and_says_what_is_wrong(june: RecordedSlice) -> None:
    quotes = june.quote(np.array([2900.0, 3000.0]), np.array([True, True]))
    assert quotes.status.tolist() == [QuoteStatus.ZERO_BID, QuoteStatus.CROSSED]
    assert quotes.ask.tolist() == [0.1, 109.0]


def test_an_empty_slice_has_every_contract_absent() -> None:
    none = np.empty(0)
    empty = RecordedSlice(
        root="SPX",
        expiry=date(2019, 6, 21),
        tau=0.05,
        forward=2895.0,
        discount=0.999,
        origin=Origin.RECORDED,
        strike=none,
        is_put=none.astype(bool),
        bid=none,
        ask=none,
        status=none.astype(np.int8),
    )
    assert empty.quote(np.array([2800.0]), np.array([True])).status.tolist() == [QuoteStatus.ABSENT]


def test_asking_nothing_answers_nothing(june: RecordedSlice) -> None:
    assert june.quote(np.empty(0), np.empty(0, dtype=bool)).bid.size == 0


def test_rows_of_an_expiry_and_of_an_unlisted_one() -> None:
    chain = OptionChain(
        root="SPX",
        session=date(2019, 6, 3),
        asof=datetime(2019, 6, 3, 20, 15, tzinfo=UTC),
        timed=True,
        spot=2744.45,
        origin=Origin.RECORDED,
        expiries=(date(2019, 6, 21), date(2019, 7, 19)),
        offsets=np.array([0, 3, 5]),
        strike=STRIKES,
        is_put=CALLS_AND_PUTS,
        bid=BIDS,
        ask=ASKS,
        status=STATUS,
    )
    assert chain.rows(date(2019, 7, 19)) == slice(3, 5)
    assert chain.strike[chain.rows(date(2019, 6, 28))].size == 0
