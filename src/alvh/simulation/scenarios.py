"""Named stress paths laid over a simulated market: what index and VIX do is prescribed, everything else follows.

A scenario is a list of daily changes of the index and closes of VIX, rounded from what is publicly known of the episode
(1987: of VXO). Fifteen sessions before it VIX glides to the scenario's first level. On every day of it the state of the
model is moved to where VIX is what was prescribed; VX, smiles, VVIX and all other prices are the model's at that state,
so parity, VX = E[VIX] and the VIX computed from quotes hold on the worst day as on any other. Afterwards the market
runs free from where the scenario left it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import numpy as np

from alvh.core.errors import CoverageError, UsageError
from alvh.simulation.joint import THIRTY_DAYS, Forced, JointModel
from alvh.simulation.timeline import Timeline

__all__ = ["SCENARIOS", "Scenario", "prescribed", "scenario_start"]

_GLIDE = 15
_NIGHT_SHARE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One stress path.

    Attributes
    ----------
    name : str
    title : str
    before : float, vol points
        VIX on the evening before the first day.
    slow : float
        Share of VIX's moves that the slow factor carries, 0 to 1; the more, the longer the aftermath.
    days : tuple of (float, float)
        Change of the index in per cent and VIX at the close, one pair a session.
    """

    name: str
    title: str
    before: float
    slow: float
    days: tuple[tuple[float, float], ...]


_CRASH_1987 = Scenario(
    name="1987",
    title="a crash of a fifth in one day, as in October 1987",
    before=23.0,
    slow=0.12,
    days=(
        (-1.0, 24.0), (-3.0, 26.0), (-2.5, 28.0), (-5.0, 36.0), (-20.5, 150.0), (5.5, 140.0), (9.0, 74.0),
        (-4.0, 97.0), (0.0, 98.0), (-8.5, 113.0), (2.5, 98.0), (0.0, 91.0), (5.0, 78.0), (3.0, 62.0), (1.5, 60.0),
        (-2.0, 64.0), (-0.5, 58.0), (2.0, 52.0), (-1.5, 52.0), (-2.0, 55.0), (1.0, 50.0), (-0.5, 46.0),
        (-3.0, 52.0), (1.0, 46.0), (-1.0, 45.0), (-2.0, 47.0), (2.5, 42.0), (1.5, 39.0), (-1.5, 41.0), (0.5, 38.0),
    ),
)  # fmt: skip
_CRISIS_2008 = Scenario(
    name="2008",
    title="two months of a financial crisis, as in September to November 2008",
    before=25.5,
    slow=0.35,
    days=(
        (-4.7, 32.0), (1.7, 30.0), (-4.7, 36.0), (4.3, 33.0), (4.0, 32.0), (-3.8, 34.0), (-1.6, 36.0), (-0.2, 35.0),
        (2.0, 33.0), (0.3, 35.0), (-8.8, 47.0), (5.4, 39.0), (-0.5, 40.0), (-4.0, 45.0), (-1.4, 45.0), (-3.9, 52.0),
        (-5.7, 54.0), (-1.1, 57.0), (-7.6, 64.0), (-1.2, 70.0), (11.6, 55.0), (-0.5, 55.0), (-9.0, 69.0),
        (4.2, 68.0), (-0.6, 70.0), (4.8, 53.0), (-3.1, 53.0), (-6.1, 70.0), (1.3, 68.0), (-3.5, 79.0), (-3.2, 80.0),
        (10.8, 67.0), (-1.1, 70.0), (2.6, 63.0), (1.5, 60.0), (-0.3, 54.0), (4.1, 48.0), (-5.3, 54.0), (-5.0, 64.0),
        (2.9, 56.0), (-1.3, 60.0), (-2.2, 61.0), (-5.2, 66.0), (6.9, 60.0), (-4.2, 66.0), (-2.6, 69.0), (1.0, 68.0),
        (-6.1, 74.0), (-6.7, 81.0), (6.3, 73.0), (6.5, 65.0), (0.7, 61.0), (3.5, 55.0), (1.0, 55.0),
    ),
)  # fmt: skip
_SPIKE_2018 = Scenario(
    name="2018",
    title="a volatility spike out of calm, as in February 2018",
    before=13.5,
    slow=0.15,
    days=(
        (-2.1, 17.5), (-4.1, 37.5), (1.7, 30.0), (-0.5, 28.0), (-3.8, 33.5), (1.5, 29.0), (1.4, 25.5), (0.3, 25.0),
        (1.3, 19.5), (1.2, 19.0), (0.0, 19.5), (-0.6, 20.5), (-0.5, 20.0), (0.1, 18.5), (1.6, 16.5),
    ),
)  # fmt: skip
_PANDEMIC_2020 = Scenario(
    name="2020",
    title="a fall of a third in five weeks, as in February and March 2020",
    before=14.5,
    slow=0.22,
    days=(
        (-0.4, 15.5), (-1.1, 17.0), (-3.4, 25.0), (-3.0, 28.0), (-0.4, 27.5), (-4.4, 39.0), (-0.8, 40.0), (4.6, 33.5),
        (-2.8, 37.0), (4.2, 32.0), (-3.4, 39.5), (-1.7, 42.0), (-7.6, 54.5), (4.9, 47.5), (-4.9, 54.0), (-9.5, 75.5),
        (9.3, 58.0), (-12.0, 82.5), (6.0, 76.0), (-5.2, 76.5), (0.5, 72.0), (-4.3, 66.0), (-2.9, 61.5), (9.4, 61.5),
        (1.2, 64.0), (6.2, 61.0), (-3.4, 65.5), (3.4, 57.0), (-1.6, 53.5), (-4.4, 57.0), (2.3, 51.0), (-1.5, 47.0),
        (7.0, 45.0), (-0.2, 46.5), (3.4, 43.5), (1.4, 41.5),
    ),
)  # fmt: skip

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {item.name: item for item in (_CRASH_1987, _CRISIS_2008, _SPIKE_2018, _PANDEMIC_2020)}
)
"""Stress paths by name."""


def scenario_start(line: Timeline, first: date, last: date, wanted: date | None) -> int:
    """Return the place of the session on which a scenario begins: the wanted one, else one halfway.

    Raises
    ------
    CoverageError
        The wanted day is outside the sessions on offer.
    """
    low = int(np.searchsorted(line.days, np.datetime64(first, "D")))
    high = int(np.searchsorted(line.days, np.datetime64(last, "D"), side="right"))
    if wanted is None:
        return (low + high) // 2
    place = int(np.searchsorted(line.days, np.datetime64(wanted, "D")))
    if not low <= place < high:
        raise CoverageError(
            f"a scenario on {wanted} lies outside {first} to {last}.", where="simulation", fix="Choose a date inside."
        )
    return place


def prescribed(model: JointModel, line: Timeline, seed: int, scenario: Scenario, place: int) -> Forced:
    """Return what a scenario prescribes from a session on.

    Parameters
    ----------
    model : JointModel
    line : Timeline
    seed : int
    scenario : Scenario
    place : int
        Place of its first session.
    """
    forced = Forced.nothing(line.dt.size)
    if place < _GLIDE or place + len(scenario.days) > len(line.sessions):
        raise UsageError(
            f"the scenario {scenario.name} of {len(scenario.days)} sessions does not fit in.",
            where="simulation",
            fix="Choose an earlier date.",
        )
    free = model.path(line, seed, forced)
    here = int(line.close_step[place - _GLIDE])
    level = float(model.index(free.state[here : here + 1], THIRTY_DAYS)[0])
    glide = np.exp(np.linspace(np.log(level), np.log(scenario.before), _GLIDE))[1:]
    for offset, target in enumerate(glide.tolist()):
        _set_vix(forced, int(line.close_step[place - _GLIDE + 1 + offset]), target, 0.3)
    before = scenario.before
    for offset, (change, vix) in enumerate(scenario.days):
        session = place + offset
        first, opened, closed = _steps(line, session)
        total = float(np.log1p(0.01 * change))
        forced.log_return[first : opened + 1] = _NIGHT_SHARE * total / (opened + 1 - first)
        forced.log_return[opened + 1 : closed + 1] = (1.0 - _NIGHT_SHARE) * total / (closed - opened)
        _set_vix(forced, opened, float(before ** (1.0 - _NIGHT_SHARE) * vix**_NIGHT_SHARE), scenario.slow)
        _set_vix(forced, closed, vix, scenario.slow)
        before = vix
    return forced


def _steps(line: Timeline, session: int) -> tuple[int, int, int]:
    return int(line.close_step[session - 1]) + 1, int(line.open_step[session]), int(line.close_step[session])


def _set_vix(forced: Forced, step: int, vix: float, slow: float) -> None:
    forced.vix[step] = vix
    forced.slow[step] = slow
