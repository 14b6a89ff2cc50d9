"""Errors that teach: what was seen, where, and what to do next.

::

    AlvhError                 anything this program says no to
    |-- UsageError            the command or the call itself is wrong
    |-- PolicyError           a policy key is unknown, missing or ill-typed
    |-- DataError             a file or a series is not what it must be
    |   |-- FormatError       no importer knows this header
    |   |-- RefusedError      a known format with content that must not be believed
    |   `-- CoverageError     the data do not reach where the question is asked
    |-- SettlementError       a position expired and no settlement value is known
    `-- InvariantError        the program's own books do not add up: a defect, never the user's fault

Expected outcomes (no trade, no quorum, no implied volatility) are values, not exceptions.
"""

from __future__ import annotations


class AlvhError(Exception):
    """Say in one sentence what was seen, where, and what to do next.

    Parameters
    ----------
    seen : str
        What was seen and what was needed instead.
    where : str, optional
        File, line and column, key, date or contract.
    fix : str, optional
        What the reader can do next.
    """

    exit_code = 1

    def __init__(self, seen: str, *, where: str | None = None, fix: str | None = None) -> None:
        self.seen = seen
        self.where = where
        self.fix = fix
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message on one line."""
        seen = self.seen if self.seen.endswith((".", "!", "?")) else f"{self.seen}."
        head = f"{self.where}: {seen}" if self.where else seen
        return f"{head} {self.fix}" if self.fix else head


class UsageError(AlvhError):
    """The command or the call itself is wrong."""

    exit_code = 2


class PolicyError(AlvhError):
    """A policy key is unknown, missing or ill-typed."""

    exit_code = 2


class DataError(AlvhError):
    """A file or a series is not what it must be."""

    exit_code = 3


class FormatError(DataError):
    """No importer knows this header."""


class RefusedError(DataError):
    """A known format whose content must not be believed."""


class CoverageError(DataError):
    """The data do not reach where the question is asked."""


class SettlementError(DataError):
    """A position expired and no settlement value is known."""


class InvariantError(AlvhError):
    """The program's own books do not add up."""

    exit_code = 70
