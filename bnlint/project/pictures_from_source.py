"""The pictures of the models that one file builds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bnlint.project.files.targets import is_notebook
from bnlint.reporters.drawing.choice import Candidate
from bnlint.reporters.drawing.picture import Box, connected, picture_of

if TYPE_CHECKING:
    from bnlint.readers.source.modules import Module
    from bnlint.readers.source.parsing.outline import TopLevel
    from bnlint.readers.source.worlds.reader import World


def candidates_in(filename: str, data: bytes) -> list[Candidate]:
    """All models that the readings of one file built.

    Args:
        filename: as the user named it; imports are followed from where it lies.
        data: its bytes.

    Returns:
        The connected parts of every world's graph; none if the file cannot be decoded, or is a
        notebook in another language.
    """
    from bnlint.readers.source.modules import Project
    from bnlint.readers.source.parsing.notebook import NotANotebook, Notebook
    from bnlint.readers.source.parsing.text import Undecodable, decode
    from bnlint.readers.source.worlds.reader import Reader

    lines = None
    try:
        if is_notebook(filename):
            notebook = Notebook(filename, data)
            if not notebook.is_python:
                return []
            text, lines = notebook.program, notebook.program_lines
        else:
            text = decode(data)
    except (Undecodable, NotANotebook):
        return []
    project = Project()
    module = project.main(filename, str(Path(filename).absolute()), text, lines)
    found: list[Candidate] = []
    numbers = itertools.count()

    def keep(world: World) -> bool:
        found.extend(_candidates(world, module, next(numbers)))
        return False

    Reader(module, project, lambda: None, keep, whole_loops=True).read()
    return found


def _candidates(world: World, module: Module, number: int) -> Iterator[Candidate]:
    root = _root(world, module)
    title = module.filename if root is None else f"{module.filename}: {root.name}"
    is_class = root is not None and root.kind == "class"
    for part in connected(picture_of(world.graph, title)):
        if not part.locations():
            continue
        open_ends = sum(_is_open(box, is_class=is_class) for box in part.boxes)
        yield Candidate(part, (title, number), open_ends, int(world.tier))


def _root(world: World, module: Module) -> TopLevel | None:
    """The function or class that the reading started at; ``None`` for the module itself."""
    for statement in module.outline.statements:
        if statement.name and (statement.line, statement.end_line) == world.root_lines:
            return statement
    return None


def _is_open(box: Box, *, is_class: bool) -> bool:
    """Whether a box is for something unknown; the parameter of ``call`` is a model's input."""
    return box.is_small and (box.kind == "Unknown" or (box.kind == "Parameter" and not is_class))
