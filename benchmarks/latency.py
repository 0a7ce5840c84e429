"""The time from a keystroke to the diagnostics: ``python -m benchmarks.latency``.

A client talks to ``bnlint --lsp`` over standard streams, as an editor does, and edits a model of
some 500 lines: it types into arguments, opens and closes brackets, adds and removes lines. Each
time is measured from sending the change to receiving the diagnostics of that version.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from lsprotocol import types
from pygls.lsp.client import LanguageClient

_EDITS = 50
_PATIENCE = 60.0

_HEAD = '''\
"""A network for images, written out."""

import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def block(x, filters, stride=1, use_bn=True, name=None):
    shortcut = layers.Conv2D(filters, 1, strides=stride, use_bias=False, name=name + "_short")(x)
    if use_bn:
        shortcut = layers.BatchNormalization(name=name + "_short_bn")(shortcut)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", name=name + "_a")(x)
    if use_bn:
        y = layers.BatchNormalization(name=name + "_a_bn")(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False, name=name + "_b")(y)
    if use_bn:
        y = layers.BatchNormalization(name=name + "_b_bn")(y)
    return layers.ReLU()(layers.Add()([y, shortcut]))


def build(classes=10):
    inputs = keras.Input((224, 224, 3))
    x = inputs
'''
_STAGE = """\
    x = block(x, {filters}, name="stage{number}")
    branch = layers.Conv2D({filters}, 3, padding="same", use_bias=False)(x)
    branch = layers.BatchNormalization(epsilon=1e-3)(branch)
    branch = layers.Activation("relu")(branch)
    branch = layers.Dropout(0.1)(branch)
    x = layers.Concatenate()([x, branch])
    x = layers.Conv2D({filters}, 1)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
"""
_END = """\
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x))


model = build()
"""


def model(lines: int = 500) -> str:
    """A program of about ``lines`` lines."""
    stages = (lines - _HEAD.count("\n") - _END.count("\n")) // _STAGE.count("\n")
    body = "".join(
        _STAGE.format(filters=16 * (1 + number % 4), number=number) for number in range(stages)
    )
    return _HEAD + body + _END


def edits(text: str, count: int) -> list[types.TextDocumentContentChangePartial]:
    """Changes as a user types them, one after another, all over the file."""
    lines = text.split("\n")
    places = [number for number, line in enumerate(lines) if "Conv2D(" in line]
    found = []
    for index in range(0, count, 2):
        line = places[(index * 7) % len(places)]
        column = lines[line].index("Conv2D(") + len("Conv2D(")
        what = ("(", "1", "kernel_size=", "#")[index // 2 % 4]
        start, end = types.Position(line, column), types.Position(line, column + len(what))
        found.append(types.TextDocumentContentChangePartial(types.Range(start, start), what))
        found.append(types.TextDocumentContentChangePartial(types.Range(start, end), ""))
    return found[:count]


async def measure(path: Path, count: int) -> list[float]:
    """The seconds that each of ``count`` edits of the file at ``path`` took."""
    client = LanguageClient("bnlint-latency", "1")
    answered = asyncio.Event()
    version = 1

    def publish(params: types.PublishDiagnosticsParams) -> None:
        if params.version == version:
            answered.set()

    client.protocol.fm.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
    await client.start_io(sys.executable, "-m", "bnlint", "--lsp")
    await client.initialize_async(
        types.InitializeParams(types.ClientCapabilities(), root_uri=path.parent.as_uri())
    )
    client.initialized(types.InitializedParams())
    text = path.read_text(encoding="utf-8")
    item = types.TextDocumentItem(path.as_uri(), "python", version, text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(item))
    await asyncio.wait_for(answered.wait(), _PATIENCE)
    times = []
    for change in edits(text, count):
        answered.clear()
        version += 1
        identity = types.VersionedTextDocumentIdentifier(version, path.as_uri())
        start = time.perf_counter()
        client.text_document_did_change(types.DidChangeTextDocumentParams(identity, [change]))
        await asyncio.wait_for(answered.wait(), _PATIENCE)
        times.append(time.perf_counter() - start)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]
    return times


def main() -> None:
    """Measure, and print milliseconds."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, help="instead of the generated model")
    parser.add_argument("--edits", type=int, default=_EDITS, help="default: %(default)s")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = options.file
        if path is None:
            path = Path(folder).resolve() / "network.py"
            path.write_text(model(), encoding="utf-8")
        times = sorted(1000 * each for each in asyncio.run(measure(path.resolve(), options.edits)))
        count = path.read_text(encoding="utf-8").count("\n")
    late = times[int(0.9 * (len(times) - 1))]
    sys.stdout.write(
        f"{path.name}: {count} lines, {len(times)} edits, milliseconds from change to diagnostics\n"
        f"median {statistics.median(times):.0f}, 90 % {late:.0f}, most {times[-1]:.0f}\n"
    )


if __name__ == "__main__":
    main()
