"""Measures of a curve of wealth: growth, risk, tails, and its line on the S&P 500.

Every figure is computed from this curve, the bill rate and the index alone: what other curves stand beside it in a
report changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from alvh.core.arrays import B1, D8, F8
from alvh.money.curve import (
    LEAST_DAYS,
    LEAST_RETURNS,
    SESSIONS_PER_YEAR,
    Curve,
    cagr,
    excess_kurtosis,
    expected_shortfall,
    sharpe,
    skew,
    sortino,
    total_return,
    value_at_risk,
    volatility,
)
from alvh.money.definitions import DEFINITIONS
from alvh.money.drawdown import max_drawdown
from alvh.money.irr import xirr
from alvh.money.measure import Measure, absent, perhaps, present
from alvh.money.periods import Spans, months, weeks, worst
from alvh.money.regression import fit_line

LOST = "wealth was lost whole"
SHORT = f"fewer than {LEAST_DAYS} calendar days"
FEW = f"fewer than {LEAST_RETURNS} returns"
FLAT = "returns do not vary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdrop:
    """What a curve is measured against.

    Attributes
    ----------
    bills : (n - 1,) array
        Bill returns between sessions.
    known : (n - 1,) array of bool
        Sessions whose bill rate is known.
    market : (n - 1,) array
        Returns of the S&P 500 price index.
    """

    bills: F8
    known: B1
    market: F8


def return_measures(
    curve: Curve, backdrop: Backdrop, deposits: tuple[tuple[np.datetime64, float], ...] = ()
) -> tuple[Measure, ...]:
    """Measure one curve.

    Parameters
    ----------
    deposits : tuple of (date, USD)
        Cash paid in; the initial wealth on the first session where empty.
    """
    group = [name for name, about in DEFINITIONS.items() if about.group == "Returns and risk"]
    if not curve.solvent:
        return tuple(_insolvent(name, curve) for name in group)
    found = [
        present("total_return", total_return(curve)),
        perhaps("cagr", cagr(curve), SHORT),
        _irr(curve, deposits),
        *_risk(curve, backdrop),
        *falls(curve),
        *_tails(curve.returns),
        *_line(curve.returns, backdrop),
    ]
    order = {name: place for place, name in enumerate(group)}
    return tuple(sorted(found, key=lambda measure: order[measure.name]))


def _insolvent(name: str, curve: Curve) -> Measure:
    if name == "total_return":
        return present(name, total_return(curve), caution=LOST)
    if name == "max_drawdown":
        return _deepest(curve)
    return absent(name, LOST)


def _irr(curve: Curve, deposits: tuple[tuple[np.datetime64, float], ...]) -> Measure:
    if curve.days < LEAST_DAYS:
        return absent("irr", SHORT)
    paid = deposits or ((curve.dates[0], curve.initial),)
    dates = np.array([*(day for day, _ in paid), curve.dates[-1]], dtype="datetime64[D]")
    roots = xirr(dates, np.array([*(-cash for _, cash in paid), curve.value[-1]]))
    return perhaps("irr", roots.only, roots.sentence)


def _risk(curve: Curve, backdrop: Backdrop) -> list[Measure]:
    returns = curve.returns
    known = backdrop.known
    excess = returns[known] - backdrop.bills[known]
    unknown = int(np.count_nonzero(~known))
    caution = f"{unknown} of {known.size} sessions are left out, their bill rate is not known" if unknown else ""
    why = "no bill rate is known" if excess.size < 2 else FLAT
    return [
        perhaps("volatility", volatility(returns), "fewer than 2 returns"),
        perhaps("sharpe", sharpe(excess), why, caution=caution),
        perhaps(
            "sortino",
            sortino(excess),
            "no bill rate is known" if excess.size < 2 else "no return fell short",
            caution=caution,
        ),
    ]


_LEAST_FALL = 0.001
"""Fall below which a ratio to it says nothing, as with cash at a rate that once was negative."""


def falls(curve: Curve) -> list[Measure]:
    """Measure drawdown, its ratio to growth, and the worst day, week and month."""
    deepest = max_drawdown(curve)
    growth = cagr(curve)
    fell = deepest is not None and deepest.depth <= -_LEAST_FALL
    ratio = growth / -deepest.depth if growth is not None and deepest is not None and fell else None
    return [
        _deepest(curve),
        perhaps("mar", ratio, SHORT if growth is None else f"equity never fell by {_LEAST_FALL:.1%}"),
        _worst_of("worst_day", curve, None),
        _worst_of("worst_week", curve, weeks(curve.dates)),
        _worst_of("worst_month", curve, months(curve.dates)),
    ]


def _deepest(curve: Curve) -> Measure:
    deepest = max_drawdown(curve)
    if deepest is None:
        return present("max_drawdown", 0.0)
    known = (deepest.peak, deepest.trough, deepest.recovery)
    return present("max_drawdown", deepest.depth, dates=tuple(day for day in known if day is not None))


def _worst_of(name: str, curve: Curve, spans: Spans | None) -> Measure:
    returns: F8 = curve.returns if spans is None else spans.returns(curve)
    end: D8 = curve.dates[1:] if spans is None else spans.end
    found = worst(returns, end)
    return absent(name, "a single session") if found is None else present(name, found[0], dates=(found[1],))


def _tails(returns: F8) -> list[Measure]:
    return [
        perhaps("skew", skew(returns), FLAT),
        perhaps("excess_kurtosis", excess_kurtosis(returns), FLAT),
        perhaps("var_5", value_at_risk(returns), FEW),
        perhaps("es_5", expected_shortfall(returns), FEW),
    ]


def _line(returns: F8, backdrop: Backdrop) -> list[Measure]:
    known = backdrop.known
    if np.count_nonzero(known) < LEAST_RETURNS:
        why = FEW if known.all() else f"{FEW} with a known bill rate"
        return [absent("beta", why), absent("alpha", why)]
    bills = backdrop.bills[known]
    line = fit_line(backdrop.market[known] - bills, returns[known] - bills)
    if line is None:
        return [absent("beta", "the index does not move"), absent("alpha", "the index does not move")]
    low, high = line.alpha_interval
    return [
        present("beta", line.beta, interval=line.beta_interval),
        present("alpha", line.annual_alpha(), interval=(low * SESSIONS_PER_YEAR, high * SESSIONS_PER_YEAR)),
    ]
