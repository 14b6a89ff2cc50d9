"""Term structures fitted together are those fitted one by one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from alvh.market.sessions import trading_calendar
from alvh.pricing.modelled import Levels, fit_surface, surface_tables, variance_clock


def test_all_sessions_at_once_are_each_session_alone() -> None:
    # Monthly pairs of the index before October 2014, weekly ones after; an early close among them.
    first, last = date(2014, 8, 1), date(2014, 12, 31)
    calendar = trading_calendar(first, last)
    inside = [row for row, day in enumerate(calendar.sessions.tolist()) if first <= day <= last]
    sessions = [calendar.sessions[row].item() for row in inside]
    now = calendar.closes[inside] + 900
    early = calendar.early[inside]
    assert early.any()
    draw = np.random.default_rng(5)
    nodes = draw.uniform(12.0, 30.0, (len(sessions), 1)) * draw.uniform(0.9, 1.2, (len(sessions), 4))
    nodes[3] = np.nan
    clock = variance_clock(first, last + timedelta(days=900))
    together = surface_tables(sessions, now, early, nodes, clock)
    assert not together[3].any()
    for place, session in enumerate(sessions):
        if place == 3:
            continue
        short, level, medium, long = nodes[place].tolist()
        alone = fit_surface(
            session,
            float(now[place]),
            Levels(spot=2000.0, vix9d=short, vix=level, vix3m=medium, vix6m=long),
            clock=clock,
            rate=lambda days: 0.0,
            early_close=bool(early[place]),
        )
        np.testing.assert_allclose(together[place], alone.table, rtol=1e-13)
