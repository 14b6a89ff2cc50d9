"""S-NARROW: breadth narrows while the index rises."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.core.threshold import Threshold, declare
from alvh.market.series import Series
from alvh.signals.column import Alignment, SeriesLookup, SignalColumn, absent, combined, first_present, join
from alvh.signals.fresh import daily, fresh, fresh_rows, needed
from alvh.signals.inputs.known import known_before
from alvh.signals.signal import Family, Signal, flag, level
from alvh.signals.windows import change

GROUPS = ("XLB", "XLC", "XLE", "XLF", "XLI", "XLK", "XLP", "XLRE", "XLU", "XLV", "XLY")
"""Sectors by their funds; ``PE.XLB`` is the P/E of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrowingParameters:
    """S-NARROW."""

    span: Threshold[int] = declare(int, "sessions", "span over which multiples fall and the index rises", low=5)
    share: Threshold[float] = declare(float, "fraction of sectors", "least share whose multiples fell", low=0, high=1)
    gap: Threshold[float] = declare(
        float, "fraction", "least return of the cap-weighted over the equal-weighted index (proxy)", low=0, high=1
    )
    least_groups: Threshold[int] = declare(int, "sectors", "fewest sectors with both multiples", low=1, high=11)


class Narrowing(Signal[NarrowingParameters]):
    """Say whether fewer and fewer members carry the index.

    Narrowing: over `span` sessions SPX rose while in at least `share` of the sectors both P/E and P/CF fell. The
    multiples are a user's series (PE.XLK, PCF.XLK ...); with fewer than `least_groups` sectors that have both, a
    labelled proxy stands in: SPX rose and the cap-weighted index (SPY) returned at least `gap` more than the
    equal-weighted one (RSP). `proxy` says which of the two was judged.
    """

    id = "S-NARROW"
    title = "Breadth narrows"
    family = Family.BREADTH
    seeds = ("003",)
    inputs = ("SPX", "SPY.adjclose", "RSP.adjclose", *(f"{kind}.{group}" for kind in ("PE", "PCF") for group in GROUPS))
    parts = (
        flag("narrow", "the index rose while breadth narrowed", vote=1),
        level("gap", "fraction", "return of SPY over that of RSP", vote=1),
        level("share", "fraction of sectors", "sectors whose P/E and P/CF both fell"),
        flag("proxy", "SPY against RSP stood in for the sectors' multiples"),
    )

    def look_back(self) -> int | None:
        """Return how many sessions of inputs a row depends on."""
        return 2 * self.parameters.span.value

    def compute(self, lookup: SeriesLookup, snapshots: D8) -> tuple[SignalColumn, ...]:
        """Compute every part at session snapshots."""
        numbers = self.parameters
        gap = self._gap(lookup, snapshots)
        share = self._share(lookup, snapshots)
        rise = self._rise(lookup, snapshots)
        by_share = combined("", share.value >= numbers.share.value, share)
        by_gap = combined("", gap.value >= numbers.gap.value, gap)
        narrower = first_present("", by_share, by_gap)
        narrow = combined(self.part_id("narrow"), (rise.value > 0) & (narrower.value > 0), rise, narrower)
        proxy = combined(self.part_id("proxy"), ~share.present, narrow)
        return narrow, gap, share, proxy

    def _rise(self, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        spx, span = daily(lookup, "SPX"), self.parameters.span.value
        if spx is None:
            return absent("", snapshots, "the market has no series SPX")
        young = f"fewer than {span + 1} closes of SPX were known"
        return fresh(snapshots, spx).column("", _growth(spx.value, span), young=young)

    def _gap(self, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier, span = self.part_id("gap"), self.parameters.span.value
        found = needed(lookup, "SPY.adjclose", "RSP.adjclose")
        if isinstance(found, str):
            return absent(identifier, snapshots, found)
        joined = join(*found)
        weighted, equal = (_growth(values, span) for values in joined.values)
        young = f"fewer than {span + 1} days of SPY and RSP were known"
        return fresh_rows(snapshots, joined, *found).column(identifier, weighted - equal, young=young)

    def _share(self, lookup: SeriesLookup, snapshots: D8) -> SignalColumn:
        identifier, least = self.part_id("share"), self.parameters.least_groups.value
        pairs = [needed(lookup, f"PE.{group}", f"PCF.{group}") for group in GROUPS]
        groups = [pair for pair in pairs if not isinstance(pair, str)]
        if len(groups) < least:
            return absent(identifier, snapshots, f"{len(groups)} sectors have both P/E and P/CF, needed {least}")
        earlier = snapshots - _calendar(self.parameters.span.value)
        counted, fallen = np.zeros(snapshots.size), np.zeros(snapshots.size)
        newest = np.full(snapshots.size, np.datetime64("NaT", "s"))
        for pair in groups:
            present, fell = _both_fell(pair, snapshots, earlier)
            counted += present
            fallen += fell
            for series in pair:
                newest = np.fmax(newest, Alignment(series, snapshots, max_age_days=0.0).known_at)
        code = (counted < least).astype(np.int8)
        reasons = (
            "",
            f"fewer than {least} sectors have a P/E and P/CF of today and of {self.parameters.span.value} sessions ago",
        )
        share = np.where(code == 0, fallen / np.maximum(counted, 1), 0.0)
        return SignalColumn(id=identifier, value=share, code=code, reasons=reasons, known_at=newest)


def _growth(values: F8, span: int) -> F8:
    return np.exp(change(np.log(values), span)) - 1.0


def _calendar(sessions: int) -> np.timedelta64:
    """Calendar time of a number of sessions; a user's multiples may be monthly, so rows cannot be counted."""
    return np.timedelta64(round(sessions * 86400 * 365.25 / 252), "s")


def _both_fell(pair: tuple[Series, ...], now: D8, earlier: D8) -> tuple[B1, B1]:
    """Say where both multiples are known at both instants, and where both fell."""
    present, fell = np.ones(now.size, np.bool_), np.ones(now.size, np.bool_)
    for series in pair:
        last, fresh_now = known_before(series, now)
        before, fresh_then = known_before(series, earlier)
        present &= fresh_now & fresh_then
        fell &= last < before
    return present, fell & present
