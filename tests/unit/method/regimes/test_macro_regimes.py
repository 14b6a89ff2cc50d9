from __future__ import annotations

from datetime import date

import numpy as np

from alvh.market.calendar import Release, release_days
from alvh.market.series import Series
from alvh.strategy.decision import Outcome
from fakes.regimes import WHY, regime, told


class TestInflation:
    regime = "R-INFL"

    def test_fires_contained_and_disinflation(self) -> None:
        made = regime("R-INFL", {"S-INFL.contained": [1.0], "S-INFL.disinflation": [1.0]})
        verdict = told("R-INFL", made, S_INFL_cpi=0.021, S_INFL_ppi=0.013)
        assert verdict.outcome is Outcome.FIRED
        assert verdict.sentence == (
            "Inflation is contained (CPI 2.1 %, PPI 1.3 % year on year); disinflation is confirmed."
        )

    def test_stays_silent_while_prices_run(self) -> None:
        made = regime("R-INFL", {"S-INFL.contained": [0.0], "S-INFL.disinflation": [0.0]})
        assert told("R-INFL", made).outcome is Outcome.QUIET
        assert made["contained"].value[-1] == 0.0

    def test_is_absent_without_prints_and_each_part_by_itself(self) -> None:
        made = regime("R-INFL", {"S-INFL.contained": [1.0]})
        assert not made["disinflation"].present.any()
        assert "disinflation is not known" in told("R-INFL", made).sentence
        verdict = told("R-INFL", regime("R-INFL", {}))
        assert verdict.outcome is Outcome.ABSTAINED
        assert WHY in verdict.sentence


class TestGrowth:
    regime = "R-GROWTH"

    def test_fires_while_gdp_accelerates(self) -> None:
        made = regime("R-GROWTH", {"S-GDP.accelerating": [0.0, 1.0]})
        verdict = told("R-GROWTH", made, S_GDP_growth=0.025, S_GDP_change=0.003)
        assert verdict.outcome is Outcome.FIRED
        assert verdict.sentence == "GDP accelerates: 2.5 % year on year, +0.3 points on the quarter before."

    def test_stays_silent_while_it_does_not(self) -> None:
        made = regime("R-GROWTH", {"S-GDP.accelerating": [1.0, 0.0]})
        assert told("R-GROWTH", made).outcome is Outcome.QUIET

    def test_is_absent_without_gdp(self) -> None:
        assert told("R-GROWTH", regime("R-GROWTH", {})).outcome is Outcome.ABSTAINED


def on(*days: str, **columns: float | None):
    """R-EVENT on given days; columns S_FOMC_until for S-FOMC.until."""
    given = {name.replace("_", "-", 1).replace("_", "."): [value] * len(days) for name, value in columns.items()}
    made = regime("R-EVENT", given, days=[date.fromisoformat(day) for day in days])
    return {
        part: [value if here else None for value, here in zip(column.value.tolist(), column.present, strict=True)]
        for part, column in made.items()
    }


class TestEvents:
    regime = "R-EVENT"

    def test_fires_five_sessions_before_a_decision_to_one_after(self) -> None:
        for until, since, inside in ((6, 30, 0), (5, 30, 1), (0, 0, 1), (31, 1, 1), (30, 2, 0)):
            made = on("2019-03-04", S_FOMC_until=until, S_FOMC_since=since)
            assert made["fomc"] == [inside], (until, since)

    def test_fires_on_the_session_before_a_release_and_on_its_day(self) -> None:
        # CPI of June 2022 came on Friday the tenth.
        made = on("2022-06-08", "2022-06-09", "2022-06-10", "2022-06-13")
        assert made["cpi"] == [0, 1, 1, 0]

    def test_fires_at_quarterly_expiry_and_russell_day(self) -> None:
        made = on("2022-06-16", "2022-06-17", "2022-06-24", S_FLOW_rebalancing=None)
        assert made["expiry"] == [0, 1, 0]

    def test_stays_silent_away_from_everything(self) -> None:
        made = on("2019-03-04", S_FOMC_until=12, S_FOMC_since=20, S_EARN_season=0.0, S_FLOW_rebalancing=0.0)
        assert made["window"] == [0]
        columns = regime("R-EVENT", {"S-EARN.season": [0.0]}, days=[date(2019, 3, 4)])
        assert told("R-EVENT", columns).sentence == "No event is near."

    def test_names_what_is_near(self) -> None:
        columns = regime("R-EVENT", {"S-EARN.season": [1.0]}, days=[date(2022, 6, 10)])
        assert told("R-EVENT", columns).sentence == (
            "Inside the window of the CPI release, the PPI release, earnings season."
        )

    def test_is_absent_part_by_part_where_the_calendar_is(self) -> None:
        made = on("2019-03-04")
        assert made["fomc"] == made["earnings"] == made["rebalancing"] == [None]
        assert made["window"] == [0]

    def test_no_session_is_no_event(self) -> None:
        made = regime("R-EVENT", {}, days=[])
        assert all(column.value.size == 0 for column in made.values())

    def test_a_users_release_days_replace_the_rule(self) -> None:
        guess = release_days(Release.PPI, date(2012, 3, 1), date(2012, 3, 31))
        assert guess.by_rule.all()
        true = Series(
            name="PPI.RELEASE",
            unit="release",
            period=np.array(["2012-03-01"], "datetime64[D]"),
            known_at=np.array(["2012-03-20T12:30:00"], "datetime64[s]"),
            value=np.ones(1),
            source="a user",
        )
        days = [date(2012, 3, 19), date(2012, 3, 20), date(2012, 3, 21)]
        assert regime("R-EVENT", {}, true, days=days)["ppi"].value.tolist() == [0.0, 1.0, 0.0]
