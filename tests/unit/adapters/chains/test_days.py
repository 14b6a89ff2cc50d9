"""Days are kept, refused or said, one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import TableReport
from alvh.market.chain import QuoteStatus
from alvh.market.quality import Defect
from fakes.chains import Row, calls, tree

PutIn = Callable[..., TableReport]
Opened = Callable[[], ChainStore]


def defects(report: TableReport) -> list[tuple[Defect, int]]:
    return [(finding.defect, finding.count) for finding in report.findings if finding.defect is not Defect.ASSUMED]


def test_a_holiday_is_refused_and_the_other_days_of_the_file_are_kept(put_in: PutIn, opened: Opened) -> None:
    days = ("2019-05-24", "2019-05-27", "2019-05-28")
    rows = [row for day in days for row in calls(day, [90.0, 60.0], expiry="2019-06-21", spot="2826.06")]
    rows = [row.but(bid="91") if row.day == "2019-05-28" and row.strike == "5000" else row for row in rows]
    report = put_in(rows)
    assert report.refused is None
    assert opened().sessions("SPX") == (date(2019, 5, 24), date(2019, 5, 28))
    ((day, sentence),) = report.days_refused
    assert day == date(2019, 5, 27)
    assert sentence == (
        "SPX 2019-05-27 was no trading session; its level 2826.06 repeats 2019-05-24, so it is a stale copy. "
        "The day is refused."
    )
    assert Defect.NOT_A_SESSION in {finding.defect for finding in opened().findings()}


def test_synthetic_days_may_be_any_day(put_in: PutIn, opened: Opened) -> None:
    report = put_in(calls("2019-05-27", [90.0, 60.0], expiry="2019-06-21"), any_day=True)
    assert report.days == (date(2019, 5, 27),)
    assert opened().chain("SPX", date(2019, 5, 27)).asof.isoformat() == "2019-05-27T20:15:00+00:00"


def test_a_copy_of_the_session_before_is_refused(put_in: PutIn) -> None:
    report = put_in(calls("2024-03-13", [90.0, 60.0]) + calls("2024-03-14", [90.0, 60.0]))
    assert report.days == (date(2024, 3, 13),)
    assert "repeats every quote and the level of 2024-03-13" in report.days_refused[0][1]


def test_a_blanked_day_is_refused(put_in: PutIn, opened: Opened) -> None:
    blank = [Row(strike=f"{4000 + 10 * k}", bid="0", ask="0") for k in range(97)]
    report = put_in([*blank, *calls("2024-03-14", [3.0, 2.0, 1.0], first=6000.0)])
    assert report.refused is not None
    assert "SPX 2024-03-14 has no bid and no ask on 97 of 100 quotes" in report.refused
    assert opened().roots() == ()
    assert [finding.defect for finding in opened().findings()] == [Defect.BLANKED]


def test_several_snapshots_of_a_session_are_refused(put_in: PutIn, samples: Path) -> None:
    text = (samples / "spx_optionsdx.csv").read_text()
    header, *rows = text.splitlines()
    first = [row for row in rows if "2024-03-14 16:00" in row]
    later = [row.replace(row.split(",")[0], str(int(row.split(",")[0]) + 1800)) for row in first]
    report = put_in("\n".join([header, *first, *later]) + "\n", name="spx_eod.csv")
    assert report.refused is not None
    assert "SPX 2024-03-14 holds 2 snapshots and the store keeps one a session" in report.refused


def test_a_repeated_row_that_says_the_same_is_kept_once_and_said(put_in: PutIn, opened: Opened) -> None:
    report = put_in([Row(), Row(strike="5100", bid="130", ask="131"), Row()])
    assert defects(report) == [(Defect.DUPLICATE, 1)]
    assert opened().chain("SPX", date(2024, 3, 14)).strike.tolist() == [5000.0, 5100.0]


def test_a_level_of_zero_is_absent_and_said(put_in: PutIn, opened: Opened) -> None:
    report = put_in([Row(spot="0")])
    assert opened().chain("SPX", date(2024, 3, 14)).spot is None
    assert defects(report) == [(Defect.MISSING_VALUE, 1)]


@pytest.mark.parametrize(
    ("bid", "ask", "status"),
    [
        ("5", "6", QuoteStatus.OK),
        ("6", "6", QuoteStatus.OK),
        ("7", "6", QuoteStatus.CROSSED),
        ("0", "6", QuoteStatus.ZERO_BID),
        ("", "6", QuoteStatus.ZERO_BID),
        ("5", "0", QuoteStatus.ABSENT),
        ("5", "", QuoteStatus.ABSENT),
        ("0", "0", QuoteStatus.ABSENT),
        ("", "", QuoteStatus.ABSENT),
    ],
)
def test_every_quote_says_whether_it_can_be_used(
    bid: str, ask: str, status: QuoteStatus, put_in: PutIn, opened: Opened
) -> None:
    put_in([Row(strike="5500", bid="1", ask="2"), Row(strike="6000", bid=bid, ask=ask)])
    assert opened().chain("SPX", date(2024, 3, 14)).status.tolist() == [QuoteStatus.OK, status]


def test_a_blank_is_told_from_a_zero_in_the_parquet(put_in: PutIn, opened: Opened) -> None:
    import polars as pl

    put_in([Row(), Row(strike="6000", bid="", ask="6"), Row(strike="6100", bid="0", ask="5")])
    (path,) = opened().tables("SPX")
    assert pl.read_parquet(path)["bid"].to_list() == [200.3, None, 0.0]


def test_other_quotes_of_a_stored_day_are_refused_unless_they_shall_replace(put_in: PutIn, opened: Opened) -> None:
    put_in(calls("2024-03-14", [90.0, 60.0]), name="one.csv")
    report = put_in(calls("2024-03-14", [91.0, 61.0]), name="two.csv")
    assert report.refused is not None
    assert "SPX 2024-03-14 is stored from one.csv with other quotes, which were kept" in report.refused
    assert opened().chain("SPX", date(2024, 3, 14)).bid.tolist() == [90.0, 60.0]
    put_in(calls("2024-03-14", [91.0, 61.0]), name="two.csv", replace=True)
    assert opened().chain("SPX", date(2024, 3, 14)).bid.tolist() == [91.0, 61.0]
    assert opened().sources("SPX") == ("two.csv",)
    assert Defect.CONFLICT not in {finding.defect for finding in opened().findings()}


def test_american_options_are_kept_and_flagged(put_in: PutIn, opened: Opened) -> None:
    report = put_in(calls("2024-03-14", [9.0, 6.0], first=500.0, symbol="SPY"))
    assert defects(report) == [(Defect.AMERICAN, 2)]
    assert opened().roots() == ("SPY",)


def test_an_expiry_that_went_missing_is_found(put_in: PutIn, opened: Opened) -> None:
    near, far = Row(), Row(expiry="2024-05-17", bid="240", ask="242")
    put_in([near, far, near.but(day="2024-03-15", bid="199"), *calls("2024-03-18", [198.0]), far.but(day="2024-03-18")])
    found = [finding for finding in opened().findings() if finding.defect is Defect.MISSING_EXPIRY]
    assert [(finding.session, finding.detail) for finding in found] == [
        (date(2024, 3, 15), "Listed on 2024-03-14 and not on 2024-03-15: 2024-05-17.")
    ]


def test_importing_again_changes_nothing(put_in: PutIn, folder: Path) -> None:
    days = ("2024-03-14", "2024-03-16", "2024-04-02")
    rows = [row for place, day in enumerate(days) for row in calls(day, [90.0 - place, 60.0, 70.0])]
    put_in(rows)
    before = tree(folder)
    report = put_in(rows)
    assert report.unchanged == 2
    assert tree(folder) == before
