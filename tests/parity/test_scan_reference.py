"""On the synthetic chain that lies beside the checkout, the scan finds the reference's trades and profit."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from alvh.research.condor_scan import scan_file

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def bench() -> Path:
    folder = Path(__file__).resolve().parents[3] / "shared" / "bench"
    if not folder.is_dir():
        pytest.skip("needs ../shared/bench, which is not beside this checkout")
    return folder


@pytest.fixture(scope="module")
def chain(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chain")
    made = [sys.executable, bench / "genchain.py", folder, "--years", "0.5", "--expiries", "10", "--strikes", "120"]
    subprocess.run(made, check=True, capture_output=True)
    return next(folder.glob("*.parquet"))


@pytest.fixture(scope="module")
def reference(bench: Path) -> Iterator[ModuleType]:
    sys.path.insert(0, str(bench))
    try:
        spec = importlib.util.spec_from_file_location("condor_reference", bench / "condor.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(bench))


@pytest.mark.parametrize("name", ["polars_", "numba_"])
def test_same_trades_and_profit_as_the_reference(reference: ModuleType, chain: Path, name: str) -> None:
    _, _, found = getattr(reference, name)(SimpleNamespace(opt={"file": str(chain)}))
    trades, total = scan_file(chain)
    assert trades > 100
    assert (trades, round(total, 4)) == (found["trades"], found["pnl"])
