"""Packages, positions and a view with quotes written down by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np

from alvh.book.positions import Leg, Position, Sleeve
from alvh.core.threshold import Basis, Threshold
from alvh.execution.fees import FeeParameters
from alvh.execution.fills import FillParameters
from alvh.market.chain import Origin, QuoteStatus, RecordedSlice
from alvh.market.contracts import Future, Option, Right
from alvh.market.curve import CurveOrigin, VxCurve
from alvh.market.series import Observation

SESSION = date(2019, 5, 15)
EXPIRY = date(2019, 6, 21)
VIX_EXPIRY = date(2019, 6, 19)


def number(value):
    return Threshold(value=value, unit="", basis=Basis.ASSUMED, note="for a test")


def fill_parameters(model="legs", fractions=(0.75, 0.66, 0.56, 0.53), stress=1.0) -> FillParameters:
    return FillParameters(model=number(model), fractions=number(fractions), stress=number(stress))


def fee_parameters(**changed) -> FeeParameters:
    values = {
        "spx_boundary": 1.0,
        "spx_below": 0.36,
        "spx_above": 0.45,
        "xsp": 0.07,
        "vix_boundaries": (0.10, 0.99, 1.99),
        "vix_simple": (0.10, 0.25, 0.40, 0.45),
        "vix_complex": (0.05, 0.17, 0.30, 0.45),
        "equity_option": 0.0,
        "occ": 0.02,
        "orf": 0.01,
        "broker_option": 0.50,
        "vx": 1.51,
        "vxm": 0.20,
        "index_future": 1.40,
        "broker_future": 0.85,
        "share": 0.005,
    }
    return FeeParameters(**{name: number(value) for name, value in (values | changed).items()})


def option(strike: float, right: str, *, root: str = "SPX", expiry: date = EXPIRY) -> Option:
    return Option(root=root, expiry=expiry, strike=float(strike), right=Right(right))


def leg(ratio: int, strike: float, right: str, *, root: str = "SPX", expiry: date = EXPIRY) -> Leg:
    return Leg(instrument=option(strike, right, root=root, expiry=expiry), ratio=ratio)


def condor_legs(
    put_long: float = 2600,
    put_short: float = 2700,
    call_short: float = 3000,
    call_long: float = 3100,
    *,
    root: str = "SPX",
    expiry: date = EXPIRY,
) -> tuple[Leg, ...]:
    return (
        leg(1, put_long, "P", root=root, expiry=expiry),
        leg(-1, put_short, "P", root=root, expiry=expiry),
        leg(-1, call_short, "C", root=root, expiry=expiry),
        leg(1, call_long, "C", root=root, expiry=expiry),
    )


def position(
    legs: tuple[Leg, ...],
    *,
    id: str = "C00001",
    sleeve: Sleeve = Sleeve.CONDOR,
    quantity: int = 1,
    price: str = "18.00",
    entries: tuple[float, ...] = (),
    opened: date = SESSION,
    rule: str = "C-ENTRY",
) -> Position:
    return Position(
        id=id,
        sleeve=sleeve,
        rule=rule,
        legs=legs,
        quantity=quantity,
        opened=opened,
        price=Decimal(price),
        cash=Decimal(price) * 100 * quantity,
        entries=entries,
    )


def hedge(strike: float = 20, *, quantity: int = 10, price: str = "-1.20", id: str = "H00001", **options) -> Position:
    legs = (leg(1, strike, "C", root="VIX", expiry=VIX_EXPIRY),)
    return position(legs, id=id, sleeve=Sleeve.HEDGE, quantity=quantity, price=price, rule="L-BASE", **options)


def future(root: str = "VX", expiry: date = VIX_EXPIRY) -> Future:
    return Future(root=root, expiry=expiry)


def quotes(
    table: Mapping[tuple[float, str], tuple[float, float]],
    *,
    root: str = "SPX",
    expiry: date = EXPIRY,
    forward: float = 2850.0,
    tau: float = 37 / 365,
    discount: float = 0.9975,
    origin: Origin = Origin.RECORDED,
) -> RecordedSlice:
    """A slice with exactly these (bid, ask) by (strike, right)."""
    rows = sorted(table.items())
    bid = np.array([value[0] for _, value in rows], dtype=float)
    ask = np.array([value[1] for _, value in rows], dtype=float)
    status = np.where(bid > ask, QuoteStatus.CROSSED, np.where(bid > 0, QuoteStatus.OK, QuoteStatus.ZERO_BID))
    return RecordedSlice(
        root=root,
        expiry=expiry,
        tau=tau,
        forward=forward,
        discount=discount,
        origin=origin,
        strike=np.array([key[0] for key, _ in rows], dtype=float),
        is_put=np.array([key[1] == "P" for key, _ in rows]),
        bid=bid,
        ask=ask,
        status=status.astype(np.int8),
    )


CONDOR_QUOTES: Mapping[tuple[float, str], tuple[float, float]] = {
    (2600.0, "P"): (9.00, 9.50),
    (2700.0, "P"): (19.50, 20.30),
    (3000.0, "C"): (11.20, 11.80),
    (3100.0, "C"): (2.00, 2.30),
}
VIX_QUOTES: Mapping[tuple[float, str], tuple[float, float]] = {(20.0, "C"): (1.15, 1.25), (30.0, "C"): (0.35, 0.45)}


def curve(front: float = 17.0, back: float = 17.5) -> VxCurve:
    return VxCurve(
        session=SESSION,
        expiries=(VIX_EXPIRY, date(2019, 7, 17)),
        days=np.array([35.0, 63.0]),
        price=np.array([front, back]),
        origin=(CurveOrigin.SETTLED, CurveOrigin.SETTLED),
    )


@dataclass(kw_only=True)
class WrittenView:
    """A view over slices that a test wrote down."""

    slices: Mapping[tuple[str, date], RecordedSlice] = field(default_factory=dict)
    session: date = SESSION
    asof: datetime = datetime(2019, 5, 15, 20, 15, tzinfo=UTC)
    timed: bool = False
    spot: float = 2850.0
    vix: float | None = 16.4
    curve: VxCurve | None = field(default_factory=curve)
    bill_rate: float | None = 0.024
    last: Mapping[str, float] = field(default_factory=dict)

    def rate(self, days: float) -> float | None:
        return self.bill_rate

    def expiries(self, root: str) -> tuple[date, ...]:
        return tuple(sorted(expiry for name, expiry in self.slices if name == root))

    def slice(self, root: str, expiry: date) -> RecordedSlice | None:
        return self.slices.get((root, expiry))

    def latest(self, name: str) -> Observation | None:
        if name not in self.last:
            return None
        return Observation(name=name, value=self.last[name], period=self.session, known_at=self.asof)


def view(
    condor: Mapping[tuple[float, str], tuple[float, float]] | None = None,
    vix: Mapping[tuple[float, str], tuple[float, float]] | None = None,
    **options,
) -> WrittenView:
    """The usual day: an SPX expiry and a VIX expiry."""
    slices = {
        ("SPX", EXPIRY): quotes(CONDOR_QUOTES if condor is None else condor),
        ("VIX", VIX_EXPIRY): quotes(
            VIX_QUOTES if vix is None else vix, root="VIX", expiry=VIX_EXPIRY, forward=17.0, tau=35 / 365
        ),
    }
    return WrittenView(slices=slices, **options)
