"""``alvh scan``: the whole opportunity set of condors in a file, before any portfolio rule."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Literal

from alvh.apps import output
from alvh.core.errors import DataError
from alvh.research.condor_scan import scan
from alvh.research.scan_parameters import ScanParameters
from alvh.research.scan_result import ScanResult


def scan_chains(
    path: Path,
    *,
    max_dte: int,
    exit_dte: int,
    short: float,
    long: float,
    tolerance: float,
    pricing: Literal["mid", "natural"],
    out: Path | None,
    as_json: bool,
) -> None:
    """Scan and print counts, the sum and its distribution by days and delta."""
    parameters = ScanParameters(
        exit_dte=exit_dte,
        max_dte=max_dte,
        deltas=(long, short, short, long),
        tolerance=tolerance,
        pricing=pricing,
    )
    found = scan(path, parameters)
    if out is not None:
        _write(found, out)
    if as_json:
        output.document(_record(found))
        return
    rows = [
        (
            f"{bucket.dte_from}-{bucket.dte_to}",
            f"{bucket.delta_from:.2f}-{bucket.delta_to:.2f}",
            f"{bucket.trades:,}",
            f"{bucket.mean:.3f}",
            f"{bucket.median:.3f}",
            f"{bucket.worst:.2f}",
            f"{bucket.won:.0%}",
        )
        for bucket in found.distribution()
    ]
    title = f"{len(found.trades):,} condors entered {found.first} to {found.last}, {found.total:,.2f} points in all"
    output.table(title, ("days", "short delta", "condors", "mean", "median", "worst", "won"), rows)
    dropped = {name: count for name, count in asdict(found.counts).items() if count and name not in {"traded"}}
    output.line("Funnel: " + ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in dropped.items()))
    output.line(f"Points per condor at {pricing}; no fees, no margin, no portfolio: a map, not a track record.")


def _write(found: ScanResult, out: Path) -> None:
    frame = found.trades.frame()
    if out.suffix == ".parquet":
        frame.write_parquet(out)
    elif out.suffix == ".csv":
        frame.write_csv(out)
    else:
        raise DataError(
            f"trades cannot be written as {out.suffix or 'a file without suffix'}",
            where=str(out),
            fix="Name a .csv or .parquet file.",
        )


def _record(found: ScanResult) -> dict[str, object]:
    return {
        "trades": len(found.trades),
        "total_points": found.total,
        "first": str(found.first),
        "last": str(found.last),
        "counts": asdict(found.counts),
        "buckets": [asdict(bucket) for bucket in found.distribution()],
    }
