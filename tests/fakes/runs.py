"""A made-up run: a random walk with crashes, condors and calls priced on it, and a ledger that adds up.

Nothing here thinks; it only leaves behind what a run leaves behind, so that measures, folder and page have something
to read whose sums are known to be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from alvh.book.positions import Leg, Sleeve
from alvh.engine.run import EQUITY_COLUMNS, DayOutcome, Run
from alvh.ledger.events import Accrued, Closed, Deposited, Event, LegFill, Opened, Settled
from alvh.ledger.invariants import Check
from alvh.ledger.symbols import instrument_symbol
from alvh.market.chain import Origin
from alvh.market.contracts import Option, Right
from alvh.pricing.black76 import price
from alvh.strategy.decision import Decision, Direction, Memory, Outcome, Package, Proposal, Verdict

RATIOS = (1, -1, -1, 1)


@dataclass
class World:
    sessions: list[date]
    days: np.ndarray
    spot: np.ndarray
    vix: np.ndarray
    rate: np.ndarray


def world(years: float, seed: int, start: date = date(2014, 1, 2)) -> World:
    rng = np.random.default_rng(seed)
    sessions: list[date] = []
    day = start
    while len(sessions) < int(252 * years):
        if day.weekday() < 5 and (day.month, day.day) not in {(1, 1), (7, 4), (12, 25)}:
            sessions.append(day)
        day += timedelta(days=1)
    n = len(sessions)
    log_vix = np.empty(n)
    returns = np.empty(n)
    level = np.log(15.0)
    for i in range(n):
        jump = rng.random() < 0.004
        shock = rng.normal(0, 0.055) + (rng.uniform(0.25, 0.7) if jump else 0.0)
        level += 0.03 * (np.log(15.5) - level) + shock
        log_vix[i] = level
        returns[i] = 0.0004 - 0.11 * shock + rng.normal(0, 0.0042)
    days = np.array(sessions, dtype="datetime64[D]").astype(np.int64)
    rate = 0.015 + 0.015 * np.sin(np.arange(n) / 400)
    return World(sessions, days, 1850 * np.exp(np.cumsum(returns)), np.exp(log_vix), np.maximum(rate, 0.0002))


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
            price=round(mid + (0.05 if ratio > 0 else -0.05), 2),
            fee=Decimal("1.30") * quantity,
            origin="modelled",
        )
        for option, ratio, mid in zip(options, ratios, mids.tolist(), strict=True)
    )


def friday(day: date, least: int) -> date:
    day += timedelta(days=least)
    return day + timedelta(days=(4 - day.weekday()) % 7)


class Desk:
    """Keeps the columns and the entries of one made-up strategy."""

    def __init__(self, made: World, hedged: bool) -> None:
        n = len(made.sessions)
        self.made = made
        self.hedged = hedged
        self.events: list[tuple[int, int, Event]] = []
        self.columns = {
            name: np.zeros(n)
            for name in (
                "condor_mark",
                "hedge_mark",
                "margin",
                "max_loss",
                "condors",
                "hedges",
                "hedge_capital",
                "notional",
            )
        }
        self.proposals: dict[int, list[tuple[Proposal, str]]] = {}
        self.open_marks: dict[str, float] = {}
        self.count = 0

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count:05d}"

    def post(self, row: int, rank: int, event: Event) -> None:
        self.events.append((row, rank, event))

    def propose(self, row: int, event: Opened | Closed, options: list[Option], reason: str) -> None:
        closes = event.position if isinstance(event, Closed) else None
        legs = tuple(
            Leg(instrument=option, ratio=fill.ratio) for option, fill in zip(options, event.fills, strict=True)
        )
        package = Package(
            sleeve=Sleeve(event.sleeve),
            rule=event.rule,
            legs=legs,
            quantity=event.quantity,
            closes=closes,
            limit=None if closes else Decimal("1.50"),
        )
        direction = Direction.PROTECT if closes else Direction.HARVEST
        proposal = Proposal(
            id=event.proposal,
            rule=event.rule,
            direction=direction,
            packages=(package,),
            reason=reason,
            mandatory=closes is not None,
            reduces_risk=closes is not None,
        )
        self.proposals.setdefault(row, []).append((proposal, "filled"))

    def condor(self, row: int) -> None:
        made = self.made
        expiry = friday(made.sessions[row], 35)
        last = int(np.searchsorted(made.days, np.datetime64(expiry, "D").astype(int)))
        rows = np.arange(row, min(last, len(made.sessions)))
        spot = made.spot[row]
        move = spot * made.vix[row] / 100 * np.sqrt(40 / 365)
        width = max(10.0, 5 * round(spot * 0.01 / 5))
        short_put, short_call = 5 * round((spot - move) / 5), 5 * round((spot + move) / 5)
        strikes = (short_put - width, short_put, short_call, short_call + width)
        options = [
            Option("SPXW", expiry, float(strike), right)
            for strike, right in zip(strikes, (Right.PUT, Right.PUT, Right.CALL, Right.CALL), strict=True)
        ]
        legs = values(made, rows, options, made.spot[rows])
        worth = legs @ np.array(RATIOS)
        credit = Decimal(str(round(float(-worth[0]) - 0.2, 2)))
        if credit <= Decimal("0.1") * Decimal(str(width)):
            return
        quantity = max(1, int(12_000 / ((width - float(credit)) * 100)))
        position = self.name("C")
        session = made.sessions[row]
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
        self.post(row, 5, opened)
        self.propose(row, opened, options, f"sell {quantity} SPXW {expiry} condors for {credit}")
        end, reason = self._exit(rows, -worth, float(credit), strikes, expiry)
        self._hold(row, end, worth, quantity, width, float(credit), 1.0)
        if end is None:
            if last < len(made.sessions):
                self._settle(position, options, quantity, last)
            else:
                self.open_marks[position] = float(worth[-1]) * 100 * quantity
            return
        debit = Decimal(str(round(float(-worth[end]) + 0.2, 2)))
        when = made.sessions[row + end]
        closed = Closed(
            session=when,
            position=position,
            proposal=f"{when}-{position}",
            sleeve="condor",
            rule="D-MECHANICAL" if reason.startswith("tested") else "C-MANAGE",
            reason=reason,
            quantity=quantity,
            price=-debit,
            cash=-debit * 100 * quantity,
            fees=Decimal("5.20") * quantity,
            mid=float(worth[end]),
            natural=float(worth[end]) - 0.4,
            fills=fills(options, (-1, 1, 1, -1), legs[end], quantity),
        )
        self.post(row + end, 4, closed)
        self.propose(row + end, closed, options, reason)

    def _exit(
        self, rows: np.ndarray, debit: np.ndarray, credit: float, strikes: tuple[float, ...], expiry: date
    ) -> tuple[int | None, str]:
        for i in range(1, rows.size):
            spot, cost = self.made.spot[rows[i]], debit[i] + 0.2
            ratio = max(
                (strikes[1] - spot) / (strikes[1] - strikes[0]), (spot - strikes[2]) / (strikes[3] - strikes[2])
            )
            if ratio >= 0.8:
                return i, f"tested: spot {spot:,.2f} has gone {ratio:.0%} of the tested wing"
            if ratio >= 0:
                continue
            if cost >= 2 * credit:
                return i, f"stop: closing costs {cost:.2f}, at least 2 x the credit of {credit:.2f}"
            if cost <= 0.5 * credit:
                return i, f"profit target: closing costs {cost:.2f} of the credit of {credit:.2f}"
            dte = (expiry - self.made.sessions[rows[i]]).days
            if dte <= 21 and strikes[0] % 4:
                return i, f"time exit: {dte} days to expiry"
        return None, ""

    def _hold(
        self, row: int, end: int | None, worth: np.ndarray, quantity: int, width: float, credit: float, sign: float
    ) -> None:
        stop = worth.size if end is None else end
        span = slice(row, row + stop)
        self.columns["condor_mark"][span] += np.round(worth[:stop] * 100 * quantity, 2)
        self.columns["margin"][span] += width * 100 * quantity
        self.columns["max_loss"][span] += (width - credit) * 100 * quantity
        self.columns["condors"][span] += quantity

    def _settle(self, position: str, options: list[Option], quantity: int, row: int) -> None:
        value = round(float(self.made.spot[row]), 2)
        for option, ratio in zip(options, RATIOS, strict=True):
            inside = max(option.strike - value, 0) if option.is_put else max(value - option.strike, 0)
            cash = Decimal(str(round(inside * 100 * quantity * ratio, 2))).quantize(Decimal("0.01"))
            settled = Settled(
                session=self.made.sessions[row],
                position=position,
                sleeve="condor",
                symbol=instrument_symbol(option),
                contracts=ratio * quantity,
                value=value,
                cash=cash,
                proxy="the day's close stands in for the settlement print",
            )
            self.post(row, 0, settled)

    def calls(self, row: int) -> None:
        made = self.made
        expiry = made.sessions[row] + timedelta(days=45)
        last = int(np.searchsorted(made.days, np.datetime64(expiry, "D").astype(int)))
        rows = np.arange(row, min(last, len(made.sessions)))
        forward = 0.55 * made.vix + 0.45 * 17.5
        option = Option("VIX", expiry, float(round(forward[row] * 1.35)), Right.CALL)
        mids = values(made, rows, [option], forward[rows])[:, 0]
        loss = self.columns["max_loss"][row]
        quantity = int(0.125 * loss / (100 * forward[row]))
        if quantity < 1:
            return
        cost = Decimal(str(round(float(mids[0]) + 0.05, 2)))
        position, session = self.name("H"), made.sessions[row]
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
        self.post(row, 6, opened)
        self.propose(row, opened, [option], f"Coverage is below its band around 12.5%; {quantity} VIX calls are bought")
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
        got = Decimal(str(round(max(float(mids[end]) - 0.05, 0.0), 2)))
        when = made.sessions[row + end]
        closed = Closed(
            session=when,
            position=position,
            proposal=f"{when}-9",
            sleeve="hedge",
            rule="L-BASE",
            reason="Calls within 14 days of expiry are sold; coverage needs no more",
            quantity=quantity,
            price=got,
            cash=got * 100 * quantity,
            fees=Decimal("0.80") * quantity,
            mid=float(mids[end]),
            natural=float(mids[end]) - 0.1,
            fills=fills([option], (-1,), mids[end : end + 1], quantity),
        )
        self.post(row + end, 3, closed)
        self.propose(row + end, closed, [option], "Calls within 14 days of expiry are sold")


def fake_runs(years: float = 3.0, seed: int = 4) -> tuple[Run, Run]:
    """A hedged and an unhedged run over the same sessions; the first half-dozen verdicts of every day included."""
    made = world(years, seed)
    return _run(made, hedged=True), _run(made, hedged=False)


def _run(made: World, *, hedged: bool) -> Run:
    desk = Desk(made, hedged)
    n = len(made.sessions)
    for row in range(0, n, 4):
        desk.condor(row)
        if hedged and row % 20 == 0:
            desk.calls(row)
    desk.events.sort(key=lambda item: (item[0], item[1]))
    events, cash = _bank(made, desk)
    equity = _equity(made, desk, cash)
    days = [_day(made, desk, row) for row in range(n)]
    return Run(
        strategy="alvh" if hedged else "unhedged",
        market="a made-up market",
        origin=Origin.MODELLED,
        policy_digest="5f" * 32 if hedged else "6a" * 32,
        data_digest="ab" * 32,
        code_version="0.1.0",
        seed=7,
        initial_equity=1_000_000.0,
        equity=equity,
        events=tuple(events),
        decisions=tuple(decision for decision, _ in days),
        outcomes=tuple(outcome for _, outcome in days),
        checks=(
            Check(name="cash is conserved", holds=True, sentence=f"Entries and cash agree on {n} sessions.", worst=0.0),
            Check(name="equity = cash + marks", holds=True, sentence=f"Holds on {n} sessions to 0.00 USD.", worst=0.0),
            Check(name="margin covers the worst loss", holds=True, sentence=f"Holds on {n} sessions.", worst=0.0),
        ),
        notes=(
            "Option quotes are modelled from SPX and VIX.",
            "The day's close stands in for the SPX opening print.",
        ),
        skipped=((made.sessions[-1] + timedelta(days=1), "no VIX close"),),
        open_marks=desk.open_marks,
    )


def _bank(made: World, desk: Desk) -> tuple[list[Event], np.ndarray]:
    events: list[Event] = [Deposited(session=made.sessions[0], cash=Decimal("1000000.00"))]
    balance = Decimal("1000000.00")
    column = np.empty(len(made.sessions))
    place = 0
    for row, session in enumerate(made.sessions):
        if row:
            days = (session - made.sessions[row - 1]).days
            interest = (balance * Decimal(repr(float(made.rate[row]))) * days / 365).quantize(Decimal("0.01"))
            events.append(Accrued(session=session, days=days, rate=float(made.rate[row]), cash=interest))
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
    loss = held["max_loss"]
    some = loss > 0
    safe = np.where(some, loss, 1.0)
    coverage = held["notional"] / safe
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
    session = made.sessions[row]
    mine = desk.proposals.get(row, [])
    entered = any(proposal.rule == "C-ENTRY" for proposal, _ in mine)
    verdicts = [
        Verdict(
            rule="C-MANAGE",
            outcome=Outcome.QUIET,
            sentence="None of 9 untested condors reached an exit.",
            observed={"untested": 9},
        ),
        Verdict(
            rule="D-MECHANICAL",
            outcome=Outcome.QUIET,
            sentence="No condor is tested.",
            observed={"tested": 0},
            threshold={"ratio": 0.8},
        ),
        Verdict(
            rule="L-BASE",
            outcome=Outcome.ABSTAINED,
            sentence="Evidence is absent (S-REER has no series), so coverage aims at 15.0%.",
            observed={"S-REER.stable": None, "S-PE.stable": None, "target": 0.15},
            threshold={"floor": 0.1, "stable": 0.125, "unstable": 0.15, "band": 0.12},
        ),
    ]
    reasons: tuple[str, ...] = ()
    if entered:
        verdicts.append(
            Verdict(
                rule="C-ENTRY",
                outcome=Outcome.FIRED,
                sentence="18,400 USD may be tied up by a new condor.",
                observed={"budget": 18_400.0, "free_margin": 120_000.0, "usable": 18_400.0},
                threshold={"least": 10_000.0},
            )
        )
    else:
        short = row % 4 != 0
        sentence = (
            f"No entry: the entry budget of {2000 + 1500 * (row % 4):,} USD is below C-SIZE's lower end of 10,000 USD."
            if short
            else f"No entry: none of {100 + row % 7} quoted candidates pays 15% to 25% of its width."
        )
        rule = "C-ENTRY" if short else "C-CREDIT"
        outcome = Outcome.QUIET if short else Outcome.BLOCKED
        verdicts.append(Verdict(rule=rule, outcome=outcome, sentence=sentence, observed={"budget": 5_000.0}))
        reasons = () if mine else (sentence, verdicts[0].sentence)
    decision = Decision(
        session=session,
        verdicts=tuple(verdicts),
        proposals=tuple(proposal for proposal, _ in mine),
        reasons=reasons,
        memory=Memory(entries={"C-ENTRY.budget": 5_000.0}),
    )
    filled = tuple(proposal.id for proposal, _ in mine)
    return decision, DayOutcome(session=session, filled=filled, refused=(), unfilled=())
