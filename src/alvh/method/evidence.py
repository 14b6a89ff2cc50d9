"""The evidence of the method over a whole history: every signal and every regime, and the stances made of them.

Some rows depend on rows before them: a z-score on five years, a regime on the day it was entered. So there is a row for
every session from 1990 on, or from the market's first close of SPX, whatever sessions a run asks about: a run that
starts later, or skips sessions, is told the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from alvh.core.arrays import D8, I8
from alvh.core.errors import UsageError
from alvh.core.threshold import section
from alvh.governance.parameters import VoteParameters
from alvh.governance.stances import StanceTable, Voice
from alvh.market.series import Series
from alvh.market.sessions import trading_calendar
from alvh.market.wall_clock import close_instants
from alvh.method.regimes import registry
from alvh.method.regimes.parameters import RegimeParameters
from alvh.method.regimes.regime import Known, Regime
from alvh.method.regimes.theta import CARRY
from alvh.signals.column import SeriesLookup, SignalColumn, absent
from alvh.signals.inputs import with_derived
from alvh.signals.parameters import SignalParameters
from alvh.signals.registry import PARTS as SIGNAL_PARTS
from alvh.signals.registry import SIGNALS
from alvh.signals.session_days import days_of
from alvh.signals.signal import Signal
from alvh.signals.table import SignalTable, last_of, recent
from alvh.strategy.facts import Absent, Fact, Facts, Reading

FIRST = np.datetime64("1990-01-02")
"""VIX begins; nothing that regimes remember is older."""

PARTS: tuple[str, ...] = SIGNAL_PARTS + registry.PARTS
"""Full id of every part of every signal and regime."""

_NOT_GIVEN = {CARRY: "nobody has priced L-SHIFT's pair"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceNumbers:
    """What evidence depends on besides the market; calling it makes the table."""

    signals: SignalParameters = section("signals", SignalParameters)
    regimes: RegimeParameters = section("regimes", RegimeParameters)

    def __call__(self, lookup: SeriesLookup, snapshots: D8) -> EvidenceTable:
        """Make the evidence of a market at session snapshots."""
        return EvidenceTable(lookup, snapshots, self)


class EvidenceTable:
    """Signals and regimes of a market at session snapshots, each computed when it is first asked for.

    Parameters
    ----------
    lookup : callable
        Finds a series by canonical name with its whole history before the first snapshot.
    snapshots : (n,) datetime64[s] array, UTC, ascending
    numbers : EvidenceNumbers
    given : mapping of id to SignalColumn
        Columns that somebody else has computed over `rows` (``L-SHIFT.carry``).
    """

    def __init__(
        self,
        lookup: SeriesLookup,
        snapshots: D8,
        numbers: EvidenceNumbers,
        *,
        given: Mapping[str, SignalColumn] | None = None,
    ) -> None:
        self.snapshots = snapshots
        self._series = with_derived(lookup)
        self._numbers = numbers
        self._given = dict(given or {})
        self.rows: D8 = every_session(self._series, snapshots)
        """Snapshots of all rows, among them those asked for."""
        self.place: I8 = np.searchsorted(self.rows, snapshots)
        """Row of each snapshot."""
        self._signals = SignalTable(self._series, self.rows, numbers.signals)
        self._regimes: dict[str, tuple[SignalColumn, ...]] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """Full id of every part, signals first, in the order of the rulebook."""
        return PARTS

    def __contains__(self, identifier: str) -> bool:
        """Whether a signal or a regime has this part."""
        return identifier in _KNOWN

    def __getitem__(self, identifier: str) -> SignalColumn:
        """Return one part's column at the snapshots.

        Raises
        ------
        UsageError
            No signal and no regime has this part.
        """
        return cut(self.whole(identifier), self.place)

    def whole(self, identifier: str) -> SignalColumn:
        """Return one part's column over all `rows`."""
        if identifier in self._given:
            return self._given[identifier]
        if identifier in _NOT_GIVEN:
            return absent(identifier, self.rows, _NOT_GIVEN[identifier])
        if not identifier.startswith("R-"):
            return self._signals[identifier]
        if identifier not in self._regimes:
            self._judge(identifier)
        first, *later = self._regimes[identifier]
        if later:
            first = first.followed_by(*later)
            self._regimes[identifier] = (first,)
        return first

    def columns(self) -> Iterator[SignalColumn]:
        """Give every part's column at the snapshots, in the order of `ids`."""
        return (self[identifier] for identifier in PARTS)

    def series(self, name: str) -> Series | None:
        """Return a series of the market, or a derived one, by canonical name."""
        return self._series(name)

    def facts(self, place: int) -> Facts:
        """Return the evidence of one snapshot."""
        session = self.snapshots[place].astype("datetime64[D]").item()
        return Facts(session=session, readings=_Row(self, place))

    def extended(self, lookup: SeriesLookup, snapshots: D8) -> EvidenceTable:
        """Add later snapshots: signals compute only the new rows, regimes are judged again from their columns.

        Parameters
        ----------
        lookup : callable
            Finds the same series, with what has become known since.
        snapshots : (m,) datetime64[s] array, UTC, ascending
            After the snapshots of this table.
        """
        longer = object.__new__(EvidenceTable)
        longer.snapshots = np.concatenate((self.snapshots, snapshots))
        longer._series, longer._numbers, longer._given = with_derived(lookup), self._numbers, {}
        later = every_session(longer._series, snapshots, since=self.rows[-1])
        longer.rows = np.concatenate((self.rows, later))
        longer.place = np.searchsorted(longer.rows, longer.snapshots)
        longer._signals, longer._regimes = self._signals.extended(longer._series, later), {}
        for kind in registry.REGIMES:
            if kind.part_ids()[0] in self._regimes:
                self._judge_later(kind, longer, later)
        return longer

    def last(self, identifier: str, count: int) -> SignalColumn:
        """Return the last `count` of all `rows` of one part, or all where there are fewer, without joining the rest."""
        if identifier in self._regimes:
            return last_of(self._regimes[identifier], count)
        if identifier in _IN_SIGNALS and not self._given:
            return self._signals.last(identifier, count)
        return last_of((self.whole(identifier),), count)

    def _judge_later(self, kind: type[Regime[Any]], longer: EvidenceTable, later: D8) -> None:
        """Judge the new rows of a longer table from what it depends on."""
        regime = kind(self._numbers.regimes.of(kind.id))
        first = min(regime.rows_back(), self.rows.size)
        count = first + later.size
        made = regime.compute(
            Known(
                column=lambda identifier: longer.last(identifier, count),
                series=recent(longer._series, later, regime.look_back()),
                snapshots=longer.rows[-count:],
                first=first,
                earlier={part.name: float(self.last(kind.part_id(part.name), 1).value[-1]) for part in kind.parts},
            )
        )
        longer._regimes.update(
            (column.id, (*self._regimes[column.id], cut(column, slice(first, None)))) for column in made
        )

    def stances(self, numbers: VoteParameters) -> StanceTable:
        """Return what every voice and family says over all `rows` (G-VOTES)."""
        return StanceTable(
            ((voice, self.whole(voice.id)) for voice in VOICES),
            window=numbers.window.value,
            at_least=numbers.at_least.value,
        )

    def _judge(self, identifier: str) -> None:
        kind = registry.BY_ID.get(identifier.partition(".")[0])
        if kind is None or identifier not in kind.part_ids():
            known = ", ".join(kind.part_ids()) if kind else ", ".join(registry.BY_ID)
            raise UsageError(f"no regime has the part {identifier!r}", fix=f"Known: {known}.")
        known_here = Known(column=self.whole, series=self._series, snapshots=self.rows)
        made = kind(self._numbers.regimes.of(kind.id)).compute(known_here)
        self._regimes.update((column.id, (column,)) for column in made)


def every_session(lookup: SeriesLookup, snapshots: D8, *, since: np.datetime64 | None = None) -> D8:
    """Return an instant for every session from 1990, or from the market's first SPX close, to the last snapshot.

    Sessions that are not asked about are looked at when index closes are known.

    Parameters
    ----------
    since : datetime64[s], optional
        Only sessions of later days.
    """
    spx = lookup("SPX")
    if spx is None or not spx.period.size or not snapshots.size:
        return snapshots
    asked = days_of(snapshots)
    first = max(spx.period[0].astype("datetime64[D]"), FIRST)
    if since is not None:
        first = since.astype("datetime64[D]") + 1
    if first >= asked[-1]:
        return snapshots
    days = trading_calendar(first.item(), asked[-1].item()).between(first.item(), asked[-1].item())
    others = close_instants(days[~np.isin(days, asked)])
    instants: D8 = np.sort(np.concatenate((snapshots, others[others < snapshots[-1]])))
    return instants


def cut(column: SignalColumn, rows: I8 | slice) -> SignalColumn:
    """Keep some rows of a column."""
    return replace(column, value=column.value[rows], code=column.code[rows], known_at=column.known_at[rows])


def _voices(kinds: Sequence[type[Signal[Any]] | type[Regime[Any]]]) -> tuple[Voice, ...]:
    return tuple(
        Voice(id=kind.part_id(part.name), family=kind.family_of(part), kind=part.kind, sign=part.vote)
        for kind in kinds
        for part in kind.parts
        if part.vote
    )


VOICES: tuple[Voice, ...] = _voices((*SIGNALS, *registry.REGIMES))
"""How every voting part of every signal and regime votes."""

_KNOWN = frozenset((*PARTS, *_NOT_GIVEN))
_IN_SIGNALS = frozenset(SIGNAL_PARTS)


class _Row(Mapping[str, Fact]):
    """One row of the table, read part by part."""

    __slots__ = ("_place", "_table")

    def __init__(self, table: EvidenceTable, place: int) -> None:
        self._table = table
        self._place = int(table.place[place])

    def __getitem__(self, identifier: str) -> Fact:
        if identifier not in self._table:
            raise KeyError(identifier)
        column = self._table.whole(identifier)
        code = int(column.code[self._place])
        if code:
            return Absent(id=identifier, reason=column.reasons[code])
        return Reading(id=identifier, value=float(column.value[self._place]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.ids)

    def __len__(self) -> int:
        return len(self._table.ids)
