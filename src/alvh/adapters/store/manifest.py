"""The manifest: which months and days the store holds. It is replaced last, so a reader sees all of an import or none.

Files are named by their content, so writing the same content twice gives the same names and bytes, and a file that
some reader still maps is never rewritten.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from alvh.core.digest import digest
from alvh.core.errors import DataError

NAME = "manifest.json"
VERSION = 1
COLUMNS, PARQUET = ".cols", ".parquet"
"""Endings of a month's two files."""


class DayEntry(msgspec.Struct, array_like=True, frozen=True):
    """One session of one root and where its block lies.

    Attributes
    ----------
    session : str
        ISO date.
    start : int
        First byte of the block.
    digest : str
        Digest of the day's content.
    source : str
        File from which it was imported.
    """

    session: str
    asof: int
    timed: bool
    spot: float | None
    rows: int
    expiries: int
    start: int
    digest: str
    source: str


class MonthEntry(msgspec.Struct, array_like=True, frozen=True):
    """One month of one root: its two files, named without their suffixes, and its days, ascending."""

    month: str
    stem: str
    days: tuple[DayEntry, ...]


class Manifest(msgspec.Struct, frozen=True):
    """Everything the store holds."""

    version: int = VERSION
    roots: dict[str, tuple[MonthEntry, ...]] = {}
    findings: str | None = None

    @property
    def digest(self) -> str:
        """Digest of the content: roots, sessions and quotes, whatever file they came from."""
        parts = [
            f"{root} {day.session} {day.digest}".encode()
            for root in sorted(self.roots)
            for month in self.roots[root]
            for day in month.days
        ]
        return digest(*parts)


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest; a folder without one is an empty store.

    Raises
    ------
    DataError
        The manifest is not one of ours, or of a later version.
    """
    path = folder / NAME
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (FileNotFoundError, NotADirectoryError):
        return Manifest()
    except (OSError, msgspec.DecodeError) as error:
        raise DataError(
            f"the store's manifest cannot be read ({error}).", where=str(path), fix="Import again into a new folder."
        ) from error
    if manifest.version != VERSION:
        raise DataError(
            f"the store has layout {manifest.version} and this program reads layout {VERSION}.",
            where=str(path),
            fix="Import again into a new folder.",
        )
    return manifest
