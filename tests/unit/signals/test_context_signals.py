"""S-FLOW and S-EARN: each firing, silent and absent."""

from __future__ import annotations

from datetime import date

import numpy as np

from fakes.evidence import DAYS, parts, series, why


class TestFlows:
    signal = "S-FLOW"

    def test_fires_on_quarterly_third_fridays_and_the_last_friday_of_june(self) -> None:
        days = [date(2024, 3, 15), date(2024, 6, 21), date(2024, 6, 28), date(2024, 9, 20), date(2024, 12, 20)]
        made = parts("S-FLOW", days=days)
        assert made["rebalancing"].value.tolist() == [1.0] * 5
        assert made["until"].value.tolist() == [0.0] * 5

    def test_stays_silent_on_other_days_and_counts_down(self) -> None:
        made = parts("S-FLOW", days=[date(2024, 3, 13), date(2024, 3, 14), date(2024, 4, 19)])
        assert made["rebalancing"].value.tolist() == [0.0] * 3
        assert made["until"].value.tolist()[:2] == [2.0, 1.0]

    def test_flows_add_up_over_a_week(self) -> None:
        made = parts("S-FLOW", series("FLOW.SPY", np.arange(10.0)))
        assert made["equity"].value[-1] == 5 + 6 + 7 + 8 + 9
        assert why(made["equity"], 2) == "fewer than 5 values of FLOW.SPY were known"

    def test_is_absent_without_a_users_series(self) -> None:
        assert why(parts("S-FLOW", days=DAYS[:3])["reit"]) == "the market has no series FLOW.VNQ"


class TestEarnings:
    signal = "S-EARN"

    def test_fires_from_the_second_friday_for_five_weeks(self) -> None:
        made = parts("S-EARN", days=[date(2024, 4, 12), date(2024, 5, 16), date(2024, 10, 11)])
        assert made["season"].value.tolist() == [1.0, 1.0, 1.0]
        assert made["since"].value[0] == made["until"].value[0] == 0.0

    def test_stays_silent_before_and_after(self) -> None:
        made = parts("S-EARN", days=[date(2024, 4, 11), date(2024, 5, 17), date(2024, 9, 3)])
        assert made["season"].value.tolist() == [0.0, 0.0, 0.0]
        assert made["until"].value[0] == 1.0

    def test_is_never_absent_since_it_needs_the_calendar_only(self) -> None:
        made = parts("S-EARN", days=DAYS[:300])
        assert all(column.present.all() for column in made.values())
