"""`alvh signals` on the built-in sample, from the command line."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from alvh.method.evidence import PARTS
from alvh.method.regimes.registry import REGIMES
from alvh.signals.registry import SIGNALS


def test_it_prints_regimes_signals_and_what_is_absent(alvh) -> None:
    said = alvh("signals")
    assert said.code == 0
    for kind in (*REGIMES, *SIGNALS):
        assert kind.id in said.out
    assert "volatility: stance" in said.out
    assert "IPO.COUNT" in said.out
    assert "nan" not in said.out


def test_it_looks_from_a_day_and_says_so_as_json(alvh) -> None:
    found = alvh("signals", "--asof", "2018-02-05", "--json").document
    assert found["session"] == "2018-02-05"
    assert found["asof"] == "2018-02-05T21:15:00Z"
    regimes = {item["id"]: item for item in found["regimes"]}
    assert set(regimes) == {kind.id for kind in REGIMES}
    assert regimes["R-VOL"]["parts"]["stressed"] == 1.0
    assert regimes["R-STEWARD"]["outcome"] == "abstained"
    lines = {item["id"]: item for item in found["lines"]}
    assert len(lines) == sum(len(kind.parts) for kind in SIGNALS)
    assert lines["S-VIXHIST.percentile"]["value"] == 1.0
    assert 0.9 < lines["S-RSI.vix"]["year"] <= 1.0
    assert lines["S-RSI.vix"]["vote"] > 0.5
    assert lines["S-IPO.activity"]["value"] is None
    assert lines["S-IPO.activity"]["reason"]
    assert found["stances"]["volatility"] > 0.2


def test_a_weekend_is_looked_at_from_the_session_before(alvh) -> None:
    assert alvh("signals", "--asof", "2018-02-04", "--json").document["session"] == "2018-02-02"


def test_after_the_last_session_everything_grows_old(alvh) -> None:
    found = alvh("signals", "--asof", "2019-03-15", "--json").document
    assert found["session"] == "2019-03-15"
    lines = {item["id"]: item for item in found["lines"]}
    assert lines["S-RSI.spx"]["value"] is None
    assert "days old" in lines["S-RSI.spx"]["reason"]
    assert lines["S-EARN.season"]["value"] is not None


def test_a_day_before_the_data_is_refused_in_one_sentence(alvh) -> None:
    said = alvh("signals", "--asof", "1950-01-03")
    assert said.code != 0
    assert "1950-01-03 lies before the first session" in said.err


def test_the_history_and_the_page_are_written(alvh, tmp_path: Path) -> None:
    table, page = tmp_path / "evidence.parquet", tmp_path / "evidence.html"
    said = alvh("signals", "--history", "--out", table, "--out", page)
    assert said.code == 0
    frame = pl.read_parquet(table)
    assert set(PARTS) < set(frame.columns)
    assert frame["session"].dtype == pl.Date
    assert frame["session"].is_sorted()
    assert frame["session"][-1] <= date(2018, 12, 31)
    assert not any(frame[name].is_nan().any() for name in PARTS)
    assert frame["S-IPO.activity"].null_count() == frame.height
    assert frame["stance.volatility"].drop_nulls().is_between(-1, 1).all()
    html = page.read_text("utf-8")
    assert html.count("<h1>") == 1
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', html, re.S).group(1))
    keys = [figure["key"] for figure in data["figures"]]
    assert {"spx", "vix", "regimes", "stances", "s-rsi", "s-cone"} <= set(keys)
    assert "s-ipo" not in keys
    for key in keys:
        assert f'id="chart-{key}"' in html
    assert not re.search(r'(src|href)="https?:', html.split("<script>")[0])


def test_a_csv_says_the_same(alvh, tmp_path: Path) -> None:
    path = tmp_path / "evidence.csv"
    assert alvh("signals", "--asof", "2015-03-02", "--out", path).code == 0
    frame = pl.read_csv(path)
    assert frame["session"][-1] == "2015-03-02"


def test_without_a_name_the_history_goes_where_one_stands(
    alvh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert alvh("signals", "--asof", "2014-06-02", "--history").code == 0
    assert (tmp_path / "signals.parquet").is_file()


def test_another_ending_is_refused_before_anything_is_computed(alvh, tmp_path: Path) -> None:
    said = alvh("signals", "--out", tmp_path / "evidence.xlsx")
    assert said.code != 0
    assert ".html for the page" in said.err
