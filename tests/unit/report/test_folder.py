import hashlib
import json
import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from alvh.core.errors import UsageError
from alvh.engine.day import Day
from alvh.engine.run import EQUITY_COLUMNS, Run
from alvh.report import folder as room
from alvh.report.decisions import decision_line
from alvh.report.folder import check_writable, is_run_folder, write_run, writing

FILES = {
    "summary.json",
    "equity.parquet",
    "trades.csv",
    "fills.parquet",
    "decisions.jsonl",
    "ledger.jsonl",
    "manifest.json",
    "report.html",
}


def test_every_file_is_there(folder: Path, runs: tuple[Run, Run]) -> None:
    assert {item.name for item in folder.iterdir()} == FILES | {"rivals"}
    assert {item.name for item in (folder / "rivals" / "unhedged").iterdir()} == FILES - {
        "summary.json",
        "manifest.json",
        "report.html",
    }
    assert pl.read_parquet(folder / "equity.parquet").columns == list(EQUITY_COLUMNS)


def test_the_same_run_gives_the_same_bytes(folder: Path, runs: tuple[Run, Run], tmp_path: Path) -> None:
    again = write_run(tmp_path / "elsewhere" / "deep", runs)
    for item in sorted(folder.rglob("*")):
        if item.is_file():
            assert (again / item.relative_to(folder)).read_bytes() == item.read_bytes(), item.name


def test_the_manifest_names_every_file_and_no_path(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    on_disk = {str(item.relative_to(folder)) for item in folder.rglob("*") if item.is_file()} - {"manifest.json"}
    assert set(manifest["files"]) == on_disk
    for name, named in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == named
    everything = b"".join((folder / name).read_bytes() for name in sorted(FILES - {"report.html"}))
    assert str(folder).encode() not in everything


def test_the_summary_says_unit_and_definition_of_every_measure(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text())
    for name in ("alvh", "unhedged"):
        for measure in summary["strategies"][name]["measures"].values():
            assert measure["unit"]
            assert measure["definition"]
            assert measure["value"] is not None or measure["reason"]


def test_a_written_run_can_be_replaced(runs: tuple[Run, Run], tmp_path: Path) -> None:
    target = write_run(tmp_path / "run", runs)
    (target / "rivals" / "left-over.txt").write_text("old")
    write_run(target, runs[:1])
    assert not (target / "rivals").exists()
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


def test_an_empty_folder_is_taken(runs: tuple[Run, Run], tmp_path: Path) -> None:
    target = tmp_path / "run"
    target.mkdir()
    assert is_run_folder(write_run(target, runs[:1]))


def test_a_folder_of_something_else_is_left_alone(runs: tuple[Run, Run], tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(UsageError, match="left alone"):
        write_run(tmp_path, runs)
    assert (tmp_path / "precious.txt").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("")
    with pytest.raises(UsageError, match="not a folder"):
        check_writable(target)


def test_a_file_on_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        check_writable(tmp_path / "file" / "run")


def test_a_full_disk_is_one_sentence(runs: tuple[Run, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="No space left"):
        write_run(tmp_path / "run", runs[:1])
    assert list(tmp_path.iterdir()) == []


def test_interrupting_leaves_nothing(runs: tuple[Run, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Path.write_bytes

    def interrupted(self: Path, data: bytes) -> int:
        if self.name == "fills.parquet":
            raise KeyboardInterrupt
        return written(self, data)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_run(tmp_path / "new" / "run", runs[:1])
    assert list(tmp_path.iterdir()) == []


def test_interrupting_the_swap_keeps_the_old_run(
    runs: tuple[Run, Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = write_run(tmp_path / "run", runs)
    before = (target / "summary.json").read_bytes()
    rename = Path.rename

    def interrupted(self: Path, other: Path) -> Path:
        if self.name.endswith(".partial"):
            raise KeyboardInterrupt
        return rename(self, other)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_run(target, runs[:1])
    assert (target / "summary.json").read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


def test_two_runs_of_one_name_are_refused(runs: tuple[Run, Run], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="both called"):
        write_run(tmp_path / "run", (runs[0], runs[0]))


@pytest.mark.parametrize("name", ["../away", "a/b", ".hidden", ""])
def test_a_name_that_is_no_folder_name_is_refused(runs: tuple[Run, Run], tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a folder"):
        write_run(tmp_path / "run", (runs[0], replace(runs[1], strategy=name)))
    assert list(tmp_path.iterdir()) == []


def test_a_path_too_long_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        check_writable(tmp_path / ("x" * 400))


def test_decisions_are_one_line_a_session_in_order(folder: Path, runs: tuple[Run, Run]) -> None:
    lines = [json.loads(line) for line in (folder / "decisions.jsonl").read_text().splitlines()]
    assert [line["session"] for line in lines] == [str(decision.session) for decision in runs[0].decisions]
    assert all(line["proposals"] or line["reasons"] for line in lines)
    assert {"rule", "outcome", "sentence", "observed", "threshold"} <= set(lines[0]["verdicts"][0])


def test_five_thousand_decision_lines_are_quick(runs: tuple[Run, Run]) -> None:
    days = runs[0].kept_days
    long = days * -(-5000 // len(days))
    best = min(_seconds(long) for _ in range(3))
    assert best < 0.3


def _seconds(days: tuple[Day, ...]) -> float:
    start = time.perf_counter()
    for day in days:
        decision_line(day)
    return time.perf_counter() - start


def test_days_written_as_they_come_give_the_same_folder(folder: Path, runs: tuple[Run, Run], tmp_path: Path) -> None:
    bare = [replace(run, days=None) for run in runs]
    with writing(tmp_path / "streamed") as made:
        journals = [made.journal(run.strategy) for run in runs]
        for pair in zip(*(run.kept_days for run in runs), strict=True):
            for journal, day in zip(journals, pair, strict=True):
                journal.write(day)
        made.finish(bare)
    files = [item for item in sorted(folder.rglob("*")) if item.is_file()]
    assert len(files) == 13
    for item in files:
        assert (tmp_path / "streamed" / item.relative_to(folder)).read_bytes() == item.read_bytes(), item.name


def test_a_run_that_stops_half_way_leaves_nothing(runs: tuple[Run, Run], tmp_path: Path) -> None:
    def stop_half_way() -> None:
        with writing(tmp_path / "new" / "run") as made:
            made.journal("alvh").write(runs[0].kept_days[0])
            assert any(tmp_path.rglob("decisions.jsonl"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_named_at_the_end_takes_that_name(runs: tuple[Run, Run], tmp_path: Path) -> None:
    with writing(tmp_path / "run", lambda: "named") as made:
        made.journal("alvh").write(runs[0].kept_days[0])
        made.finish([replace(runs[0], days=None)])
    assert [item.name for item in tmp_path.iterdir()] == ["named"]


def test_a_name_taken_by_something_else_is_left_alone(runs: tuple[Run, Run], tmp_path: Path) -> None:
    (tmp_path / "named").mkdir()
    (tmp_path / "named" / "precious.txt").write_text("mine")

    def take_the_name() -> None:
        with writing(tmp_path / "run", lambda: "named") as made:
            made.journal("alvh")
            made.finish([runs[0]])

    with pytest.raises(UsageError, match="left alone"):
        take_the_name()
    assert [item.name for item in tmp_path.iterdir()] == ["named"]


def test_days_that_were_not_kept_say_where_they_are(runs: tuple[Run, Run]) -> None:
    with pytest.raises(UsageError, match="written to files"):
        _ = replace(runs[0], days=None).events


def test_parquet_bytes_do_not_vary(runs: tuple[Run, Run]) -> None:
    assert room.parquet_bytes(runs[0].equity) == room.parquet_bytes(runs[0].equity.clone())
