from __future__ import annotations

from pathlib import Path

import pytest

from alvh.engine.run import Run
from alvh.report.folder import write_run
from fakes.made_up_runs import made_up_runs


@pytest.fixture(scope="session")
def runs() -> tuple[Run, Run]:
    """A hedged and an unhedged run of a year and a half."""
    return made_up_runs(1.5)


@pytest.fixture(scope="session")
def folder(runs: tuple[Run, Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written run folder; tests only read it."""
    return write_run(tmp_path_factory.mktemp("written") / "run", runs)
