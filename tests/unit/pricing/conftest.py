"""Tables of published and computed answers for the pricing tests."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "reference"


class Table:
    """Rows of a CSV with named columns; lines that start with # are its provenance."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as lines:
            self.rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))

    def numbers(self, name: str) -> np.ndarray:
        return np.array([float(row[name]) for row in self.rows])

    def equals(self, name: str, value: str) -> np.ndarray:
        return np.array([row[name] == value for row in self.rows])


@pytest.fixture(scope="session")
def committed_table() -> Callable[[str], Table]:
    """Read a table committed under tests/reference."""
    return lambda name: Table(FOLDER / name)


@pytest.fixture(scope="session")
def shared_table(shared_reference: Path) -> Callable[[str], Table]:
    """Read a table that lies beside the checkout."""
    return lambda name: Table(shared_reference / name)
