from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh.market.series import Series
from alvh.signals.inputs.vintages import growth, last_periods


def vintaged(name: str, rows: list[tuple[str, str, float]]) -> Series:
    """Rows of (period, known day, value)."""
    ordered = sorted(rows, key=lambda row: (row[1], row[0]))
    return Series(
        name=name,
        unit="",
        period=np.array([row[0] for row in ordered], "datetime64[D]"),
        known_at=np.array([row[1] for row in ordered], "datetime64[s]"),
        value=np.array([row[2] for row in ordered]),
        source="",
    )


def test_a_series_never_revised_has_one_release_per_period() -> None:
    cpi = vintaged("CPIAUCSL", [("2020-01-01", "2020-02-13", 1.0), ("2020-02-01", "2020-03-11", 1.1)])
    seen = last_periods(cpi, 3)
    assert seen.period.astype(str).tolist() == ["2020-01-01", "2020-02-01"]
    np.testing.assert_array_equal(seen.values, [[1.0, np.nan, np.nan], [1.1, 1.0, np.nan]])


def test_a_later_revision_of_an_old_month_is_seen_from_its_release_only() -> None:
    rows = [("2020-01-01", "2020-02-13", 1.0), ("2020-02-01", "2020-03-11", 1.1), ("2020-01-01", "2020-03-20", 9.0)]
    seen = last_periods(vintaged("CPIAUCSL", rows), 2)
    np.testing.assert_array_equal(seen.values, [[1.0, np.nan], [1.1, 1.0], [1.1, 9.0]])
    assert seen.period[-1] == np.datetime64("2020-02-01")


def test_a_month_that_was_never_published_is_missing_and_not_its_neighbour() -> None:
    rows = [("2025-09-01", "2025-10-24", 1.0), ("2025-11-01", "2025-12-18", 1.2)]
    np.testing.assert_array_equal(last_periods(vintaged("CPIAUCSL", rows), 3).values[-1], [1.2, np.nan, 1.0])


def test_growth_compares_only_inside_one_vintage() -> None:
    """A vintage of a new base year doubles every level; growth across the two would be a hundred percent."""
    old = [(f"2000-{month:02d}-01", "2001-02-15", 100.0) for month in (1, 4, 7, 10)]
    new = [(f"2000-{month:02d}-01", "2001-05-15", 200.0) for month in (4, 7, 10)] + [
        ("2001-01-01", "2001-05-15", 202.0)
    ]
    seen = last_periods(vintaged("ROUTPUT", old + new), 5)
    assert np.isnan(growth(seen, 4)).all()
    mixed = last_periods(vintaged("ROUTPUT", old + new), 5, one_vintage=False)
    assert growth(mixed, 4)[1] == pytest.approx(1.02)
    assert growth(seen, 1)[1] == pytest.approx(0.01)
    assert growth(seen, 1, back=1)[1] == pytest.approx(0.0)


def test_an_empty_series_has_no_release() -> None:
    assert last_periods(vintaged("CPIAUCSL", []), 3).values.shape == (0, 3)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 30), st.integers(1, 9)), min_size=1, max_size=40))
def test_the_matrix_is_what_a_reader_of_each_release_would_write_down(rows) -> None:
    """Against the plain loop: at every release, look each month up by hand."""
    start, first = np.datetime64("2019-01", "M"), np.datetime64("2020-02-01")
    text = [(f"{start + month}-01", str(first + day), float(value)) for month, day, value in rows]
    # Two values of one month at one instant would have no order; keep the last.
    series = vintaged("CPIAUCSL", [(*key, value) for key, value in {row[:2]: row[2] for row in text}.items()])
    seen = last_periods(series, 4)
    for place, instant in enumerate(seen.known_at):
        known = series.known_at <= instant
        latest = series.period[known].max()
        assert seen.period[place] == latest
        for back in range(4):
            month = (latest.astype("datetime64[M]") - back).astype("datetime64[D]")
            values = series.value[known & (series.period == month)]
            expected = values[-1] if values.size else np.nan
            np.testing.assert_array_equal(seen.values[place, back], expected)


@pytest.mark.shared
def test_growth_of_2008_as_it_was_known_then(shared_data, tmp_path):
    """The vintage of November 2008 showed real GDP up 0.8 % on the year before; today's shows less."""
    from alvh.adapters.importing import import_paths
    from alvh.adapters.series_store import SeriesStore

    files = [shared_data / "macro" / "philadelphia_fed_routput_vintages_quarterly.csv.gz"]
    assert not import_paths(files, tmp_path).refused
    seen = last_periods(SeriesStore.open(tmp_path).series("ROUTPUT"), 6)
    row = int(np.searchsorted(seen.known_at, np.datetime64("2008-11-30"))) - 1
    assert seen.period[row] == np.datetime64("2008-07-01")
    assert growth(seen, 4)[row] == pytest.approx(0.0083, abs=3e-4)
    assert growth(seen, 4, back=1)[row] > growth(seen, 4)[row]
    assert np.isfinite(growth(seen, 4)[seen.known_at > np.datetime64("1990-01-01")]).mean() > 0.98
