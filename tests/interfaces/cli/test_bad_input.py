"""Files and folders that are not what one hopes for: one line each, and the others are all read."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import pytest
from running import Bnlint, Ran, Write

BAD = "'BatchNorm'\nx = BIAS\n"


@pytest.fixture
def good(write: Write) -> Path:
    """A file whose finding must not be lost."""
    return write("zz_good.py", BAD)


def assert_one_line(ran: Ran, name: str, message: str) -> None:
    assert ran.status == 2
    assert ran.lines == ["zz_good.py:2:5: BN201 the bias of Conv2D does nothing"]
    assert ran.err == f"bnlint: {name}: {message}\n"


def test_missing_file(bnlint: Bnlint, good: Path) -> None:
    assert_one_line(bnlint("no.py", "."), "no.py", "no such file or folder")


def test_dangling_link_named_and_found(bnlint: Bnlint, good: Path, project: Path) -> None:
    (project / "a.py").symlink_to("nothing.py")
    assert_one_line(bnlint("a.py", "."), "a.py", "a link to nothing")
    assert_one_line(bnlint("."), "a.py", "a link to nothing")


def test_editor_lock_file_is_no_failure(bnlint: Bnlint, good: Path, project: Path) -> None:
    (project / ".#a.py").symlink_to("user@host.1:2")
    assert bnlint(".").status == 1


def test_link_cycle_of_files(bnlint: Bnlint, good: Path, project: Path) -> None:
    (project / "a.py").symlink_to("b.py")
    (project / "b.py").symlink_to("a.py")
    ran = bnlint(".")
    assert ran.status == 2
    assert len(ran.lines) == 1
    assert [line.split(": ")[1] for line in ran.err.splitlines()] == ["a.py", "b.py"]


def test_link_cycle_of_folders_is_walked_once(bnlint: Bnlint, good: Path, project: Path) -> None:
    (project / "sub").mkdir()
    (project / "sub" / "up").symlink_to("..")
    (project / "sub" / "self").symlink_to(".")
    assert bnlint(".", "sub/up", "sub/self").lines == bnlint(".").lines
    assert len(bnlint(".").lines) == 1


def test_pipe_socket_and_device_are_never_opened(bnlint: Bnlint, good: Path, project: Path) -> None:
    os.mkfifo(project / "pipe.py")
    assert_one_line(bnlint("."), "pipe.py", "a named pipe, not a file; it was not opened")
    assert_one_line(
        bnlint("pipe.py", "."), "pipe.py", "a named pipe, not a file; it was not opened"
    )
    (project / "pipe.py").unlink()
    os.mkfifo(project / "pipe.keras")
    assert_one_line(
        bnlint("pipe.keras", "zz_good.py"),
        "pipe.keras",
        "a named pipe, not a file; it was not opened",
    )
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.py")  # relative: the path of a socket must be short
        assert_one_line(bnlint("."), "socket.py", "a socket, not a file; it was not opened")
    ran = bnlint("/dev/null", "zz_good.py")
    assert_one_line(ran, "/dev/null", "a device, not a file; it was not opened")


def run_as_nobody(arguments: list[str], folder: Path) -> tuple[int, str, str]:
    """Run bnlint as somebody whom permissions concern; exit status, output, errors.

    In a fork: an interpreter in root's home could not be started by anybody else.
    """
    import fake_reader

    from bnlint import findings  # noqa: F401
    from bnlint.interfaces.cli import command
    from bnlint.project import pipeline, read_files  # noqa: F401
    from bnlint.project.files import source_lines  # noqa: F401
    from bnlint.reporters import concise  # noqa: F401

    with (folder / "out").open("w+b") as out, (folder / "err").open("w+b") as err:
        child = os.fork()
        if child == 0:
            status = 99
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.stdout, sys.stderr = open(1, "w"), open(2, "w")  # noqa: SIM115
                os.chdir(folder)
                if os.geteuid() == 0:
                    os.setgid(65534)
                    os.setuid(65534)
                fake_reader.install()
                status = command.main([*arguments, "--no-cache", "--jobs", "1"])
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return status, out.read().decode(), err.read().decode()


def test_unreadable_file_and_folder() -> None:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    try:
        for name in ("closed.py", "zz_good.py"):
            (folder / name).write_text(BAD)
        (folder / "inner").mkdir()
        (folder / "closed.py").chmod(0)
        (folder / "inner").chmod(0)
        found = "zz_good.py:2:5: BN201 the bias of Conv2D does nothing\n"
        status, out, err = run_as_nobody([".", "--quiet"], folder)
        assert (status, out) == (2, found)
        assert err == (
            "bnlint: closed.py: cannot be read: Permission denied\n"
            "bnlint: inner: cannot be listed: Permission denied\n"
        )
        status, out, err = run_as_nobody(["inner", "inner/a.py", "zz_good.py", "-q"], folder)
        assert (status, out) == (2, found)
        assert err == (
            "bnlint: inner: cannot be listed: Permission denied\n"
            "bnlint: inner/a.py: cannot be read: Permission denied\n"
        )
    finally:
        (folder / "inner").chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("model.keras", "is not a whole zip archive"),
        ("model.h5", "is not an HDF5 file"),
        ("model.json", "holds no description of a model"),
        ("model.weights.h5", "weights without the model"),
        ("model.tflite", "a converted model"),
        ("model.pkl", "a pickle, which could run anything and is not opened"),
        ("model.yaml", "YAML, which Keras has not read since 2.6"),
        ("model/metadata.json model/config.json model/model.weights.h5", "an unpacked model"),
    ],
)
def test_what_is_no_model_of_keras_is_refused_in_one_line(
    bnlint: Bnlint, good: Path, write: Write, target: str, message: str
) -> None:
    for name in target.split():
        write(name, "{}")
    target = target.split("/", maxsplit=1)[0]
    ran = bnlint(target, "zz_good.py")
    assert (ran.status, len(ran.lines), ran.err.count("\n")) == (2, 1, 1)
    assert ran.err.startswith(f"bnlint: {target}: {message}")


@pytest.mark.parametrize("begins", [b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"])
def test_model_that_is_not_called_one_is_known_by_its_first_bytes(
    bnlint: Bnlint, good: Path, write: Write, begins: bytes
) -> None:
    write("checkpoint", begins + b"\0" * 100)
    ran = bnlint("checkpoint", "zz_good.py")
    assert (ran.status, len(ran.lines), ran.err.count("\n")) == (2, 1, 1)
    assert ran.err.startswith("bnlint: checkpoint: ")
    assert "BN001" not in ran.out


def test_callable_target_says_so(bnlint: Bnlint, good: Path) -> None:
    ran = bnlint("package.module:build", "zz_good.py")
    assert_one_line(
        ran,
        "package.module:build",
        "can't be imported: there is no module package here, and none is installed;"
        " imports start from the current folder",
    )


def test_too_large_is_refused_only_if_it_matters(bnlint: Bnlint, good: Path, write: Write) -> None:
    write("big.py", BAD + "#" * 3_000_000)
    write("data.py", "x = 1\n" + "#" * 3_000_000)
    ran = bnlint("--config", "max-file-size = 2000000", ".")
    assert_one_line(ran, "big.py", "larger than 2 MB; exclude it, or raise max-file-size")


def test_binary_and_utf16_reach_the_reader(bnlint: Bnlint, write: Write) -> None:
    write("binary.py", b"\x7fELF\0\0\xff\xfe")
    write("wide.py", "import keras\n".encode("utf-16"))
    assert [line.split(":")[0] for line in bnlint().lines] == ["binary.py", "wide.py"]


@pytest.mark.parametrize(
    "data", [b"", b"\xef\xbb\xbf'BatchNorm'\nx = BIAS\n", b"'BatchNorm'\r\nx = BIAS\r\n"]
)
def test_empty_bom_and_line_ends(bnlint: Bnlint, write: Write, data: bytes) -> None:
    write("a.py", data)
    ran = bnlint("--output-format", "full")
    assert ran.err == ""
    assert ran.status == int(b"BIAS" in data)
    if data:
        assert "\n2 | x = BIAS\n  |     ^^^^" in ran.out


def test_a_line_of_megabytes_costs_nothing(bnlint: Bnlint, write: Write) -> None:
    write("a.py", "import keras\nf(" + "'from x noqa: import ( from '" * 100_000 + ")\n")
    assert bnlint().status == 0


class TestNamesThatAttackTheTerminal:
    def test_control_characters_are_written_out(self, bnlint: Bnlint, write: Write) -> None:
        write("a\x1b[31m\n\u202eb.py", BAD)
        for output_format in ("full", "concise"):
            ran = bnlint("--output-format", output_format)
            assert "\x1b" not in ran.out
            assert "\u202e" not in ran.out
            assert r"a\x1b[31m\n\u202eb.py" in ran.out

    def test_source_lines_too(self, bnlint: Bnlint, write: Write) -> None:
        write("a.py", "'BatchNorm'\nx = BIAS, '\x1b]0;owned\x07'\n")
        ran = bnlint("--output-format", "full")
        assert "\x1b" not in ran.out
        assert r"\x1b]0;owned\x07" in ran.out

    def test_names_that_are_not_utf8(self, bnlint: Bnlint, project: Path) -> None:
        (project / os.fsdecode(b"a\xff.py")).write_text(BAD)
        for output_format in ("full", "concise", "json", "json-lines"):
            ran = bnlint("--output-format", output_format, cache=True)
            assert ran.status == 1
            assert ran.err == ""
        assert r"a\xff.py:2:5" in bnlint().out

    def test_a_terminal_without_unicode(self, bnlint: Bnlint, write: Write) -> None:
        write("ä.py", "'BatchNorm'\nx = BIAS, 'é'\n")
        ran = bnlint("--output-format", "full", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
        assert ran.status == 1
        assert r"\xe4.py" in ran.out
