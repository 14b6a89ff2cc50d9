"""Bad input: one clear sentence, an exit code, nothing half-written."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alvh.policy.document import preset
from fakes.sentences import assert_refused

HEADER = "underlying_symbol,option_type,expiration,quote_date,strike,bid,ask,delta\n"
ROW = "SPX,c,2019-05-31,2019-04-25,2900,45.1,45.6,0.5\n"


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestPolicy:
    def test_an_unknown_key_names_the_nearest_known_ones(self, alvh, tmp_path) -> None:
        said = alvh("backtest", "--set", "layers.L-BASE.stabel=0.10", "--out", tmp_path / "run")
        assert_refused(said, "layers.L-BASE.stabel", "no rule has this key", "layers.L-BASE.stable")
        assert not (tmp_path / "run").exists()

    def test_a_threshold_of_the_wrong_type_says_which_type_is_needed(self, alvh, tmp_path) -> None:
        said = alvh("backtest", "--set", "condor.C-SHAPE.dte_min=soon", "--out", tmp_path / "run")
        assert_refused(said, "condor.C-SHAPE.dte_min", "'soon' is of type str", "needed of type int")

    def test_a_policy_file_that_is_not_there(self, alvh, tmp_path) -> None:
        said = alvh("backtest", "--policy", tmp_path / "none.toml")
        assert_refused(said, "none.toml", "cannot be read")

    def test_a_policy_file_with_a_missing_key(self, alvh, tmp_path) -> None:
        assert "layers" in preset("alvh")
        path = tmp_path / "mine.toml"
        path.write_text("[layers.L-BASE]\nfloor = {value = 0.1, unit = 'coverage', basis = 'assumed', note = 'x'}\n")
        said = alvh("backtest", "--policy", path)
        assert_refused(said, "missing")

    def test_a_rival_nobody_knows(self, alvh) -> None:
        assert_refused(alvh("backtest", "--against", "martingale"), "martingale", "Known: unhedged")


class TestImport:
    @pytest.fixture
    def store(self, alvh, tmp_path: Path) -> Path:
        good = tmp_path / "good.csv"
        good.write_text(HEADER + ROW)
        store = tmp_path / "store"
        assert alvh("data", "import", good, "--store", store).code == 0
        return store

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("alpha,beta,gamma\n1,2,3\n", ("no importer knows", "alpha")),
            (HEADER + ROW.replace("45.1", "-45.1"), ("bid", "-45.1")),
            (HEADER + ROW.replace("45.1", "nan"), ("bid",)),
            (HEADER + ROW.replace("45.1", "4x.1"), ("bid", "4x.1")),
            (HEADER + ROW.replace("2019-05-31", "2019-03-29"), ("expir",)),
            (HEADER, ("no rows",)),
            ("", ("empty",)),
        ],
        ids=["unknown format", "negative price", "nan price", "not a number", "expired", "no rows", "empty"],
    )
    def test_a_broken_file_is_refused_and_the_store_stays_as_it_was(
        self, alvh, store: Path, tmp_path: Path, text: str, words: tuple[str, ...]
    ) -> None:
        before = snapshot(store)
        bad = tmp_path / "bad.csv"
        bad.write_text(text)
        said = alvh("data", "import", bad, "--store", store)
        assert said.code != 0
        assert "Traceback" not in said.err + said.out
        heard = (said.err + said.out).replace("\n", " ")
        assert "bad.csv" in heard
        for word in words:
            assert word in heard
        assert snapshot(store) == before

    def test_a_truncated_gzip(self, alvh, store: Path, tmp_path: Path) -> None:
        before = snapshot(store)
        whole = gzip.compress((HEADER + ROW * 1).encode() + os.urandom(4096))
        bad = tmp_path / "bad.csv.gz"
        bad.write_bytes(whole[: len(whole) // 2])
        said = alvh("data", "import", bad, "--store", store)
        assert said.code != 0
        assert "Traceback" not in said.err + said.out
        assert "bad.csv.gz" in said.err + said.out
        assert snapshot(store) == before

    def test_a_path_that_is_not_there(self, alvh, store: Path, tmp_path: Path) -> None:
        said = alvh("data", "import", tmp_path / "none.csv", "--store", store)
        assert said.code != 0
        assert "none.csv" in said.err + said.out


class TestBacktest:
    def test_a_period_without_data(self, alvh, tmp_path) -> None:
        said = alvh("backtest", "--start", "2030-01-01", "--end", "2030-12-31", "--out", tmp_path / "run")
        assert_refused(said, "2030-01-01", "it covers 20")

    def test_an_end_before_the_start(self, alvh) -> None:
        assert_refused(alvh("backtest", "--start", "2018-02-01", "--end", "2018-01-01"), "lies before the start")

    def test_a_date_that_is_none(self, alvh) -> None:
        assert_refused(alvh("backtest", "--start", "yesterday"), "'yesterday' is not a date")

    def test_an_unwritable_folder_is_said_before_the_work(self, alvh, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine")
        said = alvh("backtest", "--out", tmp_path / "file" / "run")
        assert_refused(said, "file")
        assert (tmp_path / "file").read_text() == "mine"

    def test_a_folder_with_something_else_in_it_is_never_replaced(self, alvh, tmp_path: Path) -> None:
        (tmp_path / "precious").mkdir()
        (tmp_path / "precious" / "thesis.txt").write_text("mine")
        said = alvh("backtest", "--out", tmp_path / "precious")
        assert_refused(said, "precious")
        assert tree(tmp_path / "precious") == ["thesis.txt"]

    def test_a_store_that_is_none(self, alvh, tmp_path: Path) -> None:
        assert_refused(alvh("backtest", "--market", tmp_path / "nowhere"), "nowhere")

    def test_equity_that_is_none(self, alvh) -> None:
        assert_refused(alvh("backtest", "--equity", "lots"), "'lots' is not an amount of USD")
        assert_refused(alvh("backtest", "--equity", "-5"), "cannot trade with -5")

    def test_ctrl_c_in_the_middle_leaves_nothing(self, alvh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from alvh.engine.account import Account

        lived = 0
        live = Account.step

        def interrupted(self, *words) -> object:
            nonlocal lived
            lived += 1
            if lived > 100:
                raise KeyboardInterrupt
            return live(self, *words)

        monkeypatch.setattr(Account, "step", interrupted)
        said = alvh("backtest", "--out", tmp_path / "run")
        assert said.code == 130
        assert "interrupted" in said.err
        assert tree(tmp_path) == []


class TestRulesAndExplain:
    def test_a_rule_nobody_wrote(self, alvh) -> None:
        assert_refused(alvh("rules", "C-NOTHING"), "C-NOTHING", "C-CREDIT")

    def test_a_run_folder_that_is_none(self, alvh, tmp_path: Path) -> None:
        assert_refused(alvh("explain", "2018-02-05", "--run", tmp_path), str(tmp_path))

    def test_json_says_the_refusal_as_a_document(self, alvh) -> None:
        said = alvh("rules", "C-NOTHING", "--json")
        assert said.code != 0
        assert said.document["error"]["kind"] == "UsageError"

    def test_an_unknown_command(self, alvh) -> None:
        assert_refused(alvh("trade"), "No such command")


class TestInterrupt:
    @pytest.mark.parametrize("seconds", [1.5, 2.5, 4.0])
    def test_a_real_ctrl_c_at_any_moment_ends_in_one_sentence(self, tmp_path: Path, seconds: float) -> None:
        command = [sys.executable, "-m", "alvh.apps.cli", "backtest", "--out", str(tmp_path / "run")]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        left = {Path(path).name for path in tree(tmp_path)}
        whole = {"summary.json", "equity.parquet", "manifest.json", "report.html"}
        assert not left or whole <= left, "something was half-written"
        assert "Traceback" not in err
        if process.returncode == 0:  # The run was quicker than the finger.
            assert whole <= left
            return
        assert process.returncode == 130, err
        assert "interrupted" in err

    def test_a_ctrl_c_while_python_shuts_down_does_not_disown_a_finished_run(self) -> None:
        script = (
            "import atexit, os, signal, sys\n"
            "from alvh.apps import cli\n"
            "sys.argv = ['alvh', '--version']\n"
            "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
            "cli.main()\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (0, "")
