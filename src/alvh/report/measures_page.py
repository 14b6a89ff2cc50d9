"""The page of measures and columns, generated into ``docs/measures.md`` from what the program itself prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from alvh.engine.run import EQUITY_COLUMNS
from alvh.money.definitions import DEFINITIONS, SMALL_SAMPLE
from alvh.report.columns import FILL_MEANINGS, TRADE_MEANINGS

_HEAD = f"""# Measures and columns

Generated from the program (`alvh.report.measures_page`); a test holds this file to it. Every number in
`summary.json` and `report.html` carries its unit and definition. A measure that cannot be computed is absent and says
why; it is never zero. Figures about fewer than {SMALL_SAMPLE} trades carry a caution. Each strategy is measured by
itself:
what stands beside it in a report changes nothing.

Signs: cash is positive when received; a quantity is negative when short.
"""


def measures_page() -> str:
    """Return ``docs/measures.md``."""
    parts = [_HEAD]
    for group in dict.fromkeys(about.group for about in DEFINITIONS.values()):
        rows = [
            (f"`{name}`", about.label, about.unit, about.text)
            for name, about in DEFINITIONS.items()
            if about.group == group
        ]
        parts.append(f"## {group}\n\n" + _table(("name", "label", "unit", "definition"), rows))
    parts.append("## Columns of `equity.parquet`\n\n" + _columns(EQUITY_COLUMNS))
    parts.append("## Columns of `trades.csv`\n\n" + _columns(TRADE_MEANINGS))
    parts.append("## Columns of `fills.parquet`\n\n" + _columns(FILL_MEANINGS))
    return "\n".join(parts)


def _columns(meanings: Mapping[str, str]) -> str:
    return _table(("column", "meaning"), [(f"`{name}`", meaning) for name, meaning in meanings.items()])


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)
