"""Exit status, what goes to which stream, colour, progress."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from running import ROOT, SCRIPT, Bnlint, Write

BAD = "'BatchNorm'\nx = BIAS\n"
FINE = "'BatchNorm'\nx = 1\n"


def on_terminal(
    arguments: list[str], cwd: Path, *, env: dict[str, str] | None = None, both: bool = False
) -> tuple[int, str]:
    """Output of a run whose standard error (or both streams) is a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), *arguments, "--no-cache"],
        stdin=subprocess.DEVNULL,
        stdout=slave if both else subprocess.DEVNULL,
        stderr=slave,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **(env or {})},
    )
    os.close(slave)
    said = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(master)
    return process.wait(), said.decode()


def test_no_problem_is_0(bnlint: Bnlint, write: Write) -> None:
    write("a.py", FINE)
    ran = bnlint()
    assert (ran.status, ran.out, ran.err) == (0, "No problems in 1 file.\n", "")


def test_what_failed_is_not_counted_as_fine(bnlint: Bnlint, write: Write) -> None:
    write("model.json", "{")
    ran = bnlint("model.json")
    assert (ran.status, ran.out) == (2, "")
    write("a.py", FINE)
    ran = bnlint("model.json", "a.py")
    assert (ran.status, ran.out) == (2, "No problems in 1 file.\n")
    assert ran.err.startswith("bnlint: model.json: its description of the model is not valid JSON")


def test_nothing_to_lint_is_0(bnlint: Bnlint) -> None:
    assert (bnlint().status, bnlint().out) == (0, "No Python files found.\n")


def test_findings_are_1_and_on_standard_output(bnlint: Bnlint, write: Write) -> None:
    write("a.py", BAD)
    ran = bnlint()
    assert ran.status == 1
    assert ran.lines == ["a.py:2:5: BN201 the bias of Conv2D does nothing"]
    assert ran.err == ""


def test_exit_zero_hides_findings_but_no_failure(bnlint: Bnlint, write: Write) -> None:
    write("a.py", BAD)
    assert bnlint("--exit-zero").status == 0
    assert bnlint("--exit-zero", "a.py", "missing.py").status == 2


@pytest.mark.parametrize(
    ("fail_on", "text", "status"),
    [
        ("error", "x = BIAS", 0),
        ("error", "x = LOST", 1),
        ("warning", "x = ORDER", 0),
        ("info", "x = ORDER", 1),
    ],
)
def test_fail_on_sets_the_threshold(
    bnlint: Bnlint, write: Write, fail_on: str, text: str, status: int
) -> None:
    write("a.py", f"'BatchNorm'\n{text}\n")
    ran = bnlint("--fail-on", fail_on)
    assert (ran.status, len(ran.lines)) == (status, 1)


def test_order_once_set_is_a_warning(bnlint: Bnlint, write: Write) -> None:
    write("a.py", "'BatchNorm'\nx = ORDER\n")
    assert bnlint().status == 0
    assert bnlint("--order", "activation-first").status == 1
    assert bnlint("--config", "order = 'bn-first'").status == 1


def test_quiet_says_findings_only_and_silent_nothing(bnlint: Bnlint, write: Write) -> None:
    write("a.py", BAD)
    quiet, silent = bnlint("--quiet"), bnlint("--silent")
    assert quiet.out == "a.py:2:5: BN201 the bias of Conv2D does nothing\n"
    assert (silent.out, silent.err, silent.status) == ("", "", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--selct", "ALL"], "unknown option --selct; did you mean --select?"),
        (["--select", "BN210"], "did you mean BN"),
        (["--select", "redundant-biass"], "did you mean redundant-bias?"),
        (["--ignore", "E501"], "unknown rule 'E501'"),
        (["--order", "bn-frist"], "invalid choice: 'bn-frist'"),
        (["--jobs", "0"], "'0' is not a number of processes"),
        (["--config", "nope.toml"], "nope.toml: no such settings file"),
        (["--config", "ordr='off'"], "unknown setting 'ordr'; did you mean order?"),
        (["--config", "order=off"], "not a path, nor key=value in TOML"),
        (["--explain", "BN20"], "no rule 'BN20'"),
        (["--stdin-filename", "a.py", "b.py"], "--stdin-filename goes with `-`"),
        (["-", "a.py"], "`-` stands alone"),
    ],
)
def test_a_bad_option_is_one_line_and_2(bnlint: Bnlint, arguments: list[str], message: str) -> None:
    ran = bnlint(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("bnlint: ")
    assert ran.err.count("\n") == 1
    assert message in ran.err


def test_internal_error_in_one_file_hides_no_other(bnlint: Bnlint, write: Write) -> None:
    write("a.py", BAD)
    write("b.py", "'BatchNorm'\nCRASH = 1\n")
    write("c.py", BAD)
    ran = bnlint()
    assert ran.status == 2
    assert [line[:4] for line in ran.lines] == ["a.py", "c.py"]
    assert ran.err == (
        "bnlint: b.py: internal error: RuntimeError: fell over; "
        "please report it (--debug shows where)\n"
    )
    assert "Traceback" in bnlint("--debug").err


def test_a_dead_worker_costs_one_file(bnlint: Bnlint, write: Write) -> None:
    filler = "#" * 200_000
    for name in "acde":
        write(f"{name}.py", f"{BAD}{filler}\n")
    write("b.py", f"'BatchNorm'\nDIE = 1\n{filler}\n")
    ran = bnlint("--jobs", "2")
    assert ran.status == 2
    assert [line[:4] for line in ran.lines] == ["a.py", "c.py", "d.py", "e.py"]
    assert re.fullmatch(r"bnlint: b\.py: the worker process died .*\n", ran.err)


def test_output_file_is_written_whole_and_stdout_stays_empty(
    bnlint: Bnlint, write: Write, project: Path
) -> None:
    write("a.py", BAD)
    ran = bnlint("--output-format", "json", "--output-file", "out.json")
    assert (ran.out, ran.status) == ("", 1)
    assert (project / "out.json").read_text().startswith("[")
    assert [path.name for path in project.iterdir() if "out" in path.name] == ["out.json"]


def test_output_file_in_no_folder_is_one_line(bnlint: Bnlint, write: Write) -> None:
    write("a.py", BAD)
    ran = bnlint("--output-file", "no/such/out.txt")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "No such file" in ran.err


def test_full_disk_is_one_line(bnlint: Bnlint, write: Write) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    write("a.py", BAD)
    ran = bnlint("--output-file", "/dev/full")
    assert (ran.status, ran.err.count("\n")) == (2, 1)


def test_a_closed_pipe_ends_quietly(project: Path, write: Write) -> None:
    write("a.py", "'BatchNorm'\n" + "x = BIAS\n" * 20_000)
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), "--no-cache"],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=20) in (0, 1)


def until(is_so: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end


class TestInterrupt:
    @pytest.fixture
    def running(
        self, project: Path, write: Write, tmp_path_factory: pytest.TempPathFactory
    ) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
        """A run that has work for a minute, and the log of its reader."""
        for number in range(400):
            write(f"{number}.py", "'BatchNorm'\n# WAIT\n" + "#" * 40_000)
        log = tmp_path_factory.mktemp("log") / "read"
        with subprocess.Popen(
            [sys.executable, str(SCRIPT), "--no-cache", "--jobs", "2"],
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "FAKE_READER_LOG": str(log)},
            start_new_session=True,
        ) as process:
            yield process, log
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def test_is_130_and_one_line(self, running: tuple[subprocess.Popen[bytes], Path]) -> None:
        process, log = running
        until(log.exists)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert (process.returncode, said) == (130, b"bnlint: interrupted\n")

    @pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="asks Linux")
    @pytest.mark.parametrize("after", [0, 0.001, 0.003])
    def test_of_all_processes_while_they_are_born(
        self, running: tuple[subprocess.Popen[bytes], Path], after: float
    ) -> None:
        process, _ = running
        born = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until(born.read_text)
        time.sleep(after)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert (process.returncode, said) == (130, b"bnlint: interrupted\n")

    def test_while_bnlint_is_imported(self, project: Path) -> None:
        code = (
            "import sys; import bnlint.__main__ as m\n"
            "class Late:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            "        if name == 'bnlint.interfaces.cli.command': raise KeyboardInterrupt\n"
            "sys.meta_path.insert(0, Late()); m.run()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
            check=False,
        )
        assert (done.returncode, done.stderr) == (130, b"bnlint: interrupted\n")


def test_version_help_and_rules_are_0(bnlint: Bnlint) -> None:
    assert bnlint("--version").out.startswith("bnlint ")
    assert "--select" in bnlint("--help").out
    assert "BN201  redundant-bias" in bnlint("--list-rules").out
    page = (next((ROOT / "rules").glob("BN201-*")) / "README.md").read_text()
    assert bnlint("--explain", "BN201").out == page == bnlint("--explain", "redundant-bias").out


class TestColour:
    def test_never_in_a_pipe(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", BAD)
        assert "\x1b" not in bnlint("--output-format", "full").out

    def test_always_when_asked(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", BAD)
        assert "\x1b[" in bnlint("--color", "always").out
        assert "\x1b[" in bnlint(env={"FORCE_COLOR": "1"}).out

    def test_the_option_beats_the_environment(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", BAD)
        assert "\x1b" not in bnlint("--color", "never", env={"FORCE_COLOR": "1"}).out
        assert "\x1b" in bnlint("--color", "always", env={"NO_COLOR": "1"}).out
        assert "\x1b" not in bnlint(env={"NO_COLOR": "1", "FORCE_COLOR": "1"}).out

    def test_on_a_terminal_unless_no_color(self, project: Path, write: Write) -> None:
        write("a.py", BAD)
        _, said = on_terminal(["a.py"], project, both=True)
        assert "\x1b[" in said
        _, said = on_terminal(["a.py"], project, both=True, env={"NO_COLOR": "1"})
        assert "\x1b" not in said

    def test_plain_output_imports_no_rich(self, project: Path, write: Write) -> None:
        write("a.py", BAD)
        code = (
            "import sys, fake_reader; fake_reader.install();"
            "from bnlint.interfaces.cli.command import main;"
            "main(['a.py', '--no-cache', '--output-format', 'full']);"
            "assert not any(name.startswith('rich') for name in sys.modules)"
        )
        path = os.pathsep.join([str(ROOT), str(SCRIPT.parent)])
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=project,
            env={**os.environ, "PYTHONPATH": path},
            check=True,
            stdout=subprocess.DEVNULL,
        )


class TestProgress:
    @pytest.fixture
    def long_run(self, write: Write) -> None:
        for number in range(6):
            write(f"{number}.py", "'BatchNorm'\n# WAIT\n")

    def test_on_a_terminal_after_a_second(self, project: Path, long_run: None) -> None:
        status, said = on_terminal(["--jobs", "1"], project)
        assert status == 0
        assert "Reading" in said
        assert "6 files" not in said.splitlines()[-1]

    def test_not_for_a_short_run(self, project: Path, write: Write) -> None:
        write("a.py", FINE)
        assert on_terminal([], project) == (0, "")

    def test_not_when_quiet(self, project: Path, long_run: None) -> None:
        assert on_terminal(["--quiet", "--jobs", "1"], project) == (0, "")

    def test_not_elsewhere(self, bnlint: Bnlint, long_run: None) -> None:
        assert bnlint("--jobs", "1").err == ""


def test_full_is_the_default_on_a_terminal(project: Path, write: Write) -> None:
    write("a.py", BAD)
    _, said = on_terminal(["--color", "never"], project, both=True)
    assert "--> a.py:2:5" in said


class TestStartUp:
    HEAVY = (
        "libcst",
        "rich",
        "pathspec",
        "dataclasses",
        "json",
        "tomllib",
        "concurrent",
        "logging",
    )

    @pytest.mark.parametrize("text", [None, "x = 1\n"])
    def test_loads_nothing_heavy(self, project: Path, write: Write, text: str | None) -> None:
        if text:
            write("a.py", text)
        code = (
            "import sys; before = set(sys.modules); from bnlint.interfaces.cli.command import main;"
            "main(sys.argv[1:]); print(*set(sys.modules) - before)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, *(["a.py"] if text else [])],
            cwd=project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        )
        loaded = {name.partition(".")[0] for name in done.stdout.split()}
        assert not loaded & set(self.HEAVY)
