"""Which imported names may be helpers that build a BatchNormalization.

Told from bytes alone, so that a file that imports nothing of the kind is left after its outline:
a name counts when its module constructs a BatchNormalization, or imports a module that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bnlint.keras_api import APPLICATIONS, holds_batch_normalization

if TYPE_CHECKING:
    from bnlint.source.project import Module, Project

_IMPORTS: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]{0,8000}\)|[^\n#(]+)"
    r"|import[ \t]+([\w. \t,]+))",
    re.MULTILINE,
)
_NAMES: Final = re.compile(r"([^\W\d]\w*)(?:[ \t]+as[ \t]+(\w+))?")
_PIECES: Final = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_BINDS: Final = re.compile(r"\A(?:(?:async )?def|class)?[ \t]*([^\W\d]\w*)[ \t]*(?=[(:=])")
_WORDS: Final = re.compile(r"[^\W\d]\w*")
_COMMENTS: Final = re.compile(r"#[^\n]*")
# A construction, or a partial or alias of one; not torch's BatchNorm2d, not K.batch_normalization.
_CONSTRUCTS: Final = re.compile(
    r"BatchNorm(?<!class BatchNorm)(?:alization)?(?:V[12])?\b|layers\.batch_norm(?:alization)?\("
)
_FREEZES: Final = re.compile(r"training=(?:True|False)|\.trainable\b")
_PRETRAINED: Final = frozenset(filter(holds_batch_normalization, APPLICATIONS))
_MOST_HOPS: Final = 3
CONSTRUCTOR: Final = re.compile(r"BatchNorm(?!\w*\d[dD])|^_?batch_?norm(?:alization)?(?:_layer)?$")
"""A name that constructs one; not `use_batch_norm`, `batch_norm_decay` or `BatchNorm2d`."""


def mark_relevant(project: Project, module: Module) -> None:
    """Find the statements and globals of ``module`` that can build a BatchNormalization; where it
    freezes something, also those that take a pretrained network which has some.
    """
    if module.tainted is not None:
        return
    constructors = _PRETRAINED if _FREEZES.search(module.text) else frozenset()
    tainted = _imported(project, module, _MOST_HOPS)
    left = [s for s in module.outline.statements if s.kind != "import"]
    changed = True
    while changed:
        changed = False
        for statement in list(left):
            loads = statement.loads
            builds_one = any(map(CONSTRUCTOR.search, loads)) or not constructors.isdisjoint(loads)
            if builds_one or not tainted.isdisjoint(loads):
                left.remove(statement)
                module.relevant.add(statement)
                tainted |= statement.binds
                changed = True
    module.tainted = frozenset(tainted)


def names_that_build(project: Project, module: Module, hops: int) -> frozenset[str]:
    """The globals of an imported module that can build one, told from its text alone.

    The text is cut where a line starts at the margin, so a mention in a docstring counts too;
    whether a name really builds one shows when it is called.
    """
    if module.building is None:
        module.building = frozenset()  # for circular imports
        found = _imported(project, module, hops)
        left = [(_BINDS.findall(piece), piece) for piece in _PIECES.split(module.text)]
        left = [(names, piece) for names, piece in left if names]
        changed = True
        while changed:
            changed = False
            for entry in list(left):
                names, piece = entry
                if "BatchNorm" in piece or not found.isdisjoint(_WORDS.findall(piece)):
                    left.remove(entry)
                    found.update(names)
                    changed = True
        module.building = frozenset(found)
    return module.building


def _imported(project: Project, module: Module, hops: int) -> set[str]:
    """The names that ``module`` imports from project modules that may build one, and those that
    it gives to the class itself.
    """
    names: set[str] = set()
    for level, source, imported in _imports(module.text):
        for name, alias in imported:
            if alias != name and CONSTRUCTOR.search(name):
                names.add(alias)  # from keras.layers import BatchNormalization as BN
            own = project.locate(module.path, level, source) if name or not source else None
            dotted = f"{source}.{name}" if name and source else source or name
            submodule = project.locate(module.path, level, dotted)
            if submodule is not None and submodule != own:
                if submodule != module.path and builds(project, submodule, hops):
                    names.add(alias)
            elif own is not None and own != module.path and builds(project, own, hops):
                target = project.load(own)
                if target is None:
                    continue
                there = names_that_build(project, target, hops - 1) if hops > 0 else frozenset()
                if name in there:
                    names.add(alias)
                elif alias == "*":
                    names |= there
    return names


def builds(project: Project, path: str, hops: int) -> bool:
    """Whether the file at ``path`` constructs a BatchNormalization, or imports one that does."""
    known = project.builders.get(path)
    if known is not None:
        return known
    project.builders[path] = False  # for circular imports
    text = project.text_of(path)
    found = ("BatchNorm" in text or "batch_norm" in text) and _CONSTRUCTS.search(text) is not None
    if not found and hops > 0:
        found = any(
            target is not None and builds(project, target, hops - 1)
            for level, source, imported in _imports(text)
            for name, _ in imported
            for target in (_path(project, path, level, source, name),)
        )
    project.builders[path] = found
    return found


def _imports(text: str) -> Iterator[tuple[int, str, list[tuple[str, str]]]]:
    """Each import of a text: leading dots, module, and (name, name it is bound to)."""
    for dots, source, imported, plain in _IMPORTS.findall(text):
        if plain:
            for dotted in plain.split(","):
                words = dotted.split()
                if words:
                    bound = words[2] if len(words) == 3 else words[0].partition(".")[0]
                    yield 0, words[0], [("", bound)]
            continue
        names = [(n, alias or n) for n, alias in _NAMES.findall(_COMMENTS.sub("", imported))]
        if "*" in imported:
            names.append(("", "*"))
        yield len(dots), source, names


def _path(project: Project, importer: str, level: int, source: str, name: str) -> str | None:
    """The project file that ``from source import name`` may take ``name`` from."""
    dotted = f"{source}.{name}" if name and source else source or name
    return project.locate(importer, level, dotted) or (
        project.locate(importer, level, source) if name else None
    )
