"""Save a plotly figure as a PNG by a screenshot of Chromium, which must be on the path."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from plotly import graph_objects, io

STYLE = {
    "template": "plotly_white",
    "font": {"family": "Helvetica, Arial, sans-serif", "size": 13},
    "margin": {"l": 60, "r": 20, "t": 50, "b": 50},
}


def save_picture(traces: list[dict[str, Any]], layout: dict[str, Any], path: Path, *, width: int, height: int) -> None:
    """Draw traces on a white page and photograph it."""
    figure = graph_objects.Figure({"data": traces, "layout": STYLE | layout | {"width": width, "height": height}})
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "figure.html"
        plot = io.to_html(figure, include_plotlyjs=True, full_html=False, config={"staticPlot": True})
        page.write_text(f'<html><body style="margin:0;background:white">{plot}</body></html>', encoding="utf-8")
        photograph(page, path, width=width, height=height)


def photograph(page: Path, path: Path, *, width: int, height: int) -> None:
    """Save the top of an HTML file as a PNG."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("pictures need chromium on the path")
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--hide-scrollbars",
            "--use-gl=swiftshader",
            "--enable-webgl",
            "--ignore-gpu-blocklist",
            "--virtual-time-budget=8000",
            f"--window-size={width},{height}",
            f"--screenshot={path}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )
