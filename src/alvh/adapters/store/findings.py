"""Findings of stored and refused chain days, in one file named by its content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from alvh.adapters.store.files import sync
from alvh.core.digest import canonical_bytes, digest
from alvh.market.quality import Defect, Finding


class _Row(msgspec.Struct, array_like=True, frozen=True, order=True):
    subject: str
    session: str
    defect: str
    count: int
    detail: str


def read_findings(folder: Path, name: str | None) -> tuple[Finding, ...]:
    """Read the findings of a manifest, ordered by subject and session."""
    return tuple(
        Finding(
            subject=row.subject,
            defect=Defect(row.defect),
            session=date.fromisoformat(row.session) if row.session else None,
            count=row.count,
            detail=row.detail,
        )
        for row in _rows(folder, name)
    )


def merged_findings(
    folder: Path, name: str | None, changed: set[tuple[str, str]], fresh: Iterable[Finding]
) -> str | None:
    """Add findings to those that stand, dropping what was said of days whose quotes changed; return the file's name."""
    rows = {row for row in _rows(folder, name) if (row.subject, row.session) not in changed}
    rows |= {
        _Row(
            subject=item.subject,
            session=item.session.isoformat() if item.session else "",
            defect=item.defect.value,
            count=item.count,
            detail=item.detail,
        )
        for item in fresh
    }
    if not rows:
        return None
    content = canonical_bytes(sorted(rows))
    written = folder / f"findings-{digest(content)[:16]}.json"
    if written.name != name:
        temporary = written.with_name(f".{written.name}.tmp")
        temporary.write_bytes(content)
        sync(temporary)
        temporary.replace(written)
    return written.name


def _rows(folder: Path, name: str | None) -> tuple[_Row, ...]:
    if name is None:
        return ()
    return msgspec.json.decode((folder / name).read_bytes(), type=tuple[_Row, ...])
