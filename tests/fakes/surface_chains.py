"""Option chains priced off known smiles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from alvh.market.chain import OptionChain, Origin, QuoteStatus
from alvh.market.expirations import tau as years_to
from alvh.pricing.black76 import price
from alvh.pricing.surface import RawSvi

SESSION = date(2023, 9, 14)
ASOF = datetime(2023, 9, 14, 20, 15, tzinfo=UTC)
SPOT = 4500.0
RATE = 0.05


def svi(tau: float, *, level: float = 0.16, rho: float = -0.6) -> RawSvi:
    """A smile of SPX's shape that scales with time and has no arbitrage."""
    theta = level**2 * tau
    phi = 1.2 / np.sqrt(theta)
    flat = np.sqrt(1.0 - rho**2)
    return RawSvi(a=0.5 * theta * flat**2, b=0.5 * theta * phi, rho=rho, m=-rho / phi, sigma=flat / phi)


def chain(
    smiles: Mapping[date, RawSvi], *, root: str = "SPXW", half_spread: float = 0.0, reach: float = 6.0
) -> OptionChain:
    """Quote every smile at strikes five points apart, `reach` deviations below and half as many above the forward."""
    rows: dict[str, list[Any]] = {name: [] for name in ("strike", "is_put", "bid", "ask")}
    offsets = [0]
    for expiry, smile in smiles.items():
        tau = years_to(root, expiry, ASOF)
        forward = SPOT * np.exp(RATE * tau)
        deviation = float(np.sqrt(smile.variance(0.0)))
        low, high = forward * np.exp(-reach * deviation), forward * np.exp(0.5 * reach * deviation)
        strike = np.arange(5.0 * np.ceil(low / 5.0), high, 5.0).repeat(2)
        is_put = np.tile([False, True], strike.size // 2)
        vol = np.sqrt(smile.variance(np.log(strike / forward)) / tau)
        mid = price(forward, strike, tau, vol, is_put, np.exp(-RATE * tau))
        rows["strike"].append(strike)
        rows["is_put"].append(is_put)
        rows["bid"].append(np.maximum(mid - half_spread, 0.0))
        rows["ask"].append(mid + half_spread)
        offsets.append(offsets[-1] + strike.size)
    columns = {name: np.concatenate(parts) if parts else np.zeros(0) for name, parts in rows.items()}
    return made(columns, offsets, tuple(smiles), root)


def made(columns: Mapping[str, Any], offsets: list[int], expiries: tuple[date, ...], root: str = "SPXW") -> OptionChain:
    bid, ask = columns["bid"], columns["ask"]
    status = np.where(ask > 0.0, np.where(bid > 0.0, QuoteStatus.OK, QuoteStatus.ZERO_BID), QuoteStatus.ABSENT)
    status = np.where(bid > ask, QuoteStatus.CROSSED, status)
    return OptionChain(
        root=root,
        session=SESSION,
        asof=ASOF,
        timed=True,
        spot=SPOT,
        origin=Origin.RECORDED,
        expiries=expiries,
        offsets=np.array(offsets, dtype=np.int64),
        strike=columns["strike"],
        is_put=columns["is_put"].astype(bool),
        bid=bid,
        ask=ask,
        status=status.astype(np.int8),
    )
