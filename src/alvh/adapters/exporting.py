"""Take data out of a store: a series, the VX curve, or the chain of one day, as CSV or Parquet.

The file appears whole or not at all.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.series_store import SeriesStore
from alvh.adapters.vx_curves import VxHistory
from alvh.core.errors import DataError, UsageError
from alvh.market.chain import OptionChain, QuoteStatus
from alvh.market.curve import CurveOrigin
from alvh.market.series import Series

FORMATS = ("csv", "parquet")
CURVE = "VX"
_CODES = (CurveOrigin.SETTLED, CurveOrigin.TRADED, CurveOrigin.RECONSTRUCTED)


def export(
    store: Path,
    name: str,
    path: Path,
    format: str | None = None,
    *,
    session: date | None = None,
    source: str | None = None,
) -> int:
    """Write one series, the VX curve of all sessions, or the chain of one session to a file.

    Parameters
    ----------
    store : Path
        Folder of the store.
    name : str
        A series such as ``VIX``; ``VX`` for the curve; an option root such as ``SPXW`` together with `session`.
    path : Path
        File to write; an existing one is replaced.
    format : str, optional
        ``csv`` or ``parquet``; by the file's suffix if left out.
    session : date, optional
        Session of a chain.
    source : str, optional
        Which source of a series; the preferred one if left out.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    UsageError
        The format is neither csv nor parquet.
    CoverageError
        The store has no such series or chain.
    DataError
        The file cannot be written.
    """
    kind = format or path.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise UsageError(
            f'"{kind}" is not a format to export to.', where=str(path), fix="Use a file ending in .csv or .parquet."
        )
    frame = _frame(store, name, session, source)
    _write(frame, path, kind)
    return frame.height


def _frame(store: Path, name: str, session: date | None, source: str | None) -> pl.DataFrame:
    if session is not None:
        return chain_frame(ChainStore.open(store).chain(name, session))
    series = SeriesStore.open(store)
    if name == CURVE:
        return curve_frame(series.vx_history())
    return series_frame(series.series(name, source))


def series_frame(series: Series) -> pl.DataFrame:
    """Return a series as a table: period, known_at (UTC), value."""
    instants = pl.Series("known_at", series.known_at.astype("datetime64[ms]")).dt.replace_time_zone("UTC")
    return pl.DataFrame({"period": series.period.astype("datetime64[D]"), "known_at": instants, "value": series.value})


def curve_frame(history: VxHistory) -> pl.DataFrame:
    """Return the VX curve of all sessions as a table: session, expiry, days, price, origin."""
    counts = np.diff(history.offsets)
    session = np.repeat(history.sessions, counts)
    return pl.DataFrame(
        {
            "session": session,
            "expiry": history.expiry,
            "days": (history.expiry - session).astype(np.int64),
            "price": history.price,
            "origin": [_CODES[code].value for code in history.origin.tolist()],
        }
    )


def chain_frame(chain: OptionChain) -> pl.DataFrame:
    """Return a chain as a table, one row per contract; a quote that is absent has null prices."""
    expiries = np.repeat(np.array(chain.expiries, "datetime64[D]"), np.diff(chain.offsets))
    absent = pl.Series(chain.status == QuoteStatus.ABSENT)
    names = [QuoteStatus(code).name.lower() for code in chain.status.tolist()]
    frame = pl.DataFrame(
        {
            "root": pl.repeat(chain.root, chain.strike.size, eager=True),
            "session": pl.repeat(chain.session, chain.strike.size, eager=True),
            "asof": pl.repeat(chain.asof, chain.strike.size, eager=True),
            "spot": pl.repeat(chain.spot, chain.strike.size, eager=True),
            "expiry": expiries,
            "strike": np.asarray(chain.strike),
            "right": np.where(chain.is_put, "P", "C"),
            "bid": np.asarray(chain.bid),
            "ask": np.asarray(chain.ask),
            "status": names,
        }
    )
    prices = [pl.when(~absent).then(pl.col(column)).alias(column) for column in ("bid", "ask")]
    return frame.with_columns(prices)


def _write(frame: pl.DataFrame, path: Path, kind: str) -> None:
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "csv":
            frame.write_csv(temporary, datetime_format="%Y-%m-%dT%H:%M:%SZ")
        else:
            frame.write_parquet(temporary)
        temporary.replace(path)
    except OSError as error:
        raise DataError(
            f"the file cannot be written ({error.strerror or error}).", where=str(path), fix="Choose another place."
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
