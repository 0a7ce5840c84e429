"""``--fix`` and ``--diff`` from the command line, with the real reader."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import ROOT, Ran, Write

HEAD = "from keras import Input, layers\n\nx = Input((8,))\n"
BIASED = f"{HEAD}x = layers.Dense(4)(x)\nx = layers.BatchNormalization()(x)\n"
LEAN = BIASED.replace("Dense(4)", "Dense(4, use_bias=False)")
LOADING = BIASED + "model.load_weights('old.weights.h5')\n"


def run(*arguments: str | Path, stdin: bytes = b"") -> Ran:
    command = [sys.executable, "-m", "bnlint", "--isolated", "--no-cache", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, input=stdin, capture_output=True, env=environment, timeout=50, check=False
    )
    return Ran(done)


def test_fix_rewrites_the_file_and_exits_0(write: Write) -> None:
    path = write("net.py", BIASED)

    ran = run("--fix", path)

    assert (ran.status, ran.err) == (0, "")
    assert "1 fixed, none remaining" in ran.out
    assert path.read_text() == LEAN
    assert [file.name for file in path.parent.iterdir()] == ["net.py"]


def test_fix_exits_1_when_something_remains(write: Write) -> None:
    path = write("net.py", BIASED + "layers.BatchNormalization(axis=1)\n")

    ran = run("--fix", path)

    assert ran.status == 1
    assert "BN101" in ran.out
    assert "BN201" not in ran.out
    assert "1 fixed, 1 remaining" in ran.out


def test_second_run_fixes_nothing_more(write: Write) -> None:
    path = write("net.py", BIASED)
    run("--fix", path)
    before = path.stat().st_mtime_ns

    ran = run("--fix", path)

    assert ran.status == 0
    assert "fixed" not in ran.out
    assert path.stat().st_mtime_ns == before


def test_unsafe_fix_is_made_only_when_asked_for(write: Write) -> None:
    path = write("net.py", LOADING)

    kept = run("--fix", path)

    assert path.read_text() == LOADING
    assert kept.status == 1
    assert (
        "No fixes available (1 hidden fix can be enabled with the `--unsafe-fixes` option)."
        in kept.out
    )

    made = run("--fix", "--unsafe-fixes", path)

    assert made.status == 0
    assert "use_bias=False" in path.read_text()


def test_sign_of_weights_in_a_file_that_imports_this_one_counts(write: Write) -> None:
    write("net.py", "from keras import layers\n\n\ndef head(x):\n    x = layers.Dense(4)(x)\n"
          "    return layers.BatchNormalization()(x)\n")  # fmt: skip
    write("use.py", "from keras import Input, Model\nfrom net import head\n\nx = Input((8,))\n"
          "model = Model(x, head(x))\nmodel.load_weights('a')\n")  # fmt: skip

    ran = run("--output-format", "json", ".")

    assert [finding["fix"]["applicability"] for finding in json.loads(ran.out)] == ["unsafe"]


def test_diff_shows_the_change_and_makes_none(write: Write) -> None:
    path = write("net.py", BIASED)

    ran = run("--diff", "net.py")

    assert ran.status == 1
    assert path.read_text() == BIASED
    assert ran.err == "Would fix 1 problem in 1 file.\n"
    assert ran.out == (
        "--- net.py\n+++ net.py\n@@ -1,5 +1,5 @@\n from keras import Input, layers\n \n"
        " x = Input((8,))\n-x = layers.Dense(4)(x)\n+x = layers.Dense(4, use_bias=False)(x)\n"
        " x = layers.BatchNormalization()(x)\n"
    )


def test_diff_of_nothing_exits_0(write: Write) -> None:
    write("net.py", LEAN)

    ran = run("--diff")

    assert (ran.status, ran.out) == (0, "")


def test_git_applies_the_diff(write: Write) -> None:
    path = write("net.py", BIASED.removesuffix("\n"))
    ran = run("--diff", "net.py")

    subprocess.run(
        ["git", "apply", "-p0", "-"], input=ran.out, text=True, check=True, cwd=path.parent
    )

    assert path.read_text() == LEAN.removesuffix("\n")


def test_standard_input_is_fixed_to_standard_output(write: Write) -> None:
    ran = run("--fix", "-", stdin=BIASED.encode())

    assert (ran.status, ran.out) == (0, LEAN)
    assert "1 fixed" in ran.err


def test_standard_input_without_findings_comes_back_as_it_is() -> None:
    text = b"print('hello')\r\n"

    ran = run("--fix", "--quiet", "-", stdin=text)

    assert (ran.status, ran.out.encode(), ran.err) == (0, text, "")


def test_json_holds_the_fix(write: Write) -> None:
    write("net.py", BIASED)

    (finding,) = json.loads(run("--output-format", "json", "net.py").out)

    assert finding["fix"] == {
        "applicability": "safe",
        "message": "Set `use_bias=False`",
        "edits": [
            {
                "content": ", use_bias=False",
                "location": {"row": 4, "column": 19},
                "end_location": {"row": 4, "column": 19},
            }
        ],
    }


def test_summary_counts_what_is_fixable(write: Write) -> None:
    write("net.py", BIASED)
    write("other.py", LOADING)

    ran = run("--output-format", "full", ".")

    assert "warning BN201 (redundant-bias) [*]: " in ran.out
    assert ran.out.endswith(
        "[*] 1 fixable with the `--fix` option"
        " (1 hidden fix can be enabled with the `--unsafe-fixes` option).\n"
    )


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + BIASED.encode(),
        BIASED.replace("\n", "\r\n").encode(),
        BIASED.replace("\n", "\r").encode(),
        BIASED.replace("\n", "\r\n", 3).encode(),
        b"# coding: latin-1\n# na\xefve\n" + BIASED.encode(),
        b"# -*- coding: cp1251 -*-\nname = '\xcf\xf0'; " + BIASED.encode().replace(b"\n", b"; ", 1),
        "# 层\nname = '𐍈'\n".encode() + BIASED.replace("(x)\n", "(x)  # ∂\n").encode(),
        b"\x0c\n" + BIASED.encode() + b"\x0c",
    ],
    ids=["bom", "crlf", "cr", "mixed", "latin-1", "cp1251", "wide", "form-feed"],
)
def test_encoding_mark_and_line_ends_stay(write: Write, data: bytes) -> None:
    path = write("net.py", data)

    ran = run("--fix", path)

    assert ran.status == 0, ran.err
    assert path.read_bytes() == data.replace(b"Dense(4)", b"Dense(4, use_bias=False)")


def test_mode_stays_and_links_are_followed(write: Write, project: Path) -> None:
    path = write("deep/net.py", BIASED)
    path.chmod(0o754)
    link = project / "link.py"
    link.symlink_to(path)

    run("--fix", link)

    assert link.is_symlink()
    assert path.read_text() == LEAN
    assert stat.S_IMODE(path.stat().st_mode) == 0o754


def test_file_that_cannot_be_written_stays_and_is_named(write: Write, project: Path) -> None:
    path = write("deep/net.py", BIASED)
    path.parent.chmod(0o500)
    try:
        if os.access(path.parent, os.W_OK):
            pytest.skip("root may write everywhere")
        ran = run("--fix", path)
    finally:
        path.parent.chmod(0o700)

    assert ran.status == 2
    assert "cannot be written" in ran.err
    assert path.read_text() == BIASED


def test_broken_file_is_not_fixed(write: Write) -> None:
    text = BIASED + "print 'done'\n"
    path = write("net.py", text)

    ran = run("--fix", "--unsafe-fixes", path)

    assert path.read_text() == text
    assert {line.split(": ")[1][:5] for line in ran.lines} == {"BN001", "BN201"}


def test_suppressed_finding_is_not_fixed(write: Write) -> None:
    text = BIASED.replace("Dense(4)(x)", "Dense(4)(x)  # noqa: BN201")
    path = write("net.py", text)

    run("--fix", path)

    assert path.read_text() == text


def test_what_a_killed_run_left_goes_with_the_next(write: Write) -> None:
    path = write("net.py", BIASED)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [write(f"net.py.{gone.pid}.bnlint-tmp", "x"), write("other.py.0.bnlint-tmp.keras", "x")]
    os.utime(left[1], (0, 0))
    kept = [write(f"net.py.{os.getpid()}.bnlint-tmp", "x"), write("net.py.x.bnlint-tmp", "x")]

    ran = run("--fix", path)

    assert (ran.status, ran.err) == (0, "")
    assert path.read_text() == LEAN
    assert [file.exists() for file in [*left, *kept]] == [False, False, True, True]


@pytest.mark.slow
def test_killed_run_leaves_every_file_old_or_new(write: Write) -> None:
    names = [f"net{number}.py" for number in range(40)]
    olds = {name: BIASED + f"# {name}\n" * 500 for name in names}
    news = {name: old.replace("Dense(4)", "Dense(4, use_bias=False)") for name, old in olds.items()}
    for name, old in olds.items():
        write(name, old)
    command = [sys.executable, "-m", "bnlint", "--isolated", "--no-cache", "--fix", "-q", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    halfway = 0

    for attempt in range(12):
        for name, old in olds.items():
            Path(name).write_text(old)
        process = subprocess.Popen(command, env=environment)
        # Killed some time before or while the files are written, one after the other.
        marker, wait = Path(names[3 * max(attempt - 4, 0)]), 0.05 * attempt if attempt < 4 else 50
        before, end = marker.stat().st_ino, time.monotonic() + wait
        while marker.stat().st_ino == before and time.monotonic() < end:
            pass
        process.kill()
        process.wait()
        states = []
        for name in names:
            text = Path(name).read_text()
            assert text in (olds[name], news[name])
            states.append(text == news[name])
        halfway += any(states) and not all(states)

    subprocess.run(command, env=environment, check=True)
    assert all(Path(name).read_text() == new for name, new in news.items())
    assert sorted(path.name for path in Path().iterdir()) == sorted(names)
    assert halfway > 4, "too few of the 12 kills fell between two files"
