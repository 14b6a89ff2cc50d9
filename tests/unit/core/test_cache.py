from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alvh.core.cache import cache_folder, kept_arrays


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


class Maker:
    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> dict[str, np.ndarray]:
        self.made += 1
        return {"days": np.array(["2019-05-27"], "datetime64[D]"), "count": np.arange(3)}


def test_arrays_are_made_once_and_come_back_the_same(home: Path) -> None:
    make = Maker()
    first, second = kept_arrays("x", make), kept_arrays("x", make)
    assert make.made == 1
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert kept_arrays("y", make)
    assert make.made == 2


def test_a_broken_cache_is_made_again(home: Path) -> None:
    make = Maker()
    kept_arrays("x", make)
    path = next(home.rglob("x.npz"))
    path.write_bytes(path.read_bytes()[:40])
    assert kept_arrays("x", make)["count"].tolist() == [0, 1, 2]
    assert make.made == 2


def test_a_machine_without_a_cache_goes_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    make = Maker()
    assert cache_folder("arrays") is None
    assert kept_arrays("x", make)["count"].tolist() == [0, 1, 2]
