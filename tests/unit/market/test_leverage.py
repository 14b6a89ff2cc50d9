from __future__ import annotations

from datetime import date

import pytest

from alvh.core.errors import UsageError
from alvh.market.leverage import VIX_ETPS, leverage


@pytest.mark.parametrize(
    ("root", "session", "multiple"),
    [
        ("VXX", date(2009, 1, 30), 1.0),
        ("UVXY", date(2018, 2, 27), 2.0),
        ("UVXY", date(2018, 2, 28), 1.5),
        ("SVXY", date(2018, 2, 27), -1.0),
        ("SVXY", date(2018, 2, 28), -0.5),
        ("SVIX", date(2024, 8, 5), -1.0),
    ],
)
def test_leverage_is_what_was_promised_on_the_day(root: str, session: date, multiple: float) -> None:
    promise = leverage(root, session)
    assert promise is not None
    assert promise.to_vx30 == multiple


def test_nothing_is_promised_before_listing() -> None:
    assert leverage("SVIX", date(2020, 3, 16)) is None


def test_mid_term_products_count_less_of_a_thirty_day_move() -> None:
    promise = leverage("VXZ", date(2020, 3, 16))
    assert promise is not None
    assert (promise.tenor, promise.multiple) == (150, 1.0)
    assert 0.0 < promise.to_vx30 < 1.0


def test_an_unknown_product_is_refused() -> None:
    with pytest.raises(UsageError, match=r"'SPY' is no VIX exchange-traded product\. Known: VXX"):
        leverage("SPY", date(2020, 1, 2))


def test_promises_are_in_order() -> None:
    assert all([p.since for p in promises] == sorted(p.since for p in promises) for promises in VIX_ETPS.values())
