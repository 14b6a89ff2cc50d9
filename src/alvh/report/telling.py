"""One day as a person would tell it.

1. The market: where it stood, and how it got there since the session before.
2. The book as the decision found it: equity, margin, coverage, and every position in words.
3. Each rule: what it said, and the numbers it looked at.
4. What was proposed and what became of it, with prices; or why nothing was done.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date
from typing import Any

from alvh.book.condor import Condor
from alvh.book.positions import Book, Position, Sleeve
from alvh.ledger.events import Closed, Event, Opened, Settled
from alvh.ledger.journal import fold
from alvh.ledger.symbols import describe
from alvh.report.deeds import closed_sentence, opened_sentence, settled_sentence
from alvh.report.wording import WEEKDAYS, number, percent, signed, usd
from alvh.report.wording import day as in_words

_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What telling a day needs.

    Attributes
    ----------
    record, before : mapping
        Lines of `decisions.jsonl` for the day and for the session before; None on the first.
    high : float, SPX points
        Highest snapshot of the run so far.
    events : tuple of Event
        The ledger up to and including the day.
    """

    strategy: str
    market: str
    quotes: str
    record: dict[str, Any]
    before: dict[str, Any] | None
    high: float
    events: tuple[Event, ...]

    @property
    def session(self) -> date:
        """The day."""
        return date.fromisoformat(self.record["session"])

    @property
    def previous(self) -> date | None:
        """The session before."""
        return None if self.before is None else date.fromisoformat(self.before["session"])


def tell(told: Day) -> str:
    """Tell a day in paragraphs."""
    today = [event for event in told.events if told.previous is None or event.session > told.previous]
    found = fold(event for event in told.events if not (event in today and isinstance(event, Opened | Closed)))
    weekday = WEEKDAYS[told.session.weekday()]
    head = f"{weekday} {in_words(told.session)}: {told.strategy} on {told.market}, {told.quotes} option quotes"
    parts = [
        head + "\n" + "=" * len(head),
        _paragraph(_market(told)),
        _paragraph(_account(told)),
        _holdings(found, told),
        _settlements(today),
        _rules(told.record["verdicts"]),
        _deeds(told, today, found),
    ]
    return "\n\n".join(part for part in parts if part)


def _market(told: Day) -> str:
    now, before = told.record["market"], told.before["market"] if told.before else None
    spot = now["spot"]
    text = f"The S&P 500 stood at {number(spot)}"
    if before is not None:
        text += f", {_moved(spot / before['spot'] - 1.0)} since {in_words(told.previous or told.session)}"
    if spot < told.high:
        text += f" and {percent(1.0 - spot / told.high)} below its high of this run"
    text += "."
    if now["vix"] is None:
        text += " VIX is not known for this session."
    else:
        text += f" VIX was {number(now['vix'])}"
        if before is not None and before["vix"] is not None:
            change = now["vix"] - before["vix"]
            text += f", {_up_down(change)} {number(abs(change))} points"
        text += "."
    if now["rate"] is not None:
        text += f" One-month bills paid {percent(now['rate'], 2)} a year."
    return text


def _account(told: Day) -> str:
    now, before = told.record["book"], told.before["book"] if told.before else None
    text = f"At the end of the session equity was {usd(now['equity'])} USD"
    if before is not None:
        text += f" ({_moved(now['equity'] / before['equity'] - 1.0, 2)})"
    text += f": {usd(now['cash'])} in cash"
    if now["condors"]:
        text += f", condors that would cost {usd(-now['condor_mark'])} to close at mid"
    if now["hedges"]:
        text += f", a hedge worth {usd(now['hedge_mark'])}"
    text += "."
    if now["condors"]:
        share = now["margin"] / now["equity"] if now["equity"] > 0 else None
        text += (
            f" {int(now['condors'])} condor contracts tied up {usd(now['margin'])} USD of margin"
            + (f", {percent(share)} of equity," if share is not None else "")
            + f" and could lose {usd(now['max_loss'])} at worst."
        )
    return text + _cover(now)


def _cover(now: dict[str, Any]) -> str:
    if now["coverage"] is None:
        return " Without condors there was nothing to cover."
    text = f" Coverage was {percent(now['coverage'])} of that loss"
    if now["stress_down"] is not None:
        text += f"; in the down-shock the hedge would pay {percent(now['stress_down'])} of what the condors lose"
    stale = int(now["stale"] or 0)
    tail = f" {stale} legs had no quote of the day and kept an earlier mark." if stale else ""
    return text + "." + tail


def _holdings(book: Book, told: Day) -> str:
    if not book.positions:
        return "Nothing was held when the rules were asked."
    spot, session = told.record["market"]["spot"], told.session
    lines = ["Held when the rules were asked:"]
    for sleeve in Sleeve:
        lines.extend(_bullet(_position(position, spot, session)) for position in book.sleeve(sleeve))
    return "\n".join(lines)


def _position(position: Position, spot: float, session: date) -> str:
    condor = Condor.of(position)
    if condor is not None:
        return _condor(position, condor, spot, session)
    legs = " and ".join(
        f"{abs(leg.ratio) * position.quantity} {'long' if leg.ratio > 0 else 'short'} {describe(leg.instrument)}"
        for leg in position.legs
    )
    price = float(position.price)
    paid = f"bought at {number(-price)}" if price < 0 else f"net premium {number(price)} received"
    expiry = position.expiry
    left = f", {(expiry - session).days} days to expiry" if expiry is not None else ""
    return f"{position.id} ({position.rule}): {legs}, {paid} on {in_words(position.opened)}{left}."


def _condor(position: Position, condor: Condor, spot: float, session: date) -> str:
    level = spot * condor.scale
    credit, width = float(condor.credit), float(condor.width)
    below, above = 1.0 - condor.put_short / level, condor.call_short / level - 1.0
    put_ratio, call_ratio = condor.test_ratio(spot)
    text = (
        f"{position.id}: {condor.quantity} {condor.root} {in_words(condor.expiry)} condors, "
        f"{condor.put_long:g}/{condor.put_short:g} puts and {condor.call_short:g}/{condor.call_long:g} calls, sold on "
        f"{in_words(position.opened)} for {number(credit)} ({percent(credit / width)} of the {width:g}-point width), "
        f"{(condor.expiry - session).days} days to expiry; "
    )
    if max(put_ratio, call_ratio) >= 0.0:
        side = "put" if put_ratio >= call_ratio else "call"
        return (
            text + f"its {side} side is tested, {percent(max(put_ratio, call_ratio), 0)} of the way through the wing."
        )
    return text + f"short put {percent(below)} below the market, short call {percent(above)} above it."


def _settlements(today: list[Event]) -> str:
    settled = [event for event in today if isinstance(event, Settled)]
    if not settled:
        return ""
    return "\n".join(["Settled since the session before:", *(_bullet(settled_sentence(event)) for event in settled)])


def _rules(verdicts: list[dict[str, Any]]) -> str:
    if not verdicts:
        return "No rule was asked."
    lines = ["What the rules said:"]
    for verdict in verdicts:
        lines.append(_bullet(f"{verdict['rule']} {verdict['outcome']}: {verdict['sentence']}"))
        seen, against = _numbers(verdict["observed"]), _numbers(verdict["threshold"])
        if seen:
            lines.append(_aside(f"saw {seen}" + (f"; against {against}" if against else "")))
    return "\n".join(lines)


def _deeds(told: Day, today: list[Event], found: Book) -> str:
    proposals = told.record["proposals"]
    if not proposals:
        lines = ["Nothing was done, because:", *(_bullet(reason) for reason in told.record["reasons"])]
        return "\n".join(lines)
    lines = ["What was proposed, and what became of it:"]
    for proposal in proposals:
        lines.append(_bullet(_proposal(proposal)))
        lines.extend(_aside(text) for text in _outcome(proposal, told, today, found))
        other = proposal.get("otherwise")
        if other is not None and _tried(other["id"], told.record["outcome"]):
            lines.append(_bullet(f"In its place {_proposal(other)}"))
            lines.extend(_aside(text) for text in _outcome(other, told, today, found))
    return "\n".join(lines)


def _proposal(proposal: dict[str, Any]) -> str:
    how = "mandatory, needs no votes" if proposal["mandatory"] else f"a {proposal['direction']} proposal"
    reason = proposal["reason"][:1].upper() + proposal["reason"][1:]
    return f"{proposal['id']} by {proposal['rule']} ({how}): {reason}."


def _tried(name: str, outcome: dict[str, Any]) -> bool:
    """Whether a proposal that waited for another one to fail was put forward."""
    missed = (item["proposal"] for word in ("refused", "unfilled") for item in outcome[word])
    return name in (*outcome["filled"], *missed)


def _outcome(proposal: dict[str, Any], told: Day, today: list[Event], found: Book) -> list[str]:
    outcome, name = told.record["outcome"], proposal["id"]
    for word in ("refused", "unfilled"):
        for item in outcome[word]:
            if item["proposal"] == name:
                return [f"{word.capitalize()}: {item['reason'].rstrip('.')}."]
    equity = told.record["book"]["equity"]
    sentences: list[str] = []
    for event in today:
        if isinstance(event, Opened) and event.proposal == name:
            sentences.append(opened_sentence(event, equity))
        elif isinstance(event, Closed) and event.proposal == name:
            sentences.append(closed_sentence(event, found.position(event.position)))
    return sentences or ["It was authorised, and the ledger shows no fill."]


def _numbers(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return signed(f"{value:,}")
    if isinstance(value, float):
        return signed(f"{value:,.0f}") if abs(value) >= 1000 else signed(f"{value:.4g}")
    return str(value)


def _moved(change: float, places: int = 1) -> str:
    return f"{_up_down(change)} {percent(abs(change), places)}"


def _up_down(change: float) -> str:
    return "up" if change > 0 else "down" if change < 0 else "unchanged by"


def _paragraph(text: str) -> str:
    return textwrap.fill(text, _WIDTH)


def _bullet(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _aside(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="      ", subsequent_indent="      ")
