"""One import into the chain store: all of it shows at once, or none of it.

Days gather until another month of their root begins; a finished month is written under a name made of its content, in
the background while the next one is read. At the end everything is brought to the disk and the manifest is replaced.
Until then no reader and no later run sees anything of it; what an interrupted import leaves behind is never referred
to and is removed by the next one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

import msgspec
import polars as pl

from alvh.adapters.chain_days import ChainDay
from alvh.adapters.store.files import replace_bytes, sync
from alvh.adapters.store.findings import merged_findings
from alvh.adapters.store.manifest import NAME, Manifest, MonthEntry
from alvh.adapters.store.months import Offer, day_digest, plan_month, temporary
from alvh.core.errors import DataError
from alvh.market.quality import Finding


class Fate(Enum):
    """What became of a day that was offered to the store."""

    NEW = auto()
    SAME = auto()
    """The store holds it already, quote for quote."""
    CONFLICT = auto()
    """The store holds other quotes for this root and session, and replacing was not asked for."""


@dataclass(slots=True)
class _Month:
    month: str
    offers: dict[str, Offer] = field(default_factory=dict)


class ImportTransaction:
    """Gather days and findings of one file or of many, then commit them all or none.

    Parameters
    ----------
    folder : Path
        The folder of chains, held for writing.
    replace : bool
        Let other quotes of a stored day take its place.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, replace: bool = False) -> None:
        self._folder = folder
        self._manifest = manifest
        self._replace = replace
        self._known = {
            (root, day.session): (day.digest, day.source)
            for root, months in manifest.roots.items()
            for month in months
            for day in month.days
        }
        self._open: dict[str, _Month] = {}
        self._done: dict[tuple[str, str], MonthEntry] = {}
        self._written: list[Path] = []
        self._findings: list[Finding] = []
        self._changed: set[tuple[str, str]] = set()
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None
        self.rows = 0
        """Quotes that were taken so far."""

    def add(self, day: ChainDay, findings: Iterable[Finding] = (), *, source: str) -> Fate:
        """Offer one day of a file; days that ascend within a root are written once a month.

        Raises
        ------
        DataError
            The disk is full or the folder cannot be written.
        """
        offer = Offer(day=day, content=day_digest(day), source=source)
        name = (day.root, offer.session)
        content, _ = self._known.get(name, (None, None))
        if content == offer.content:
            return Fate.SAME
        if content is not None and not self._replace:
            return Fate.CONFLICT
        self._known[name] = (offer.content, source)
        self._gather(day.root, offer)
        if content is not None:
            # What was said of the quotes that are replaced no longer holds.
            self._findings = [
                item for item in self._findings if (item.subject, item.session) != (day.root, day.session)
            ]
        self._changed.add(name)
        self._findings.extend(findings)
        self.rows += day.rows
        return Fate.NEW

    def note(self, findings: Iterable[Finding]) -> None:
        """Record findings that belong to no stored day."""
        self._findings.extend(findings)

    def source_of(self, root: str, session: str) -> str:
        """Name the file from which a stored day came."""
        return self._known[root, session][1]

    def commit(self) -> Manifest:
        """Make everything visible at once; return the new manifest.

        Raises
        ------
        DataError
            The disk is full or the folder cannot be written; the store is as it was.
        """
        for root, month in self._open.items():
            self._finish(root, month)
        self._wait()
        self._worker.shutdown()
        with _told(self._folder):
            return self._publish()

    def discard(self) -> None:
        """Drop everything; the store is as it was."""
        self._worker.shutdown()
        for path in self._written:
            path.unlink(missing_ok=True)
            temporary(path).unlink(missing_ok=True)
        for folder in {path.parent for path in self._written}:
            # Only a folder that this import made is empty now.
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _gather(self, root: str, offer: Offer) -> None:
        name = offer.session[:7]
        month = self._open.get(root)
        if month is None or month.month != name:
            if month is not None:
                self._finish(root, month)
            month = self._open[root] = _Month(month=name)
        month.offers[offer.session] = offer

    def _finish(self, root: str, month: _Month) -> None:
        self._wait()
        self._pending = self._worker.submit(self._write, root, month)

    def _wait(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            with _told(self._folder):
                pending.result()

    def _write(self, root: str, month: _Month) -> None:
        folder = self._folder / root
        folder.mkdir(exist_ok=True)
        old = self._done.get((root, month.month)) or self._stored(root, month.month)
        files = plan_month(folder, month.month, old, tuple(month.offers.values()))
        # A name that stands is the same content, which the manifest may refer to: not ours to remove on failure.
        self._written += [path for path in files.paths if not path.exists()]
        self._done[root, month.month] = files.write()

    def _stored(self, root: str, month: str) -> MonthEntry | None:
        return next((entry for entry in self._manifest.roots.get(root, ()) if entry.month == month), None)

    def _publish(self) -> Manifest:
        roots = {root: {entry.month: entry for entry in months} for root, months in self._manifest.roots.items()}
        for (root, month), entry in self._done.items():
            roots.setdefault(root, {})[month] = entry
        findings = merged_findings(self._folder, self._manifest.findings, self._changed, self._findings)
        manifest = Manifest(
            roots={root: tuple(roots[root][month] for month in sorted(roots[root])) for root in sorted(roots)},
            findings=findings,
        )
        if manifest != self._manifest:
            written, self._written = self._written, []
            for path in [*written, *{path.parent for path in written}]:
                sync(path)
            # From here on the files may be referred to, so an interruption must not remove them.
            replace_bytes(self._folder / NAME, msgspec.json.encode(manifest))
        _sweep(self._folder, manifest)
        return manifest


@contextlib.contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Say a failure of the disk as a sentence."""
    try:
        yield
    except (OSError, pl.exceptions.PolarsError) as error:
        raise DataError(
            f"the store cannot be written ({getattr(error, 'strerror', None) or error}).",
            where=str(folder),
            fix="Free space or choose another folder; the store is as it was.",
        ) from error


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Remove what no manifest refers to: replaced months, and what an interrupted import left."""
    used = {folder / root / month.stem for root, months in manifest.roots.items() for month in months}
    for root in (path for path in folder.iterdir() if path.is_dir()):
        for path in root.iterdir():
            if path.with_suffix("") not in used or path.name.startswith("."):
                # A reader on Windows may still map it; the next import tries again.
                with contextlib.suppress(OSError):
                    path.unlink()
    for path in folder.glob("findings-*.json"):
        if path.name != manifest.findings:
            with contextlib.suppress(OSError):
                path.unlink()
