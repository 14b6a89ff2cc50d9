import json
from datetime import date
from pathlib import Path

import pytest

from alvh.core.errors import UsageError
from alvh.report.reading import decision_line, explain


def days(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "decisions.jsonl").read_text().splitlines()]


def test_a_day_with_an_entry_tells_strikes_credit_and_margin(folder: Path) -> None:
    line = next(line for line in days(folder)[3:] if any(item["rule"] == "C-ENTRY" for item in line["proposals"]))
    told = " ".join(explain(folder, date.fromisoformat(line["session"])).split())
    for word in ("The S&P 500 stood at", "VIX was", "Sold", "point width", "Margin", "break-evens", "worst loss"):
        assert word in told


def test_a_day_with_a_close_tells_what_the_position_brought(folder: Path) -> None:
    line = next(line for line in days(folder) if any(item["rule"] == "C-MANAGE" for item in line["proposals"]))
    told = " ".join(explain(folder, date.fromisoformat(line["session"])).split())
    assert "Closed C" in told
    assert "after fees, in" in told
    assert "mandatory, needs no votes" in told


def test_a_day_without_a_trade_says_why(folder: Path) -> None:
    line = next(line for line in days(folder) if not line["proposals"])
    told = " ".join(explain(folder, date.fromisoformat(line["session"])).split())
    assert "Nothing was done, because:" in told
    assert line["reasons"][0] in told


def test_the_first_day_has_no_session_before_it(folder: Path) -> None:
    told = explain(folder, date.fromisoformat(days(folder)[0]["session"]))
    assert "Nothing was held when the rules were asked." in told
    assert "since" not in told.split("\n\n")[1]


def test_absent_evidence_is_said_not_zero(folder: Path) -> None:
    assert "S-REER.stable absent" in explain(folder, date.fromisoformat(days(folder)[10]["session"]))


def test_a_rival_is_told_by_name(folder: Path) -> None:
    day = date.fromisoformat(days(folder)[10]["session"])
    assert "unhedged on" in explain(folder, day, "unhedged").splitlines()[0]
    assert decision_line(folder, day, "unhedged")["session"] == str(day)


def test_an_unknown_rival_is_refused_with_those_known(folder: Path) -> None:
    with pytest.raises(UsageError, match="alvh, unhedged"):
        explain(folder, date(2014, 1, 6), "static")


def test_a_day_off_names_the_nearest_sessions(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"Saturday 2014-02-08.*2014-02-07 and 2014-02-10"):
        explain(folder, date(2014, 2, 8))


def test_a_day_before_the_run_names_its_first_session(folder: Path) -> None:
    with pytest.raises(UsageError, match=r"Nearest: 2014-01-02\."):
        explain(folder, date(2000, 1, 3))


def test_a_skipped_session_gives_its_reason(folder: Path) -> None:
    skipped = json.loads((folder / "summary.json").read_text())["skipped"][0]
    with pytest.raises(UsageError, match="no VIX close"):
        explain(folder, date.fromisoformat(skipped["session"]))


def test_a_folder_without_a_manifest_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a run folder"):
        explain(tmp_path, date(2014, 1, 6))


def test_the_record_of_a_day_is_its_line(folder: Path) -> None:
    line = days(folder)[5]
    assert decision_line(folder, date.fromisoformat(line["session"])) == line
