"""Fixtures every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# On a fresh machine the first example of a law compiles its kernels; that is no reason to fail it.
# CI asks the same examples every time, so that a submission is judged by its change; people get new ones.
settings.register_profile("alvh", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("alvh")

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _folder(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"needs ../shared/{name}, which is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real market data beside the checkout; skips where it is absent."""
    return _folder("data")


@pytest.fixture(scope="session")
def shared_reference() -> Path:
    """Folder of published and computed answers beside the checkout; skips where it is absent."""
    return _folder("reference_values")
