"""A made-up run: a random walk with crashes, condors and calls priced on it, and a ledger that adds up.

Nothing here thinks; it only leaves behind what a run leaves behind, so that measures, folder and page have something
to read whose sums are known to be right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from alvh.book.positions import Leg, Sleeve
from alvh.engine.day import Day, DayOutcome
from alvh.engine.recording import record
from alvh.engine.row import EquityRow
from alvh.engine.run import EQUITY_COLUMNS, Run
from alvh.ledger.events import Accrued, Closed, Deposited, Event, LegFill, Opened, Settled
from alvh.ledger.invariants import Check
from alvh.ledger.symbols import instrument_symbol
from alvh.market.chain import Origin
from alvh.market.contracts import Option, Right
from alvh.pricing.black76 import price
from alvh.strategy.decision import Decision, Direction, Memory, Outcome, Package, Proposal, Verdict

RATIOS = (1, -1, -1, 1)
HELD = ("condor_mark", "hedge_mark", "margin", "max_loss", "condors", "hedges", "hedge_capital", "notional")


@dataclass
class World:
    sessions: list[date]
    days: np.ndarray
    spot: np.ndarray
    vix: np.ndarray
    rate: np.ndarray

    def place(self, day: date) -> int:
        """Row of the first session at or after a day."""
        return int(np.searchsorted(self.days, np.datetime64(day, "D").astype(int)))


def world(years: float, seed: int, start: date = date(2014, 1, 2)) -> World:
    rng = np.random.default_rng(seed)
    sessions: list[date] = []
    day = start
    while len(sessions) < int(252 * years):
        if day.weekday() < 5 and (day.month, day.day) not in {(1, 1), (7, 4), (12, 25)}:
            sessions.append(day)
        day += timedelta(days=1)
    n = len(sessions)
    log_vix, returns = np.empty(n), np.empty(n)
    level = np.log(15.0)
    for i in range(n):
        jump = rng.uniform(0.25, 0.6) if rng.random() < 0.006 else 0.0
        shock = rng.normal(0, 0.05) + jump
        level += 0.035 * (np.log(15.5) - level) + shock
        log_vix[i] = level
        returns[i] = 0.0006 - 0.11 * shock + rng.normal(0, 0.0042)
    days = np.array(sessions, dtype="datetime64[D]").astype(np.int64)
    rate = np.maximum(0.015 + 0.015 * np.sin(np.arange(n) / 400), 0.0002)
    return World(sessions, days, 1850 * np.exp(np.cumsum(returns)), np.exp(log_vix), rate)


def values(made: World, rows: np.ndarray, options: list[Option], forward: np.ndarray) -> np.ndarray:
    """(rows, legs) Black-76 values at VIX (SPX) or 90 % (VIX) volatility."""
    tau = np.maximum((np.datetime64(options[0].expiry, "D").astype(int) - made.days[rows]) / 365.0, 1 / 3650)
    vol = made.vix[rows] / 100 if options[0].root != "VIX" else np.full(rows.size, 0.9)
    columns = [
        price(forward, option.strike, tau, vol * (1.15 if option.is_put else 0.95), option.is_put, 1.0)
        for option in options
    ]
    return np.round(np.column_stack(columns), 2)


def fills(options: list[Option], ratios: tuple[int, ...], mids: np.ndarray, quantity: int) -> tuple[LegFill, ...]:
    return tuple(
        LegFill(
            symbol=instrument_symbol(option),
            ratio=ratio,
            bid=round(max(mid - 0.1, 0.0), 2),
            ask=round(mid + 0.1, 2),
            price=round(max(mid + (0.05 if ratio > 0 else -0.05), 0.0), 2),
            fee=Decimal("1.30") * quantity,
            origin="modelled",
        )
        for option, ratio, mid in zip(options, ratios, mids.tolist(), strict=True)
    )


def cents(value: float) -> Decimal:
    return Decimal(str(round(value, 2))).quantize(Decimal("0.01"))


class Desk:
    """Keeps the columns and the entries of one made-up strategy."""

    def __init__(self, made: World) -> None:
        self.made = made
        self.events: list[tuple[int, int, Event]] = []
        self.columns = {name: np.zeros(len(made.sessions)) for name in HELD}
        self.proposals: dict[int, list[Proposal]] = {}
        self.open_marks: dict[str, float] = {}
        self.count = 0

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count:05d}"

    def trade(self, row: int, rank: int, event: Opened | Closed, options: list[Option], reason: str) -> None:
        """Enter a fill and the proposal that led to it."""
        self.events.append((row, rank, event))
        closes = event.position if isinstance(event, Closed) else None
        legs = tuple(Leg(instrument=item, ratio=fill.ratio) for item, fill in zip(options, event.fills, strict=True))
        package = Package(
            sleeve=Sleeve(event.sleeve),
            rule=event.rule,
            legs=legs,
            quantity=event.quantity,
            closes=closes,
            limit=None if closes else Decimal("1.50"),
        )
        proposal = Proposal(
            id=event.proposal,
            rule=event.rule,
            direction=Direction.PROTECT if closes else Direction.HARVEST,
            packages=(package,),
            reason=reason,
            mandatory=closes is not None,
            reduces_risk=closes is not None,
        )
        self.proposals.setdefault(row, []).append(proposal)

    def condor(self, row: int) -> None:
        """Sell a condor about one move out and keep it until something closes it."""
        made = self.made
        session, spot = made.sessions[row], made.spot[row]
        expiry = session + timedelta(days=35 + (4 - session.weekday()) % 7)
        last = made.place(expiry)
        rows = np.arange(row, min(last, len(made.sessions)))
        move = spot * made.vix[row] / 100 * np.sqrt(40 / 365)
        width = max(10.0, 5 * round(spot * 0.01 / 5))
        low, high = 5.0 * round((spot - move) / 5), 5.0 * round((spot + move) / 5)
        strikes = (low - width, low, high, high + width)
        rights = (Right.PUT, Right.PUT, Right.CALL, Right.CALL)
        options = [Option("SPXW", expiry, strike, right) for strike, right in zip(strikes, rights, strict=True)]
        legs = values(made, rows, options, made.spot[rows])
        worth = legs @ np.array(RATIOS)
        credit = cents(float(-worth[0]) - 0.2)
        quantity = max(1, int(16_000 / ((width - float(credit)) * 100)))
        position = self.name("C")
        opened = Opened(
            session=session,
            position=position,
            proposal=f"{session}-1",
            sleeve="condor",
            rule="C-ENTRY",
            quantity=quantity,
            price=credit,
            cash=credit * 100 * quantity,
            fees=Decimal("5.20") * quantity,
            mid=float(-worth[0]),
            natural=float(-worth[0]) - 0.4,
            fills=fills(options, RATIOS, legs[0], quantity),
        )
        self.trade(row, 5, opened, options, f"sell {quantity} SPXW {expiry} condors for {credit}")
        end, reason = self.exit(rows, -worth, float(credit), strikes, expiry)
        stop = rows.size if end is None else end
        span = slice(row, row + stop)
        self.columns["condor_mark"][span] += np.round(worth[:stop] * 100 * quantity, 2)
        self.columns["margin"][span] += width * 100 * quantity
        self.columns["max_loss"][span] += (width - float(credit)) * 100 * quantity
        self.columns["condors"][span] += quantity
        if end is not None:
            self.buy_back(row + end, opened, options, legs[end], float(-worth[end]), reason)
        elif last < len(made.sessions):
            self.settle(position, options, quantity, last)
        else:
            self.open_marks[position] = float(worth[-1]) * 100 * quantity

    def exit(
        self, rows: np.ndarray, debit: np.ndarray, credit: float, strikes: tuple[float, ...], expiry: date
    ) -> tuple[int | None, str]:
        wing = strikes[1] - strikes[0]
        for i in range(1, rows.size):
            spot, cost = self.made.spot[rows[i]], debit[i] + 0.2
            ratio = max(strikes[1] - spot, spot - strikes[2]) / wing
            dte = (expiry - self.made.sessions[rows[i]]).days
            if ratio >= 0.8:
                return i, f"tested: spot {spot:,.2f} has gone {ratio:.0%} of the tested wing"
            if ratio < 0 and cost >= 2 * credit:
                return i, f"stop: closing costs {cost:.2f}, at least 2 x the credit of {credit:.2f}"
            if ratio < 0 and cost <= 0.5 * credit:
                return i, f"profit target: closing costs {cost:.2f} of the credit of {credit:.2f}"
            if ratio < 0 and dte <= 21 and strikes[0] % 4:
                return i, f"time exit: {dte} days to expiry"
        return None, ""

    def buy_back(
        self, row: int, opened: Opened, options: list[Option], mids: np.ndarray, cost: float, reason: str
    ) -> None:
        debit = cents(cost + 0.2)
        session = self.made.sessions[row]
        closed = Closed(
            session=session,
            position=opened.position,
            proposal=f"{session}-{opened.position}",
            sleeve="condor",
            rule="D-MECHANICAL" if reason.startswith("tested") else "C-MANAGE",
            reason=reason,
            quantity=opened.quantity,
            price=-debit,
            cash=-debit * 100 * opened.quantity,
            fees=Decimal("5.20") * opened.quantity,
            mid=-cost,
            natural=-cost - 0.4,
            fills=fills(options, (-1, 1, 1, -1), mids, opened.quantity),
        )
        self.trade(row, 4, closed, options, reason)

    def settle(self, position: str, options: list[Option], quantity: int, row: int) -> None:
        value = round(float(self.made.spot[row]), 2)
        for option, ratio in zip(options, RATIOS, strict=True):
            inside = max(option.strike - value, 0) if option.is_put else max(value - option.strike, 0)
            settled = Settled(
                session=self.made.sessions[row],
                position=position,
                sleeve="condor",
                symbol=instrument_symbol(option),
                contracts=ratio * quantity,
                value=value,
                cash=cents(inside * 100 * quantity * ratio),
                proxy="the day's close stands in for the settlement print",
            )
            self.events.append((row, 0, settled))

    def calls(self, row: int) -> None:
        """Buy VIX calls and sell them two weeks before expiry."""
        made = self.made
        session, expiry = made.sessions[row], made.sessions[row] + timedelta(days=45)
        rows = np.arange(row, min(made.place(expiry), len(made.sessions)))
        forward = 0.55 * made.vix + 0.45 * 17.5
        option = Option("VIX", expiry, float(round(forward[row] * 1.35)), Right.CALL)
        mids = values(made, rows, [option], forward[rows])[:, 0]
        quantity = int(0.125 * self.columns["max_loss"][row] / (100 * forward[row]))
        if quantity < 1:
            return
        cost, position = cents(float(mids[0]) + 0.05), self.name("H")
        opened = Opened(
            session=session,
            position=position,
            proposal=f"{session}-2",
            sleeve="hedge",
            rule="L-BASE",
            quantity=quantity,
            price=-cost,
            cash=-cost * 100 * quantity,
            fees=Decimal("0.80") * quantity,
            mid=-float(mids[0]),
            natural=-float(mids[0]) - 0.1,
            fills=fills([option], (1,), mids[:1], quantity),
        )
        self.trade(row, 6, opened, [option], f"Coverage is below its band around 12.5%; {quantity} calls are bought")
        end = next((i for i in range(1, rows.size) if (expiry - made.sessions[rows[i]]).days <= 14), None)
        stop = rows.size if end is None else end
        span = slice(row, row + stop)
        self.columns["hedge_mark"][span] += np.round(mids[:stop] * 100 * quantity, 2)
        self.columns["hedges"][span] += quantity
        self.columns["hedge_capital"][span] += float(cost) * 100 * quantity
        self.columns["notional"][span] += forward[rows[:stop]] * 100 * quantity
        if end is None:
            self.open_marks[position] = float(mids[-1]) * 100 * quantity
            return
        got, when = cents(max(float(mids[end]) - 0.05, 0.0)), made.sessions[row + end]
        reason = "Calls within 14 days of expiry are sold; coverage needs no more"
        closed = Closed(
            session=when,
            position=position,
            proposal=f"{when}-9",
            sleeve="hedge",
            rule="L-BASE",
            reason=reason,
            quantity=quantity,
            price=got,
            cash=got * 100 * quantity,
            fees=Decimal("0.80") * quantity,
            mid=float(mids[end]),
            natural=float(mids[end]) - 0.1,
            fills=fills([option], (-1,), mids[end : end + 1], quantity),
        )
        self.trade(row + end, 3, closed, [option], reason)


def made_up_runs(years: float = 3.0, seed: int = 4) -> tuple[Run, Run]:
    """A hedged and an unhedged run over the same sessions."""
    made = world(years, seed)
    return made_up_run(made, hedged=True), made_up_run(made, hedged=False)


def made_up_run(made: World, *, hedged: bool) -> Run:
    desk = Desk(made)
    n = len(made.sessions)
    for row in range(0, n, 2):
        desk.condor(row)
        if hedged and row % 20 == 0:
            desk.calls(row)
    desk.events.sort(key=lambda item: (item[0], item[1]))
    events, cash = _bank(made, desk)
    table = _equity(made, desk, cash)
    kept = _days(events, table, [_day(made, desk, row) for row in range(n)])
    recording = record(kept)
    names = ("cash is conserved", "equity = cash + marks", "margin covers the worst loss", "nothing outlives expiry")
    return Run(
        strategy="alvh" if hedged else "unhedged",
        market="a made-up market",
        origin=Origin.MODELLED,
        policy_digest="5f" * 32 if hedged else "6a" * 32,
        data_digest="ab" * 32,
        code_version="0.1.0",
        seed=7,
        initial_equity=1_000_000.0,
        equity=table,
        entries=recording.entries.entries(),
        tally=recording.counting.tally(),
        days=recording.days,
        checks=tuple(Check(name=name, holds=True, sentence=f"Holds on {n} sessions.", worst=0.0) for name in names),
        notes=("Option quotes are modelled from SPX and VIX.", "The day's close stands in for the SPX opening print."),
        skipped=((made.sessions[0] + timedelta(days=2), "no VIX close"),),
        open_marks=desk.open_marks,
    )


def of_days(run: Run, days: Sequence[Day], **changes: object) -> Run:
    """The run as if these had been its days."""
    recording = record(days)
    entries, tally = recording.entries.entries(), recording.counting.tally()
    return replace(run, entries=entries, tally=tally, days=recording.days, **changes)


def _days(events: list[Event], table: pl.DataFrame, said: list[tuple[Decision, DayOutcome]]) -> list[Day]:
    made, place = [], 0
    for row, (decision, outcome) in zip(table.to_dicts(), said, strict=True):
        first = place
        while place < len(events) and events[place].session <= decision.session:
            place += 1
        line = EquityRow(**(row | {"cash": cents(row["cash"])}))
        made.append(Day(decision=decision, outcome=outcome, row=line, entries=tuple(events[first:place])))
    return made


def _bank(made: World, desk: Desk) -> tuple[list[Event], np.ndarray]:
    balance = Decimal("1000000.00")
    events: list[Event] = [Deposited(session=made.sessions[0], cash=balance)]
    column = np.empty(len(made.sessions))
    place = 0
    for row, session in enumerate(made.sessions):
        if row:
            days, rate = (session - made.sessions[row - 1]).days, float(made.rate[row])
            interest = (balance * Decimal(repr(rate)) * days / 365).quantize(Decimal("0.01"))
            events.append(Accrued(session=session, days=days, rate=rate, cash=interest))
            balance += interest
        while place < len(desk.events) and desk.events[place][0] == row:
            event = desk.events[place][2]
            events.append(event)
            balance += event.cash - getattr(event, "fees", Decimal(0))
            place += 1
        column[row] = float(balance)
    return events, column


def _equity(made: World, desk: Desk, cash: np.ndarray) -> pl.DataFrame:
    held = desk.columns
    some = held["max_loss"] > 0
    coverage = held["notional"] / np.where(some, held["max_loss"], 1.0)
    columns = {
        "session": made.sessions,
        "equity": cash + held["condor_mark"] + held["hedge_mark"],
        "cash": cash,
        "spx_delta": -0.02 * held["condors"],
        "spx_gamma": -0.01 * held["condors"],
        "spx_vega": -18.0 * held["condors"],
        "vx_delta": 30.0 * held["hedges"],
        "vx_vega": 2.0 * held["hedges"],
        "theta": 9.0 * held["condors"] - 2.0 * held["hedges"],
        "coverage": [float(x) if ok else None for x, ok in zip(coverage, some, strict=True)],
        "stress_down": [float(x) * 2.2 if ok else None for x, ok in zip(coverage, some, strict=True)],
        "stress_up": [-0.12 if ok else None for ok in some],
        "stale": np.zeros(len(made.sessions), np.int64),
        "spot": made.spot,
        "vix": made.vix,
        "rate": made.rate,
    }
    columns |= {name: held[name] for name in EQUITY_COLUMNS if name in held}
    return pl.DataFrame({name: columns[name] for name in EQUITY_COLUMNS})


def _day(made: World, desk: Desk, row: int) -> tuple[Decision, DayOutcome]:
    session, mine = made.sessions[row], desk.proposals.get(row, [])
    verdicts = [
        Verdict(
            rule="C-MANAGE",
            outcome=Outcome.QUIET,
            words="None of 9 untested condors reached an exit.",
            observed={"untested": 9},
        ),
        Verdict(
            rule="L-BASE",
            outcome=Outcome.ABSTAINED,
            words="Evidence is absent (S-REER has no series), so coverage aims at 15.0%.",
            observed={"S-REER.stable": None, "target": 0.15},
            threshold={"floor": 0.1, "stable": 0.125, "unstable": 0.15, "band": 0.12},
        ),
        _entry_verdict(row, entered=any(proposal.rule == "C-ENTRY" for proposal in mine)),
    ]
    decision = Decision(
        session=session,
        verdicts=tuple(verdicts),
        proposals=tuple(mine),
        reasons=() if mine else (verdicts[2].sentence, verdicts[0].sentence),
        memory=Memory(entries={"C-ENTRY.budget": 5_000.0}),
    )
    filled = tuple(proposal.id for proposal in mine)
    return decision, DayOutcome(session=session, filled=filled, refused=(), unfilled=())


def _entry_verdict(row: int, *, entered: bool) -> Verdict:
    if entered:
        return Verdict(
            rule="C-ENTRY",
            outcome=Outcome.FIRED,
            words="18,400 USD may be tied up by a new condor.",
            observed={"budget": 18_400.0, "free_margin": 120_000.0, "usable": 18_400.0},
            threshold={"least": 10_000.0},
        )
    if row % 3:
        sentence = f"No entry: the entry budget of {2000 + row % 5 * 1500:,} USD is below C-SIZE's lower end of 10,000."
        return Verdict(rule="C-ENTRY", outcome=Outcome.QUIET, words=sentence, observed={"budget": 5_000.0})
    sentence = f"No entry: none of {100 + row % 7} quoted candidates pays 15% to 25% of its width."
    return Verdict(rule="C-CREDIT", outcome=Outcome.BLOCKED, words=sentence, observed={"quoted": 100 + row % 7})
