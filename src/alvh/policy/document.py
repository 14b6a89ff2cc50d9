"""A policy document: nested tables whose leaves are `{value, unit, basis, source, note}`.

Documents are TOML. `extends = "alvh"` at the top starts from a preset that ships with the program; the document then
names only what it changes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, TypeAlias

from alvh.core.errors import PolicyError

Document: TypeAlias = Mapping[str, Any]
Path: TypeAlias = tuple[str, ...]

LEAF_KEYS = frozenset({"value", "unit", "basis", "source", "note"})


def parse(text: str, where: str) -> dict[str, Any]:
    """Parse TOML and apply `extends`.

    Raises
    ------
    PolicyError
        The text is not TOML, or extends a preset that does not exist.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"not a TOML document: {error}", where=where, fix="Mend the line it names.") from error
    base = document.pop("extends", None)
    if base is None:
        return document
    if not isinstance(base, str):
        raise PolicyError("extends must name a preset", where=where, fix=f'Write extends = "{presets()[0]}".')
    return _merge(preset(base), document)


def presets() -> tuple[str, ...]:
    """Names of the policies that ship with the program."""
    folder = resources.files("alvh.policy")
    return tuple(sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")))


def preset(name: str) -> dict[str, Any]:
    """Load a shipped policy by name."""
    if name not in presets():
        known = ", ".join(presets())
        raise PolicyError(f"no preset is called {name!r}", where="policy", fix=f"Known presets: {known}.")
    return parse(resources.files("alvh.policy").joinpath(f"{name}.toml").read_text("utf-8"), f"preset {name}")


def preset_title(name: str) -> str:
    """Return what a shipped policy calls itself: the comment on its first line."""
    text = resources.files("alvh.policy").joinpath(f"{name}.toml").read_text("utf-8")
    return text.partition("\n")[0].lstrip("# ").rstrip(".")


def is_leaf(node: object) -> bool:
    """Whether a node is a number with its provenance rather than a table."""
    return isinstance(node, Mapping) and "value" in node


def leaves(document: Document, prefix: Path = ()) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Walk all leaves in document order."""
    for key, node in document.items():
        path = (*prefix, key)
        if is_leaf(node):
            yield path, node
        elif isinstance(node, Mapping):
            yield from leaves(node, path)
        else:
            raise PolicyError(
                f"{node!r} stands alone; a number needs its provenance",
                where=".".join(path),
                fix='Write {value = ..., unit = "...", basis = "assumed", source = "...", note = "..."}.',
            )


def _merge(base: dict[str, Any], change: Document) -> dict[str, Any]:
    merged = dict(base)
    for key, node in change.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(node, Mapping):
            merged[key] = {**old, **node} if is_leaf(old) else _merge(dict(old), node)
        else:
            merged[key] = node
    return merged
