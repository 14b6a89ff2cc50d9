"""S-FLOW: rebalancing days, flows of funds, and what a user brings from a public ledger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import D8
from alvh.core.threshold import Threshold, declare
from alvh.market.calendar import quarterly_rebalancing, russell_reconstitution, sessions_until
from alvh.market.calendar.events import Events, merged
from alvh.signals.column import SeriesLookup, SignalColumn, absent
from alvh.signals.fresh import daily, fresh
from alvh.signals.session_days import days_of, on_calendar
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import trailing_sum

_FLOWS = {"equity": "FLOW.SPY", "reit": "FLOW.VNQ", "onchain": "ONCHAIN.NETFLOW"}
_AHEAD = np.timedelta64(400, "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowParameters:
    """S-FLOW."""

    span: Threshold[int] = declare(int, "observations", "span over which flows are added up", low=1, high=252)


class Flows(Signal[FlowParameters]):
    """Mark the days on which funds must trade, and add up what they did.

    Rebalancing days are the quarterly third Fridays (S&P, also quarterly expiry) and the last Friday of June (Russell),
    or the session before where that Friday is a holiday. Flows are series a user brings (FLOW.SPY, FLOW.VNQ, and
    ONCHAIN.NETFLOW from a public ledger), added up over `span` observations; without them those parts are absent.

    Context for R-EVENT; it does not vote.
    """

    id = "S-FLOW"
    title = "Rebalancing days and flows"
    family = Family.CONTEXT
    seeds = ("000", "004")
    inputs = tuple(_FLOWS.values())
    parts = (
        flag("rebalancing", "funds that follow an index trade at today's close"),
        level("until", "sessions", "sessions to the next rebalancing day"),
        level("equity", "million USD", "net creations of SPY over the span"),
        level("reit", "million USD", "net creations of VNQ over the span"),
        level("onchain", "unit of the series", "net flow of the user's ledger series over the span"),
    )

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        until = sessions_until(_rebalancing(snapshots), days_of(snapshots), snapshots)
        return (
            on_calendar(self.part_id("rebalancing"), snapshots, until.present, until.sessions == 0),
            on_calendar(self.part_id("until"), snapshots, until.present, until.sessions),
            *(self._flow(part, name, lookup, snapshots) for part, name in _FLOWS.items()),
        )

    def _flow(self, part: str, name: str, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier, span = self.part_id(part), self.parameters.span.value
        series = daily(lookup, name)
        if series is None:
            return absent(identifier, snapshots, f"the market has no series {name}")
        young = f"fewer than {span} values of {name} were known"
        return fresh(snapshots, series).column(identifier, trailing_sum(series.value, span), young=young)


def _rebalancing(snapshots: D8) -> Events:
    days = days_of(snapshots)
    first, last = days.min().item(), (days.max() + _AHEAD).item()
    return merged((quarterly_rebalancing(first, last), russell_reconstitution(first, last)))
