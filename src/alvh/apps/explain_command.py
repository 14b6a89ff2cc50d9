"""``alvh explain``: one day's decision, told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from alvh.apps import output
from alvh.report.reading import decision_line, explain


def explain_day(folder: Path, day: date, strategy: str, *, as_json: bool) -> None:
    """Print one decision of a run folder in prose, or its record as JSON."""
    if as_json:
        output.document(decision_line(folder, day, strategy))
    else:
        output.line(explain(folder, day, strategy))
