"""What a file imports of TensorFlow's private Keras.

What is imported in a ``try`` or under a
condition is left alone: it is for the versions that have it.
"""

from __future__ import annotations

from collections.abc import Iterator

from bnlint.graph.events import Imported
from bnlint.keras_api.removed import PRIVATE
from bnlint.readers.source.interpreter.imports import written_at
from bnlint.readers.source.modules import Module
from bnlint.readers.source.parsing import program as ir
from bnlint.readers.source.parsing.outline import TopLevel


def private_imports(module: Module) -> list[Imported]:
    """One event for each statement."""
    if "tensorflow.python" not in module.text:
        return []
    return [
        Imported(written_at(module, line, written), path)
        for statement in module.outline.statements
        if any("tensorflow.python" in line for line in _lines(statement, module))
        for line, written, path in _in(statement.lower(), module)
    ]


def _lines(statement: TopLevel, module: Module) -> list[str]:
    return module.outline.lines[statement.line - 1 : statement.end_line]


def _in(block: ir.Block, module: Module) -> Iterator[tuple[int, str, str]]:
    """Line, module as it is written, and the first path that is imported."""
    for node in block:
        match node:
            case ir.Import(line=line, names=names):
                bound = [(path, path) for path, _ in names]
            case ir.ImportFrom(line=line, module=source, level=0, names=names):
                bound = [(source, f"{source}.{name}") for name, _ in names]
            case ir.FunctionDef(body=body) | ir.ClassDef(body=body) | ir.With(body=body):
                yield from _in(body, module)
                continue
            case _:
                continue
        for _, path in bound:
            if f"{path}.".startswith(f"{PRIVATE}."):
                yield line, bound[0][0], path
                break
