"""What a store covers: first and last day, rows, missing sessions and findings, by series and by chain root.

A file that gave many series (the contracts of a futures file, the members of an index) is one row, because seven
thousand rows tell nobody anything; `SeriesStore.spans` has them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.series_making import SESSIONS_FROM
from alvh.adapters.series_manifest import Placed
from alvh.adapters.series_store import SeriesStore
from alvh.core.arrays import D8
from alvh.market.catalogue import known
from alvh.market.quality import Finding
from alvh.market.sessions import trading_calendar

COLUMNS = ("kind", "name", "first", "last", "rows", "missing sessions", "findings", "source")
_FOLD_ABOVE = 12
_SHOWN_GAPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the store holds of one series, one family of series, or one chain root.

    Attributes
    ----------
    kind : str
        ``series``, ``curve`` or ``chain``.
    rows : int
        Values, or quotes of a chain.
    gaps : int or None
        Sessions of the exchange between first and last without a value; None where it is not a daily market series.
    missing : tuple of date
        The first of those sessions.
    findings : dict of str to int
        Findings by kind.
    """

    kind: str
    name: str
    first: date
    last: date
    rows: int
    gaps: int | None
    missing: tuple[date, ...]
    findings: dict[str, int]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything that `alvh data status` says about a store."""

    path: str
    coverage: tuple[Coverage, ...]
    findings: tuple[Finding, ...]
    series: int
    digest: dict[str, str]

    def as_rows(self) -> list[tuple[str, ...]]:
        """Return one row of text per coverage, in the order of `COLUMNS`."""
        return [_text(item) for item in self.coverage]

    def as_json(self) -> dict[str, object]:
        """Return the same as plain dictionaries, lists, numbers and text."""
        return {
            "path": self.path,
            "digest": dict(self.digest),
            "series": self.series,
            "coverage": [_plain(item) for item in self.coverage],
            "findings": [_plain_finding(item) for item in self.findings],
        }


def status(path: Path) -> Status:
    """Say what the store in a folder covers; an absent or empty store covers nothing.

    Raises
    ------
    DataError
        The store cannot be read.
    """
    series, chains = SeriesStore.open(path), ChainStore.open(path)
    curve = series.vx_history()
    findings = (*series.findings(), *curve.findings(), *chains.findings())
    coverage = [*_series_coverage(series), *_curve_coverage(series), *_chain_coverage(chains)]
    return Status(
        path=str(path),
        coverage=tuple(coverage),
        findings=findings,
        series=len(series.names()),
        digest={"series": series.digest, "chains": chains.digest},
    )


def _series_coverage(store: SeriesStore) -> Iterable[Coverage]:
    spans = sorted(store.spans(), key=lambda span: (span[1], span[0]))
    for source, members in groupby(spans, key=lambda span: span[1]):
        bases: dict[str, list[Placed]] = {}
        for name, _, place in members:
            bases.setdefault(_base(name), []).append(place)
        counts = _counts(store.findings_of(source))
        if len(bases) > _FOLD_ABOVE:
            yield _folded(source, bases, counts)
            continue
        for name, places in bases.items():
            yield _one(store, source, name, places, counts)
            counts = {}


def _folded(source: str, bases: dict[str, list[Placed]], counts: dict[str, int]) -> Coverage:
    places = [place for members in bases.values() for place in members]
    return _coverage("series", f"{next(iter(bases))} and {len(bases) - 1} more", places, source, counts)


def _one(store: SeriesStore, source: str, name: str, places: list[Placed], counts: dict[str, int]) -> Coverage:
    entry = known(name)
    gaps: tuple[date, ...] | None = None
    if entry is not None and entry.on_sessions and any(place.name == name for place in places):
        gaps = missing_sessions(store.series(name, source).period)
    return _coverage("series", name, places, source, counts, gaps)


def _coverage(
    kind: str,
    name: str,
    places: list[Placed],
    source: str,
    counts: dict[str, int],
    gaps: tuple[date, ...] | None = None,
) -> Coverage:
    return Coverage(
        kind=kind,
        name=name,
        first=min(place.first for place in places),
        last=max(place.last for place in places),
        rows=sum(place.rows for place in places),
        gaps=None if gaps is None else len(gaps),
        missing=(gaps or ())[:_SHOWN_GAPS],
        findings=counts,
        source=source,
    )


def _curve_coverage(store: SeriesStore) -> Iterable[Coverage]:
    history = store.vx_history()
    if not history.sessions.size:
        return
    gaps = missing_sessions(history.sessions)
    yield Coverage(
        kind="curve",
        name="VX",
        first=history.sessions[0].item(),
        last=history.sessions[-1].item(),
        rows=int(history.price.size),
        gaps=len(gaps),
        missing=gaps[:_SHOWN_GAPS],
        findings=_counts(history.findings()),
        source="built from the monthly contracts",
    )


def _chain_coverage(store: ChainStore) -> Iterable[Coverage]:
    findings = store.findings()
    for root in store.roots():
        sessions = store.sessions(root)
        gaps = missing_sessions(np.array(sessions, "datetime64[D]"))
        yield Coverage(
            kind="chain",
            name=root,
            first=sessions[0],
            last=sessions[-1],
            rows=store.rows(root),
            gaps=len(gaps),
            missing=gaps[:_SHOWN_GAPS],
            findings=_counts(item for item in findings if item.subject == root),
            source=", ".join(store.sources(root)),
        )


def missing_sessions(period: D8) -> tuple[date, ...]:
    """List the sessions of the exchange since 1990 between the first and last of some days that are not among them."""
    recent = period[period >= np.datetime64(SESSIONS_FROM)]
    if not recent.size:
        return ()
    first, last = recent.min().item(), recent.max().item()
    sessions = trading_calendar(first, last).between(first, last)
    absent: list[date] = np.setdiff1d(sessions, recent).tolist()
    return tuple(absent)


def _counts(findings: Iterable[Finding]) -> dict[str, int]:
    return dict(sorted(Counter(item.defect.value for item in findings).items()))


def _base(name: str) -> str:
    """Return the name without its field: ``VIX.open`` is told with ``VIX``, a contract's fields with the contract."""
    head, dot, field = name.rpartition(".")
    return head if dot and field in ("open", "high", "low", "close", "settle", "volume", "open_interest") else name


def _text(item: Coverage) -> tuple[str, ...]:
    gaps = "" if item.gaps is None else f"{item.gaps:,}"
    found = ", ".join(f"{kind} {count}" for kind, count in item.findings.items())
    return (item.kind, item.name, str(item.first), str(item.last), f"{item.rows:,}", gaps, found, item.source)


def _plain(item: Coverage) -> dict[str, object]:
    return {
        "kind": item.kind,
        "name": item.name,
        "first": item.first.isoformat(),
        "last": item.last.isoformat(),
        "rows": item.rows,
        "missing_sessions": item.gaps,
        "first_missing": [day.isoformat() for day in item.missing],
        "findings": dict(item.findings),
        "source": item.source,
    }


def _plain_finding(item: Finding) -> dict[str, object]:
    return {
        "subject": item.subject,
        "defect": item.defect.value,
        "session": item.session.isoformat() if item.session else None,
        "count": item.count,
        "detail": item.detail,
    }
