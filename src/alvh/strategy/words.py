"""Sentences that are put together when somebody reads them.

A session makes a sentence for every rule it asks, and almost none is ever read. So a verdict keeps the pattern and the
numbers; text comes of it where a person, a report or a file asks for text.
"""

from __future__ import annotations

__all__ = ["Said", "said"]


class Said:
    """A pattern of `str.format` with the values that belong into it; `str()` makes the sentence.

    Equal where the sentences are equal.
    """

    __slots__ = ("_pattern", "_values")

    def __init__(self, pattern: str, values: tuple[object, ...]) -> None:
        self._pattern = pattern
        self._values = values

    def __str__(self) -> str:
        """Put the sentence together."""
        return self._pattern.format(*self._values)

    def __repr__(self) -> str:
        """Show the sentence."""
        return repr(str(self))

    def __eq__(self, other: object) -> bool:
        """Compare sentences."""
        return str(self) == str(other) if isinstance(other, Said | str) else NotImplemented

    def __hash__(self) -> int:
        """Hash the sentence."""
        return hash(str(self))


def said(pattern: str, *values: object) -> Said:
    """Keep a sentence for later.

    Parameters
    ----------
    pattern : str
        As for `str.format`: ``"{:,.0f} USD may be tied up by a new condor."``
    values : object
        Numbers, dates and strings; nothing that changes afterwards.
    """
    return Said(pattern, values)
