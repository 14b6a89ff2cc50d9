"""Run the command line in this process, as a user would type it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Shell = Callable[..., Said]


@pytest.fixture
def alvh(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Call ``alvh WORDS...`` and collect what it said."""
    from alvh.apps.cli import main

    def call(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["alvh", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        code = ended.value.code
        return Said(code=code if isinstance(code, int) else 0, out=out, err=err)

    return call
