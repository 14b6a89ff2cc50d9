"""What stands in for what: the labels every report shows beside its numbers."""

from __future__ import annotations

import re
from collections import Counter

from alvh.report.study import Study

_UNDATED = re.compile(r" (?:of|on) \d{4}-\d\d-\d\d")


def labels(made: Study) -> tuple[tuple[str, str], ...]:
    """Return (what, said) pairs counted from the run itself."""
    run = made.main
    found = [("Option quotes", f"{run.origin} ({run.market})"), ("Fills", _fills(made)), ("Settlement", _settled(made))]
    stale = int(run.equity["stale"].sum() or 0)
    sessions = int((run.equity["stale"] > 0).sum() or 0)
    found.append(
        ("Marks", f"{stale:,} leg marks on {sessions:,} sessions kept an earlier mark, having no quote of the day")
        if stale
        else ("Marks", "every leg had a quote on every session it was held")
    )
    unknown = int(run.equity["vix"].null_count()), int(run.equity["rate"].null_count())
    if any(unknown):
        found.append(("Unknown", f"VIX on {unknown[0]:,} sessions, the bill rate on {unknown[1]:,}"))
    found.extend((curve.name, curve.note) for curve in made.references if curve.note)
    skipped = len(run.skipped)
    found.append(("Sessions", f"{made.history.dates.size:,} used, {skipped:,} skipped"))
    return tuple(found)


def _fills(made: Study) -> str:
    origins = Counter(made.main.entries.legs.origin)
    return ", ".join(f"{count:,} legs on {origin} quotes" for origin, count in sorted(origins.items())) or "none"


def _settled(made: Study) -> str:
    proxies: Counter[str] = Counter()
    for proxy, count in Counter(made.main.entries.settlements.proxy).items():
        proxies[_UNDATED.sub("", proxy).rstrip(".")] += count
    if not proxies:
        return "nothing was held to expiry"
    parts = [
        f"{count:,} {'leg' if count == 1 else 'legs'}: {name or 'official value'}"
        for name, count in sorted(proxies.items())
    ]
    return ". ".join(parts) + "."
