"""The command line.

Heavy rooms are imported inside the commands, so that ``alvh --help`` stays quick. A refusal is one sentence on
standard error and an exit code other than zero; Ctrl-C leaves nothing half-written.
"""

from __future__ import annotations

import gc
import signal
import sys
import threading
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from alvh import __version__
from alvh.core.errors import AlvhError, UsageError

DISCLAIMER = "Research software, not investment advice. No order leaves this program."

_STORE = click.option(
    "--store", type=click.Path(path_type=Path), default=Path("store"), show_default=True, help="Store folder."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2019-06-28.", param, ctx)


DAY = _Day()


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=DISCLAIMER)
@click.version_option(__version__, prog_name="alvh")
def cli() -> None:
    """ALVH: SPX iron condors insured with layers of VIX instruments.

    Start with `alvh backtest`: it needs no data and no network.
    """


@cli.command()
@click.option("--market", default="sample", show_default=True, help="Folder of a store, 'sample', or 'simulated:1'.")
@click.option(
    "--chains",
    type=click.Choice(["auto", "recorded", "modelled"]),
    default="auto",
    show_default=True,
    help="Which option quotes a store answers with.",
)
@click.option("--start", type=DAY, help="First session.")
@click.option("--end", type=DAY, help="Last session.")
@click.option("--policy", "policy_source", help="A TOML file or a preset.")
@click.option(
    "--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change one number, e.g. layers.L-BASE.stable=0.10."
)
@click.option("--against", default="unhedged", show_default=True, help="Rivals, separated by commas.")
@click.option("--equity", default="1000000", show_default=True, help="Starting equity in USD.")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; runs/NAME by default.")
@click.option(
    "--sensitivity",
    is_flag=True,
    help="Run ALVH again, filled at mid and at natural; without it the report re-prices the same trades.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of every random draw in the report.")
@_JSON
def backtest(**options: Any) -> None:
    """Backtest ALVH over a market and write a run folder with a report.

    Without arguments: S&P 500 and VIX 2014-2018 from the built-in sample, option quotes modelled.
    """
    # Nothing that is loaded or recorded here is garbage before the process ends; walking it for cycles again and
    # again costs a fifth of the start and more of the run.
    gc.disable()
    from alvh.apps.backtest_command import run_backtest

    run_backtest(**options)


@cli.group()
def data() -> None:
    """Import market data, say what is covered, export it."""


@data.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_STORE
@click.option("--date", "day", type=DAY, help="Quote date of files that carry none.")
@click.option("--root", help="Option root of files that carry none.")
@click.option("--replace", is_flag=True, help="Let new quotes take the place of other quotes of the same session.")
@click.option("--any-day", is_flag=True, help="Accept quote dates on which the exchange was closed (synthetic data).")
@_JSON
def data_import(paths: tuple[Path, ...], store: Path, **options: Any) -> None:
    """Detect the format of each file from its header and add it to a local store.

    A broken file is refused with its reason and leaves the store as it was; importing twice changes nothing.
    """
    from alvh.apps.data_commands import import_files

    import_files(paths, store, **options)


@data.command("status")
@_STORE
@_JSON
def data_status(store: Path, as_json: bool) -> None:
    """Print what a store covers, its gaps, and the quality findings."""
    from alvh.apps.status_command import show_status

    show_status(store, as_json=as_json)


@data.command("export")
@click.argument("name")
@click.argument("path", type=click.Path(path_type=Path))
@_STORE
@click.option("--date", "day", type=DAY, help="Session, for an option root.")
@_JSON
def data_export(name: str, path: Path, store: Path, day: date | None, as_json: bool) -> None:
    """Write a series, or one day's chain of an option root, to a .csv or .parquet file."""
    from alvh.apps.status_command import export_data

    export_data(name, path, store, day=day, as_json=as_json)


@cli.command()
@click.argument("rule", required=False)
@click.option("--policy", "policy_source", help="A TOML file or a preset.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print every page as one Markdown document.")
@_JSON
def rules(rule: str | None, policy_source: str | None, as_markdown: bool, as_json: bool) -> None:
    """List the rules, or print one rule's page: what it does, its numbers and where they come from."""
    from alvh.apps.rule_pages import show_rules

    show_rules(rule, policy_source, as_markdown=as_markdown, as_json=as_json)


@cli.command()
@click.option("--market", default="sample", show_default=True, help="Folder of a store, 'sample', or 'simulated:1'.")
@click.option("--asof", type=DAY, help="Day to look from; the market's last session by default.")
@click.option("--history", is_flag=True, help="Write every column over all sessions; signals.parquet by default.")
@click.option(
    "--out",
    multiple=True,
    type=click.Path(path_type=Path),
    help="File to write: .html for the page, .parquet or .csv for the history. May be repeated.",
)
@click.option("--policy", "policy_source", help="A TOML file or a preset.")
@_JSON
def signals(**options: Any) -> None:
    """Print the regimes and every signal as known on a day: value, percentile, age, family and vote."""
    from alvh.apps.signals_command import show_signals

    show_signals(**options)


@cli.group()
def policy() -> None:
    """Show, compare, check and amend policies: every number of the method with where it comes from."""


@policy.command("list")
@_JSON
def policy_list(as_json: bool) -> None:
    """List the policies that ship with the program."""
    from alvh.apps.policy_command import list_presets

    list_presets(as_json=as_json)


@policy.command("show")
@click.argument("source", required=False)
@click.option("--on", "day", type=DAY, help="Day whose policy is shown; before any amendment by default.")
@_JSON
def policy_show(source: str | None, day: date | None, as_json: bool) -> None:
    """Print every number of a preset or a file, with its unit and provenance."""
    from alvh.apps.policy_command import show_policy

    show_policy(source, day, as_json=as_json)


@policy.command("diff")
@click.argument("first")
@click.argument("second")
@_JSON
def policy_diff(first: str, second: str, as_json: bool) -> None:
    """Print the numbers in which two policies differ, amendments included."""
    from alvh.apps.policy_command import compare_policies

    compare_policies(first, second, as_json=as_json)


@policy.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@_JSON
def policy_check(path: Path, as_json: bool) -> None:
    """Read a policy file whole and refuse whatever does not fit."""
    from alvh.apps.policy_command import check_policy

    check_policy(path, as_json=as_json)


@policy.command("amend")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--set", "changes", multiple=True, required=True, metavar="KEY=VALUE", help="Number to change.")
@click.option("--trigger", required=True, help='What justifies it: "M-TAIL.2020 < 0.25".')
@click.option("--observed", required=True, type=float, help="What was observed.")
@click.option("--on", "day", required=True, type=DAY, help="When it was observed.")
@click.option("--proposed", type=DAY, help="When it is proposed; the day it was observed by default.")
@click.option("--votes", required=True, help="Families that voted for it, separated by commas.")
@click.option("--effective", required=True, type=DAY, help="First day on which it acts.")
@click.option("--reason", required=True, help="Why, in a sentence.")
@_JSON
def policy_amend(path: Path, **options: Any) -> None:
    """Append an amendment to a policy file, checked against the policy in force (G-AMEND)."""
    from alvh.apps.policy_command import amend_policy

    amend_policy(path, **options)


@cli.command()
@click.argument("day", type=DAY)
@click.option("--run", "folder", type=click.Path(path_type=Path), required=True, help="Run folder.")
@click.option("--strategy", default="alvh", show_default=True, help="Whose decision.")
@_JSON
def explain(day: date, folder: Path, strategy: str, as_json: bool) -> None:
    """Tell one day's decision as a person would."""
    from alvh.apps.explain_command import explain_day

    explain_day(folder, day, strategy, as_json=as_json)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--max-dte", default=45, show_default=True, help="Farthest expiry entered.")
@click.option("--exit-dte", default=21, show_default=True, help="Days to expiry at the exit.")
@click.option("--short", default=0.16, show_default=True, help="Delta of the short legs.")
@click.option("--long", default=0.05, show_default=True, help="Delta of the long legs.")
@click.option("--tolerance", default=0.04, show_default=True, help="Widest miss of a delta.")
@click.option("--pricing", type=click.Choice(["mid", "natural"]), default="mid", show_default=True, help="Fills.")
@click.option("--out", type=click.Path(path_type=Path), help="File for the trades, .csv or .parquet.")
@_JSON
def scan(path: Path, as_json: bool, **options: Any) -> None:
    """Scan a file of chains for every condor that could have been sold, without any portfolio rule."""
    from alvh.apps.scan_command import scan_chains

    scan_chains(path, as_json=as_json, **options)


@cli.command()
@click.option(
    "--model",
    type=click.Choice(["quintic", "quintic-jumps", "svj", "bootstrap"]),
    default="quintic",
    show_default=True,
    help="Joint model of SPX and VIX, or real history in another order.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed, the same market."
)
@click.option("--years", type=int, default=20, show_default=True, help="Whole years, ending with 2025.")
@click.option("--scenario", type=click.Choice(["1987", "2008", "2018", "2020"]), help="Stress path laid over it.")
@click.option("--on", "day", type=DAY, help="First session of the scenario; halfway where left out.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A new store folder, or a .csv or .parquet file of levels."
)
@_STORE
@_JSON
def simulate(**options: Any) -> None:
    """Draw a market that did not happen, and say what it is like.

    Trade in it with `alvh backtest --market simulated:1` (or simulated:svj:1, simulated:2008, simulated:bootstrap:1).
    """
    from alvh.apps.simulate_command import simulate_market

    simulate_market(**options)


def main() -> None:
    """Run the command line and turn every refusal into one sentence."""
    from alvh.apps.output import failure

    as_json = "--json" in sys.argv[1:]
    pressed = _watch_for_interrupt()
    try:
        outcome = cli.main(standalone_mode=False)
    except AlvhError as error:
        failure(error, as_json=as_json)
        sys.exit(error.exit_code)
    except (click.exceptions.Abort, KeyboardInterrupt):
        _interrupted()
    except click.ClickException as error:
        failure(UsageError(error.format_message(), fix="alvh --help lists the commands."), as_json=as_json)
        sys.exit(error.exit_code)
    except OSError as error:
        where = str(error.filename) if error.filename else None
        failure(AlvhError(f"the operating system refused: {error.strerror or error}", where=where), as_json=as_json)
        sys.exit(1)
    except Exception:
        # Compiled code reports an interrupt as a fault of its own.
        if pressed:
            _interrupted()
        raise
    _deaf_to_interrupts()
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _watch_for_interrupt() -> list[int]:
    """Note every Ctrl-C before Python raises it; the list is empty until one is pressed."""
    pressed: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, note)
    return pressed


def _deaf_to_interrupts() -> None:
    """Let a Ctrl-C that comes after the work is done change nothing: what was written is whole.

    Python gives the signal back to the system while it shuts down; a process killed there would look interrupted.
    """
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _interrupted() -> NoReturn:
    _deaf_to_interrupts()
    sys.stderr.write("alvh: interrupted; nothing was half-written.\n")
    sys.exit(130)


if __name__ == "__main__":
    main()
