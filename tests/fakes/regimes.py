"""One regime over a handful of made-up columns and series, in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from alvh.market.series import Series
from alvh.method.regimes.regime import Known
from alvh.method.regimes.registry import BY_ID
from alvh.signals.column import SignalColumn, absent
from alvh.strategy.decision import Verdict
from alvh.strategy.facts import Absent, Facts, Reading
from fakes.evidence import DAYS, lookup, snapshots
from fakes.runs import policy

WHY = "nobody measured it"


def column(identifier: str, values: Sequence[float | None], days: Sequence[date] = DAYS) -> SignalColumn:
    """A column; None is absent."""
    at = snapshots(days[: len(values)])
    here = np.array([value is not None for value in values])
    return SignalColumn(
        id=identifier,
        value=np.array([value or 0.0 for value in values]),
        code=(~here).astype(np.int8),
        reasons=("", WHY),
        known_at=at,
    )


def regime(
    identifier: str,
    columns: Mapping[str, Sequence[float | None]],
    *known: Series,
    days: Sequence[date] | None = None,
    changes: Sequence[str] = (),
) -> dict[str, SignalColumn]:
    """Judge a regime on given columns; its columns by the name of the part."""
    size = max([len(values) for values in columns.values()] + [item.value.size for item in known] + [1])
    at = snapshots(days if days is not None else DAYS[:size])

    def find(name: str) -> SignalColumn:
        return column(name, columns[name]) if name in columns else absent(name, at, WHY)

    kind = BY_ID[identifier]
    numbers = policy(*changes).parameters.regimes.of(identifier)
    made = kind(numbers).compute(Known(column=find, series=lookup(*known), snapshots=at))
    return {item.id.removeprefix(f"{identifier}."): item for item in made}


def told(identifier: str, made: Mapping[str, SignalColumn], row: int = -1, **more: float) -> Verdict:
    """What the regime says of one row; `more` are readings of signals, S_TERM_slope for S-TERM.slope."""
    facts = {}
    for item in made.values():
        code = item.code[row]
        facts[item.id] = (
            Absent(id=item.id, reason=item.reasons[code]) if code else Reading(id=item.id, value=float(item.value[row]))
        )
    for name, value in more.items():
        first, second, part = name.split("_", 2)
        facts[f"{first}-{second}.{part}"] = Reading(id=f"{first}-{second}.{part}", value=value)
    kind = BY_ID[identifier]
    return kind(policy().parameters.regimes.of(identifier)).tell(Facts(session=DAYS[0], readings=facts))
