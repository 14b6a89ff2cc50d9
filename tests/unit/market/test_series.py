from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from alvh.core.errors import UsageError
from alvh.market.series import Series


@pytest.fixture
def prints() -> Series:
    return Series(
        name="CPI",
        unit="index",
        period=np.array(["2020-01-01", "2020-02-01"], dtype="datetime64[D]"),
        known_at=np.array(["2020-02-13T13:30:00", "2020-03-11T12:30:00"], dtype="datetime64[s]"),
        value=np.array([257.97, 258.68]),
        source="test",
    )


def test_nothing_is_known_before_the_first_release(prints: Series) -> None:
    assert prints.asof(datetime(2020, 2, 13, 13, 29, 59, tzinfo=UTC)) is None


def test_a_value_counts_from_the_second_of_its_release(prints: Series) -> None:
    seen = prints.asof(datetime(2020, 2, 13, 13, 30, tzinfo=UTC))
    assert seen is not None
    assert (seen.value, seen.period) == (257.97, date(2020, 1, 1))


def test_the_release_instant_comes_back_aware(prints: Series) -> None:
    seen = prints.asof(datetime(2021, 1, 1, tzinfo=UTC))
    assert seen is not None
    assert seen.known_at == datetime(2020, 3, 11, 12, 30, tzinfo=UTC)


def test_an_instant_of_another_zone_is_converted(prints: Series) -> None:
    new_york = ZoneInfo("America/New_York")
    assert prints.asof(datetime(2020, 2, 13, 8, 29, tzinfo=new_york)) is None
    assert prints.asof(datetime(2020, 2, 13, 8, 30, tzinfo=new_york)) is not None


def test_an_instant_without_a_zone_is_refused(prints: Series) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        prints.asof(datetime(2020, 2, 13, 13, 30))  # noqa: DTZ001
