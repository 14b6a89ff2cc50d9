from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alvh.ledger.entries import EntryColumns, cents, entries_of
from alvh.ledger.events import Accrued, Closed, Deposited, Opened, Settled
from fakes.made_up_runs import made_up_runs

EVENTS = made_up_runs(0.5)[0].events
ENTRIES = entries_of(EVENTS)


def test_every_amount_is_there_in_order() -> None:
    traded = [event for event in EVENTS if isinstance(event, Opened | Closed)]
    packages = ENTRIES.packages
    assert packages.session.tolist() == [event.session for event in traded]
    assert packages.cash.tolist() == [float(event.cash) for event in traded]
    assert packages.price.tolist() == [float(event.price) for event in traded]
    assert packages.opened.tolist() == [isinstance(event, Opened) for event in traded]
    assert [EVENTS[place] for place in packages.order.tolist()] == traded
    assert cents(packages.fees).tolist() == [int(event.fees * 100) for event in traded]


def test_legs_stand_with_their_package() -> None:
    traded = [event for event in EVENTS if isinstance(event, Opened | Closed)]
    for place, event in enumerate(traded):
        rows = slice(ENTRIES.packages.legs[place], ENTRIES.packages.legs[place + 1])
        assert [symbol.decode() for symbol in ENTRIES.legs.symbol[rows].tolist()] == [f.symbol for f in event.fills]
        assert ENTRIES.legs.ratio[rows].tolist() == [fill.ratio for fill in event.fills]
        assert ENTRIES.legs.fee[rows].tolist() == [float(fill.fee) for fill in event.fills]


def test_settlements_deposits_and_interest_stand_apart() -> None:
    settled = [event for event in EVENTS if isinstance(event, Settled)]
    assert [EVENTS[place] for place in ENTRIES.settlements.order.tolist()] == settled
    assert ENTRIES.settlements.contracts.tolist() == [event.contracts for event in settled]
    assert ENTRIES.deposits.amount.tolist() == [float(e.cash) for e in EVENTS if isinstance(e, Deposited)]
    assert ENTRIES.interest.amount.tolist() == [float(e.cash) for e in EVENTS if isinstance(e, Accrued)]


def test_a_ledger_without_entries_has_empty_columns() -> None:
    empty = entries_of(())
    assert empty.packages.legs.tolist() == [0]
    assert empty.legs.symbol.size == empty.settlements.order.size == empty.interest.amount.size == 0


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), max_size=20))
def test_cents_come_back_exactly(amounts: list[Decimal]) -> None:
    made = EntryColumns()
    for amount in amounts:
        made.append(Deposited(session=date(2020, 1, 2), cash=amount))
    found = cents(made.entries().deposits.amount)
    assert sum(found.tolist()) == sum(amounts) * 100
    assert found.dtype == np.int64
