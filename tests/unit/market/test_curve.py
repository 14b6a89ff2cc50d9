from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from alvh.market.curve import CurveOrigin, VxCurve

MONTHS = (date(2020, 3, 18), date(2020, 4, 15), date(2020, 5, 20))


def curve(*prices: float) -> VxCurve:
    expiries = MONTHS[: len(prices)]
    session = date(2020, 2, 27)
    return VxCurve(
        session=session,
        expiries=expiries,
        days=np.array([float((expiry - session).days) for expiry in expiries]),
        price=np.array(prices),
        origin=(CurveOrigin.SETTLED,) * len(prices),
    )


@pytest.mark.parametrize(
    ("expiry", "forward"),
    [
        (date(2020, 3, 18), 30.0),
        (date(2020, 4, 15), 26.0),
        (date(2020, 4, 1), 28.0),
        (date(2020, 3, 4), 30.0),
        (date(2020, 8, 19), 24.0),
    ],
)
def test_a_forward_lies_on_the_line_between_listed_months_and_flat_outside(expiry: date, forward: float) -> None:
    assert curve(30.0, 26.0, 24.0).forward(expiry) == pytest.approx(forward)


def test_a_constant_maturity_is_not_extrapolated() -> None:
    months = curve(30.0, 26.0, 24.0)
    assert months.constant_maturity(34.0) == pytest.approx(28.0)
    assert months.constant_maturity(19.0) is None
    assert months.constant_maturity(84.0) is None


def test_an_empty_curve_knows_nothing() -> None:
    assert curve().forward(date(2020, 3, 18)) is None
    assert curve().constant_maturity(30.0) is None
