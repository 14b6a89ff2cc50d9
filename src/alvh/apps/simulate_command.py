"""``alvh simulate``: draw a market that did not happen, say what it is like, write it where asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from alvh.apps import output
from alvh.apps.simulated_markets import open_bootstrap, open_simulated_market
from alvh.core.errors import DataError, UsageError
from alvh.market.view import MarketSource
from alvh.simulation.facts import Fact, stylised_facts
from alvh.simulation.opening import BOOTSTRAP
from alvh.simulation.source import SimulatedSource

if TYPE_CHECKING:
    import polars as pl

_COLUMNS = ("SPX", "VIX", "VIX9D", "VIX3M", "VIX6M", "VVIX", "SKEW", "VX30", "VX60", "VX90", "DGS3MO", "DGS2")
_TABLES = (".csv", ".parquet")


def simulate_market(
    *,
    model: str,
    seed: int,
    years: int,
    scenario: str | None,
    day: date | None,
    store: Path,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run the command."""
    if day is not None and scenario is None:
        raise UsageError("a date was given and no scenario", where="--on", fix="Add --scenario 2008.")
    source: MarketSource
    if model == BOOTSTRAP:
        if scenario is not None:
            raise UsageError("a bootstrap has no scenarios", where="--scenario", fix="Leave it away.")
        source = open_bootstrap(store, seed, years=years)
    else:
        stress = "" if scenario is None else f":{scenario}" + (f"@{day}" if day is not None else "")
        source = open_simulated_market(f"simulated:{model}{stress}:{seed}", years=years)
    sessions = source.sessions()
    facts = stylised_facts(source.series, sessions[0], sessions[-1])
    if out is not None:
        _write(source, out)
    if as_json:
        output.document(_document(source, facts, out))
    else:
        _say(source, facts, out)


def _document(source: MarketSource, facts: tuple[Fact, ...], out: Path | None) -> dict[str, Any]:
    sessions = source.sessions()
    return {
        "market": source.name,
        "digest": source.digest,
        "first": sessions[0],
        "last": sessions[-1],
        "sessions": len(sessions),
        "notes": source.notes,
        "facts": {fact.key: {"value": fact.value, "unit": fact.unit, "meaning": fact.meaning} for fact in facts},
        "written": str(out) if out is not None else None,
    }


def _say(source: MarketSource, facts: tuple[Fact, ...], out: Path | None) -> None:
    sessions = source.sessions()
    rows = [(fact.meaning, "–" if fact.value is None else f"{fact.value:,.2f}", fact.unit) for fact in facts]
    title = f"{source.name}, {sessions[0]} to {sessions[-1]}, {len(sessions):,} sessions"
    output.table(title, ("stylised fact", "value", "unit"), rows)
    for note in source.notes:
        output.line(f"Note: {note}")
    if out is not None:
        output.line(f"Written: {out}")


def _write(source: MarketSource, out: Path) -> None:
    if out.suffix in _TABLES:
        _write_table(levels_frame(source), out)
        return
    if out.suffix:
        raise UsageError(
            f"{out.name} ends in {out.suffix}", where="--out", fix="Name a folder, a .csv or a .parquet file."
        )
    if not isinstance(source, SimulatedSource):
        raise UsageError(
            "a bootstrap writes a table", where="--out", fix="Name a .csv or .parquet file; the history has the rest."
        )
    _write_store(source, out)


def levels_frame(source: MarketSource) -> pl.DataFrame:
    """Return one row per session: index, volatility indices, VX at constant maturities, yields; null where absent."""
    import polars as pl

    from alvh.signals.inputs import with_derived

    known = with_derived(source.series)
    days = np.array(source.sessions(), "datetime64[D]")
    columns: dict[str, Any] = {"session": list(source.sessions())}
    for name in _COLUMNS:
        series = known(name)
        value = np.full(days.size, np.nan)
        if series is not None and series.value.size:
            place = np.minimum(np.searchsorted(series.period, days), series.value.size - 1)
            found = series.period[place] == days
            value[found] = series.value[place[found]]
        columns[name] = value
    return pl.DataFrame(columns).with_columns(pl.col(name).fill_nan(None) for name in _COLUMNS)


def _write_table(frame: pl.DataFrame, out: Path) -> None:
    unfinished = out.with_name(f".{out.name}.part")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix == ".csv":
            frame.write_csv(unfinished)
        else:
            frame.write_parquet(unfinished)
        unfinished.replace(out)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise DataError(f"the table cannot be written: {error.strerror}", where=str(out)) from error


def _write_store(source: SimulatedSource, out: Path) -> None:
    """Write every series into a store that is opened like one of imported data; option quotes are then modelled."""
    from alvh.adapters.series_store import SeriesStore

    if out.is_dir() and any(out.iterdir()):
        raise UsageError(f"{out} is not empty", where="--out", fix="Name a new folder.")
    names = [name for name in source.names() if not name.startswith("VX.CURVE")]
    series = [found for name in names if (found := source.series(name)) is not None]
    SeriesStore.open(out).write([*series, *source.contracts()])
