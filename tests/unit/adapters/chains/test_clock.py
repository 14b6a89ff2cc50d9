"""The clock above a saved web table, in the languages in which such tables were met."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from alvh.adapters.formats.clock import read_clock


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("February 5 2022, 8:09 PM EST", datetime(2022, 2, 6, 1, 9, tzinfo=UTC)),
        ("February 19, 2022, 4:17 PM EST", datetime(2022, 2, 19, 21, 17, tzinfo=UTC)),
        ("23 de marzo de 2022, 10:11 GMT-4", datetime(2022, 3, 23, 14, 11, tzinfo=UTC)),
        ("February 7, 2023 at 5:34 PM EST", datetime(2023, 2, 7, 22, 34, tzinfo=UTC)),
        ("5 April 2023, 19:41 UTC\N{MINUS SIGN}4", datetime(2023, 4, 5, 23, 41, tzinfo=UTC)),
        ("11 April, 2023 à 22:23 UTC\N{MINUS SIGN}4", datetime(2023, 4, 12, 2, 23, tzinfo=UTC)),
        ("8 June 2023 7:56 PM EDT", datetime(2023, 6, 8, 23, 56, tzinfo=UTC)),
        ("12 août 2023, 12:05 AM EDT", datetime(2023, 8, 12, 4, 5, tzinfo=UTC)),
        ("15. Dezember 2023, 15:30 GMT+1", datetime(2023, 12, 15, 14, 30, tzinfo=UTC)),
    ],
)
def test_a_clock_is_read_in_any_of_these_spellings(text: str, told: datetime) -> None:
    assert read_clock(text) == told


@pytest.mark.parametrize("text", ["4 June 4, 3:15 PM EDT", "", "sometime in March 2022", "31 February 2022, 10:00 EST"])
def test_a_clock_that_cannot_be_read_whole_is_not_guessed(text: str) -> None:
    assert read_clock(text) is None
