"""Fixtures of the chain importers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alvh.adapters.chain_store import ChainStore
from alvh.adapters.importing import TableReport, import_paths
from fakes.chains import Row, optopsy_text


@pytest.fixture
def samples() -> Path:
    """The same invented market in every format."""
    return Path(__file__).resolve().parents[3] / "reference" / "format_samples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the store of a test lies."""
    return tmp_path / "store"


@pytest.fixture
def put_in(tmp_path: Path, folder: Path) -> Callable[..., TableReport]:
    """Write rows or text to a file, import it into the store and return its report."""

    def act(content: list[Row] | str | bytes, name: str = "spx.csv", **options: Any) -> TableReport:
        path = tmp_path / name
        if isinstance(content, list):
            content = optopsy_text(content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (report,) = import_paths([path], folder, **options).tables
        return report

    return act


@pytest.fixture
def opened(folder: Path) -> Callable[[], ChainStore]:
    """Open the store afresh."""
    return lambda: ChainStore.open(folder)
