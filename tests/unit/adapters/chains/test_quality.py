"""Static arbitrage is counted at executable prices: nothing that could not be traded counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from alvh.adapters.chain_days import ChainDay, quote_status
from alvh.adapters.chain_quality import arbitrage
from alvh.market.quality import Defect


def chain_day(strikes: list[float], bids: list[float], asks: list[float], *, put: bool = False) -> ChainDay:
    n = len(strikes)
    bid, ask = np.array(bids), np.array(asks)
    nothing = np.full(n, np.nan)
    return ChainDay(
        root="SPX",
        session=date(2024, 3, 14),
        asof=0,
        timed=False,
        spot=100.0,
        expiries=np.array([19832], np.int32),
        offsets=np.array([0, n]),
        strike=np.array(strikes),
        is_put=np.full(n, put),
        bid=bid,
        ask=ask,
        status=quote_status(bid, ask),
        blank=np.zeros(n, np.int8),
        iv=nothing,
        delta=nothing,
        volume=nothing,
        open_interest=nothing,
    )


def test_a_convex_falling_strip_of_calls_has_no_arbitrage() -> None:
    assert arbitrage(chain_day([90, 95, 100, 105], [12, 8, 5, 3], [12.2, 8.2, 5.2, 3.2])) == (0, 0)


def test_a_call_that_bids_more_than_a_lower_strike_asks_is_one_vertical() -> None:
    verticals, _ = arbitrage(chain_day([90, 95], [5.0, 6.0], [5.5, 6.5]))
    assert verticals == 1


def test_a_put_that_bids_more_than_a_higher_strike_asks_is_one_vertical() -> None:
    assert arbitrage(chain_day([90, 95], [6.0, 5.0], [6.5, 5.5], put=True))[0] == 1
    assert arbitrage(chain_day([90, 95], [5.0, 6.0], [5.5, 6.5], put=True))[0] == 0


def test_a_vertical_that_brings_more_than_its_width_is_counted() -> None:
    assert arbitrage(chain_day([90, 95], [12.0, 5.0], [12.5, 5.5]))[0] == 1
    assert arbitrage(chain_day([90, 95], [5.0, 12.0], [5.5, 12.5], put=True))[0] == 1


def test_a_butterfly_that_pays_to_hold_is_counted_once() -> None:
    assert arbitrage(chain_day([90, 95, 100], [9.0, 7.4, 5.0], [9.2, 7.6, 5.2])) == (0, 1)


def test_unequal_wings_are_weighed() -> None:
    # 95 lies one third of the way from 90 to 105: fair is 2/3 of 9 and 1/3 of 3, that is 7.
    assert arbitrage(chain_day([90, 95, 105], [8.9, 6.9, 2.9], [9.0, 7.1, 3.0])) == (0, 0)
    assert arbitrage(chain_day([90, 95, 105], [8.9, 7.1, 2.9], [9.0, 7.2, 3.0])) == (0, 1)


@pytest.mark.parametrize("blank", [(0.0, 0.0), (7.0, 6.0)])
def test_an_absent_or_crossed_quote_is_never_traded(blank: tuple[float, float]) -> None:
    bid, ask = blank
    assert arbitrage(chain_day([90, 95], [5.0, bid], [5.5, ask])) == (0, 0)


def test_a_quote_nobody_bids_for_can_be_bought_and_not_sold() -> None:
    assert arbitrage(chain_day([90, 95], [0.0, 6.0], [5.5, 6.5]))[0] == 1
    assert arbitrage(chain_day([90, 95], [0.0, 0.0], [0.05, 0.05]))[0] == 0


def test_expiries_are_never_mixed(put_in: Callable[..., object], opened: Callable[..., object]) -> None:
    from fakes.chains import Row

    near = Row(strike="5100", bid="100", ask="101")
    far = Row(strike="5000", expiry="2024-05-17", bid="180", ask="181")
    report = put_in(
        [near, near.but(strike="5150", bid="60", ask="61"), far, far.but(strike="5100", bid="120", ask="121")]
    )
    assert Defect.ARBITRAGE not in {finding.defect for finding in report.findings}
