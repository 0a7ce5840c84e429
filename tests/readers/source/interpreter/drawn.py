"""Small programs, and the graphs that the interpreter draws of them, as lines of text."""

from __future__ import annotations

import textwrap
from pathlib import Path

from bnlint.graph import Call, LayerGraph, Origin, Tensor
from bnlint.readers.source.modules import Project
from bnlint.readers.source.worlds.reader import Reader, World

HEAD = """\
from keras import Input, Model, Sequential, layers
from keras.layers import Activation, Add, BatchNormalization, Conv2D, Dense, Dropout, ReLU

"""


def worlds_of(program: str, folder: Path | None = None) -> list[tuple[dict[str, bool], list[str]]]:
    """Of each world of a program: the answers that it stands on, and its calls.

    Args:
        program: source below imports of the usual names.
        folder: where its imports are found; it is not written there.

    Returns:
        For each world the conditions in words with their answers, and a line for each call, in the
        order in which the layers were constructed: ``"BatchNormalization(Dense)"`` is one whose
        input a Dense returned.
    """
    text = HEAD + textwrap.dedent(program)
    project = Project()
    path = (folder or Path()).absolute() / "program.py"
    module = project.main("program.py", str(path), text, None)
    found: list[tuple[dict[str, bool], list[str]]] = []

    def keep(world: World) -> bool:
        answers = {c.text(True).replace("`", ""): yes for c, yes in world.decisions.values()}
        found.append((answers, _lines(world.graph)))
        return True

    Reader(module, project, lambda: None, keep).read()
    return found


def calls_of(program: str, folder: Path | None = None) -> list[str]:
    """The calls in the first world of a program."""
    return worlds_of(program, folder)[0][1]


def _lines(graph: LayerGraph) -> list[str]:
    return [_line(call) for layer in graph.layers for call in layer.calls]


def _line(call: Call) -> str:
    return f"{call.layer.kind}({', '.join(map(_source, call.inputs))})"


def _source(tensor: Tensor) -> str:
    if tensor.producer is not None:
        return tensor.producer.layer.kind
    return tensor.origin.value if isinstance(tensor.origin, Origin) else "nothing"
