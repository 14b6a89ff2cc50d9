"""Which tests show a signal or a regime firing, staying silent and being absent.

A test class says whose it is by ``signal = "S-RSI"`` or ``regime = "R-VOL"``; what its tests show, they say by the
beginning of their names.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).parents[1]
SHOWS = {
    "fires": ("test_fires",),
    "silent": ("test_stays_silent",),
    "absent": ("test_is_absent", "test_is_never_absent"),
}


@dataclass(frozen=True)
class Shown:
    """Tests of one id by what they show."""

    fires: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def shown(folder: Path = TESTS) -> Mapping[str, Shown]:
    """Read every test file and collect, by id, the tests that show it."""
    found: dict[str, Shown] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                for identifier in _whose(node):
                    _collect(node, path.name, found.setdefault(identifier, Shown()))
    return found


def _whose(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        match line:
            case ast.Assign(targets=[ast.Name(id="signal" | "regime")], value=ast.Constant(value=identifier)):
                yield str(identifier)


def _collect(node: ast.ClassDef, file: str, into: Shown) -> None:
    for line in node.body:
        if isinstance(line, ast.FunctionDef):
            for what, beginnings in SHOWS.items():
                if line.name.startswith(beginnings):
                    getattr(into, what).append(f"{file}::{node.name}::{line.name}")
