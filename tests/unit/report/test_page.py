import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from alvh.engine.day import DayOutcome
from alvh.engine.run import Run
from alvh.ledger.invariants import Check
from alvh.report.extras import Extras
from alvh.report.page import render
from fakes.made_up_runs import of_days


def words(page: bytes) -> str:
    """The page without scripts and markup."""
    text = re.sub(r"(?s)<(script|style).*?</\1>", " ", page.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def idle(run: Run, count: int = 40) -> Run:
    """The run as if it had never traded, cut to a few sessions."""
    frame = run.equity.head(count)
    zero = [name for name in frame.columns if name not in ("session", "spot", "vix", "rate", "equity", "cash")]
    frame = frame.with_columns([pl.lit(0.0).alias(name) for name in zero]).with_columns(
        equity=pl.lit(1e6), cash=pl.lit(1e6), coverage=pl.lit(None, pl.Float64), stress_down=pl.lit(None, pl.Float64)
    )
    days = [
        replace(
            day,
            decision=replace(day.decision, proposals=()),
            outcome=DayOutcome(session=day.decision.session, filled=(), refused=(), unfilled=()),
            entries=() if place else day.entries[:1],
        )
        for place, day in enumerate(run.kept_days[:count])
    ]
    return of_days(run, days, equity=frame, open_marks={}, skipped=())


def test_the_same_runs_give_the_same_page(runs: tuple[Run, Run]) -> None:
    assert render(runs) == render(runs)


def test_the_page_needs_no_network(runs: tuple[Run, Run]) -> None:
    page = render(runs).decode()
    own = re.sub(r"(?s)<script>.*?</script>", "", page)
    assert not re.search(r"(src|href)=[\"'](https?:)?//", own)
    assert len(page) < 8_000_000


def test_the_verdict_is_at_the_top(runs: tuple[Run, Run]) -> None:
    assert "All 8 invariants hold." in words(render(runs))[:1500]


def test_a_broken_invariant_cannot_be_missed(runs: tuple[Run, Run]) -> None:
    broken = Check(name="cash is conserved", holds=False, sentence="Off by 3.00 USD on 2014-05-01.", worst=3.0)
    text = words(render((replace(runs[0], checks=(*runs[0].checks, broken)),)))
    assert "1 of 5 invariants FAIL. Do not use these numbers." in text
    assert "Off by 3.00 USD on 2014-05-01." in text


def test_every_figure_has_a_caption_in_words(runs: tuple[Run, Run]) -> None:
    page = render(runs).decode()
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", page)
    assert len(captions) == page.count("<figure ") == 8
    assert all(re.search(r"\d", caption) for caption in captions)
    assert page.count('role="img" aria-label="') == 8


def test_modelled_quotes_are_labelled(runs: tuple[Run, Run]) -> None:
    assert "option quotes modelled" in words(render(runs))[:600]


def test_what_is_said_in_words_is_escaped(runs: tuple[Run, Run]) -> None:
    page = render((replace(runs[0], market="<b>a & b</b>", notes=("</script><script>x",)),)).decode()
    assert "<b>a &amp; b" not in page
    assert "</script><script>x" not in page


def test_no_number_is_nan(runs: tuple[Run, Run]) -> None:
    data = re.search(r'(?s)id="page-data">(.*?)</script>', render(runs).decode())
    assert data is not None
    assert "NaN" not in data[1]
    assert "nan" not in words(render(runs)).lower().split()


def test_a_run_without_trades_still_makes_a_page(runs: tuple[Run, Run]) -> None:
    text = words(render((idle(runs[0]),)))
    assert "No condor was ever sold" in text
    assert "There was no hedge." in text
    assert "Nothing was ever held in the hedge sleeve" in text


def test_a_single_session_makes_a_page(runs: tuple[Run, Run]) -> None:
    assert "fewer than 30 calendar days" in words(render((idle(runs[0], 1),)))


def test_a_ruined_account_makes_a_page(runs: tuple[Run, Run]) -> None:
    equity = np.array(runs[0].equity["equity"])
    equity[200:] = -5_000.0
    ruined = replace(runs[0], equity=runs[0].equity.with_columns(equity=pl.Series(equity)))
    assert "wealth was lost whole" in words(render((ruined, runs[1])))


def test_a_market_without_rates_has_no_cash_curve(runs: tuple[Run, Run]) -> None:
    bare = replace(
        runs[0], equity=runs[0].equity.with_columns(rate=pl.lit(None, pl.Float64), vix=pl.lit(None, pl.Float64))
    )
    text = words(render((bare,)))
    assert "no bill rate is known" in text
    assert "the bill rate on 378" in text


def test_reruns_at_other_fills_are_shown(runs: tuple[Run, Run]) -> None:
    text = words(render(runs, Extras(sensitivity=(("mid", runs[0]), ("natural", runs[1])))))
    assert "Run again under other fill models" in text


def test_a_total_return_index_is_labelled(runs: tuple[Run, Run]) -> None:
    levels = dict(zip(runs[0].equity["session"].to_list(), runs[0].equity["spot"].to_list(), strict=True))
    assert "total return, dividends reinvested" in words(render(runs, Extras(total_return=levels)))


@pytest.mark.parametrize("name", ["plotly", "pandas"])
def test_heavy_packages_stay_out(name: str) -> None:
    code = f"import sys, alvh.report.page as page; page.with_plotly(page.PLOTLY); sys.exit({name!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
