from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from alvh.book.marks import mark_book
from alvh.book.positions import Book, Leg, Sleeve
from alvh.book.stress import stress
from alvh.core.errors import CoverageError
from alvh.market.contracts import Share
from alvh.pricing.scenarios import DOWN, UP, Shock, revalue_spx, revalue_vix
from fakes.packages import EXPIRY, condor_legs, future, hedge, leg, option, position, quotes, view

STILL = Shock(name="still", spot_return=0.0, vx_days=(30.0,), vx_points=(0.0,))


def marked(*positions, **options):
    day = view(**options)
    return mark_book(Book(cash=Decimal(0), positions=positions), day), day


def test_no_shock_no_gain():
    marks, day = marked(position(condor_legs()), hedge())
    (found,) = stress(marks, day, (STILL,))
    assert found.condor_pnl == pytest.approx(0.0, abs=1e-6)
    assert found.hedge_pnl == pytest.approx(0.0, abs=1e-6)


def test_options_are_revalued_as_the_scenarios_say():
    marks, day = marked(position(condor_legs(), quantity=2), hedge(quantity=10))
    down, up = stress(marks, day, (DOWN, UP))
    strike, is_put = np.array([2600.0, 2700.0, 3000.0, 3100.0]), np.array([True, True, False, False])
    vol = np.array([marks.contract(each.instrument).vol for each in condor_legs()])
    worth = revalue_spx(DOWN, forward=2850.0, strike=strike, tau=37 / 365, vol=vol, is_put=is_put, discount=0.9975)
    expected = 200 * float(np.array([1, -1, -1, 1]) @ (worth - np.array([9.25, 19.90, 11.50, 2.15])))
    assert down.condor_pnl == pytest.approx(expected)
    call = marks.contract(hedge().legs[0].instrument)
    worth = revalue_vix(UP, forward=17.0, strike=20.0, tau=35 / 365, vol=call.vol, is_put=False, discount=0.9975)
    assert up.hedge_pnl == pytest.approx(1000 * float(worth[0] - 1.20))
    assert down.hedge_pnl > 0 > down.condor_pnl


def test_coverage_of_a_shock_is_gain_over_loss():
    marks, day = marked(position(condor_legs()), hedge())
    (down,) = stress(marks, day, (DOWN,))
    assert down.coverage == pytest.approx(down.hedge_pnl / -down.condor_pnl)
    marks, day = marked(hedge())
    (alone,) = stress(marks, day, (DOWN,))
    assert alone.coverage is None


def test_futures_move_by_the_shock_of_the_curve_and_of_spot():
    vx = position((Leg(instrument=future(), ratio=1),), price="-17", entries=(17.0,), sleeve=Sleeve.HEDGE)
    es = position((Leg(instrument=future("ES", EXPIRY), ratio=-1),), id="H2", price="2850", entries=(2850.0,))
    marks, day = marked(vx, es)
    (down,) = stress(marks, day, (DOWN,))
    assert down.hedge_pnl == pytest.approx(1000 * np.interp(35, [30, 60], [20, 14]))
    assert down.condor_pnl == pytest.approx(50 * 0.08 * 2850)


def test_a_vix_product_moves_by_its_leverage():
    held = position((Leg(instrument=Share(root="SVXY"), ratio=1),), price="-30", quantity=100, sleeve=Sleeve.HEDGE)
    day = view(last={"SVXY": 30.0})
    marks = mark_book(Book(cash=Decimal(0), positions=(held,)), day)
    (down,) = stress(marks, day, (DOWN,))
    # 30 days lie before the first future, so spot VIX of 16.4 stands for VX30.
    assert down.hedge_pnl == pytest.approx(-3000 * 0.5 * 20 / 16.4)
    day.vix = None
    with pytest.raises(CoverageError, match="VX curve at 30 days"):
        stress(marks, day, (DOWN,))


def test_an_option_stuck_below_intrinsic_value_moves_with_its_forward():
    day = view()
    day.slices[("SPX", EXPIRY)] = quotes({(1500.0, "C"): (1340.0, 1342.0)})
    marks = mark_book(Book(cash=Decimal(0), positions=(position((leg(1, 1500, "C"),), price="-1341"),)), day)
    (down,) = stress(marks, day, (DOWN,))
    assert down.condor_pnl == pytest.approx(-100 * 0.9975 * 0.08 * 2850, rel=1e-3)
    assert marks.contract(option(1500, "C")).vol == 0.0


def test_an_empty_book_feels_nothing():
    marks, day = marked()
    (down,) = stress(marks, day, (DOWN,))
    assert (down.condor_pnl, down.hedge_pnl) == (0.0, 0.0)
