"""The section of a regime that has no numbers of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoNumbers:
    """All its numbers are those of the signal it reads."""
