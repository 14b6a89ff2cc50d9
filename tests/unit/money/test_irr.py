import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import pyxirr

from alvh.money.irr import irr, mirr, xirr


def dated(*pairs: tuple[str, float]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([day for day, _ in pairs], dtype="datetime64[D]"), np.array([cash for _, cash in pairs], float)


@pytest.mark.shared
def test_published_answers(shared_reference: Path) -> None:
    known = json.loads((shared_reference / "irr_xirr_mirr.json").read_text())
    for case in known["xirr"]:
        assert xirr(*dated(*case["flows"])).only == pytest.approx(case["exact"], abs=1e-9)
    for case in known["irr"]:
        assert irr(np.array(case["flows"], float)).only == pytest.approx(case["exact"], abs=1e-9)
    for case in known["mirr"]:
        got = mirr(np.array(case["flows"], float), case["finance"], case["reinvest"])
        assert got == pytest.approx(case["exact"], abs=1e-9)
    for case in known["multiple_roots"]:
        assert irr(np.array(case["flows"], float)).rates == pytest.approx(case["roots"], abs=1e-9)
    for case in known["no_root"]:
        assert irr(np.array(case["flows"], float)).rates == ()


def test_agrees_with_pyxirr_on_ordinary_flows() -> None:
    rng = np.random.default_rng(7)
    for _ in range(30):
        n = int(rng.integers(3, 40))
        offsets = np.sort(rng.choice(3000, n, replace=False))
        days = np.datetime64("2010-01-01") + offsets
        flows = np.concatenate((-rng.uniform(1, 100, n - 1), [rng.uniform(50, 100) * n]))
        expected = pyxirr.xirr([day.astype(date) for day in days], flows.tolist())
        found = xirr(days, flows)
        assert expected is not None
        if -0.99 < expected <= 10:
            assert found.changes == 1
            assert found.only == pytest.approx(expected, abs=1e-9)
        else:
            assert found.only is None


def test_two_roots_are_both_named_and_none_is_chosen() -> None:
    found = irr(np.array([100.0, -230.0, 132.0]))
    assert found.only is None
    assert found.sentence == "2 rates fit the flows: 10.00%, 20.00%"


def test_roots_closer_than_a_cell_are_both_found() -> None:
    low, high = 0.1000, 0.1001
    flows = np.array([1.0, -(2 + low + high), (1 + low) * (1 + high)])
    assert irr(flows).rates == pytest.approx([low, high], abs=1e-7)


def test_flows_of_one_sign_have_no_rate() -> None:
    found = xirr(*dated(("2020-01-01", 5.0), ("2021-01-01", 7.0)))
    assert found.rates == ()
    assert "one sign" in found.sentence


def test_no_flows_have_no_rate() -> None:
    assert xirr(*dated()).rates == ()


def test_order_of_flows_and_splitting_a_day_change_nothing() -> None:
    whole = xirr(*dated(("2020-01-01", -100.0), ("2020-07-01", 30.0), ("2021-01-01", 90.0)))
    parts = xirr(*dated(("2021-01-01", 90.0), ("2020-07-01", 10.0), ("2020-01-01", -100.0), ("2020-07-01", 20.0)))
    assert whole.only == pytest.approx(parts.only, abs=1e-12)


def test_a_total_loss_has_no_rate() -> None:
    assert xirr(*dated(("2020-01-01", -100.0), ("2021-01-01", 0.001))).only is None


def test_mirr_needs_both_signs() -> None:
    assert mirr(np.array([1.0, 2.0]), 0.1, 0.1) is None
