"""Journals that write: the days of a run go to its folder as they are made, and are forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from alvh.engine.day import Day
from alvh.report.decisions import decision_line

DECISIONS, LEDGER = "decisions.jsonl", "ledger.jsonl"
_CHUNK = 1 << 18


class FileJournal:
    """Writes one strategy's `decisions.jsonl` and `ledger.jsonl`, a day at a time.

    Parameters
    ----------
    place : Path
        Folder of the strategy; it exists.
    refuse : callable
        Turns what the operating system refused into an error of ours.
    """

    def __init__(self, place: Path, refuse: Callable[[OSError], Exception]) -> None:
        self.place = place
        self._refuse = refuse
        self._encode = msgspec.json.Encoder().encode_lines
        self._files: tuple[IO[bytes], IO[bytes]] = (
            (place / DECISIONS).open("wb", buffering=_CHUNK),
            (place / LEDGER).open("wb", buffering=_CHUNK),
        )

    def write(self, day: Day) -> None:
        """Write the next day."""
        decisions, ledger = self._files
        try:
            decisions.write(decision_line(day))
            ledger.write(self._encode(day.entries))
        except OSError as error:
            raise self._refuse(error) from error

    def close(self) -> None:
        """Write what is left and let go of the files."""
        for file in self._files:
            file.close()


def sha256_of(path: Path) -> str:
    """Return what ``sha256sum`` prints for a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ledger_digest(place: Path) -> str:
    """Name a written ledger as `core.digest.digest` names its bytes."""
    path = place / LEDGER
    total = hashlib.sha256(path.stat().st_size.to_bytes(8, "big"))
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()
