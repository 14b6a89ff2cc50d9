"""Turn a document into the parameter dataclasses that the rooms declare, refusing anything that does not fit.

1. Walk the declared sections and the document side by side.
2. A key of the document that no room declares is an error; so is a declared key the document lacks.
3. Each leaf must have the declared type and unit, a legal range and a basis.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeGuard, TypeVar

from alvh.core.digest import digest_of
from alvh.core.errors import PolicyError
from alvh.core.threshold import Basis, Declaration, Threshold, declarations
from alvh.policy.document import LEAF_KEYS, Document, Path, is_leaf, leaves

P = TypeVar("P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Generic[P]):
    """A validated policy.

    Attributes
    ----------
    parameters : P
        The root parameter dataclass, every number a `Threshold`.
    digest : str
        SHA-256 of every key with its value and provenance.
    document : mapping
        The document as composed, for printing.
    """

    parameters: P
    digest: str
    document: Document


def compose(parameters: type[P], document: Document) -> Policy[P]:
    """Validate a document against declared parameters.

    Raises
    ------
    PolicyError
        Unknown, missing or ill-typed key; the message names the key and what to write.
    """
    known = {".".join(path) for path in _declared(parameters)}
    for path, _ in leaves(document):
        if ".".join(path) not in known:
            raise _unknown(".".join(path), known)
    built = _build(parameters, document, ())
    values = {".".join(path): dict(leaf) for path, leaf in leaves(document)}
    return Policy(parameters=built, digest=digest_of(values), document=document)


def override(document: Document, assignments: tuple[str, ...]) -> dict[str, Any]:
    """Apply ``key=value`` assignments such as ``layers.L-BASE.stable=0.10`` to a copy of a document.

    Raises
    ------
    PolicyError
        An assignment without ``=`` or with a key the document does not have.
    """
    changed = _copy(document)
    known = {".".join(path) for path, _ in leaves(document)}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals:
            raise PolicyError(f"{assignment!r} is not key=value", where="--set", fix="Write layers.L-BASE.stable=0.10.")
        if key not in known:
            raise _unknown(key, known)
        node = changed
        for part in key.split(".")[:-1]:
            node = node[part]
        leaf = dict(node[key.split(".")[-1]])
        leaf.update(value=_literal(text), basis=str(Basis.ASSUMED), source="--set", note="set for this run")
        node[key.split(".")[-1]] = leaf
    return changed


def _declared(parameters: type) -> dict[Path, Declaration]:
    found: dict[Path, Declaration] = {}
    for name, item in declarations(parameters).items():
        if isinstance(item, Declaration):
            found[(name,)] = item
        else:
            found.update({(name, *path): leaf for path, leaf in _declared(item).items()})
    return found


def _build(parameters: type[P], document: Document, prefix: Path) -> P:
    declared = declarations(parameters)
    arguments: dict[str, Any] = {}
    for item in fields(parameters):  # type: ignore[arg-type]  # declarations() has checked that it is a dataclass
        key = str(item.metadata.get("key", item.name))
        path = (*prefix, key)
        node = document.get(key)
        declaration = declared[key]
        if isinstance(declaration, Declaration):
            arguments[item.name] = _threshold(node, declaration, ".".join(path))
        else:
            if not isinstance(node, Mapping) or is_leaf(node):
                raise PolicyError("this table is missing", where=".".join(path), fix="Add it, or extend a preset.")
            arguments[item.name] = _build(declaration, node, path)
    return parameters(**arguments)


def _threshold(node: object, declaration: Declaration, where: str) -> Threshold[Any]:
    if node is None:
        raise PolicyError(f"this key is missing: {declaration.meaning}", where=where, fix="Add it, or extend a preset.")
    if not isinstance(node, Mapping):
        raise PolicyError(f"{node!r} has no provenance", where=where, fix="Give value, unit, basis, source and note.")
    strange = set(node) - LEAF_KEYS
    if strange:
        raise PolicyError(f"unknown field {sorted(strange)[0]!r}", where=where, fix=f"Known: {sorted(LEAF_KEYS)}.")
    value = _value(node.get("value"), declaration, where)
    unit = node.get("unit", declaration.unit)
    if unit != declaration.unit:
        raise PolicyError(f"unit {unit!r}, needed {declaration.unit!r}", where=where, fix="Convert the value.")
    try:
        basis = Basis(node.get("basis", ""))
    except ValueError as error:
        legal = ", ".join(Basis)
        raise PolicyError(f"basis {node.get('basis')!r} is not one of {legal}", where=where) from error
    return Threshold(
        value=value, unit=unit, basis=basis, source=str(node.get("source", "")), note=str(node.get("note", ""))
    )


def _value(value: object, declaration: Declaration, where: str) -> Any:
    kind = declaration.kind
    if kind is tuple and isinstance(value, list) and value and all(_is_number(part) for part in value):
        numbers = tuple(float(part) for part in value)
        for number in numbers:
            _check_range(number, declaration, where)
        return numbers
    if kind is float and _is_number(value):
        _check_range(float(value), declaration, where)
        return float(value)
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        _check_range(value, declaration, where)
        return value
    if kind is bool and isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        if declaration.choices and value not in declaration.choices:
            raise PolicyError(f"{value!r} is not one of {', '.join(declaration.choices)}", where=where)
        return value
    needed = "a list of numbers" if kind is tuple else f"of type {kind.__name__}"
    raise PolicyError(
        f"{value!r} is of type {type(value).__name__}, needed {needed} ({declaration.unit})",
        where=where,
        fix=f"It means: {declaration.meaning}.",
    )


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_range(value: float, declaration: Declaration, where: str) -> None:
    low, high = declaration.low, declaration.high
    if (low is not None and value < low) or (high is not None and value > high):
        bounds = f"[{'-inf' if low is None else low}, {'inf' if high is None else high}]"
        raise PolicyError(
            f"{value} lies outside {bounds} ({declaration.unit})", where=where, fix=f"It means: {declaration.meaning}."
        )


def _unknown(key: str, known: set[str]) -> PolicyError:
    near = difflib.get_close_matches(key, sorted(known), n=3, cutoff=0.5)
    fix = f"Did you mean {' or '.join(near)}?" if near else "alvh rules lists the rules and their keys."
    return PolicyError("no rule has this key", where=key, fix=fix)


def _literal(text: str) -> object:
    lowered = text.strip().lower()
    if lowered in {"true", "false"}:
        return lowered == "true"
    if text.strip().startswith("["):
        return [_literal(part) for part in text.strip().strip("[]").split(",") if part.strip()]
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return text.strip()


def _copy(document: Document) -> dict[str, Any]:
    return {key: _copy(node) if isinstance(node, Mapping) else node for key, node in document.items()}
