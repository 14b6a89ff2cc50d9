from __future__ import annotations

import pytest

from alvh.market.catalogue import CATALOGUE, Frequency, known


@pytest.mark.parametrize(
    ("name", "frequency", "publisher"),
    [
        ("VIX", Frequency.DAILY, "Cboe"),
        ("SPX.high", Frequency.DAILY, "S&P"),
        ("CPIAUCSL", Frequency.MONTHLY, "FRED"),
        ("BIS.reer.United States", Frequency.MONTHLY, "BIS"),
        ("SHILLER.EARNINGS", Frequency.MONTHLY, "Shiller"),
        ("ROUTPUT", Frequency.QUARTERLY, "Federal Reserve Bank of Philadelphia"),
        ("VX30", Frequency.DAILY, "derived"),
        ("VX180", Frequency.DAILY, "derived"),
        ("VX1.CONTINUOUS", Frequency.DAILY, "derived"),
        ("QUICK.XLK", Frequency.QUARTERLY, "user"),
    ],
)
def test_names_find_their_row(name, frequency, publisher) -> None:
    found = known(name)
    assert found.frequency is frequency
    assert found.publisher == publisher


def test_every_row_says_who_publishes_it_what_it_is_and_how_old_it_may_get() -> None:
    for name, row in CATALOGUE.items():
        assert row.publisher != "unknown", name
        assert row.meaning, name
        assert row.unit, name
        assert row.max_age > 0.0, name


def test_a_share_is_not_taken_for_a_yield_or_a_future() -> None:
    for share in ("GS", "DG", "VXX", "PE", "VX"):
        assert known(share) is None, share


def test_what_a_derived_series_is_made_from_is_in_the_catalogue() -> None:
    for name, row in CATALOGUE.items():
        for part in row.derived_from:
            assert known(part) is not None, (name, part)


def test_a_value_outlives_the_time_to_the_next_release_of_its_rule() -> None:
    """Else a series would be absent between two punctual releases."""
    import numpy as np

    from alvh.market.release import known_at

    step = {Frequency.DAILY: "D", Frequency.MONTHLY: "M", Frequency.QUARTERLY: "M"}
    for name, row in CATALOGUE.items():
        if row.frequency not in step or row.frequency is Frequency.DAILY:
            continue
        months = np.arange(np.datetime64("2015-01"), np.datetime64("2019-01"))
        months = months[:: 3 if row.frequency is Frequency.QUARTERLY else 1].astype("datetime64[D]")
        gap = np.diff(np.unique(known_at(row.release, months))).astype(float).max() / 86400.0
        assert gap <= row.max_age, name


def test_the_page_of_series_names_only_what_the_catalogue_knows() -> None:
    import re
    from pathlib import Path

    page = (Path(__file__).resolve().parents[3] / "docs" / "data_series.md").read_text(encoding="utf-8")
    table = page.split("### Inputs of the evidence")[1].split("A user's file is")[0]
    names = [name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`([^`]+)`", row)]
    whole = [name for name in names if not name.startswith(".") and "<" not in name]
    assert len(whole) > 60
    assert [name for name in whole if not known(name) and not name.endswith(".adjclose")] == []
