"""Only governance.authorize makes an order."""

from __future__ import annotations

import ast
from pathlib import Path

import alvh

SOURCE = Path(alvh.__file__).parent


def constructors_of(name: str) -> list[str]:
    found: list[str] = []
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.Module):
                continue
            for node in ast.iter_child_nodes(function) if isinstance(function, ast.Module) else ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                    called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                    if called == name:
                        where = getattr(function, "name", "module")
                        found.append(f"{path.relative_to(SOURCE)}:{where}")
    return found


def test_only_authorize_constructs_an_authorized_order() -> None:
    assert set(constructors_of("Authorized")) == {"governance/authorize.py:authorize"}


def test_the_search_finds_what_it_looks_for() -> None:
    assert set(constructors_of("Refused")) == {"governance/authorize.py:authorize"}
    assert constructors_of("NoSuchThing") == []
