from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from alvh.ledger.entries import entries_of
from alvh.ledger.events import Closed, Event, LegFill, Opened, Settled
from alvh.money.condors import reasons_for_closing
from alvh.money.trades import Trade
from alvh.money.trades import trades_of as fold

PUTS, CALLS = ("SPXW  140307P01780000", "SPXW  140307P01800000"), ("SPXW  140307C01900000", "SPXW  140307C01920000")
CONDOR = ((PUTS[0], 1), (PUTS[1], -1), (CALLS[0], -1), (CALLS[1], 1))


def trades_of(events: Iterable[Event], marks: dict[str, float] | None = None) -> tuple[Trade, ...]:
    return fold(entries_of(events), marks)


def legs(*pairs: tuple[str, int]) -> tuple[LegFill, ...]:
    return tuple(
        LegFill(symbol=symbol, ratio=ratio, bid=1.0, ask=1.2, price=1.1, fee=Decimal(1), origin="modelled")
        for symbol, ratio in pairs
    )


def opened(**more: object) -> Opened:
    fields = {
        "session": date(2014, 2, 3),
        "position": "C1",
        "proposal": "p1",
        "sleeve": "condor",
        "rule": "C-ENTRY",
        "quantity": 2,
        "price": Decimal("4.00"),
        "cash": Decimal("800.00"),
        "fees": Decimal("5.00"),
        "mid": 4.2,
        "natural": 3.8,
        "fills": legs(*CONDOR),
    }
    return Opened(**(fields | more))


def closed(day: int, *pairs: tuple[str, int], cash: str, reason: str = "time exit: 21", quantity: int = 2) -> Closed:
    return Closed(
        session=date(2014, 2, day),
        position="C1",
        proposal="p2",
        sleeve="condor",
        rule="C-MANAGE",
        reason=reason,
        quantity=quantity,
        price=Decimal(cash) / 100 / quantity,
        cash=Decimal(cash),
        fees=Decimal("4.00"),
        mid=0.0,
        natural=0.0,
        fills=legs(*pairs),
    )


def settled(symbol: str, contracts: int, cash: str) -> Settled:
    return Settled(
        session=date(2014, 3, 7),
        position="C1",
        sleeve="condor",
        symbol=symbol,
        contracts=contracts,
        value=1850.0,
        cash=Decimal(cash),
        proxy="",
    )


def flipped(*places: int) -> tuple[tuple[str, int], ...]:
    return tuple((CONDOR[place][0], -CONDOR[place][1]) for place in places)


def test_a_closed_condor() -> None:
    (trade,) = trades_of([opened(), closed(14, *flipped(0, 1, 2, 3), cash="-300.00")])
    assert trade.closed == date(2014, 2, 14)
    assert trade.days == 11
    assert trade.pnl == 49100
    assert trade.margin == Decimal("4000.0")
    assert trade.reason == "time exit"
    assert not trade.still_held


def test_a_long_wing_left_behind_does_not_keep_the_trade_open() -> None:
    entries = [opened(), closed(14, *flipped(1, 2, 3), cash="-300.00"), settled(PUTS[0], 2, "0.00")]
    (trade,) = trades_of(entries)
    assert trade.closed == date(2014, 2, 14)
    assert trade.reason == "time exit"
    assert not trade.still_held
    (early,) = trades_of(entries[:2], {"C1": 12.5})
    assert early.closed == date(2014, 2, 14)
    assert early.still_held
    assert early.pnl == 50350


def test_expiry_inside_the_strikes_is_worthless() -> None:
    entries = [settled(symbol, 2 * ratio, "0.00") for symbol, ratio in CONDOR]
    (trade,) = trades_of([opened(), *entries])
    assert trade.reason == "expired worthless"
    assert trade.closed == date(2014, 3, 7)
    assert trade.pnl == 79500


def test_expiry_that_pays_is_settled() -> None:
    entries = [settled(symbol, 2 * ratio, "-500.00" if ratio < 0 else "0.00") for symbol, ratio in CONDOR]
    (trade,) = trades_of([opened(), *entries])
    assert trade.reason == "settled at expiry"
    assert trade.pnl == -20500


def test_closing_in_parts_adds_up_and_ends_with_the_last() -> None:
    entries = [
        closed(10, *flipped(0, 1, 2, 3), cash="-100.00", quantity=1),
        closed(14, *flipped(0, 1, 2, 3), cash="-200.00", quantity=1, reason="stop: closing costs 8.00"),
    ]
    (trade,) = trades_of([opened(), *entries])
    assert trade.closed == date(2014, 2, 14)
    assert trade.pnl == 48700
    assert trade.reason == "stop"


def test_an_open_trade_has_no_end() -> None:
    (trade,) = trades_of([opened()], {"C1": -600.0})
    assert trade.closed is None
    assert trade.days is None
    assert trade.reason == "open at end"
    assert trade.pnl == 19500
    assert trades_of([opened()])[0].pnl is None


def test_two_legs_are_no_condor() -> None:
    (trade,) = trades_of([opened(fills=legs(*CONDOR[:2]))])
    assert trade.wings is None
    assert trade.margin is None


def test_legs_in_another_order_are_the_same_condor() -> None:
    (trade,) = trades_of([opened(fills=legs(*reversed(CONDOR)))])
    assert trade.wings is not None
    assert (trade.wings.put_short, trade.wings.call_short, trade.wings.width) == (1800.0, 1900.0, 20.0)


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("stop: closing costs 7.80, at least 2 x the credit of 3.85", "stop"),
        ("Coverage is above its band around 12.5%; 3 calls are sold", "Coverage is above its band"),
        ("Calls within 7 days of expiry are sold; coverage needs no more", "Calls within … days of expiry are sold"),
        ("time exit", "time exit"),
        ("1 call within 7 days of expiry are sold", "calls within … days of expiry are sold"),
        (
            "12 calls are sold, coverage being above its band around 12.5%",
            "calls are sold, coverage being above its band",
        ),
    ],
)
def test_reasons_lose_the_days_numbers(reason: str, wanted: str) -> None:
    (trade,) = trades_of([opened(), closed(14, *flipped(0, 1, 2, 3), cash="-1.00", reason=reason)])
    assert trade.reason == wanted


def test_reasons_are_counted_with_their_result() -> None:
    (row,) = reasons_for_closing(trades_of([opened(), closed(14, *flipped(0, 1, 2, 3), cash="-300.00")]), "condor")
    assert (row.reason, row.count, row.winners, row.pnl, row.days) == ("time exit", 1, 1, 491.0, 11.0)
