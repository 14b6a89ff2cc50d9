"""The page in a browser: every figure is drawn, nothing is fetched, no script fails."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from alvh.report.folder import write_run
from fakes.made_up_runs import made_up_runs

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--enable-logging=stderr",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The document after its scripts have run, and what the console said."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        pytest.skip("needs a Chromium browser, and none is installed")
    place = tmp_path_factory.mktemp("page")
    folder = write_run(place / "run", made_up_runs(1.5))
    command = [
        browser,
        *FLAGS,
        f"--user-data-dir={place / 'profile'}",
        "--dump-dom",
        f"file://{folder / 'report.html'}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout, done.stderr


def test_every_figure_is_drawn(drawn: tuple[str, str]) -> None:
    document, _ = drawn
    for key in ("equity", "drawdown", "ladder", "results", "margin", "coverage", "hedge", "weeks"):
        start = document.index(f'id="chart-{key}"')
        end = document.index("<figcaption>", start)
        assert 'class="main-svg"' in document[start:end], key


def test_no_script_fails(drawn: tuple[str, str]) -> None:
    _, console = drawn
    assert not re.search(r"CONSOLE.*(Uncaught|Error)", console)


def test_the_page_says_what_it_shows_without_a_browser(tmp_path: Path) -> None:
    page = (write_run(tmp_path / "run", made_up_runs(0.5)) / "report.html").read_text("utf-8")
    text = re.sub(r"(?s)<(script|style).*?</\1>", "", page)
    for words in (
        "invariants hold",
        "Condor ladder",
        "Reasons for closing",
        "not predict",
        "Manifest",
        "Why there was",
    ):
        assert words in text
