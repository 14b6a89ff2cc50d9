"""Who must agree to a proposal (G-MULTISIG), and what a proposal claims of itself that is believed.

1. What only takes condor risk off, as the packages themselves show, and is mandatory passes without votes: C-MANAGE's
   exits and D-MECHANICAL. Without being mandatory it needs the votes of a reduction.
2. L-BASE's floor is mandatory too: long options, bought or sold back, by that rule, without a trigger of their own.
3. C-ENTRY has its own trigger and needs the composite only.
4. Section 5 consults price, volatility and macro; L-PROTECT needs more votes than the other rules of the method.
5. A strategy that is not the method (a benchmark, a user's own) is not put to the vote: its rules have no families.
"""

from __future__ import annotations

import msgspec

from alvh.book.positions import Book, Leg, Sleeve
from alvh.governance.parameters import QuorumParameters
from alvh.governance.votes import Quorum
from alvh.market.contracts import Instrument, Option
from alvh.signals.signal import Family
from alvh.strategy.decision import Package, Proposal

__all__ = ["Asked", "asked", "only_reduces"]

TESTED_FAMILIES = frozenset({Family.PRICE, Family.VOLATILITY, Family.MACRO})
"""Families that section 5 consults."""

_ENTRY, _FLOOR, _FULL = "C-ENTRY", "L-BASE", "L-PROTECT"
_METHOD = ("C-", "L-", "D-")


class Asked(msgspec.Struct, frozen=True):
    """What a proposal needs.

    Attributes
    ----------
    quorum : Quorum or None
        None: no vote is taken.
    ground : str
        Why none is taken, or whose votes are.
    checked : bool
        Whether G-CHECK's limits hold for it; a reduction of risk never waits for room.
    """

    quorum: Quorum | None
    ground: str
    checked: bool = True


def asked(proposal: Proposal, book: Book, numbers: QuorumParameters) -> Asked:
    """Say what a proposal needs; what it says of itself is believed only where its packages show it."""
    reduces = (proposal.mandatory or proposal.reduces_risk) and only_reduces(proposal, book)
    if reduces and proposal.mandatory:
        return Asked(None, "mandatory by rule", checked=False)
    if not proposal.rule.startswith(_METHOD):
        return Asked(None, "not a rule of the method, so no family votes", checked=not reduces)
    if proposal.rule == _FLOOR and not proposal.triggers and _only_long_options(proposal, book):
        return Asked(None, "the floor is mandatory")
    return _quorum(proposal.rule, numbers, reduces=reduces)


def _quorum(rule: str, numbers: QuorumParameters, *, reduces: bool) -> Asked:
    consulted = TESTED_FAMILIES if rule.startswith("D-") else _EVERYBODY
    if reduces:
        return Asked(Quorum(needed=numbers.reducing.value, consulted=consulted), "only reduces risk", checked=False)
    if rule == _ENTRY:
        return Asked(Quorum(needed=0), "its own trigger and the composite")
    if rule.startswith("D-"):
        return Asked(Quorum(needed=numbers.tested.value, consulted=consulted), "section 5")
    needed = numbers.protect if rule == _FULL else numbers.needed
    return Asked(Quorum(needed=needed.value), "families present")


_EVERYBODY = Quorum(needed=0).consulted


def only_reduces(proposal: Proposal, book: Book) -> bool:
    """Whether every package takes off held condors, buying back at least the short options whose cover it sells."""
    return all(_reduces(package, book) for package in proposal.packages)


def _reduces(package: Package, book: Book) -> bool:
    held = book.position(package.closes) if package.closes is not None else None
    if held is None or held.sleeve is not Sleeve.CONDOR:
        return False
    bought: dict[object, int] = {}
    for leg in package.legs:
        key = _cover(leg.instrument)
        bought[key] = bought.get(key, 0) + leg.ratio
    return all(balance >= 0 for balance in bought.values()) and _inside(package.legs, held.legs)


def _cover(instrument: Instrument) -> object:
    """Return what options must share to cover each other."""
    return (instrument.root, instrument.expiry, instrument.right) if isinstance(instrument, Option) else instrument


def _inside(trade: tuple[Leg, ...], held: tuple[Leg, ...]) -> bool:
    ratios = {leg.instrument: leg.ratio for leg in held}
    return all(ratios.get(leg.instrument) == -leg.ratio for leg in trade)


def _only_long_options(proposal: Proposal, book: Book) -> bool:
    """Whether every package buys options outright, or closes a hedge that is held."""
    return all(_floor_package(package, book) for package in proposal.packages)


def _floor_package(package: Package, book: Book) -> bool:
    if package.sleeve is not Sleeve.HEDGE:
        return False
    if package.closes is not None:
        return book.position(package.closes) is not None
    return all(leg.ratio > 0 and isinstance(leg.instrument, Option) for leg in package.legs)
