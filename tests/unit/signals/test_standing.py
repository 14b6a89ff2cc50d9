from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from alvh.signals.standing import age_days, percentile
from fakes.evidence import DAYS, parts, series, snapshots


def test_a_percentile_is_among_the_present_values_of_a_year() -> None:
    made = parts("S-VIXHIST", series("VIX", np.linspace(10, 30, 400)))["mean63"]
    share = percentile(made)
    assert np.isnan(share[: 62 + 125]).all()
    assert share[-1] == pytest.approx((251 + 0.5) / 252)


def test_the_age_is_since_the_newest_input_became_known() -> None:
    days = [*DAYS[:100], DAYS[99] + timedelta(days=3)]
    made = parts("S-VIXHIST", series("VIX", np.ones(100)), days=days)["mean63"]
    age = age_days(made, snapshots(days))
    assert age[98:].tolist() == pytest.approx([0.25 / 24, 0.25 / 24, 3 + 0.25 / 24])
    nothing = parts("S-VIXHIST", days=days[:2])["mean63"]
    assert age_days(nothing, snapshots(days[:2])).tolist() == [0.0, 0.0]
