"""The table of contents of the series store: one small file, replaced last and in one step."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from alvh.adapters.store.files import replace_bytes
from alvh.core.digest import digest_of
from alvh.core.errors import DataError
from alvh.market.quality import Defect, Finding

MANIFEST = "manifest.json"
VERSION = 1


class Placed(msgspec.Struct, array_like=True, frozen=True):
    """Where one series lies inside the file of its group."""

    name: str
    unit: str
    offset: int
    rows: int
    first: date
    last: date


class Noted(msgspec.Struct, array_like=True, frozen=True):
    """A finding as it is written."""

    subject: str
    defect: Defect
    session: date | None
    count: int
    detail: str

    @property
    def finding(self) -> Finding:
        """The finding."""
        return Finding(
            subject=self.subject, defect=self.defect, session=self.session, count=self.count, detail=self.detail
        )


class Group(msgspec.Struct, frozen=True):
    """Everything that one source file gave.

    Attributes
    ----------
    file : str
        Parquet file in the folder of the store.
    digest : str
        Of names, units, periods, release times and values; not of the bytes of the file.
    """

    file: str
    digest: str
    rows: int
    series: tuple[Placed, ...]
    findings: tuple[Noted, ...] = ()


class SeriesManifest(msgspec.Struct, frozen=True):
    """All groups by source, and where sources disagree."""

    version: int = VERSION
    groups: dict[str, Group] = {}
    conflicts: tuple[Noted, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of all values in the store."""
        return digest_of({source: group.digest for source, group in self.groups.items()})


def noted(finding: Finding) -> Noted:
    """Turn a finding into what is written."""
    return Noted(
        subject=finding.subject,
        defect=finding.defect,
        session=finding.session,
        count=finding.count,
        detail=finding.detail,
    )


def read_manifest(folder: Path) -> SeriesManifest:
    """Read the table of contents; an empty one where nothing was imported yet.

    Raises
    ------
    DataError
        The manifest is damaged, or of a later version of this program.
    """
    path = folder / MANIFEST
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return SeriesManifest()
    except OSError as error:
        raise DataError(f"the store cannot be read ({error.strerror}).", where=str(path)) from error
    try:
        manifest = msgspec.json.decode(content, type=SeriesManifest)
    except msgspec.DecodeError as error:
        raise DataError(
            f"the manifest of the series store is damaged ({error}).",
            where=str(path),
            fix="Delete the folder it is in and import the files again.",
        ) from error
    if manifest.version != VERSION:
        raise DataError(
            f"the series store has layout {manifest.version}, this program reads layout {VERSION}.",
            where=str(path),
            fix="Import the files again into a new store.",
        )
    return manifest


def write_manifest(folder: Path, manifest: SeriesManifest) -> None:
    """Put a new table of contents in place of the old one."""
    replace_bytes(folder / MANIFEST, msgspec.json.encode(manifest))
