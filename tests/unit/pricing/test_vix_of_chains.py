"""The VIX recomputed from chains: made up, the white paper's, and every recorded day."""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from alvh.pricing.surface import RawSvi
from alvh.pricing.vix_method import NoTerm, Selection, TermVariance, term_variance, vix
from alvh.pricing.vix_of_chains import VixReading, vix_of_chains
from fakes.surface_chains import RATE, chain

FLAT = 0.20
DOCS = Path(__file__).resolve().parents[3] / "docs"


def flat(*expiries: date, root: str) -> Any:
    from alvh.market.expirations import tau
    from fakes.surface_chains import ASOF

    smiles = {day: RawSvi(a=FLAT**2 * tau(root, day, ASOF), b=0.0, rho=0.0, m=0.0, sigma=0.1) for day in expiries}
    return chain(smiles, root=root, reach=14.0)


def test_weekly_terms_come_from_both_roots() -> None:
    # 2023-09-14: 29 days to Friday 13 October (SPXW), 36 to the third Friday, 20 October (SPX).
    spxw = flat(date(2023, 10, 13), date(2023, 10, 18), date(2023, 10, 20), root="SPXW")
    spx = flat(date(2023, 10, 20), date(2023, 11, 17), root="SPX")
    answer = vix_of_chains((spx, spxw), rate=RATE)
    assert isinstance(answer, VixReading)
    assert (answer.near_root, answer.near_expiry) == ("SPXW", date(2023, 10, 13))
    assert (answer.following_root, answer.following_expiry) == ("SPX", date(2023, 10, 20))
    assert answer.value == pytest.approx(100.0 * FLAT, abs=0.01)


def test_monthly_form_extrapolates_over_monthly_expiries() -> None:
    spx = flat(date(2023, 9, 15), date(2023, 10, 20), date(2023, 11, 17), root="SPX")
    answer = vix_of_chains((spx,), rate=RATE, selection=Selection.MONTHLY)
    assert isinstance(answer, VixReading)
    assert answer.near_expiry == date(2023, 10, 20)
    assert answer.value == pytest.approx(100.0 * FLAT, abs=0.01)


def test_a_missing_term_is_named() -> None:
    answer = vix_of_chains((flat(date(2023, 10, 13), root="SPXW"),), rate=RATE)
    assert isinstance(answer, NoTerm)
    assert "31 to 37 days" in answer.reason
    assert "2023-10-13 (29 days)" in answer.reason


def test_a_term_without_bids_is_named() -> None:
    spxw = flat(date(2023, 10, 13), date(2023, 10, 27), root="SPXW")
    spx = flat(date(2023, 10, 20), root="SPX")
    dead = replace(spx, bid=np.zeros(spx.bid.size))
    answer = vix_of_chains((dead, spxw), rate=RATE)
    assert isinstance(answer, NoTerm)
    assert answer.reason.startswith("SPX 2023-10-20: no strike has bids")


def test_no_chain_at_all() -> None:
    assert isinstance(vix_of_chains((), rate=0.0), NoTerm)


@pytest.mark.shared
def test_white_paper_of_2003_to_2014(shared_data: Path) -> None:
    # Published: F 920.50005 and 921.00039, K0 920, sigma squared 0.4727672 and 0.3668182, VIX 61.22.
    path = shared_data / "options_spx" / "cboe_vix_whitepaper_spx_20090101.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    terms = []
    for days, forward, variance in ((9, 920.50005, 0.4727672), (37, 921.00039, 0.3668182)):
        own = [row for row in rows if int(row["Days"]) == days]
        names = ("Strike", "Call Bid", "Call Ask", "Put Bid", "Put Ask")
        columns = [np.array([float(row[name]) for row in own]) for name in names]
        got = term_variance(*columns, minutes=days * 1440.0, rate=0.0038)
        assert isinstance(got, TermVariance)
        assert round(got.forward, 5) == forward
        assert got.k0 == 920.0
        assert round(got.variance, 7) == variance
        terms.append(got)
    answer = vix(*terms)
    assert answer is not None
    assert round(answer, 2) == 61.22


@pytest.fixture(scope="module")
def recorded(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    """Every recorded SPX day, judged by the script that writes the page."""
    from alvh.adapters.importing import import_paths

    starts = ("spx_chains_", "spx_quotes_", "spx_eod_", "spxw_eod_")
    files = [path for path in (shared_data / "options_spx").iterdir() if path.name.startswith(starts)]
    files += [shared_data / "index" / f"{name}_ohlc_daily.csv.gz" for name in ("spx", "vix")]
    store = tmp_path_factory.mktemp("store")
    import_paths([*sorted(files), shared_data / "macro" / "DGS3MO.csv.gz"], store)
    spec = importlib.util.spec_from_file_location("make_vix_method", DOCS / "make_vix_method.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    yield script.recorded_days(store)
    del sys.modules[spec.name]


@pytest.mark.shared
def test_every_recorded_day_passes_its_rule(recorded: list[Any]) -> None:
    computed = [day for day in recorded if isinstance(day.answer, VixReading)]
    assert len(computed) == 57
    assert [day.session for day in computed if not day.passes] == []


@pytest.mark.shared
def test_captures_at_the_close_meet_the_close(recorded: list[Any]) -> None:
    strict = [day for day in recorded if isinstance(day.answer, VixReading) and day.at_the_close]
    assert len(strict) == 9
    assert max(abs(day.error) for day in strict) <= 0.08


@pytest.mark.shared
def test_days_without_two_terms_say_so(recorded: list[Any]) -> None:
    bare = [day for day in recorded if isinstance(day.answer, NoTerm)]
    assert len(bare) == 21
    assert all("31 to 37 days away" in day.answer.reason for day in bare)
