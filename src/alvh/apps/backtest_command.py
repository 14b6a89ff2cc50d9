"""``alvh backtest``: run, write the folder, print five lines and the verdict of the invariants."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from alvh.apps import output
from alvh.apps.assembly import Chains, open_market
from alvh.apps.backtest import Backtest, backtest
from alvh.apps.policies import load_history
from alvh.core.errors import InvariantError, UsageError
from alvh.engine.loop import Progress

if TYPE_CHECKING:
    from alvh.report.study import Study


def run_backtest(
    *,
    market: str,
    chains: Chains,
    start: date | None,
    end: date | None,
    policy_source: str | None,
    changes: tuple[str, ...],
    against: str,
    equity: str,
    out: Path | None,
    sensitivity: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Run the command and print its result."""
    from alvh.report.folder import check_writable, writing
    from alvh.report.summary import summary_of

    if start is not None and end is not None and end < start:
        raise UsageError(f"the end {end} lies before the start {start}", where="--end", fix="Swap them.")
    policy = load_history(policy_source, changes)
    capital = usd(equity)
    rivals = tuple(name.strip() for name in against.split(",") if name.strip() and name.strip() != "none")
    if out is not None:
        check_writable(out)
    source = open_market(market, start=start, end=end, chains=chains)
    ended: list[Backtest] = []
    target = out if out is not None else Path("runs") / "alvh"
    with writing(target, None if out is not None else lambda: _name_of(ended[0])) as made:
        with _progress(show=not as_json and sys.stderr.isatty()) as progress:
            done = backtest(
                source,
                policy=policy,
                against=rivals,
                start=start,
                end=end,
                equity=capital,
                seed=seed,
                sensitivity=sensitivity,
                progress=progress,
                journals=made.journal,
            )
        ended.append(done)
        study = made.finish(done.runs, done.extras())
    folder = out if out is not None else target.with_name(_name_of(done))
    if as_json:
        output.document({"folder": str(folder), "holds": done.holds, "summary": summary_of(study)})
    else:
        _say(done, study, folder)
    if not done.holds:
        broken = next(check for made in done.runs for check in made.checks if not check.holds)
        raise InvariantError(
            f"an invariant does not hold: {broken.sentence}", where=broken.name, fix="Please report this run folder."
        )


def usd(text: str) -> Decimal:
    """Read an amount of USD.

    Raises
    ------
    UsageError
        Not a positive number.
    """
    try:
        amount = Decimal(text.replace(",", "").replace("_", ""))
    except ArithmeticError as error:
        raise UsageError(f"{text!r} is not an amount of USD", where="--equity", fix="Write 1000000.") from error
    if not amount.is_finite() or amount <= 0:
        raise UsageError(f"one cannot trade with {text} USD", where="--equity", fix="Give a positive amount.")
    return amount


def _name_of(done: Backtest) -> str:
    # The name follows from what identifies the run, so running again replaces the same folder with the same bytes.
    return f"alvh-{done.run.policy_digest[:8]}-{done.run.data_digest[:8]}-{done.run.seed}"


@contextmanager
def _progress(*, show: bool) -> Iterator[Progress | None]:
    if not show:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("compiling and trading", total=None)
        yield lambda finished, total: bar.update(task, completed=finished, total=total) if finished % 20 == 0 else None


def _say(done: Backtest, study: Study, folder: Path) -> None:
    from alvh.report.summary import headline_of

    first, last = done.equity["session"][0], done.equity["session"][-1]
    title = f"{done.run.market}, {first} to {last}, option quotes {done.run.origin}"
    header, rows = headline_of(study)
    output.table(title, header, rows)
    checks = [check for made in done.runs for check in made.checks]
    broken = [check for check in checks if not check.holds]
    verdict = f"all {len(checks)} invariants hold" if not broken else f"{len(broken)} of {len(checks)} invariants FAIL"
    output.line(f"Books: {verdict}.")
    for note in done.run.notes:
        output.line(f"Note: {note}")
    output.line(f"Report: {folder / 'report.html'}")
    output.line("Research software, not investment advice.")
