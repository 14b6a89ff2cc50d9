"""Write small files and read them through the registry."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from alvh.adapters.formats.registry import detect
from alvh.adapters.formats.source import sniff
from alvh.adapters.formats.words import ReadOptions, SeriesRead


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, str], SeriesRead]:
    """Write text under a name and read it back by whatever format its header says."""

    def read_as(name: str, text: str) -> SeriesRead:
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        (table,) = sniff(path)
        return detect(table).read(table, ReadOptions())

    return read_as
