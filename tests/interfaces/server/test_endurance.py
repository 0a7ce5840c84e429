"""A long session, a client that sends nonsense, a client that is gone."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from editor import PATIENCE, Editor, conversation
from lsprotocol import types
from models import FUNCTIONAL

from bnlint.interfaces.api import lint_source

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="needs /proc to see the processes of others"
)

_PIECES = (
    "x = layers.Dense(4)(x)\n", "x = layers.BatchNormalization()(x)\n", "(", ")", "[", '"', "'''",
    "\\", "\n", "\r\n", "\r", "\t", "    ", "é", "😀", "\u2028", "\f", "def f(x):\n", "return", "#",
    "# bnlint: ignore[BN201]", "lambda: 0", "\x00", "if x:\n",
)  # fmt: skip


def _random_edit(rng: random.Random, text: str) -> tuple[types.TextDocumentContentChangeEvent, str]:
    """A change, and the text behind it."""
    if rng.random() < 0.05 or len(text) > 4000:
        return types.TextDocumentContentChangeWholeDocument(FUNCTIONAL), FUNCTIONAL
    starts = [rng.randint(0, len(text)) for _ in range(2)]
    start = min(starts)
    end = min(max(starts), start + rng.choice((0, 0, 0, 1, 5, 40)))
    while _splits_line_end(text, start):
        start -= 1
    while _splits_line_end(text, end):
        end += 1
    piece = rng.choice(_PIECES)
    asked = types.Range(_position(text, start), _position(text, end))
    changed = text[:start] + piece + text[end:]
    return types.TextDocumentContentChangePartial(asked, piece), changed


def _splits_line_end(text: str, offset: int) -> bool:
    return text[max(offset - 1, 0) : offset + 1] == "\r\n" and offset > 0


def _position(text: str, offset: int) -> types.Position:
    """As an editor counts that has UTF-16."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n")
    units = before.rpartition("\n")[2].encode("utf-16-le")
    return types.Position(line, len(units) // 2)


@conversation
async def test_a_thousand_random_edits_leave_the_same_text_on_both_sides(tmp_path: Path) -> None:
    rng = random.Random(20)
    async with Editor(tmp_path) as editor:
        text = FUNCTIONAL
        uri = editor.open("net.py", text)
        for number in range(1000):
            change, text = _random_edit(rng, text)
            editor.change(uri, change)
            if number % 50 == 49:
                found = await editor.diagnostics(uri)
                expected = lint_source(text.encode("utf-8"), str(tmp_path / "net.py")).findings
                assert [(d.code, d.range.start.line + 1) for d in found] == [
                    (f.code, f.location.line) for f in expected
                ]
        editor.replace(uri, FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]
    assert editor.messages == []


@needs_proc
@conversation
async def test_memory_stays_level_over_six_hundred_edits(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        identity = types.TextDocumentIdentifier(uri)
        sizes = []
        for number in range(600):
            start = types.Range(types.Position(3, 0), types.Position(3, 0))
            added = f"y{number % 7} = layers.Dense({number % 100})(inputs)\n"
            if number % 10 == 9:
                editor.replace(uri, FUNCTIONAL)
            else:
                editor.change(uri, types.TextDocumentContentChangePartial(start, added))
            # Asking does not wait for the typing to end, so that each text is linted.
            report = await editor.client.text_document_diagnostic_async(
                types.DocumentDiagnosticParams(identity)
            )
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            assert [each.code for each in report.items] == ["BN201"]
            if number in (199, 599):
                family = [editor.process.pid, *_children(editor.process.pid)]
                assert len(family) == 2
                sizes.append(sum(map(_resident, family)))
    early, late = sizes
    assert late < early + 8_000_000


@conversation
async def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        assert await editor.codes(uri) == ["BN201"]
        (worker,) = _children(editor.process.pid)
        os.kill(worker, 9)
        editor.replace(uri, FUNCTIONAL + "\n")
        await editor.diagnostics(uri)
        editor.replace(uri, FUNCTIONAL + "\n\n")
        assert await editor.codes(uri) == ["BN201"]


# What no client should send


def _frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def _message(**fields: object) -> bytes:
    return _frame(json.dumps({"jsonrpc": "2.0", **fields}).encode())


_INITIALIZE = _message(id=1, method="initialize", params={"processId": None, "capabilities": {}})
_OPEN = _message(
    method="textDocument/didOpen",
    params={
        "textDocument": {
            "uri": "file:///nowhere/net.py",
            "languageId": "python",
            "version": 1,
            "text": FUNCTIONAL,
        }
    },
)


@contextmanager
def _server(folder: Path, *, started: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", "bnlint", "--lsp"],
        cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        try:
            if started:
                _send(process, _INITIALIZE, _message(method="initialized", params={}))
                assert "capabilities" in str(_answer(process, 1))
            yield process
        finally:
            process.kill()


def _send(process: subprocess.Popen[bytes], *messages: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(b"".join(messages))
    process.stdin.flush()


def _receive(process: subprocess.Popen[bytes]) -> dict[str, object]:
    assert process.stdout is not None
    length = 0
    while line := process.stdout.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    found = json.loads(process.stdout.read(length))
    assert isinstance(found, dict)
    return found


def _answer(process: subprocess.Popen[bytes], identity: int) -> dict[str, object]:
    while (found := _receive(process)).get("id") != identity or "method" in found:
        pass
    return found


@pytest.mark.parametrize(
    "nonsense",
    [
        _frame(b"{no json"),
        _frame(b"[]"),
        _frame(b"3"),
        _frame(b"null"),
        _frame(b"{}"),
        _frame(b"\xff\xfe\x00"),
        _frame(b'{"jsonrpc": "1.0", "id": 3, "method": "shutdown"}'),
        _frame(b"[" * 100_000),
        b"Content-Length: many\r\n\r\n{}",
        b"Content-Length: -3\r\n\r\n{}",
        b"Content-Length: 99999999999\r\n\r\n{}",
        b"Content-Length: 0\r\n\r\n",
        b"Hello\r\n\r\n\r\n",
        b"\x00\x01\x02\xff",
        _message(method="no/such/notification", params={"a": 1}),
        _message(method="textDocument/didChange", params={}),
        _message(
            method="textDocument/didChange",
            params={"textDocument": {"uri": "file:///not/open.py", "version": 3},
                    "contentChanges": [{"text": "x"}]},
        ),
        _message(method="textDocument/didClose", params={"textDocument": {"uri": "file:///x"}}),
        _message(method="textDocument/didOpen", params={"textDocument": {"uri": 3}}),
        _message(method="$/cancelRequest", params={"id": 4711}),
        _message(id="99", result=None),
        _message(id="98", error={"code": 1, "message": "no"}),
        _message(method="textDocument/didOpen", params={
            "textDocument": {"uri": "::::", "languageId": "python", "version": 1, "text": "x"}}),
        _message(method="workspace/didChangeConfiguration", params={"settings": {"bnlint": [1]}}),
    ],
)  # fmt: skip
def test_nonsense_is_survived(tmp_path: Path, nonsense: bytes) -> None:
    with _server(tmp_path) as process:
        _send(process, nonsense, _OPEN)
        said = ""
        while "BN201" not in said:
            said = str(_receive(process))
        _send(process, _message(id=2, method="shutdown", params=None))
        assert _answer(process, 2)["result"] is None
        _send(process, _message(method="exit"))
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()


def test_a_request_that_cannot_be_served_is_answered(tmp_path: Path) -> None:
    with _server(tmp_path) as process:
        _send(process, _message(id=5, method="no/such/request", params={}))
        assert _code(_answer(process, 5)) == -32601
        _send(process, _message(id=6, method="textDocument/hover", params={"textDocument": 3}))
        assert _code(_answer(process, 6)) == -32602
        document = {"uri": "file:///not/open.py"}
        hover = {"textDocument": document, "position": {"line": 9, "character": 9}}
        _send(process, _message(id=7, method="textDocument/hover", params=hover))
        assert _answer(process, 7)["result"] is None


def test_a_request_that_is_cancelled_is_answered_so(tmp_path: Path) -> None:
    with _server(tmp_path) as process:
        hover = {
            "textDocument": {"uri": "file:///nowhere/net.py"},
            "position": {"line": 0, "character": 0},
        }
        asked = _message(id=8, method="textDocument/hover", params=hover)
        _send(process, _OPEN, asked, _message(method="$/cancelRequest", params={"id": 8}))
        assert _code(_answer(process, 8)) == -32800
        _send(process, _message(id=9, method="textDocument/hover", params=hover))
        assert _answer(process, 9)["result"] is None


def _code(answer: dict[str, object]) -> object:
    error = answer["error"]
    assert isinstance(error, dict)
    return error["code"]


# A client that is gone


@needs_proc
def test_the_server_ends_with_its_input_and_leaves_nobody_behind(tmp_path: Path) -> None:
    with _server(tmp_path) as process:
        worker = _worker_of(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE) == 1
        assert _is_gone(worker)


@needs_proc
def test_the_worker_ends_when_the_server_is_killed(tmp_path: Path) -> None:
    with _server(tmp_path) as process:
        worker = _worker_of(process)
        process.kill()
        process.wait(PATIENCE)
        assert _is_gone(worker)


@needs_proc
def test_the_server_ends_when_its_editor_dies_and_the_pipes_stay_open(tmp_path: Path) -> None:
    with (
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as editor,
        _server(tmp_path, started=False) as process,
    ):
        params = {"processId": editor.pid, "capabilities": {}}
        _send(process, _message(id=1, method="initialize", params=params))
        _answer(process, 1)
        _send(process, _message(method="initialized", params={}))
        worker = _worker_of(process)
        editor.kill()
        editor.wait()
        assert process.wait(PATIENCE) == 1
        assert _is_gone(worker)


def test_exit_without_shutdown_is_told_by_the_status(tmp_path: Path) -> None:
    with _server(tmp_path) as process:
        _send(process, _message(method="exit"))
        assert process.wait(PATIENCE) == 1


def _worker_of(process: subprocess.Popen[bytes]) -> int:
    _send(process, _OPEN)
    while "BN201" not in str(_receive(process)):
        pass
    (worker,) = _children(process.pid)
    return worker


def _children(process: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{process}/task").iterdir():
        found += [int(each) for each in (task / "children").read_text().split()]
    return found


def _resident(process: int) -> int:
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _is_gone(process: int) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@conversation
async def test_long_linting_does_not_block_the_conversation(tmp_path: Path) -> None:
    layers = "".join(f"x = layers.Dense({n})(x)\n" for n in range(3000))
    big = FUNCTIONAL.replace("model =", layers + "model =")
    async with Editor(tmp_path) as editor:
        slow = editor.open("slow.py", big)
        await asyncio.sleep(0.3)
        answer = await editor.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier("file:///no.py"), types.Position(0, 0))
        )
        assert answer is None
        assert slow not in editor.published
        await editor.diagnostics(slow)
