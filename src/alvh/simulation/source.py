"""A simulated market: sessions, views, settlements and series that agree with each other to the last tick.

1. The path of the state runs over real sessions, ten years before the first one on offer, so that every signal has its
   history.
2. Levels are functions of the state: VIX and its relatives of other horizons exactly, VVIX from the law of VIX, SKEW
   from the 30-day smile. VX futures are expected VIX, option quotes come from the laws of the index and of VIX.
3. Settlements are the path itself: the index at the open or the close of the day, VIX at the open.
4. The economy, the funds and the valuations around it follow the path (`economy`, `equities`, `valuation`).
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, date, datetime

import numpy as np

from alvh.core.digest import digest_of
from alvh.core.errors import CoverageError, UsageError
from alvh.core.version import VERSION
from alvh.market.chain import Origin
from alvh.market.contracts import Instrument, Settlement, Share
from alvh.market.expirations import settlement_instant, settlement_session
from alvh.market.products import product_of
from alvh.market.series import Observation, Series
from alvh.market.view import SettlementValue
from alvh.pricing.modelled import DIVIDEND_YIELD
from alvh.simulation.joint import Forced, JointModel
from alvh.simulation.levels import contract_series, level_series
from alvh.simulation.path import LAST_YEAR, Path, market_line, simulated_path
from alvh.simulation.surroundings import surrounding_series
from alvh.simulation.timeline import Timeline
from alvh.simulation.view import Moment, SimulatedView, Terms

__all__ = ["SimulatedSource"]

_MOST_YEARS = 24
_AFTER_CLOSE = 15 * 60
_KEPT_VIEWS = 4
_OPENING = frozenset({Settlement.AM_OPEN, Settlement.INDEX_OPEN})
_SCALE = {"XSP": 0.1}


class SimulatedSource:
    """A market that did not happen; implements `market.view.MarketSource`.

    Parameters
    ----------
    model : JointModel
    seed : int
        Not negative; the same seed is the same market on every machine.
    years : int, optional
        Whole years on offer, ending with 2025.
    start, end : date, optional
        First and last session wanted within them.
    forced : Forced, optional
        What a scenario prescribes; see `scenarios`.
    label : str, optional
        Name of the scenario.
    spread_factor : float, optional
        Multiplier of half-spreads.

    Raises
    ------
    UsageError
        The seed is negative or the years are not 1 to 24.
    CoverageError
        The dates asked for lie outside the years on offer.
    """

    def __init__(
        self,
        model: JointModel,
        *,
        seed: int,
        years: int = 20,
        start: date | None = None,
        end: date | None = None,
        label: str = "",
        forced: Forced | None = None,
        spread_factor: float = 1.0,
    ) -> None:
        _check(seed, years)
        first, last = date(LAST_YEAR + 1 - years, 1, 1), date(LAST_YEAR, 12, 31)
        if (start is not None and start < first) or (end is not None and end > last):
            raise CoverageError(
                f"a simulated market of {years} years covers {first} to {last}.",
                where="simulation",
                fix=f"Choose dates inside it, or up to {_MOST_YEARS} years.",
            )
        self._model = model
        self._seed = seed
        self._label = label
        self._years = years
        self._line: Timeline = market_line(years)
        self._forced = forced if forced is not None else Forced.nothing(self._line.dt.size)
        self._path = simulated_path(model, self._line, seed, self._forced)
        wanted = [place for place, day in enumerate(self._line.sessions) if (start or first) <= day <= (end or last)]
        if not wanted:
            raise CoverageError(f"there is no session from {start} to {end}.", where="simulation")
        self._sessions = tuple(self._line.sessions[place] for place in wanted)
        self._place = {day: place for place, day in enumerate(self._line.sessions)}
        self._terms = Terms(model=model, dividend_yield=DIVIDEND_YIELD, spread_factor=spread_factor)
        self._views: OrderedDict[date, SimulatedView] = OrderedDict()
        self._series: dict[str, Series] = {}
        self._surrounded = False
        self._series.update({item.name: item for item in level_series(model, self._path)})
        self._rates = 2.0 * np.log1p(0.005 * self._path.economy.bill)

    @property
    def name(self) -> str:
        """What a person calls this market."""
        scenario = f", {self._label}" if self._label else ""
        return f"simulated {self._model.name}, seed {self._seed}{scenario}"

    @property
    def digest(self) -> str:
        """Digest of everything this source can say: it follows from these numbers."""
        return digest_of(
            {
                "version": VERSION,
                "model": self._model.identity,
                "seed": self._seed,
                "years": self._years,
                "scenario": self._label,
                "first": str(self._sessions[0]),
                "last": str(self._sessions[-1]),
                "spread_factor": self._terms.spread_factor,
            }
        )

    @property
    def origin(self) -> Origin:
        """SIMULATED, always."""
        return Origin.SIMULATED

    @property
    def path(self) -> Path:
        """The path behind everything."""
        return self._path

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences every report shows."""
        found = [
            f"This market did not happen: {self._model.title}, seed {self._seed}. Dates are those of real sessions and "
            "mean nothing else.",
            "Its time is calendar time: a weekend carries three days of variance, in prices and in what happens.",
            "Bid-ask widths are those of the modelled chain; forwards use the simulated bill rate and a dividend yield "
            f"of {100 * DIVIDEND_YIELD:.2f} %.",
            "Macro, breadth and valuation series are drawn around the path so that rules can fire.",
        ]
        if self._label:
            found.append(f"Stress scenario {self._label}: the index and VIX follow a prescribed path while it lasts.")
        return tuple(found)

    def sessions(self) -> tuple[date, ...]:
        """Sessions on offer, ascending."""
        return self._sessions

    def skipped(self) -> tuple[tuple[date, str], ...]:
        """Return nothing: a simulated market has no gaps."""
        return ()

    def instant(self, session: date) -> datetime:
        """Aware UTC instant of a session's snapshot."""
        return datetime.fromtimestamp(int(self._line.closes[self._row(session)]) + _AFTER_CLOSE, UTC)

    def view(self, session: date) -> SimulatedView:
        """Open the market as known at the session's snapshot; the last few views are kept."""
        found = self._views.get(session)
        if found is None:
            found = self._views[session] = self._open(session)
            if len(self._views) > _KEPT_VIEWS:
                self._views.popitem(last=False)
        return found

    def settlement(self, instrument: Instrument) -> SettlementValue | None:
        """Official settlement value of a contract; None where it does not settle in cash or lies beyond the path."""
        if isinstance(instrument, Share):
            return None
        place = self._place.get(settlement_session(instrument.expiry))
        if place is None:
            return None
        item = product_of(instrument)
        instant = settlement_instant(instrument.root, instrument.expiry)
        if item.settlement is Settlement.PM_CLOSE:
            value = _SCALE.get(item.root, 1.0) * float(self._path.spot[self._line.close_step[place]])
            instant = datetime.fromtimestamp(int(self._line.closes[place]) + _AFTER_CLOSE, UTC)
            return SettlementValue(value=value, known_at=instant, proxy=None)
        if item.settlement in _OPENING:
            value = float(self._path.spot[self._line.open_step[place]])
            return SettlementValue(value=value, known_at=instant, proxy=None)
        if item.settlement is Settlement.VIX_OPEN:
            value = float(self._path.vix[self._line.open_step[place]])
            return SettlementValue(value=value, known_at=instant, proxy=None)
        return None

    def series(self, name: str) -> Series | None:
        """Whole history of a series by canonical name, from ten years before; None where absent."""
        if name not in self._series and not self._surrounded:
            self._surrounded = True
            for item in surrounding_series(self._model, self._path):
                self._series.setdefault(item.name, item)
        return self._series.get(name)

    def names(self) -> tuple[str, ...]:
        """Names of all series, sorted."""
        self.series("")
        return tuple(sorted(self._series))

    def contracts(self) -> tuple[Series, ...]:
        """Settlements and final settlement of every monthly VX contract, as series of a store."""
        return tuple(contract_series(self._path, self.series("VX.CURVE"), self.series("VX.CURVE.expiry")))

    def _row(self, session: date) -> int:
        place = self._place.get(session)
        if place is None or not self._sessions[0] <= session <= self._sessions[-1]:
            raise CoverageError(
                f"{session} is no session of this market.", where=self.name, fix="Ask for one of its sessions()."
            )
        return place

    def _open(self, session: date) -> SimulatedView:
        place = self._row(session)
        step = int(self._line.close_step[place])
        moment = Moment(
            session=session,
            asof=self.instant(session),
            closed=float(self._line.closes[place]),
            spot=float(self._path.spot[step]),
            vix=float(self._path.vix[step]),
            state=(float(self._path.states.state[step, 0]), float(self._path.states.state[step, 1])),
            rate=float(self._rates[place]),
        )
        return SimulatedView(moment, self._terms, self._latest)

    def _latest(self, name: str, instant: datetime) -> Observation | None:
        series = self.series(name)
        return series.asof(instant) if series is not None else None


def _check(seed: int, years: int) -> None:
    if seed < 0 or not 1 <= years <= _MOST_YEARS:
        raise UsageError(
            f"a simulated market of {years} years with seed {seed} was asked for.",
            where="simulation",
            fix=f"Give a seed of at least 0 and 1 to {_MOST_YEARS} years.",
        )
