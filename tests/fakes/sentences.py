"""What a refusal looks like on the terminal."""

from __future__ import annotations

from typing import Protocol


class Refusal(Protocol):
    code: int
    out: str
    err: str


def assert_refused(said: Refusal, *words: str) -> None:
    """One sentence on standard error, no traceback, nothing on standard output, a code other than zero."""
    assert said.code != 0, said.out
    assert "Traceback" not in said.err
    assert said.err.startswith("alvh: "), said.err
    assert said.err.count("\n") == 1, said.err
    for word in words:
        assert word in said.err, said.err
