"""The VIX recomputed by Cboe's method from a modelled chain is the VIX the chain was made from."""

from __future__ import annotations

import csv
import gzip
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from alvh.market.sessions import NEW_YORK, trading_calendar
from alvh.pricing.modelled import Levels, SpxSurface, cboe_pair, complete_nodes, fit_surface, variance_clock
from alvh.pricing.vix_method import MINUTES_PER_YEAR, TermVariance, minutes_to_settlement, term_variance, vix

RATE = 0.02
CLOCK = variance_clock(date(2006, 1, 1), date(2026, 12, 31))
EXACT, QUOTED = 0.03, 0.15


def surface(session: date, levels: Levels) -> SpxSurface:
    calendar = trading_calendar(session, session)
    return fit_surface(
        session,
        calendar.snapshot_instant(session).timestamp(),
        levels,
        clock=CLOCK,
        rate=lambda _: RATE,
        early_close=calendar.is_early_close(session),
    )


def recomputed(session: date, levels: Levels) -> tuple[float, float]:
    """VIX from unrounded prices above the strip's cut, and from ticks with zero bids."""
    found = surface(session, levels)
    asof = trading_calendar(session, session).snapshot_instant(session).astimezone(NEW_YORK)
    exact, quoted = [], []
    for root, expiry in cboe_pair(session):
        item = found.slice(root, expiry)
        assert item is not None
        strikes = np.arange(5.0 * round(0.01 * item.forward), 6.0 * item.forward, 5.0)
        puts, calls = np.ones(strikes.size, np.bool_), np.zeros(strikes.size, np.bool_)
        minutes = minutes_to_settlement(asof, expiry, am_settled=root == "SPX")
        # The method counts wall-clock minutes, so the same discount needs its own rate across a clock change.
        rate = RATE * item.tau * MINUTES_PER_YEAR / minutes
        put, call = item.exact(strikes, puts), item.exact(strikes, calls)
        put, call = (np.where(side > 0.06, side, 0.0) * item.discount for side in (put, call))
        exact.append(term_variance(strikes, call, call, put, put, minutes=minutes, rate=rate))
        q, c = item.quote(strikes, puts), item.quote(strikes, calls)
        quoted.append(term_variance(strikes, c.bid, c.ask, q.bid, q.ask, minutes=minutes, rate=rate))
    answers = []
    for near, following in (exact, quoted):
        assert isinstance(near, TermVariance)
        assert isinstance(following, TermVariance)
        answer = vix(near, following)
        assert answer is not None
        answers.append(answer)
    return answers[0], answers[1]


@pytest.mark.parametrize("session", [date(2008, 10, 10), date(2017, 11, 24), date(2019, 5, 22), date(2024, 10, 28)])
@pytest.mark.parametrize(
    ("level", "tilt"),
    [
        *((9.0, 0.25), (9.0, 0.05), (13.0, 0.2), (13.0, -0.05), (20.0, 0.25)),
        *((20.0, -0.1), (35.0, 0.1), (35.0, -0.1), (60.0, -0.1), (80.0, -0.15)),
    ],
)
def test_synthetic_levels(session: date, level: float, tilt: float) -> None:
    spot = 1500.0 if session.year < 2010 else 3000.0
    levels = Levels(
        spot=spot,
        vix9d=level * np.exp(-0.8 * tilt),
        vix=level,
        vix3m=level * np.exp(tilt),
        vix6m=level * np.exp(1.4 * tilt),
    )
    exact, quoted = recomputed(session, levels)
    assert exact == pytest.approx(level, abs=EXACT)
    assert quoted == pytest.approx(level, abs=QUOTED)


def closes(path: Path) -> dict[date, float]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        found = {}
        for row in csv.DictReader(stream):
            cell = row["DATE"]
            layout = "%m/%d/%Y" if "/" in cell else "%Y-%m-%d"
            found[datetime.strptime(cell, layout).date()] = float(row["CLOSE"])  # noqa: DTZ007
    return found


@pytest.mark.shared
def test_every_25th_day_of_the_real_history(shared_data: Path) -> None:
    folder = shared_data / "index"
    spx, index, short, medium, long = (
        closes(folder / f"{name}_ohlc_daily.csv.gz") for name in ("spx", "vix", "vix9d", "vix3m", "vix6m")
    )
    calendar = trading_calendar(date(2006, 1, 1), date(2026, 1, 1))
    days = [
        day
        for day in sorted(spx.keys() & index.keys())
        if date(2006, 1, 1) <= day <= date(2025, 12, 31) and calendar.is_session(day)
    ][::25]
    columns = [np.array([table.get(day, np.nan) for day in days]) for table in (index, short, medium, long)]
    nodes = complete_nodes(*columns)
    worst_exact = worst_quoted = 0.0
    for day, (vix9d, level, vix3m, vix6m) in zip(days, nodes.level.tolist(), strict=True):
        levels = Levels(spot=spx[day], vix9d=vix9d, vix=level, vix3m=vix3m, vix6m=vix6m)
        exact, quoted = recomputed(day, levels)
        worst_exact = max(worst_exact, abs(exact - level))
        worst_quoted = max(worst_quoted, abs(quoted - level))
    assert len(days) > 190
    assert worst_exact < EXACT
    assert worst_quoted < QUOTED
