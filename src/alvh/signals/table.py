"""Every signal of the program over a whole history, each computed when it is first asked for."""

from __future__ import annotations

from alvh.core.arrays import D8
from alvh.core.errors import UsageError
from alvh.signals.column import SeriesLookup, SignalColumn
from alvh.signals.inputs import with_derived
from alvh.signals.parameters import SignalParameters
from alvh.signals.registry import BY_ID, PARTS, SIGNALS


class SignalTable:
    """The evidence of a market at session snapshots.

    Parameters
    ----------
    lookup : callable
        Finds a series by canonical name with its whole history before the first snapshot.
    snapshots : (n,) datetime64[s] array, UTC, ascending
    parameters : SignalParameters
        Section ``signals`` of the policy.
    """

    def __init__(self, lookup: SeriesLookup, snapshots: D8, parameters: SignalParameters) -> None:
        self.snapshots = snapshots
        self._lookup = with_derived(lookup)
        self._parameters = parameters
        self._columns: dict[str, SignalColumn] = {}

    @property
    def ids(self) -> tuple[str, ...]:
        """Full id of every part, in the order of the rulebook."""
        return PARTS

    def __getitem__(self, identifier: str) -> SignalColumn:
        """Return one part's column, causal: row i uses only what was known at ``snapshots[i]``.

        Raises
        ------
        UsageError
            No signal has this part.
        """
        if identifier not in self._columns:
            self._compute(identifier)
        return self._columns[identifier]

    def __contains__(self, identifier: str) -> bool:
        """Whether a signal has this part."""
        return identifier in PARTS

    def columns(self) -> tuple[SignalColumn, ...]:
        """Compute what has not been asked for yet and return every column in the order of `ids`."""
        for signal in SIGNALS:
            if signal.part_ids()[0] not in self._columns:
                self._compute(signal.part_ids()[0])
        return tuple(self._columns[identifier] for identifier in PARTS)

    def _compute(self, identifier: str) -> None:
        signal = BY_ID.get(identifier.partition(".")[0])
        if signal is None or identifier not in signal.part_ids():
            known = ", ".join(signal.part_ids()) if signal else ", ".join(BY_ID)
            raise UsageError(f"no signal has the part {identifier!r}", fix=f"Known: {known}.")
        made = signal(self._parameters.of(signal.id)).compute(self._lookup, self.snapshots)
        self._columns.update((column.id, column) for column in made)


def compute(lookup: SeriesLookup, snapshots: D8, parameters: SignalParameters) -> tuple[SignalColumn, ...]:
    """Compute all signals at session snapshots.

    Returns
    -------
    tuple of SignalColumn
        One per signal part, each causal: row i uses only what was known at ``snapshots[i]``.
    """
    return SignalTable(lookup, snapshots, parameters).columns()
