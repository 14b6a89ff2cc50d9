"""Evidence over a whole history: columns by id, and how a strategy's rules make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from alvh.core.arrays import D8
from alvh.signals.column import SeriesLookup, SignalColumn


class Evidence(Protocol):
    """Causal columns aligned to session snapshots, each computed when it is first asked for."""

    @property
    def ids(self) -> tuple[str, ...]:
        """Full id of every part there is."""
        ...

    def __getitem__(self, identifier: str) -> SignalColumn:
        """Return one part's column; row i uses only what was known at the i-th snapshot."""
        ...

    def __contains__(self, identifier: str) -> bool:
        """Whether there is such a part."""
        ...


EvidenceMaker: TypeAlias = Callable[[SeriesLookup, D8], Evidence]
"""Makes the evidence of a market at session snapshots; hashable, so that equal ones share a table."""
