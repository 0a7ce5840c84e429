"""Which imported names may be helpers that build a BatchNormalization.

Inferred from bytes, so that a file that imports nothing of the kind is left after its outline:
a name counts when its module constructs a BatchNormalization, or imports a module that does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bnlint.keras_api import APPLICATIONS, holds_batch_normalization
from bnlint.readers.source.parsing.import_lines import ImportLine, import_lines

if TYPE_CHECKING:
    from bnlint.readers.source.modules import Module, Project

_PIECES: Final = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_BINDS: Final = re.compile(r"\A(?:(?:async )?def|class)?[ \t]*([^\W\d]\w*)[ \t]*(?=[(:=])")
_BRANCHES: Final = re.compile(r"(?:if|elif|else|try|except|finally|with)\b")
_BOUND_INSIDE: Final = re.compile(
    r"^[ \t]+(?:(?:async )?def |class )?[ \t]*([^\W\d]\w*)[ \t]*(?=[(:]|=[^=])", re.MULTILINE
)
_WORDS: Final = re.compile(r"[^\W\d]\w*")
# A construction, or a partial or alias of one; not torch's BatchNorm2d, not K.batch_normalization.
_CONSTRUCTS: Final = re.compile(
    r"BatchNorm(?<!class BatchNorm)(?:alization)?(?:V[12])?\b|layers\.batch_norm(?:alization)?\("
)
_FREEZES: Final = re.compile(r"training=(?:True|False)|\.trainable\b")
_PRETRAINED: Final = frozenset(filter(holds_batch_normalization, APPLICATIONS))
_MOST_HOPS: Final = 2
_PACKAGE: Final = f"{os.sep}__init__.py"
CONSTRUCTOR: Final = re.compile(r"BatchNorm(?!\w*\d[dD])|^_?batch_?norm(?:alization)?(?:_layer)?$")
"""A name that constructs one; not `use_batch_norm`, `batch_norm_decay` or `BatchNorm2d`."""


@dataclass(slots=True)
class Building:
    """What of a module's globals may build a BatchNormalization.

    Attributes:
        names: those that may.
        modules: for each global that is a module, the names in it that may.
    """

    names: set[str] = field(default_factory=set)
    modules: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_in(self, words: Collection[str]) -> bool:
        """Whether code that reads these words may build one."""
        return not self.names.isdisjoint(words) or any(
            module in words and not names.isdisjoint(words)
            for module, names in self.modules.items()
        )


def building_of(module: Module, names: Iterable[str]) -> Building:
    """What of a module's globals may build one, where its project knows: ``names``, with dots where
    they are in another module; and the class by another name.
    """
    found = Building()
    for line in module.imports:
        if line.alias != line.name and CONSTRUCTOR.search(line.name):
            found.names.add(line.alias)
    for name in names:
        head, _, inner = name.partition(".")
        if not inner:
            found.names.add(name)
            continue
        there = found.modules.get(head, frozenset())
        found.modules[head] = there | {inner.rpartition(".")[2]}
    return found


def mark_relevant(project: Project, module: Module) -> None:
    """Find the statements and globals of ``module`` that can build a BatchNormalization; where it
    freezes something, also those that take a pretrained network which has some.
    """
    if module.relevant:
        return
    constructors = _PRETRAINED if _FREEZES.search(module.text) else frozenset()
    left = [s for s in module.outline.statements if s.kind != "import"]
    used = frozenset[str]().union(*(statement.loads for statement in left))
    building = module.building
    if building is None:
        building = module.building = _imported(project, module, _MOST_HOPS, used)
    changed = True
    while changed:
        changed = False
        for statement in list(left):
            loads = statement.loads
            builds_one = any(map(CONSTRUCTOR.search, loads)) or not constructors.isdisjoint(loads)
            if builds_one or building.is_in(loads):
                left.remove(statement)
                module.relevant.add(statement)
                building.names |= statement.binds
                changed = True


def names_that_build(project: Project, module: Module, hops: int) -> frozenset[str]:
    """The globals of an imported module that can build one, inferred from its text alone.

    The text is cut where a line starts at the margin, so a mention in a docstring counts too;
    whether a name really builds one shows when it is called.
    """
    known = module.names_that_build.get(hops)
    if known is None:
        found = _imported(project, module, hops)
        left = []
        for piece in _PIECES.split(module.text):
            names = _bound(piece)
            if "BatchNorm" in piece:
                found.names.update(names)
            elif names:
                left.append((names, piece))
        if found.names or found.modules:
            _spread(found, [(names, frozenset(_WORDS.findall(piece))) for names, piece in left])
        modules = (name for name, names in found.modules.items() if names)
        known = module.names_that_build[hops] = frozenset({*found.names, *modules})
    return known


def _spread(found: Building, left: list[tuple[list[str], frozenset[str]]]) -> None:
    """Add the names of the pieces that use what is found, until no other does."""
    changed = True
    while changed:
        changed = False
        for entry in list(left):
            names, words = entry
            if found.is_in(words):
                left.remove(entry)
                found.names.update(names)
                changed = True


def _bound(piece: str) -> list[str]:
    """The globals that a piece of a module binds."""
    return (_BOUND_INSIDE if _BRANCHES.match(piece) else _BINDS).findall(piece)


def _imported(
    project: Project, module: Module, hops: int, used: frozenset[str] | None = None
) -> Building:
    """What ``module`` imports from project modules that may build one, and the names that it gives
    to the class itself.

    Args:
        project: what it imports from.
        module: the one that imports.
        hops: how many modules on to look; beyond, only names whose own text shows it count.
        used: where the module is read and not only searched, the names that it uses; what the
            others may be is not asked.
    """
    found = Building()
    for line in module.imports:
        name, alias = line.name, line.alias
        if used is not None and alias != "*" and alias not in used:
            continue
        if alias != name and CONSTRUCTOR.search(name):
            found.names.add(alias)  # from keras.layers import BatchNormalization as BN
        path, is_module = _source(project, module.path, line)
        if path is None or path == module.path:
            continue
        if used is not None:
            project.look_at(path)  # what it says decides what is read here
        target = project.peek(path) if builds(project, path, hops) else None
        if target is None:
            continue
        there = names_that_build(project, target, hops - 1)
        if alias == "*":
            found.names |= there
        elif is_module:
            found.modules[alias] = found.modules.get(alias, frozenset()) | there
        elif name in there:
            found.names.add(alias)
    return found


def builds(project: Project, path: str, hops: int) -> bool:
    """Whether the file at ``path`` constructs a BatchNormalization, or imports one that does.

    Args:
        project: what it imports from.
        path: of the file.
        hops: how many imports may lie between, which ends circular ones too; below 0 nothing does.
    """
    least, most = project.builders.get(path, (_MOST_HOPS + 1, -1))
    if most < hops < least:
        constructs, imported = _told(project, path)
        found = constructs or (
            hops > 0
            and any(
                target is not None and builds(project, target, hops - 1)
                for line in imported
                for target, _ in (_source(project, path, line),)
            )
        )
        if found:
            least = 0 if constructs else hops
        else:
            most = hops
        project.builders[path] = (least, most)
    return hops >= least


def _told(project: Project, path: str) -> tuple[bool, tuple[ImportLine, ...]]:
    """Whether a file constructs a BatchNormalization, and if it doesn't, what it imports."""
    known = project.told.get(path)
    if known is None:
        text = project.text_of(path)
        if ("BatchNorm" in text or "batch_norm" in text) and _CONSTRUCTS.search(text):
            known = True, ()
        else:
            known = False, tuple(import_lines(text))
        project.told[path] = known
    return known


def _source(project: Project, importer: str, line: ImportLine) -> tuple[str | None, bool]:
    """The project file that a name is imported from, and whether the name is that file; without a
    name, the file of the module.
    """
    level, module, name, _ = line
    own = project.locate(importer, level, module) if module or level else None
    if not name:
        return own, True
    if own is None or own.endswith(_PACKAGE):
        submodule = project.locate(importer, level, f"{module}.{name}" if module else name)
        if submodule is not None:
            return submodule, True
    return own, False
