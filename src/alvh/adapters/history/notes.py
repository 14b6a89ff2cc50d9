"""The sentences every report of a history shows: proxies, estimates, models and extrapolations, with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from alvh.adapters.history.inputs import Snapshots
from alvh.adapters.history.levels import LevelColumns
from alvh.core.arrays import B1
from alvh.market.curve import CurveOrigin
from alvh.pricing.modelled.calibration import (
    FORWARD_VARIANCE_FLOOR,
    INVERSION_VALIDATED,
    NODE_DAYS,
    NODE_FITS,
    NODE_NAMES,
    VIX_VALIDATED,
    VVIX_FIT,
)

__all__ = ["history_notes"]

_VIX, _VIX3M = 1, 2


def history_notes(
    snapshots: Snapshots,
    levels: LevelColumns,
    origins: Counter[CurveOrigin],
    *,
    dividend_yield: float,
    spread_factor: float,
    vix_recorded: int,
    least_quotes: int | None,
) -> tuple[str, ...]:
    """Say what stands in for what.

    Parameters
    ----------
    snapshots, levels
        Of the sessions in use.
    origins : Counter
        Sessions by the origin of their VX curve; a curve counts under its weakest contract.
    dividend_yield, spread_factor : float
        Of the modelled chains.
    vix_recorded : int
        Sessions with recorded VIX options.
    least_quotes : int or None
        Quotes below which an expiry of a recorded session is modelled; None where nothing is filled in.
    """
    modelled: B1 = ~snapshots.recorded & levels.usable
    return (
        *_chains(snapshots, int(modelled.sum()), dividend_yield, spread_factor),
        *_filled(snapshots, least_quotes),
        *_extrapolations(levels, modelled),
        *_estimates(levels, modelled),
        *_vix(snapshots, levels, vix_recorded),
        *_curves(origins, len(snapshots.sessions)),
        *_rates(levels),
        "SPX settles at the open on the index's opening print, which stands in for the special opening quotation.",
    )


def _filled(snapshots: Snapshots, least_quotes: int | None) -> Iterable[str]:
    if least_quotes is not None and snapshots.recorded.any():
        yield (
            f"On sessions with recorded quotes an expiry that has fewer than {least_quotes} of them, or none, is "
            "MODELLED; each fill says which it was."
        )


def _chains(snapshots: Snapshots, modelled: int, dividend_yield: float, spread_factor: float) -> Iterable[str]:
    total = len(snapshots.sessions)
    recorded = int(snapshots.recorded.sum())
    if recorded:
        yield f"SPX option quotes are recorded on {recorded} of {total} sessions."
        untimed = int((snapshots.recorded & ~snapshots.timed).sum())
        if untimed:
            yield (
                f"The recorded quotes of {untimed} sessions carry a date but no time; 16:15 New York time is assumed, "
                "13:15 on early closes."
            )
    if modelled:
        yield (
            f"SPX option quotes are MODELLED from index levels on {modelled} of {total} sessions: smile fitted to "
            "52 recorded days of 2019 and 2022-23, bid-ask widths to 2018-2023; median error of a 5-30 delta option "
            "about 0.4 vol points there. Index closes of 16:00 stand beside volatility indices of 16:15."
        )
        yield (
            f"Modelled forwards use the bill rate and a dividend yield of {100 * dividend_yield:.2f} %; expiries and "
            "5-point strikes follow the exchange's listing programmes and finest grid."
        )
        if spread_factor != 1.0:
            yield f"Modelled bid-ask widths are multiplied by {spread_factor:g}, a scenario."


def _extrapolations(levels: LevelColumns, modelled: B1) -> Iterable[str]:
    total = int(modelled.sum())
    high = int((levels.vix[modelled] > VIX_VALIDATED).sum())
    if high:
        yield (
            f"VIX above {VIX_VALIDATED:g} on {high} of {total} modelled sessions: option quotes and their widths there "
            "are extrapolated, no recorded chain validates them."
        )
    ratio = levels.nodes[modelled, _VIX3M] / levels.nodes[modelled, _VIX]
    inverted = int((ratio < INVERSION_VALIDATED).sum())
    if inverted:
        yield (
            f"VIX3M below {INVERSION_VALIDATED:g} of VIX on {inverted} of {total} modelled sessions: the shape of the "
            "smile there is extrapolated."
        )
    floored = _floored(levels, modelled)
    if floored:
        yield f"A forward variance was raised to its floor on {floored} modelled sessions."


def _floored(levels: LevelColumns, modelled: B1) -> int:
    days = np.array(NODE_DAYS)
    total = levels.nodes[modelled] ** 2 * days
    rise = np.diff(total, axis=1) / np.diff(days)
    least = FORWARD_VARIANCE_FLOOR * total[:, :-1] / days[:-1]
    return int((rise < least).any(axis=1).sum())


def _estimates(levels: LevelColumns, modelled: B1) -> Iterable[str]:
    by_count: dict[int, list[str]] = {}
    for place, name in enumerate(NODE_NAMES):
        count = int(levels.estimated[modelled, place].sum())
        if place != _VIX and count:
            by_count.setdefault(count, []).append(name)
    for count, names in by_count.items():
        fits = [NODE_FITS[name, ""] for name in names]
        errors = ", ".join(f"{100 * fit.rms:.0f} %" for fit in fits)
        yield (
            f"{', '.join(names)} not recorded on {count} of {int(modelled.sum())} modelled sessions: estimated from "
            f"VIX, its past and its recorded neighbours (fit on {fits[0].sample}; typical error from VIX alone "
            f"{errors})."
        )


def _vix(snapshots: Snapshots, levels: LevelColumns, recorded: int) -> Iterable[str]:
    known = levels.vix > 0.0
    modelled = int(known.sum()) - recorded
    if recorded:
        yield f"VIX option quotes are recorded on {recorded} of {len(snapshots.sessions)} sessions."
    if modelled > 0:
        yield (
            f"VIX option quotes are MODELLED on {modelled} of {len(snapshots.sessions)} sessions from VVIX and the VX "
            "price of their expiry; shape and width (0.05 each side) come from one calm day, 2016-06-01."
        )
    estimated = int((levels.vvix_estimated & known).sum())
    if estimated:
        yield (
            f"VVIX is not recorded on {estimated} sessions and is estimated from VIX (fit on {VVIX_FIT.sample}, "
            f"typical error {100 * VVIX_FIT.rms:.0f} %)."
        )
    absent = int((~known).sum())
    if absent:
        yield f"VIX is not known on {absent} sessions; there are no VIX options and no modelled chains there."


_CURVE_SENTENCES = {
    CurveOrigin.MODELLED: "from volatility-index levels alone (no VX price recorded)",
    CurveOrigin.RECONSTRUCTED: "with at least one contract reconstructed from a constant-maturity series",
    CurveOrigin.TRADED: "with at least one last trade where the exchange's file has no settlement",
}


def _curves(origins: Counter[CurveOrigin], total: int) -> Iterable[str]:
    for origin, sentence in _CURVE_SENTENCES.items():
        if origins[origin]:
            yield f"The VX curve of {origins[origin]} of {total} sessions is {origin.value}: {sentence}."


_RATES = {
    "DGS3MO": "the three-month Treasury bill yield",
    "BILL1M": "the one-month bill return",
    "DFF": "the federal funds rate",
}


def _rates(levels: LevelColumns) -> Iterable[str]:
    if not levels.bills:
        yield "No short rate is recorded: cash earns nothing and modelled forwards carry no interest."
        return
    parts = [f"{_RATES[name]} ({name}) on {count} sessions" for name, count in levels.bills]
    yield f"Interest is {', then '.join(parts)}, one rate for every tenor, continuously compounded."
    missing = int(np.isnan(levels.rate).sum())
    if missing:
        yield f"No short rate is known on {missing} sessions: no interest there."
