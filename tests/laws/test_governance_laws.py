"""Laws of governance: no order without its quorum, none that was changed, replayed or late, none beyond its margin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec import structs

from alvh.book.margin import available, condor_margin
from alvh.book.positions import Book, Leg, Position, Sleeve
from alvh.execution.orders import Authorized, Filled
from alvh.execution.route import events_of, route
from alvh.governance.authorize import Account, authorize
from alvh.governance.quorum import asked
from alvh.governance.signing.approval import Ruling, public_bytes, rule_on
from alvh.governance.signing.keys import Approver, Keyring, PublicKey
from alvh.governance.signing.order import Action, OrderToSign, order_to_sign
from alvh.governance.signing.quorum import Granted, judge
from alvh.governance.stances import VOTING, Stance
from alvh.governance.votes import Vote, cast, composite
from alvh.ledger.journal import apply
from alvh.market.contracts import Option, Right
from alvh.signals.signal import Family
from alvh.strategy.decision import Direction, Package, Proposal
from fakes.market import FlatMarket, weekdays
from fakes.runs import policy

NUMBERS = policy().parameters
MARKET = FlatMarket(days=weekdays(date(2018, 1, 1), 3), spot=[2700.0] * 3, vix=[15.0] * 3)
VIEW = MARKET.view(MARKET.days[0])
EXPIRY = next(day for day in VIEW.expiries("SPXW") if (day - VIEW.session).days >= 35)
VIX_EXPIRY = next(day for day in VIEW.expiries("VIX") if (day - VIEW.session).days >= 35)
RULES = ("C-ROLL", "C-EVENT", "L-EXPAND", "L-PROTECT", "L-AMM", "L-SHIFT", "D-ROLL", "D-CPI", "D-CLOSE")

stances = st.dictionaries(st.sampled_from(VOTING), st.floats(-1, 1)).map(
    lambda said: {family: Stance(family=family, value=value, inputs=()) for family, value in said.items()}
)
families = st.lists(st.sampled_from(VOTING), unique=True)


def calls(quantity: int) -> Package:
    leg = Leg(instrument=Option("VIX", VIX_EXPIRY, 18.0, Right.CALL), ratio=1)
    return Package(sleeve=Sleeve.HEDGE, rule="L-EXPAND", legs=(leg,), quantity=quantity)


def condor(quantity: int, width: float) -> Package:
    strikes = (
        (2600.0 - width, Right.PUT, 1),
        (2600.0, Right.PUT, -1),
        (2800.0, Right.CALL, -1),
        (2800.0 + width, Right.CALL, 1),
    )
    legs = tuple(Leg(instrument=Option("SPXW", EXPIRY, strike, right), ratio=ratio) for strike, right, ratio in strikes)
    return Package(sleeve=Sleeve.CONDOR, rule="C-ENTRY", legs=legs, quantity=quantity)


def proposal(name: str, direction: Direction, triggers: list[Family], *packages: Package) -> Proposal:
    said = tuple(str(family) for family in triggers)
    return Proposal(id="1", rule=name, direction=direction, packages=packages, reason="test", triggers=said)


def account(said: dict[Family, Stance], cash: str = "1000000") -> Account:
    book = Book(cash=Decimal(cash))
    return Account(book=book, equity=book.cash, view=VIEW, fills=NUMBERS.fills, stances=lambda: said)


@given(said=stances, triggers=families, name=st.sampled_from(RULES), direction=st.sampled_from(Direction))
def test_no_order_without_its_quorum(said, triggers, name, direction):
    made = proposal(name, direction, triggers, calls(2))
    granted = authorize(made, account(said), NUMBERS.governance)
    need = asked(made, Book(cash=Decimal(0)), NUMBERS.governance.quorum).quorum
    votes = cast(said, direction, triggers, NUMBERS.governance.votes)
    agreeing = sum(votes.get(family) is Vote.FOR for family in need.consulted)
    assert need.needed >= 2
    if isinstance(granted, Authorized):
        assert agreeing >= need.needed


@given(said=stances, loud=st.sampled_from(VOTING), name=st.sampled_from(RULES), direction=st.sampled_from(Direction))
def test_one_family_alone_never_passes_an_order(said, loud, name, direction):
    quiet = {family: structs.replace(stance, value=0.0) for family, stance in said.items()}
    shouting = quiet | {loud: Stance(family=loud, value=float(direction), inputs=())}
    made = proposal(name, direction, [loud], calls(2))
    assert not isinstance(authorize(made, account(shouting), NUMBERS.governance), Authorized)


@given(said=stances, against=st.sampled_from(VOTING), name=st.sampled_from(RULES), direction=st.sampled_from(Direction))
def test_one_family_never_stops_an_order_that_passes_without_it(said, against, name, direction):
    others = {family: stance for family, stance in said.items() if family is not against}
    made = proposal(name, direction, [], calls(2))
    # A composite that the others alone put beyond its bound blocks by more than one family.
    weighed = composite(others).value
    inside = NUMBERS.governance.composite.low.value <= weighed <= NUMBERS.governance.composite.high.value
    if inside and isinstance(authorize(made, account(others), NUMBERS.governance), Authorized):
        loud = others | {against: Stance(family=against, value=-float(direction), inputs=())}
        assert isinstance(authorize(made, account(loud), NUMBERS.governance), Authorized)


@settings(max_examples=40)
@given(
    cash=st.integers(20_000, 2_000_000),
    orders=st.lists(st.tuples(st.integers(1, 60), st.sampled_from([5.0, 25.0, 50.0]), st.booleans()), max_size=6),
)
def test_margin_after_any_order_is_available(cash, orders):
    book = Book(cash=Decimal(cash))
    for number, (quantity, width, hedge) in enumerate(orders):
        package = calls(quantity) if hedge else condor(quantity, width)
        made = proposal("B-ANY", Direction.HARVEST, [], package)
        standing = replace(account({}), book=book, equity=Decimal(cash))
        granted = authorize(made, standing, NUMBERS.governance)
        if not isinstance(granted, Authorized):
            continue
        routed = route(granted, VIEW, book, NUMBERS.fills, NUMBERS.fees)
        if isinstance(routed, Filled):
            names = iter([f"P{number}"])
            for event in events_of(routed, VIEW.session, lambda _, names=names: next(names)):
                book = apply(book, event)
            # Fees are paid from what the order leaves, and are no part of the requirement.
            fees = sum(fill.fees for fill in routed.fills)
            assert available(book, Decimal(cash)) + fees >= -1
            assert condor_margin(book) <= Decimal(cash) * Decimal("0.4")


def held(width: float) -> Position:
    package = condor(1, width)
    return Position(
        id="C1",
        sleeve=Sleeve.CONDOR,
        rule="C-ENTRY",
        legs=package.legs,
        quantity=1,
        opened=VIEW.session,
        price=Decimal(10),
        cash=Decimal(1000),
    )


@given(part=st.lists(st.integers(0, 3), unique=True, min_size=1), extra=st.booleans())
def test_a_mandatory_order_is_believed_only_where_it_leaves_no_short_option_bare(part, extra):
    position = held(50.0)
    legs = tuple(structs.replace(position.legs[place], ratio=-position.legs[place].ratio) for place in part)
    package = Package(sleeve=Sleeve.CONDOR, rule="C-MANAGE", legs=legs, quantity=1, closes="C1")
    packages = (package, condor(1, 25.0)) if extra else (package,)
    made = replace(proposal("C-MANAGE", Direction.PROTECT, [], *packages), mandatory=True)
    believed = asked(made, Book(cash=Decimal(0), positions=(position,)), NUMBERS.governance.quorum).quorum is None
    bare = (0 in part and 1 not in part) or (3 in part and 2 not in part)
    assert believed == (not bare and not extra)


START = datetime(2024, 3, 1, 15, 0, tzinfo=UTC)
NAMES = ("ann", "ben", "cat", "dan")


class Signing(RuleBasedStateMachine):
    """People sign, time passes, keys are revoked, orders are changed: only the sound order is ever granted, once."""

    @initialize()
    def begin(self) -> None:
        self.keys = {name: Ed25519PrivateKey.generate() for name in NAMES}
        self.revoked: dict[str, datetime] = {}
        self.now = START
        self.used: set[str] = set()
        self.signed: list[tuple[str, object]] = []
        made = proposal("C-ENTRY", Direction.HARVEST, [], condor(1, 50.0))
        self.order: OrderToSign = order_to_sign(
            made, policy="p", journal_head="h", proposer="ann", made_at=START, expires_at=START + timedelta(hours=2)
        )
        self.first = self.order

    def keyring(self) -> Keyring:
        return Keyring(
            approvers=tuple(Approver(name=name, roles=frozenset(Action)) for name in NAMES),
            keys=tuple(
                PublicKey(
                    owner=name,
                    raw=public_bytes(key),
                    valid_from=START - timedelta(days=1),
                    valid_until=START + timedelta(days=1),
                    revoked_at=self.revoked.get(name),
                )
                for name, key in self.keys.items()
            ),
        )

    @rule(name=st.sampled_from(NAMES))
    def approve(self, name: str) -> None:
        made = rule_on(self.order, self.keys[name], ruling=Ruling.APPROVE, signed_at=self.now, reason="fine")
        self.signed.append((name, made))

    @rule(name=st.sampled_from(NAMES))
    def revoke(self, name: str) -> None:
        self.revoked.setdefault(name, self.now)

    @rule(minutes=st.integers(1, 70))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(quantity=st.integers(1, 3))
    def change(self, quantity: int) -> None:
        package = structs.replace(self.order.packages[0], quantity=quantity)
        self.order = structs.replace(self.order, packages=(package,))

    @rule()
    def route_it(self) -> None:
        if isinstance(self.judged(), Granted):
            self.used.add(self.order.digest)

    def judged(self) -> object:
        approvals = [approval for _, approval in self.signed]
        return judge(self.order, approvals, self.keyring(), needed=2, now=self.now, used=self.used)

    @invariant()
    def only_a_sound_order_is_granted(self) -> None:
        if not hasattr(self, "order"):
            return
        valid = {
            name
            for name, approval in self.signed
            if approval.order == self.order.digest and name != "ann" and name not in self.revoked
        }
        late = self.now >= self.order.expires_at
        sound = len(valid) >= 2 and not late and self.order.digest not in self.used
        assert isinstance(self.judged(), Granted) == sound


TestSigning = Signing.TestCase
TestSigning.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
