"""Write docs/data_formats.md: the chain formats as the registry knows them, and what became of a folder of real files.

    python docs/make_data_formats.py ../shared/data

The second table is made by importing every ``options_*`` folder below the argument into a store that is thrown away.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from alvh.adapters.formats.registry import known_formats
from alvh.adapters.formats.words import ChainFormat
from alvh.adapters.importing import TableReport, import_paths

PAGE = Path(__file__).with_name("data_formats.md")

HEAD = """# Files of option quotes

Made by `python docs/make_data_formats.py`; do not edit by hand.

`alvh data import PATH...` recognises a file by its header, never by its name, in plain text, gzip, zip and Parquet.
A file becomes one chain per option root and session. Rules that hold for every format:

- **Instant.** Quotes that carry only a date are taken at 16:15 New York time, 13:15 on early closes, and marked as not
  timed. A session keeps one snapshot; a file with several is refused for that session.
- **Root.** The root in the option's symbol decides settlement. A file without symbols takes `--root`; without it, an
  S&P 500 option on the monthly morning-settled date is SPX, any other SPXW, and a finding says so for every session.
- **Expiry.** A Saturday, which is how monthlies were dated until February 2015, is the session before it.
- **Blanks.** A missing or zero ask means that the contract is not listed; a missing or zero bid, that nobody bids.
  The Parquet files of the store tell blanks from zeros. A level of zero counts as absent. Missing is never zero.
- **Order.** Quote dates must ascend; rows of one session may stand in any order.
- **Refused whole**, with file, line, column and reason, and the store as it was: a file that is empty, cut off or
  damaged; a cell that is not a number or not a date; a price that is negative or not a number; an expiry before the
  quote date; dates out of order; one contract with two different quotes in a session.
- **Refused for a day**, while the rest of the file is imported: a date that was no trading session; a day that repeats
  every quote and the level of the session before; a day on which more than nine tenths of the quotes have neither bid
  nor ask; a session that the store holds with other quotes (unless `--replace`).
- **Recorded, never repaired**: crossed quotes, missing asks, repeated rows, expiries that went missing between
  neighbouring sessions, verticals and butterflies of neighbouring strikes that cost less than nothing at bid and ask,
  roots told from the expiry, clocks that contradict a file name, American exercise (SPY, VXX: kept, but no Black-76
  volatility is made of them).

## Formats

"""


def formats_table() -> str:
    """List the chain formats as the registry asks them."""
    lines = ["| format | what | header | notes |", "|---|---|---|---|"]
    for item in known_formats():
        if isinstance(item, ChainFormat):
            lines.append(f"| `{item.name}` | {item.title} | `{item.header}` | {item.notes} |")
    return "\n".join(lines)


def files_table(data: Path) -> str:
    """Import every options folder below a folder and say what became of each file."""
    lines = ["| file | format | rows | roots | sessions | what else |", "|---|---|---|---|---|---|"]
    with TemporaryDirectory() as store:
        for folder in sorted(data.glob("options_*")):
            for table in import_paths([folder], Path(store)).tables:
                lines.append(_file_line(folder.name, table))
    return "\n".join(lines)


def _file_line(folder: str, table: TableReport) -> str:
    if table.days:
        first, last = table.days[0], table.days[-1]
        sessions = f"{len(table.days)}: {first}" + (f" .. {last}" if last != first else "")
    else:
        sessions = "none"
    cells = (
        f"`{folder}/{table.where}`",
        f"`{table.format}`" if table.format else "",
        str(table.rows) if table.rows else "",
        ", ".join(table.names),
        sessions,
        _remarks(table),
    )
    return f"| {' | '.join(cells)} |"


def _remarks(table: TableReport) -> str:
    if table.refused is not None:
        # The list of every known format would hide the reason.
        return f"**Refused.** {table.refused.removeprefix(f'{table.where}: ').split(' Known formats:')[0]}"
    refused = [f"**Day refused.** {sentence}" for _, sentence in table.days_refused]
    sentences = {sentence for _, sentence in table.days_refused}
    counts = Counter[str]()
    for finding in table.findings:
        if finding.detail not in sentences:
            counts[finding.defect.value] += finding.count
    said = [f"{count} {defect}" for defect, count in sorted(counts.items())]
    return " ".join([*refused, ", ".join(said)]).strip()


def main(arguments: list[str]) -> None:
    """Write the page; the second table only where a data folder is given."""
    page = HEAD + formats_table() + "\n"
    if arguments:
        page += "\n## What became of the real files\n\n"
        page += "Rows are rows of the file; the counts at the end are quotes (or rows) that a finding concerns.\n\n"
        page += files_table(Path(arguments[0])) + "\n"
    PAGE.write_text(page)


if __name__ == "__main__":
    main(sys.argv[1:])
