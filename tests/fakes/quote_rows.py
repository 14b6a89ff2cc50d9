"""A small synthetic chain in optopsy's columns: Friday expiries, fixed strikes, a logistic delta, decimal quotes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from alvh.research.condor_scan import QuoteBatch

FIRST = date(2021, 1, 4)


@cache
def quote_rows(sessions: int = 60, *, seed: int = 3, symbol: str = "SPX", gaps: float = 0.06) -> pl.DataFrame:
    """Draw the quotes of some weekdays, sorted by session, expiry, right and strike; `gaps` of them are missing."""
    rng = np.random.default_rng(seed)
    days = [day for day in (FIRST + timedelta(days=i) for i in range(2 * sessions)) if day.weekday() < 5][:sessions]
    pairs = [(day, day + timedelta(days=(4 - day.weekday()) % 7 + 7 * week)) for day in days for week in range(8)]
    spot = np.repeat(100.0 * np.exp(np.cumsum(0.008 * rng.standard_normal(sessions))), 8)
    dte = np.array([(expiry - day).days for day, expiry in pairs])
    strikes = np.arange(80.0, 121.0)
    scale = 0.15 * np.sqrt(dte + 1.0)[:, None]
    call = 1.0 / (1.0 + np.exp((strikes - spot[:, None]) / (3.0 * scale)))
    delta = np.stack([call, call - 1.0], axis=1)
    value = np.abs(delta) * 10.0 * scale[:, None] + 0.02 * rng.integers(0, 5, delta.shape)
    bid = np.round(np.maximum(value - 0.06, 0.0), 2)
    each = 2 * strikes.size
    rows = pl.DataFrame(
        {
            "underlying_symbol": pl.repeat(symbol, delta.size, eager=True),
            "option_type": np.tile(np.repeat(["c", "p"], strikes.size), len(pairs)).tolist(),
            "expiration": pl.Series([expiry for _, expiry in pairs]).gather(np.repeat(np.arange(len(pairs)), each)),
            "quote_date": pl.Series([day for day, _ in pairs]).gather(np.repeat(np.arange(len(pairs)), each)),
            "strike": np.tile(strikes, 2 * len(pairs)),
            "bid": bid.ravel(),
            "ask": np.round(bid + 0.1, 2).ravel(),
            "delta": np.round(delta, 3).ravel(),
        }
    )
    return rows.filter(rng.random(rows.height) >= gaps)


def quote_batch(rows: pl.DataFrame, *, root: int = 0) -> QuoteBatch:
    """Turn rows into a batch of the scan."""
    session = rows["quote_date"].to_physical().cast(pl.Int64).to_numpy()
    return QuoteBatch(
        session=session,
        expiry=rows["expiration"].to_physical().cast(pl.Int64).to_numpy(),
        root=np.full(rows.height, root, np.int64),
        strike=rows["strike"].to_numpy(),
        is_put=(rows["option_type"] == "p").to_numpy(),
        bid=rows["bid"].to_numpy(),
        ask=rows["ask"].to_numpy(),
        delta=rows["delta"].to_numpy(),
        last=int(session.max()),
    )
