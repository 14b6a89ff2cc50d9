"""The store of series: one Parquet file per imported file, and a manifest that is replaced last.

``STORE/series/manifest.json`` names the groups; a group is what one source file gave, a long table (name, period,
known_at, value) in which each series is one run of rows. Files are named by their content, so an import that is
interrupted leaves the old manifest with its old files, and importing the same file twice changes nothing. A file of
the same format and name replaces its earlier import.

Several sources of one series are kept apart. `SeriesStore.series` answers with one of them, never with a mixture:

1. by authority: the exchange's own history, FRED and other publishers, price vendors, then tables derived by others;
2. then the one that reaches furthest, then the one whose file reaches furthest, because exchanges correct their past;
3. then the longer one; then by the name of its source.

Where two sources disagree about a value, a finding says so. Prices adjusted for dividends are left out of that: they
depend on the day on which they were adjusted.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from alvh.adapters.series_computed import (
    CURVE_NAMES,
    MEMBER_NAMES,
    curve_series,
    member_series,
    member_table,
)
from alvh.adapters.series_conflicts import conflicts
from alvh.adapters.series_manifest import (
    Group,
    Placed,
    SeriesManifest,
    noted,
    read_manifest,
    write_manifest,
)
from alvh.adapters.store.files import replace_bytes, writing
from alvh.adapters.vx_curves import VxHistory, build_vx_history, load_vx_history, save_vx_history
from alvh.core.arrays import D8, F8, frozen
from alvh.core.digest import digest, digest_of
from alvh.core.errors import CoverageError, DataError
from alvh.market.catalogue import known
from alvh.market.quality import Defect, Finding
from alvh.market.series import Series

FOLDER = "series"
_AUTHORITY = (
    ("cboe_index", "cfe_vx", "cfe_final", "cfe_volume", "own_release"),
    ("fred", "date_value", "fred_long", "philadelphia", "gdp_vintages", "cpi_releases", "fomc_days"),
    ("treasury_curve", "bis_eer", "shiller", "put_call", "cboe_strategy"),
    ("prices_long", "adjusted_long"),
    ("ohlc", "levels_long", "members_long", "members_wide"),
)
_WHOLE_GROUP = 1_000_000
"""Groups up to this many rows are read whole and kept; of larger ones a series is read alone."""


class SeriesStore:
    """Series, findings and the VX curve history of one store.

    Make one with `open`; it shows the store as it was at that moment. `write` moves it on.
    """

    def __init__(self, folder: Path, manifest: SeriesManifest) -> None:
        self._folder = folder
        self._groups: dict[str, tuple[D8, D8, F8]] = {}
        self._vx: VxHistory | None
        self._curve_series: dict[str, Series] | None
        self._member_series: dict[str, Series] | None
        self._adopt(manifest)

    @classmethod
    def open(cls, path: Path) -> SeriesStore:
        """Open the store in a folder; an absent one is empty.

        Raises
        ------
        DataError
            The manifest cannot be read.
        """
        folder = Path(path) / FOLDER
        return cls(folder, read_manifest(folder))

    @property
    def digest(self) -> str:
        """Digest of all values in the store."""
        return self._manifest.digest

    def names(self) -> tuple[str, ...]:
        """Return the names of all series, sorted."""
        return tuple(sorted(self._places))

    def sources(self, name: str) -> tuple[str, ...]:
        """Return the sources of a series, the preferred one first; empty where there is none."""
        return tuple(source for source, _ in self._places.get(name, ()))

    def spans(self) -> tuple[tuple[str, str, Placed], ...]:
        """Return name, source and extent of every series, preferred sources first, without reading values."""
        return tuple((name, source, place) for name in self.names() for source, place in self._places[name])

    def findings(self) -> tuple[Finding, ...]:
        """Return everything found wrong with the series, by source, then the disagreements between sources."""
        groups = (group for _, group in sorted(self._manifest.groups.items()))
        recorded = [note.finding for group in groups for note in group.findings]
        return (*recorded, *(note.finding for note in self._manifest.conflicts))

    def findings_of(self, source: str) -> tuple[Finding, ...]:
        """Return the findings of one source file."""
        group = self._manifest.groups.get(source)
        return tuple(note.finding for note in group.findings) if group else ()

    def series(self, name: str, source: str | None = None) -> Series:
        """Read one series from its preferred or a named source.

        Raises
        ------
        CoverageError
            The store has no such series.
        DataError
            The file of the series is missing or damaged.
        """
        found = self.get(name, source)
        if found is None:
            near = ", ".join(other for other in self.names() if other.startswith(name[:3]))[:200]
            raise CoverageError(
                f"the store has no series {name}{f' from {source}' if source else ''}.",
                where=str(self._folder.parent),
                fix=f"Import a file that holds it{f'; there are {near}' if near else ''}.",
            )
        return found

    def get(self, name: str, source: str | None = None) -> Series | None:
        """Read one series, or None where the store has none of that name."""
        for candidate, place in self._places.get(name, ()):
            if source in (None, candidate):
                return self._with_calendar(self._read(candidate, place))
        return self._computed(name) if source is None else None

    def _computed(self, name: str) -> Series | None:
        """Compute a series from many others on first use: the VX curve, breadth over the index members."""
        if name in CURVE_NAMES:
            if self._curve_series is None:
                self._curve_series = curve_series(self.vx_history())
            return self._curve_series.get(name)
        if name in MEMBER_NAMES:
            if self._member_series is None:
                self._member_series = self._members()
            return self._member_series.get(name)
        return None

    def _members(self) -> dict[str, Series]:
        table = member_table(self._manifest.groups)
        if table is None:
            return {}
        caps = {name.removeprefix("CAP."): self.series(name) for name in self._places if name.startswith("CAP.")}
        return member_series(self._folder, table, caps)

    def vx_history(self) -> VxHistory:
        """Return the monthly VX curve of every session and the final settlements; empty without VX files.

        The first call after an import builds it and keeps it beside the series; later ones read that.
        """
        if self._vx is None:
            self._vx = self._load_vx()
        return self._vx

    def write(self, series: Iterable[Series], findings: Sequence[Finding] = ()) -> None:
        """Add what source files gave; the same source replaces its earlier self, and nothing is half written.

        Parameters
        ----------
        series : iterable of Series
            Grouped by their `source`.
        findings : sequence of Finding
            Recorded with the first of the sources.

        Raises
        ------
        DataError
            The folder cannot be written.
        UsageError
            Another import is writing.
        """
        by_source: dict[str, list[Series]] = {}
        for item in series:
            by_source.setdefault(item.source, []).append(item)
        if not by_source:
            return
        with writing(self._folder):
            try:
                self._adopt(self._written(by_source, findings))
            except OSError as error:
                raise DataError(
                    f"the store cannot be written ({error.strerror}).",
                    where=str(self._folder),
                    fix="Free space or choose another folder; the store is as it was.",
                ) from error

    def _written(self, by_source: dict[str, list[Series]], findings: Sequence[Finding]) -> SeriesManifest:
        manifest = read_manifest(self._folder)
        groups = dict(manifest.groups)
        notes = tuple(findings)
        for source, members in by_source.items():
            groups[source] = self._write_group(source, members, notes, groups.get(source))
            notes = ()
        changed = SeriesManifest(groups=groups, conflicts=manifest.conflicts)
        names = {item.name for members in by_source.values() for item in members}
        changed = self._with_conflicts(changed, names)
        write_manifest(self._folder, changed)
        self._sweep(changed)
        return changed

    def _write_group(
        self, source: str, members: list[Series], findings: tuple[Finding, ...], before: Group | None
    ) -> Group:
        members = sorted(members, key=lambda item: item.name)
        content = _digest(members)
        rows = sum(item.value.size for item in members)
        if before is not None and rows < before.rows:
            detail = f"{source} has {rows} values, its earlier import had {before.rows}"
            shorter = Finding(
                subject=members[0].name,
                defect=Defect.MISSING_VALUE,
                session=None,
                count=before.rows - rows,
                detail=detail,
            )
            findings = (*findings, shorter)
        file = f"{_slug(source)}-{content[:12]}.parquet"
        if not (self._folder / file).exists():
            replace_bytes(self._folder / file, _parquet(members))
        return Group(
            file=file,
            digest=content,
            rows=rows,
            series=tuple(_placed(members)),
            findings=tuple(noted(finding) for finding in findings),
        )

    def _with_conflicts(self, manifest: SeriesManifest, names: set[str]) -> SeriesManifest:
        """Compare the sources of the series that an import touched; older comparisons stand."""
        fresh = SeriesStore(self._folder, manifest)
        subjects = {_subject(name) for name in names}
        pairs = [
            (_subject(name), [fresh.series(name, source) for source in fresh.sources(name)])
            for name in fresh.names()
            if _subject(name) in subjects and len(fresh.sources(name)) > 1 and ".adj" not in name
        ]
        kept = [note for note in manifest.conflicts if note.subject not in subjects]
        return SeriesManifest(groups=manifest.groups, conflicts=(*kept, *map(noted, conflicts(pairs))))

    def _sweep(self, manifest: SeriesManifest) -> None:
        """Remove files that the manifest no longer names."""
        named = {group.file for group in manifest.groups.values()}
        for path in self._folder.glob("*.parquet"):
            if path.name not in named:
                path.unlink(missing_ok=True)

    def _adopt(self, manifest: SeriesManifest) -> None:
        self._manifest = manifest
        self._groups.clear()
        self._vx = None
        self._curve_series = None
        self._member_series = None
        self._places: dict[str, list[tuple[str, Placed]]] = {}
        reach = {source: max(place.last for place in group.series) for source, group in manifest.groups.items()}
        for source, group in manifest.groups.items():
            for place in group.series:
                self._places.setdefault(place.name, []).append((source, place))
        for places in self._places.values():
            if len(places) > 1:
                places.sort(key=lambda item: _preference(item[0], item[1], reach[item[0]]))

    def _read(self, source: str, place: Placed) -> Series:
        group = self._manifest.groups[source]
        try:
            period, instants, value = self._columns(source, group, place)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise DataError(
                f"the values of {place.name} cannot be read ({error}).",
                where=str(self._folder / group.file),
                fix="Import the file again.",
            ) from error
        return Series(name=place.name, unit=place.unit, period=period, known_at=instants, value=value, source=source)

    def _columns(self, source: str, group: Group, place: Placed) -> tuple[D8, D8, F8]:
        rows = slice(place.offset, place.offset + place.rows)
        if group.rows > _WHOLE_GROUP:
            lazy = pl.scan_parquet(self._folder / group.file).select("period", "known_at", "value")
            return _arrays(lazy.slice(place.offset, place.rows).collect())
        if source not in self._groups:
            path = self._folder / group.file
            self._groups[source] = _arrays(pl.read_parquet(path, columns=["period", "known_at", "value"]))
        period, instants, value = self._groups[source]
        return period[rows], instants[rows], value[rows]

    def _with_calendar(self, series: Series) -> Series:
        """Replace the release rule by the true release times where the store has them."""
        entry = known(series.name)
        calendar = self.get(entry.calendar) if entry and entry.calendar else None
        if calendar is None:
            return series
        _, left, right = np.intersect1d(series.period, calendar.period, return_indices=True)
        instants = series.known_at.copy()
        instants[left] = calendar.known_at[right]
        order = np.lexsort((series.period, instants))
        return Series(
            name=series.name,
            unit=series.unit,
            period=series.period[order],
            known_at=instants[order],
            value=series.value[order],
            source=series.source,
        )

    def _load_vx(self) -> VxHistory:
        inputs = [group.digest for _, group in sorted(self._manifest.groups.items()) if _feeds_vx(group)]
        kept = self._folder / f"vx_history-{digest_of(inputs)[:16]}.npz"
        found = load_vx_history(kept)
        if found is not None:
            return found
        built = build_vx_history(self)
        if inputs:
            save_vx_history(built, kept)
        return built


def _subject(name: str) -> str:
    """Return what findings are gathered under: a contract's product, else the series."""
    return name.split("/", maxsplit=1)[0] if "/" in name else name


def _feeds_vx(group: Group) -> bool:
    return any(place.name.startswith(("VX/", "VX.CM")) or place.name == "VIX" for place in group.series)


def _preference(source: str, place: Placed, reach: date) -> tuple[int, int, int, int, str]:
    format_name = source.split(":", 1)[0]
    tiers = (tier for tier, names in enumerate(_AUTHORITY) if format_name in names)
    tier = next(tiers, len(_AUTHORITY))
    return (tier, -place.last.toordinal(), -reach.toordinal(), -place.rows, source)


def _digest(members: list[Series]) -> str:
    parts: list[bytes] = []
    for item in members:
        parts += [item.name.encode(), item.unit.encode(), item.period.astype("<i8").tobytes()]
        parts += [item.known_at.astype("<i8").tobytes(), item.value.astype("<f8").tobytes()]
    return digest(*parts)


def _placed(members: list[Series]) -> Iterable[Placed]:
    offset = 0
    for item in members:
        first, last = item.period.min().item(), item.period.max().item()
        yield Placed(name=item.name, unit=item.unit, offset=offset, rows=item.value.size, first=first, last=last)
        offset += item.value.size


def _parquet(members: list[Series]) -> bytes:
    sizes = [item.value.size for item in members]
    rows = np.repeat(np.arange(len(members), dtype=np.uint32), sizes)
    frame = pl.DataFrame(
        {
            "name": pl.Series([item.name for item in members]).gather(rows),
            "period": np.concatenate([item.period.astype("datetime64[D]") for item in members]),
            "known_at": np.concatenate([item.known_at.astype("datetime64[ms]") for item in members]),
            "value": np.concatenate([item.value for item in members]),
        }
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=1, row_group_size=1 << 18)
    return buffer.getvalue()


def _arrays(frame: pl.DataFrame) -> tuple[D8, D8, F8]:
    period: D8 = frame["period"].to_numpy().astype("datetime64[D]")
    instants: D8 = frame["known_at"].to_numpy().astype("datetime64[s]")
    value: F8 = frame["value"].to_numpy().astype(np.float64)
    for column in (period, instants, value):
        frozen(column)
    return period, instants, value


def _slug(source: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", source)[:80]
