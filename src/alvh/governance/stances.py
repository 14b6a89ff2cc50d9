"""Stances: what each family of evidence says about protection, session by session (G-VOTES).

1. Each voting part of a signal becomes a number in [-1, 1], +1 raising protection: a flag is +1 when set and -1 when
   not, a level is its z-score over the last 252 sessions, halved and clipped; either times the sign of its part.
2. A family's stance is the mean of its present parts. A family without one is absent and casts no vote.
3. All of it is computed once over a whole history; row i uses rows up to i only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8
from alvh.core.compiled import compiled
from alvh.signals.column import SignalColumn
from alvh.signals.signal import Family, Kind

VOTING: tuple[Family, ...] = (
    Family.PRICE,
    Family.VOLATILITY,
    Family.BREADTH,
    Family.MACRO,
    Family.VALUATION,
    Family.POSITION,
)
"""Families that vote, in the order of the rulebook; context does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How one column of evidence votes.

    Attributes
    ----------
    sign : {-1, 1}
        +1: a high value, or a set flag, asks for protection.
    """

    id: str
    family: Family
    kind: Kind
    sign: int


class Stance(msgspec.Struct, frozen=True, kw_only=True):
    """One family on one session.

    Attributes
    ----------
    value : float
        In [-1, 1], +1 raises protection.
    inputs : tuple of (id, float)
        What each present part said.
    """

    family: Family
    value: float
    inputs: tuple[tuple[str, float], ...]


class StanceTable:
    """Stances of all families over a history.

    Parameters
    ----------
    columns : iterable of (Voice, SignalColumn)
        Evidence that votes, columns of one length.
    window : int
        Sessions over which a level's z-score is taken (G-VOTES: 252).
    at_least : int
        Present sessions the window must hold before a level votes.
    """

    def __init__(self, columns: Iterable[tuple[Voice, SignalColumn]], *, window: int, at_least: int) -> None:
        pairs = tuple(columns)
        self.voices: tuple[Voice, ...] = tuple(voice for voice, _ in pairs)
        said = [voice_values(voice, column, window=window, at_least=at_least) for voice, column in pairs]
        n = pairs[0][1].value.size if pairs else 0
        self.said: F8 = np.array(said).reshape(len(said), n)
        """(voices, sessions); NaN where a voice is absent or its window too young."""

    def row(self, place: int, more: Sequence[tuple[Voice, float]] = ()) -> Mapping[Family, Stance]:
        """Return the stances of one session.

        Parameters
        ----------
        more : sequence of (Voice, float)
            Voices known only on the day, such as those of the portfolio, already in [-1, 1].
        """
        heard: dict[Family, list[tuple[str, float]]] = {}
        for voice, value in zip(self.voices, self.said[:, place].tolist(), strict=True):
            if not math.isnan(value):
                heard.setdefault(voice.family, []).append((voice.id, value))
        for voice, value in more:
            heard.setdefault(voice.family, []).append((voice.id, voice.sign * _clip(value)))
        return {
            family: Stance(family=family, value=sum(value for _, value in said) / len(said), inputs=tuple(said))
            for family in VOTING
            if (said := heard.get(family))
        }

    def values(self) -> tuple[F8, B1]:
        """Return stance and presence of each voting family over the whole history, both (families, sessions)."""
        stance = np.zeros((len(VOTING), self.said.shape[1]))
        present = np.zeros(stance.shape, np.bool_)
        for place, family in enumerate(VOTING):
            rows = self.said[[voice.family is family for voice in self.voices]]
            known = np.isfinite(rows)
            count = known.sum(axis=0)
            present[place] = count > 0
            total = np.where(known, rows, 0.0).sum(axis=0)
            np.divide(total, count, out=stance[place], where=present[place])
        return stance, present


def voice_values(voice: Voice, column: SignalColumn, *, window: int, at_least: int) -> F8:
    """Return what one column says on each session, in [-1, 1]; NaN where it is absent."""
    values = np.where(column.code == 0, column.value, np.nan)
    if voice.kind is Kind.FLAG:
        said: F8 = voice.sign * np.where(np.isnan(values), np.nan, np.where(values != 0.0, 1.0, -1.0))
        return said
    scores = np.clip(_trailing_z(values, window, at_least) / 2.0, -1.0, 1.0)
    return voice.sign * scores


def _clip(value: float) -> float:
    return min(max(value, -1.0), 1.0)


@compiled
def _trailing_z(values: F8, window: int, at_least: int) -> F8:
    """Z-score of each value among the finite ones of the last `window`, itself included.

    Mean and deviation are taken afresh for each row, so that a row does not depend on where the history began. A
    window without any spread says nothing.
    """
    out = np.full(values.size, np.nan)
    for place in range(values.size):
        if not np.isfinite(values[place]):
            continue
        first = max(0, place - window + 1)
        count, total = 0, 0.0
        for i in range(first, place + 1):
            if np.isfinite(values[i]):
                count += 1
                total += values[i]
        if count < max(at_least, 2):
            continue
        mean = total / count
        square = 0.0
        for i in range(first, place + 1):
            if np.isfinite(values[i]):
                square += (values[i] - mean) ** 2
        spread = np.sqrt(square / (count - 1))
        if spread > 1e-12 * max(abs(mean), 1e-300):
            out[place] = (values[place] - mean) / spread
    return out
