"""Numbers of strategy-based margin that a broker or an exchange may change."""

from __future__ import annotations

from dataclasses import dataclass

from alvh.core.threshold import Threshold, declare


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginParameters:
    """Section ``margin``: what uncovered shorts, long-dated options, futures and shares require.

    Spreads and condors need no number of this table: their requirement is their width.
    """

    index_rate: Threshold[float] = declare(
        float, "fraction of index level", "uncovered short option on a broad-based index", low=0, high=1
    )
    index_floor: Threshold[float] = declare(
        float, "fraction of index level (calls) or strike (puts)", "least for the same", low=0, high=1
    )
    vix_rate: Threshold[float] = declare(
        float, "fraction of the VX forward of the expiry", "uncovered short VIX option", low=0, high=1
    )
    vix_floor: Threshold[float] = declare(
        float, "fraction of the VX forward (calls) or strike (puts)", "least for the same", low=0, high=1
    )
    long_dated_share: Threshold[float] = declare(
        float,
        "fraction of premium",
        "requirement of a bought option listed for longer than `long_dated_days`",
        low=0,
        high=1,
    )
    long_dated_days: Threshold[int] = declare(
        int, "calendar days", "nine months: up to this a bought option is paid in full", low=1, high=4000
    )
    vx_front_rate: Threshold[float] = declare(
        float, "fraction of contract value", "VX and VXM within `vx_front_days` of settlement", low=0, high=2
    )
    vx_back_rate: Threshold[float] = declare(float, "fraction of contract value", "later VX and VXM", low=0, high=2)
    vx_front_days: Threshold[int] = declare(int, "calendar days", "what counts as the front month", low=1, high=400)
    future_rate: Threshold[float] = declare(float, "fraction of contract value", "index futures", low=0, high=2)
    short_share_rate: Threshold[float] = declare(float, "fraction of market value", "shares sold short", low=1, high=5)
