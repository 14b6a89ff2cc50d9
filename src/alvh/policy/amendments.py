"""A policy that changes over time, by rule: predefined yet mutable (G-AMEND).

1. A document may end in ``[[amendment]]`` tables. Each names the policy it amends by digest, the number that
   justified it, who voted for it, when it was proposed, when it takes effect, and what it changes.
2. Amendments are applied in order. One that was written for another policy, whose trigger did not hold, that lacks
   votes, or that would act sooner than the policy in force allows, is an error; nothing is skipped.
3. `PolicyHistory.at` answers with the policy in force on a date. An amendment never acts before its date.
"""

from __future__ import annotations

import operator
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from alvh.core.digest import digest
from alvh.core.errors import PolicyError
from alvh.core.threshold import Threshold
from alvh.policy.compose import Policy, compose
from alvh.policy.document import Document, leaves

P = TypeVar("P", bound="Amendable")

METHOD_SECTIONS = frozenset({"condor", "layers", "tested", "regimes"})
"""Sections an amendment may change: those that decide. Signals, fills, fees and governance belong to the whole run."""

_HOLDS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


class AmendParameters(Protocol):
    """What the policy in force says about its own amendment."""

    @property
    def delay(self) -> Threshold[int]:
        """Calendar days from proposal to effect."""
        ...

    @property
    def needed(self) -> Threshold[int]:
        """Families that must have voted for."""
        ...


class Governed(Protocol):
    """A governance section that has G-AMEND."""

    @property
    def amend(self) -> AmendParameters:
        """Numbers of G-AMEND."""
        ...


class Amendable(Protocol):
    """Root parameters whose governance says how they may be amended."""

    @property
    def governance(self) -> Governed:
        """The governance section."""
        ...


class Trigger(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The quantity that justified an amendment.

    Attributes
    ----------
    evidence : str
        What was measured: a rule's or measure's id with its part, such as ``M-FIRED.L-PROTECT``.
    on : date
        When it was known.
    """

    evidence: str
    observed: float
    relation: str
    threshold: float
    on: date

    @property
    def holds(self) -> bool:
        """Whether what was observed stands in the stated relation to its threshold."""
        return _HOLDS[self.relation](self.observed, self.threshold)


class Amendment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of policy.

    Attributes
    ----------
    parent : str
        Digest of the policy it amends.
    votes : tuple of str
        Families of evidence that voted for it.
    changes : mapping of key to leaf
        ``{value, basis, source, note}`` by dotted key.
    """

    parent: str
    proposed: date
    effective: date
    reason: str
    trigger: Trigger
    votes: tuple[str, ...]
    changes: dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHistory(Generic[P]):
    """The policies in force over time.

    Attributes
    ----------
    policies : tuple of Policy
        The first one, then one per amendment.
    amendments : tuple of Amendment
    """

    policies: tuple[Policy[P], ...]
    amendments: tuple[Amendment, ...]

    @property
    def digest(self) -> str:
        """Digest of the policy where it was never amended, else of all policies with their dates."""
        if not self.amendments:
            return self.policies[0].digest
        parts = [self.policies[0].digest]
        for amendment, policy in zip(self.amendments, self.policies[1:], strict=True):
            parts += [str(amendment.effective), policy.digest]
        return digest(*(part.encode() for part in parts))

    def place(self, session: date) -> int:
        """Return the place in `policies` of the one in force on a date."""
        return bisect_right([amendment.effective for amendment in self.amendments], session)

    def at(self, session: date) -> Policy[P]:
        """Return the policy in force on a date."""
        return self.policies[self.place(session)]


def split(document: Document, where: str) -> tuple[dict[str, Any], tuple[Amendment, ...]]:
    """Part a document into its numbers and its amendments.

    Raises
    ------
    PolicyError
        An amendment lacks something or has something nobody knows.
    """
    numbers = {key: node for key, node in document.items() if key != "amendment"}
    written = document.get("amendment", [])
    if not isinstance(written, list):
        raise PolicyError("amendment is one table", where=where, fix="Write [[amendment]] with two brackets.")
    found: list[Amendment] = []
    for number, node in enumerate(written, 1):
        try:
            found.append(msgspec.convert(node, Amendment))
        except msgspec.ValidationError as error:
            raise PolicyError(
                f"amendment {number} does not fit: {error}",
                where=where,
                fix="It needs parent, proposed, effective, reason, trigger, votes and changes.",
            ) from error
    return numbers, tuple(found)


def history(parameters: type[P], document: Document, amendments: Sequence[Amendment]) -> PolicyHistory[P]:
    """Apply amendments in order, each checked against the policy it amends.

    Raises
    ------
    PolicyError
        With the amendment's number and what is wrong with it.
    """
    policies = [compose(parameters, document)]
    before: Amendment | None = None
    for number, amendment in enumerate(amendments, 1):
        where = f"amendment {number}"
        _check(amendment, before, policies[-1], where)
        policies.append(compose(parameters, _changed(policies[-1].document, amendment, where)))
        before = amendment
    return PolicyHistory(policies=tuple(policies), amendments=tuple(amendments))


def _check(amendment: Amendment, before: Amendment | None, policy: Policy[P], where: str) -> None:
    if amendment.parent != policy.digest:
        raise PolicyError(
            f"it amends policy {amendment.parent[:12]}, but the policy before it is {policy.digest[:12]}",
            where=where,
            fix="Write it anew against the policy in force: alvh policy amend.",
        )
    trigger, numbers = amendment.trigger, policy.parameters.governance.amend
    if trigger.relation not in _HOLDS:
        raise PolicyError(f"{trigger.relation!r} is no relation", where=where, fix=f"Known: {', '.join(_HOLDS)}.")
    if not trigger.holds:
        said = f"{trigger.evidence} was {trigger.observed:g}, not {trigger.relation} {trigger.threshold:g}"
        raise PolicyError(f"its trigger did not hold: {said}", where=where)
    if trigger.on > amendment.proposed:
        raise PolicyError(
            f"its trigger is dated {trigger.on}, after it was proposed on {amendment.proposed}", where=where
        )
    if len(set(amendment.votes)) < numbers.needed.value:
        raise PolicyError(
            f"{len(set(amendment.votes))} families voted for it, {numbers.needed.value} are needed",
            where=where,
            fix="G-AMEND.needed says how many.",
        )
    earliest = amendment.proposed + timedelta(days=numbers.delay.value)
    if amendment.effective < earliest:
        raise PolicyError(
            f"it would act on {amendment.effective}; proposed on {amendment.proposed}, it may act from {earliest}",
            where=where,
            fix=f"G-AMEND.delay is {numbers.delay.value} days.",
        )
    if before is not None and amendment.effective <= before.effective:
        raise PolicyError(
            f"it acts on {amendment.effective}, not after the one before it, {before.effective}", where=where
        )


def _changed(document: Document, amendment: Amendment, where: str) -> dict[str, Any]:
    known = {".".join(path): leaf for path, leaf in leaves(document)}
    changed: dict[str, Any] = _copy(document)
    for key, leaf in amendment.changes.items():
        if key not in known:
            raise PolicyError(f"{key!r} is no key of the policy", where=where, fix="alvh policy show lists the keys.")
        section = key.partition(".")[0]
        if section not in METHOD_SECTIONS:
            raise PolicyError(
                f"{key!r} belongs to the whole run and cannot change within it",
                where=where,
                fix=f"An amendment may change {', '.join(sorted(METHOD_SECTIONS))}.",
            )
        if leaf.get("value") == known[key].get("value"):
            raise PolicyError(f"{key!r} is {leaf.get('value')!r} already", where=where)
        node = changed
        *path, last = key.split(".")
        for part in path:
            node = node[part]
        node[last] = {**known[key], **leaf}
    return changed


def _copy(document: Document) -> dict[str, Any]:
    return {key: _copy(node) if isinstance(node, Mapping) else node for key, node in document.items()}
