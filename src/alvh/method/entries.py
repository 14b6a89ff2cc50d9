"""Entry of a day: room, candidates, choice, size, and the floor of the hedge in the same package."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec

from alvh.book.positions import Leg, Sleeve
from alvh.execution.fills import FillParameters
from alvh.market.contracts import Option, Right
from alvh.market.products import product
from alvh.market.view import View
from alvh.method.condor.credit import CCredit, Choice, Funnel
from alvh.method.condor.entry import CSize, Room
from alvh.method.condor.shape import CCenter, CShape
from alvh.method.rule import Rule
from alvh.strategy.decision import Direction, Outcome, Package, Proposal, Verdict
from alvh.strategy.facts import Absent, Facts
from alvh.strategy.words import said

_CENTRE = "The 63-session mean of VIX is {:.2f}; the short put stands {:.2f} moves out."
_PAYS = "{} of {} candidates lie inside the credit band; the best pays {:.1%} of its width."


class Entry(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What the entry decision came to.

    Attributes
    ----------
    package : Package or None
        The condor, without the hedge that goes on with it.
    max_loss : float, USD
        Of the whole new condor; zero without one.
    margin : float, USD
    reason : str
        Why there is none, or what is sold, in words.
    """

    package: Package | None
    max_loss: float
    margin: float
    reason: str
    verdicts: tuple[Verdict, ...]


class EntryDesk:
    """Looks for one condor to sell."""

    def __init__(
        self, entry: Rule, shape: CShape, center: CCenter, credit: CCredit, size: CSize, fills: FillParameters
    ) -> None:
        self._entry = entry
        self._shape = shape
        self._center = center
        self._credit = credit
        self._size = size
        self._fills = fills

    def decide(self, facts: Facts, view: View, equity: float, room: Room) -> Entry:
        """Decide whether a condor is sold today, and which."""
        least = self._size.low * equity
        observed = {"budget": room.budget, "free_margin": room.free, "usable": room.usable}
        threshold = {"least": least}
        if room.usable < least:
            what = "free margin" if room.free < room.budget else "entry budget"
            sentence = (
                f"No entry: the {what} of {room.usable:,.0f} USD is below C-SIZE's lower end of {least:,.0f} USD."
            )
            return self._none(sentence, (self._entry.verdict(Outcome.QUIET, sentence, observed, threshold),))
        mean = facts[self._center.evidence]
        if isinstance(mean, Absent):
            sentence = f"No entry: {mean.reason}."
            return self._none(sentence, (self._center.verdict(Outcome.ABSTAINED, sentence),))
        words = said("{:,.0f} USD may be tied up by a new condor.", room.usable)
        fired = self._entry.verdict(Outcome.FIRED, words, observed, threshold)
        return self._search(view, mean.value, equity, room, fired)

    def _search(self, view: View, mean_vix: float, equity: float, room: Room, fired: Verdict) -> Entry:
        funnel = Funnel()
        tried = 0
        for mini in (False, True):
            for root, expiry in self._shape.expiries(view, mini=mini):
                tried += 1
                found, part = self._one(view, root, expiry, mean_vix, equity, room)
                funnel = funnel + part
                if found is not None:
                    return self._sold(view, expiry, found, mean_vix, equity, room, funnel, fired)
            if funnel.inside == 0:
                # A narrower or smaller contract helps only where a credit was right and the size was not.
                break
        sentence = self._why_not(tried, funnel)
        observed = {
            "expiries": tried,
            "listed": funnel.listed,
            "quoted": funnel.quoted,
            "inside": funnel.inside,
            "affordable": funnel.affordable,
        }
        threshold = self._credit.thresholds
        rule: Rule = self._shape if tried == 0 else self._credit if funnel.inside == 0 else self._size
        return self._none(sentence, (fired, rule.verdict(Outcome.BLOCKED, sentence, observed, threshold)))

    def _one(
        self, view: View, root: str, expiry: date, mean_vix: float, equity: float, room: Room
    ) -> tuple[Choice | None, Funnel]:
        quotes = view.slice(root, expiry)
        if quotes is None:
            return None, Funnel()
        # XSP strikes are a tenth of SPX's, and its slice carries its own forward, so nothing is scaled here.
        move = self._center.move(quotes, mean_vix)
        limit = min(self._size.loss_limit(equity), room.usable)
        return self._credit.choose(
            quotes, move=move, k=self._center.k, widths=self._shape.widths, fills=self._fills, loss_limit=limit
        )

    def _sold(
        self,
        view: View,
        expiry: date,
        choice: Choice,
        mean_vix: float,
        equity: float,
        room: Room,
        funnel: Funnel,
        fired: Verdict,
    ) -> Entry:
        margin = choice.width * product(choice.root).multiplier
        count = self._size.contracts(max_loss=choice.max_loss, margin=margin, equity=equity, room=room.usable)
        dte = (expiry - view.session).days
        if count == 0:
            sentence = (
                f"No entry: one {choice.root} {expiry} condor ties up {margin:,.0f} USD, {room.usable:,.0f} are usable."
            )
            return self._none(sentence, (fired, self._size.verdict(Outcome.BLOCKED, sentence)))
        loss = count * choice.max_loss
        reason = (
            f"sell {count} {choice.root} {expiry} ({dte} days) {choice.put_long:g}/{choice.put_short:g} puts, "
            f"{choice.call_short:g}/{choice.call_long:g} calls for {choice.credit:.2f}, "
            f"{choice.ratio:.1%} of the {choice.width:g}-point width"
        )
        fire = Outcome.FIRED
        shape = said("{} {} is {} days out.", choice.root, expiry, dte)
        center = said(_CENTRE, mean_vix, choice.k)
        credit = said(_PAYS, funnel.inside, funnel.listed, choice.ratio)
        size = said("{} contracts lose at most {:,.0f} USD.", count, loss)
        paid = {"credit": choice.credit, "ratio": choice.ratio, "width": choice.width, "inside": funnel.inside}
        risk = {"contracts": count, "max_loss": loss, "share": loss / equity}
        verdicts = (
            fired,
            self._shape.verdict(fire, shape, {"root": choice.root, "dte": dte}),
            self._center.verdict(fire, center, {"mean_vix": mean_vix, "k": choice.k}, self._center.thresholds),
            self._credit.verdict(fire, credit, paid, self._credit.thresholds),
            self._size.verdict(fire, size, risk, self._size.thresholds),
        )
        package = self._package(choice, expiry, count)
        return Entry(
            package=package,
            max_loss=loss,
            margin=count * margin,
            reason=reason,
            verdicts=verdicts,
        )

    def _package(self, choice: Choice, expiry: date, count: int) -> Package:
        def leg(strike: float, right: Right, ratio: int) -> Leg:
            return Leg(instrument=Option(choice.root, expiry, strike, right), ratio=ratio)

        legs = (
            leg(choice.put_long, Right.PUT, 1),
            leg(choice.put_short, Right.PUT, -1),
            leg(choice.call_short, Right.CALL, -1),
            leg(choice.call_long, Right.CALL, 1),
        )
        least = (Decimal(repr(choice.width)) * Decimal(repr(self._credit.low))).quantize(Decimal("0.01"))
        return Package(sleeve=Sleeve.CONDOR, rule=self._entry.id, legs=legs, quantity=count, limit=least)

    def _why_not(self, tried: int, funnel: Funnel) -> str:
        if tried == 0:
            return "No entry: no expiry lies inside C-SHAPE's window today."
        if funnel.quoted == 0:
            return f"No entry: none of {funnel.listed} candidates on {tried} expiries has four usable quotes."
        if funnel.inside == 0:
            return (
                f"No entry: none of {funnel.quoted} quoted candidates pays {self._credit.low:.0%} to "
                f"{self._credit.high:.0%} of its width."
            )
        return f"No entry: {funnel.inside} candidates pay enough, but one contract of each loses too much."

    @staticmethod
    def _none(reason: str, verdicts: tuple[Verdict, ...]) -> Entry:
        return Entry(package=None, max_loss=0.0, margin=0.0, reason=reason, verdicts=verdicts)


def propose(entry: Entry, companion: Package | None, next_id: Callable[[], str]) -> Proposal | None:
    """Make the proposal that sells the condor, with the hedge's floor in the same all-or-none set."""
    if entry.package is None:
        return None
    packages = (entry.package,) if companion is None else (entry.package, companion)
    return Proposal(
        id=next_id(), rule=entry.package.rule, direction=Direction.HARVEST, packages=packages, reason=entry.reason
    )
