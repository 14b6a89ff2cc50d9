from __future__ import annotations

import pytest

from alvh.book.condor import Condor
from alvh.book.condor_table import condor_table
from fakes.packages import condor_legs, leg, position

CONDORS = (
    position(condor_legs(), id="C1", price="18.00", quantity=2),
    position(condor_legs(260, 270, 300, 320, root="XSP"), id="C2"),
)
WING = position((leg(1, 2600, "P"),), id="C3")


@pytest.mark.parametrize("spot", [2600.0, 2700.0, 2850.0, 3055.5])
def test_ratios_are_those_of_each_condor(spot):
    table = condor_table((*CONDORS, WING))
    assert table.positions == CONDORS
    assert table.ratios(spot).tolist() == [max(condor.test_ratio(spot)) for condor in table.condors]


def test_margin_and_loss_are_those_of_each_condor():
    table = condor_table(CONDORS)
    condors = [Condor.of(each) for each in CONDORS]
    assert list(table.condors) == condors
    assert table.margins == [float(each.margin) for each in condors]
    assert table.losses == [float(each.max_loss) for each in condors]


def test_a_book_without_condors_has_an_empty_table():
    table = condor_table((WING,))
    assert (table.positions, table.ratios(2800.0).tolist()) == ((), [])
