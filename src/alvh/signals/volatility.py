"""S-VIXHIST: spot VIX against its own past, and the 63-session mean that C-CENTER uses."""

from __future__ import annotations

from alvh.core.arrays import D8
from alvh.signals.column import SeriesLookup, SignalColumn, absent, aligned
from alvh.signals.windows import trailing_mean

MAX_AGE_DAYS = 5
"""A VIX older than a long weekend is stale."""


def vix_mean(lookup: SeriesLookup, snapshots: D8, window: int) -> SignalColumn:
    """Mean of the last `window` VIX closes, vol points (C-CENTER: 63; S-VIXHIST: 252)."""
    identifier = f"S-VIXHIST.mean{window}"
    series = lookup("VIX")
    if series is None:
        return absent(identifier, snapshots, "the market has no series VIX")
    return aligned(
        identifier,
        series,
        trailing_mean(series.value, window),
        snapshots,
        max_age_days=MAX_AGE_DAYS,
        young=f"fewer than {window} closes of VIX were known",
    )
