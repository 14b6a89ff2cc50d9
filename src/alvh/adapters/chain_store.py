"""Recorded chains on disk, one folder per root, answered day by day without copying.

::

    STORE/chains/manifest.json                    what is there; replaced last
    STORE/chains/findings-<content>.json          what is wrong with it
    STORE/chains/SPXW/2018-01-<content>.cols      blocks for the day loop, mapped into memory
    STORE/chains/SPXW/2018-01-<content>.parquet   the same rows with every column, for other programs

Forward and discount of an expiry are not stored: they are a reading of the quotes, not the quotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from alvh.adapters.store.blocks import BlockFile, BlockTable
from alvh.adapters.store.day import StoredDay
from alvh.adapters.store.files import writing
from alvh.adapters.store.findings import read_findings
from alvh.adapters.store.manifest import COLUMNS, PARQUET, DayEntry, Manifest, read_manifest
from alvh.adapters.store.maps import mapped
from alvh.core.arrays import F8
from alvh.core.errors import CoverageError, DataError
from alvh.market.chain import OptionChain
from alvh.market.quality import Defect, Finding

if TYPE_CHECKING:
    from alvh.adapters.chain_days import JudgedDay
    from alvh.adapters.store.writing import ImportTransaction

_NEIGHBOURS = 5
"""Calendar days within which two chain days are compared for expiries that went missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorColumns:
    """What the vendor printed beside the quotes, in the order of the chain's rows.

    Attributes
    ----------
    iv : (n,) array, decimal per year
    delta : (n,) array, negative for puts
        NaN where the file had none: for comparison and selection, never for money.
    """

    iv: F8
    delta: F8


class ChainStore:
    """Every recorded chain that was imported into one folder.

    Open it with `ChainStore.open`. A store that is being imported into shows its last complete state.
    """

    def __init__(self, folder: Path, manifest: Manifest, *, forward: bool = False) -> None:
        self._folder = folder
        self._manifest = manifest
        self._index: dict[str, dict[date, tuple[str, DayEntry]]] = {}
        self._forward = forward
        self._last: dict[str, BlockFile] = {}

    @classmethod
    def open(cls, path: Path, *, forward: bool = False) -> ChainStore:
        """Open the chains of a store folder; a folder without any is an empty store.

        Parameters
        ----------
        forward : bool
            Sessions will be asked for in their order, once, as a backtest does: the memory of a month is given back
            when the next one is reached, so that it does not grow with the years.

        Raises
        ------
        DataError
            The manifest is damaged or of another layout.
        """
        folder = Path(path) / "chains"
        return cls(folder, read_manifest(folder), forward=forward)

    @property
    def digest(self) -> str:
        """Digest of roots, sessions and quotes, whatever files they came from and in whatever order."""
        return self._manifest.digest

    def roots(self) -> tuple[str, ...]:
        """Roots with at least one chain, in alphabetical order."""
        return tuple(self._manifest.roots)

    def sessions(self, root: str) -> tuple[date, ...]:
        """Sessions with a chain of this root, ascending; empty for an unknown root."""
        return tuple(self._days(root))

    def rows(self, root: str) -> int:
        """Count the quotes stored for a root."""
        return sum(entry.rows for _, entry in self._days(root).values())

    def sources(self, root: str) -> tuple[str, ...]:
        """Names of the files from which the chains of a root came."""
        return tuple(sorted({entry.source for _, entry in self._days(root).values()}))

    def tables(self, root: str) -> tuple[Path, ...]:
        """Parquet files of a root, one a month, ascending."""
        months = self._manifest.roots.get(root, ())
        return tuple(self._folder / root / f"{month.stem}{PARQUET}" for month in months)

    def chain(self, root: str, session: date) -> OptionChain:
        """Return every quote of a root on a session; the columns are read-only views of the file.

        Raises
        ------
        CoverageError
            The store holds no chain of this root on this session.
        """
        return self.day(root, session).chain()

    def day(self, root: str, session: date) -> StoredDay:
        """Return a session of a root as columns that are cut when they are asked for.

        Raises
        ------
        CoverageError
            The store holds no chain of this root on this session.
        """
        found = self._days(root).get(session)
        if found is None:
            raise CoverageError(
                f"holds no {root} chain on {session}.",
                where=str(self._folder.parent),
                fix="Import a file that covers it (alvh data import).",
            )
        stem, entry = found
        file = self._file(root, stem)
        if self._forward and self._last.get(root) is not file:
            if root in self._last:
                self._last[root].rest()
            self._last[root] = file
        return StoredDay(root, entry, file)

    def days(self, root: str) -> Iterator[StoredDay]:
        """Yield every session of a root, ascending: the quick way to look at many years from Python."""
        for month in self._manifest.roots.get(root, ()):
            file = self._file(root, month.stem)
            for entry in month.days:
                yield StoredDay(root, entry, file)

    def vendor(self, root: str, session: date) -> VendorColumns:
        """Return the vendor's own volatility and delta for the rows of a chain.

        Raises
        ------
        CoverageError
            The store holds no chain of this root on this session.
        """
        day = self.day(root, session)
        return VendorColumns(iv=day.iv, delta=day.delta)

    def stream(self, root: str) -> Iterator[BlockTable]:
        """Yield a root's months in order, each as arrays over which a compiled loop walks day by day.

        This is the fast way to look at every quote of many years: Python is entered once a month.
        """
        for month in self._manifest.roots.get(root, ()):
            yield self._file(root, month.stem).table()

    def findings(self) -> tuple[Finding, ...]:
        """List everything wrong with the stored and the refused days, ordered by subject and session."""
        stored = read_findings(self._folder, self._manifest.findings)
        missing = [finding for root in self.roots() for finding in self._missing_expiries(root)]
        return tuple(
            sorted([*stored, *missing], key=lambda item: (item.subject, item.session or date.min, item.defect))
        )

    def write(self, days: Iterable[JudgedDay], *, source: str, replace: bool = False) -> None:
        """Store days of one file, at once or not at all."""
        with self.importing(replace=replace) as transaction:
            for item in days:
                transaction.add(item.day, item.findings, source=source)

    @contextmanager
    def importing(self, *, replace: bool = False) -> Iterator[ImportTransaction]:
        """Gather days; they show together when the block ends and not at all when it fails.

        Raises
        ------
        DataError
            The folder cannot be written.
        UsageError
            Another process is importing into it.
        """
        # What reads files and judges them is a third of the program; whoever only looks at chains does without.
        from alvh.adapters.store.writing import ImportTransaction  # noqa: PLC0415

        with writing(self._folder):
            self._reload(read_manifest(self._folder))
            transaction = ImportTransaction(self._folder, self._manifest, replace=replace)
            try:
                yield transaction
                manifest = transaction.commit()
            except BaseException:
                transaction.discard()
                raise
            self._reload(manifest)

    def _reload(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._index.clear()
        self._last.clear()

    def _days(self, root: str) -> dict[date, tuple[str, DayEntry]]:
        if root not in self._index:
            self._index[root] = {
                date.fromisoformat(day.session): (month.stem, day)
                for month in self._manifest.roots.get(root, ())
                for day in month.days
            }
        return self._index[root]

    def _file(self, root: str, stem: str) -> BlockFile:
        try:
            return mapped(f"{self._folder}/{root}/{stem}{COLUMNS}")
        except OSError as error:
            raise DataError(
                f"{root}/{stem} cannot be opened ({error.strerror}); did an import change the store meanwhile?",
                where=str(self._folder),
                fix="Open the store again.",
            ) from error

    def _missing_expiries(self, root: str) -> Iterator[Finding]:
        """Compare neighbouring days: an expiry that was listed and has not passed must still be listed."""
        for before, after in pairwise(self._days(root)):
            if (after - before).days > _NEIGHBOURS:
                continue
            listed = set(self.chain(root, after).expiries)
            gone = [day for day in self.chain(root, before).expiries if day > after and day not in listed]
            if gone:
                names = ", ".join(str(day) for day in gone)
                yield Finding(
                    subject=root,
                    defect=Defect.MISSING_EXPIRY,
                    session=after,
                    count=len(gone),
                    detail=f"Listed on {before} and not on {after}: {names}.",
                )
