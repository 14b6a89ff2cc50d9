"""What a report may be given besides runs: reruns at other fills, a total-return index, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from alvh.engine.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """Optional inputs of a report; each absent one is said to be absent.

    Attributes
    ----------
    sensitivity : tuple of (label, Run)
        The first strategy run again under other fill models, from mid to natural.
    total_return : mapping of date to float
        Level of the S&P 500 total-return index; must hold every session, else the price index stands in.
    sources : tuple of str
        One sentence per data source, for the notes.
    policy : mapping of str to plain values
        The policy as composed, every key with its value and provenance; written into the manifest.
    """

    sensitivity: tuple[tuple[str, Run], ...] = ()
    total_return: Mapping[date, float] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    policy: Mapping[str, object] = field(default_factory=dict)


NOTHING = Extras()
