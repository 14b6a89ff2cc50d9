"""L-HORIZON's linear programme: the cheapest mix of near VIX calls and longer VIX puts that keeps the rung.

Unknown is how many contracts of each candidate are held, n >= 0:

    minimise    sum cost n                    expected cost of the whole trade under an unchanged curve
    such that   low <= sum coverage n <= high    the rung's coverage, between the edges of L-AMM's band
                sum stress n >= stress           gain in the down-shock
                sum put premium n <= share x sum call premium n
                sum capital n <= capital

A put earns its roll-down in contango and loses in the shock; the last two lines keep it from eating the insurance.
The programme is solved by HiGHS; contracts are then rounded down and what is left unfilled is said.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import numpy as np

from alvh.core.arrays import B1, F8, I8
from alvh.core.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """What may be bought, one row per contract.

    Attributes
    ----------
    cost : (n,) array, USD per contract
        Expected over the horizon: theta, roll-down, half-spread and capital; negative where it earns.
    coverage, stress : (n,) arrays, USD per contract
        VX notional, and gain in the down-shock.
    premium, capital : (n,) arrays, USD per contract
        Not negative.
    is_put : (n,) array of bool
    """

    cost: F8
    coverage: F8
    stress: F8
    premium: F8
    capital: F8
    is_put: B1

    def __post_init__(self) -> None:
        columns = (self.cost, self.coverage, self.stress, self.premium, self.capital)
        if any(column.shape != self.is_put.shape for column in columns):
            raise UsageError("candidates of a mix need columns of one length")
        if not all(np.isfinite(column).all() for column in columns):
            raise UsageError("a candidate of a mix has a number that is not finite", fix="Leave it out before.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the mix must do, USD.

    Attributes
    ----------
    low, high : float
        Coverage, the edges of the band.
    stress : float
        Gain in the down-shock.
    put_share : float
        Most put premium, as a fraction of call premium.
    capital : float
        Most capital; infinite where L-CAP does not bind.
    """

    low: float
    high: float
    stress: float
    put_share: float
    capital: float = math.inf


class Mix(msgspec.Struct, frozen=True, kw_only=True):
    """The cheapest mix.

    Attributes
    ----------
    contracts : tuple of int
        Per candidate, rounded down.
    cost : float, USD
        Of the mix before rounding.
    unfilled : float, USD
        Coverage below the lower edge that rounding left open.
    """

    contracts: tuple[int, ...]
    cost: float
    unfilled: float


class NoMix(msgspec.Struct, frozen=True, kw_only=True):
    """No mix does what is needed; the reason names what stands in the way."""

    reason: str


Solved: TypeAlias = Mix | NoMix

_ROUNDING = 1e-9
"""A solver's 2.9999999999 is three contracts."""


def cheapest(candidates: Candidates, needs: Needs) -> Solved:
    """Solve the programme."""
    if candidates.cost.size == 0:
        return NoMix(reason="no candidate has a usable quote")
    found = _solve(candidates, needs)
    if found is None:
        return NoMix(reason=_why(candidates, needs))
    contracts = _whole(found, candidates, needs)
    return Mix(
        contracts=tuple(contracts.tolist()),
        cost=float(candidates.cost @ found),
        unfilled=max(needs.low - float(candidates.coverage @ contracts), 0.0),
    )


def _whole(found: F8, candidates: Candidates, needs: Needs) -> I8:
    """Round down; puts that fewer calls no longer carry go, the dearest first."""
    contracts = np.floor(found * (1.0 + _ROUNDING) + _ROUNDING).astype(np.int64)
    puts = np.where(candidates.is_put, candidates.premium, 0.0)
    most = needs.put_share * float(np.where(candidates.is_put, 0.0, candidates.premium) @ contracts)
    while float(puts @ contracts) > most * (1.0 + _ROUNDING):
        held = np.where(contracts > 0, puts, -1.0)
        contracts[int(np.argmax(held))] -= 1
    return contracts


def _why(candidates: Candidates, needs: Needs) -> str:
    """Drop one demand after the other; the first whose absence lets the programme be solved is to blame."""
    eased = (
        ("capital", Needs(low=needs.low, high=needs.high, stress=needs.stress, put_share=needs.put_share)),
        (
            "stress coverage",
            Needs(low=needs.low, high=needs.high, stress=-math.inf, put_share=needs.put_share, capital=needs.capital),
        ),
    )
    for what, easier in eased:
        if _solve(candidates, easier) is not None:
            return f"no mix keeps the rung within its {what}"
    return "no mix reaches the rung's coverage"


def _solve(candidates: Candidates, needs: Needs) -> F8 | None:
    # Imported where it is needed: a mix is solved when the rung changes, and most processes never do.
    from highspy import Highs, HighsLp, HighsModelStatus, MatrixFormat  # noqa: PLC0415

    puts = np.where(candidates.is_put, candidates.premium, -needs.put_share * candidates.premium)
    rows = np.vstack([candidates.coverage, candidates.stress, puts, candidates.capital])
    width = candidates.cost.size
    # Contracts of a few hundred USD against books of a million: scaled by what is needed, rows are of order one.
    scale = np.array(
        [max(needs.low, 1.0), max(abs(needs.stress), 1.0) if math.isfinite(needs.stress) else 1.0, 1.0, 1.0]
    )
    programme = HighsLp()
    programme.num_col_, programme.num_row_ = width, 4
    programme.col_cost_ = candidates.cost
    programme.col_lower_ = np.zeros(width)
    programme.col_upper_ = np.full(width, math.inf)
    programme.row_lower_ = np.array([needs.low, needs.stress, -math.inf, -math.inf]) / scale
    programme.row_upper_ = np.array([needs.high, math.inf, 0.0, needs.capital]) / scale
    programme.a_matrix_.format_ = MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.arange(0, 4 * width + 1, width, dtype=np.int32)
    programme.a_matrix_.index_ = np.tile(np.arange(width, dtype=np.int32), 4)
    programme.a_matrix_.value_ = (rows / scale[:, None]).ravel()
    solver: Any = Highs()  # type: ignore[no-untyped-call]  # its stub leaves the constructor untyped
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(programme)
    solver.run()
    if solver.getModelStatus() != HighsModelStatus.kOptimal:
        return None
    found: F8 = np.maximum(np.array(solver.getSolution().col_value, dtype=np.float64), 0.0)
    return found
