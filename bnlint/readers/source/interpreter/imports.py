"""Globals: what a module's names mean, evaluated when they are used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.keras_api import Kind
from bnlint.keras_api.removed import removed_path
from bnlint.readers.source.interpreter import bounds
from bnlint.readers.source.interpreter.values import (
    Class,
    Function,
    ModuleValue,
    Symbol,
    Unknown,
    Value,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.frames import Frame
    from bnlint.readers.source.interpreter.interpreter import Interpreter
    from bnlint.readers.source.modules import Module

MISSING: Final = object()
_AT_THE_TOP: Final = ("Model", "Sequential", "Input", "Functional")

# What snippets cut from a page call Keras's modules by.
_USUAL_NAMES: Final = {
    "keras": "keras",
    "tf": "tensorflow",
    "tensorflow": "tensorflow",
    "layers": "keras.layers",
    "K": "keras.backend",
    "KL": "keras.layers",
    "backend": "keras.backend",
    "ops": "keras.ops",
}


@dataclass(slots=True, eq=False)
class Deferred:
    """A name imported from a project module, looked up there when it is first used."""

    module: Module
    name: str

    def resolve(self, interpreter: Interpreter) -> Value:
        mark = (id(self.module), "from " + self.name)
        value: Value = MISSING
        if mark not in interpreter.resolving:
            # `from package import config` in the package's own __init__ means the submodule.
            interpreter.resolving.add(mark)
            value = global_value(interpreter, self.module, self.name)
            interpreter.resolving.discard(mark)
        if value is not MISSING and not isinstance(value, Deferred):
            return value
        submodule = interpreter.project.relative(self.module, 1, self.name)
        if submodule is not None:
            return ModuleValue(submodule)
        return Unknown(("global", self.module.path, self.name), self.name)


def run_import(interpreter: Interpreter, node: ir.Import, frame: Frame) -> None:
    """``import a.b``, ``import a.b as c``."""
    for dotted, alias in node.names:
        if alias is not None:
            value = _import(interpreter, dotted, alias, frame.module)
            if isinstance(value, Symbol) and removed_path(f"{dotted}.") is not None:
                value = _by_removed_module(interpreter, dotted, dotted, node.line, frame.module)
            interpreter.bind_name(alias, value, frame)
        else:
            top = dotted.partition(".")[0]
            interpreter.bind_name(top, _import(interpreter, top, top, frame.module), frame)


def _import(interpreter: Interpreter, dotted: str, written: str, importer: Module) -> Value:
    if not keras_api.is_keras_path(dotted):
        module = interpreter.project.find(dotted, importer)
        if module is not None:
            return ModuleValue(module)
    return Symbol(dotted, written=written, is_module=True)


def run_import_from(interpreter: Interpreter, node: ir.ImportFrom, frame: Frame) -> None:
    """``from a.b import c``, absolute or relative. A star import is looked up by name later."""
    wanted = node.names if frame.is_module else tuple(pair for pair in node.names if pair[0] != "*")
    module = _source_module(interpreter, node, frame.module)
    for name, alias in wanted:
        if name == "*":
            continue
        value = _imported(interpreter, node, module, name, frame)
        if value.__class__ is Symbol:
            value.written = alias or name
        interpreter.bind_name(alias or name, value, frame)


def _source_module(
    interpreter: Interpreter, node: ir.ImportFrom, importer: Module
) -> Module | None:
    if node.level:
        return interpreter.project.relative(importer, node.level, node.module)
    if keras_api.is_keras_path(node.module):
        return None
    return interpreter.project.find(node.module, importer)


def _imported(
    interpreter: Interpreter, node: ir.ImportFrom, module: Module | None, name: str, frame: Frame
) -> Value:
    if module is not None:
        return Deferred(module, name)
    if not node.level:
        if not keras_api.is_keras_path(node.module):
            submodule = interpreter.project.find(f"{node.module}.{name}", frame.module)
            if submodule is not None:
                return ModuleValue(submodule)
        path = f"{node.module}.{name}"
        if removed_path(path) is None:
            return Symbol(path)
        return _by_removed_module(interpreter, path, node.module, node.line, frame.module)
    # `from . import blocks` in a folder without an __init__.py.
    dotted = f"{node.module}.{name}" if node.module else name
    submodule = interpreter.project.relative(frame.module, node.level, dotted)
    if submodule is not None:
        return ModuleValue(submodule)
    return Unknown(("import", frame.module.path, node.module, name), name)


def _by_removed_module(
    interpreter: Interpreter, path: str, written: str, line: int, importer: Module
) -> Symbol:
    """What a statement imports by a module that some Keras does not have.

    In a ``try`` it is for the versions that have it; the public path is meant for the others.
    """
    found = removed_path(path) or removed_path(f"{path}.")
    if interpreter.in_try and found is not None:
        old, removed = found
        return Symbol(path.replace(old, removed.instead, 1))
    return Symbol(path, written_at(importer, line, written))


def written_at(module: Module, line: int, written: str) -> Location:
    """Where the name of a module stands in the line that imports it."""
    text = module.outline.lines[line - 1]
    start = max(text.find(written), 0)
    span = (line, len(text[:start].encode()), line, len(text[: start + len(written)].encode()))
    return module.location(span)


def globals_of(interpreter: Interpreter, module: Module) -> dict[str, Value]:
    """The globals of ``module`` in this world."""
    names = interpreter.globals.get(module)
    if names is None:
        names = interpreter.globals[module] = {}
    return names


def global_value(interpreter: Interpreter, module: Module, name: str) -> Value:
    """The global ``name`` of ``module``, or MISSING where nothing binds it.

    Only the statements that bind the name are run. What no choice and no layer took part in is
    kept for all worlds.
    """
    names = globals_of(interpreter, module)
    if name in names:
        value = names[name]
        # A choice may have taken part in it, and so in what is made of it now.
        interpreter.decisions.consulted += name not in module.shared and _is_shareable(value)
    elif name in module.shared:
        value, looked_at = module.shared[name]
        names[name] = value
        for path in looked_at:
            interpreter.project.look_at(path)
    elif name == "__name__":
        return "__main__" if module is interpreter.main else module.path
    elif name in module.binders:
        value = _evaluate_global(interpreter, module, name)
    else:
        value = _from_star_imports(interpreter, module, name)
    if isinstance(value, Deferred):
        value = value.resolve(interpreter)
        if value is not MISSING:
            names[name] = value
    if value is None and name in module.rebound:
        return Unknown(("global", module.path, name), name)
    return value


def _evaluate_global(interpreter: Interpreter, module: Module, name: str) -> Value:
    from bnlint.readers.source.interpreter.frames import Frame

    mark = (id(module), name)
    unknown = Unknown(("global", module.path, name), name)
    if mark in interpreter.resolving or interpreter.in_global > 30:
        return unknown
    names = globals_of(interpreter, module)
    frame = Frame(module, names, is_module=True)
    before = (
        interpreter.decisions.consulted,
        len(interpreter.graph.layers),
        len(interpreter.composites),
    )
    with interpreter.project.looking() as looked_at:
        interpreter.resolving.add(mark)
        interpreter.in_global += 1
        line = interpreter.line
        try:
            for statement in module.binders[name]:
                _run_binder(interpreter, statement.lower(), name, frame)
        finally:
            interpreter.line = line
            interpreter.resolving.discard(mark)
            interpreter.in_global -= 1
        value = names.get(name, unknown)
        if isinstance(value, Deferred):
            value = names[name] = value.resolve(interpreter)
    after = (
        interpreter.decisions.consulted,
        len(interpreter.graph.layers),
        len(interpreter.composites),
    )
    if before == after and _is_shareable(value):
        module.shared[name] = (value, tuple(looked_at))
    return value


def _run_binder(interpreter: Interpreter, block: ir.Block, name: str, frame: Frame) -> None:
    for statement in block:
        if isinstance(statement, ir.ImportFrom):
            # The other names of a long import list are looked up when they are used.
            names = tuple(pair for pair in statement.names if (pair[1] or pair[0]) == name)
            wanted = ir.ImportFrom(statement.line, statement.module, statement.level, names)
            interpreter.run_block((wanted,), frame)
        else:
            interpreter.run_block((statement,), frame)


def _is_shareable(value: Value) -> bool:
    if isinstance(value, tuple):
        return bounds.is_small(value) and all(_is_shareable(item) for item in value)
    return value is None or isinstance(
        value, (bool, int, float, str, bytes, Function, Class, Symbol, ModuleValue)
    )


def _from_star_imports(interpreter: Interpreter, module: Module, name: str) -> Value:
    if "*" not in module.binders or name.startswith("__"):
        return MISSING
    mark = (id(module), "*" + name)
    if mark in interpreter.resolving:
        return MISSING
    interpreter.resolving.add(mark)
    try:
        for statement in reversed(module.binders["*"]):
            for node in statement.lower():
                value = _star_member(interpreter, node, module, name)
                if value is not MISSING:
                    globals_of(interpreter, module)[name] = value
                    return value
    finally:
        interpreter.resolving.discard(mark)
    return MISSING


def _star_member(interpreter: Interpreter, node: ir.Stmt, module: Module, name: str) -> Value:
    if isinstance(node, ir.Try):
        for inner in node.body:
            value = _star_member(interpreter, inner, module, name)
            if value is not MISSING:
                return value
        return MISSING
    if not isinstance(node, ir.ImportFrom) or ("*", None) not in node.names:
        return MISSING
    source = _source_module(interpreter, node, module)
    if source is not None:
        return global_value(interpreter, source, name)
    path = f"{node.module}.{name}"
    resolved = keras_api.resolve(path)
    # Of optimizers, numpy and the like any name resolves to "data": that is no proof of a member.
    known = resolved is not None and resolved.kind is not Kind.DATA
    return Symbol(path, written=name) if known else MISSING


def unbound(name: str, module: Module) -> Value:
    """A name that nothing binds: Keras's where it is Keras's public name, else unknown.

    People lint snippets and notebook cells that were cut from a page.
    """
    if not uses_another_framework(module):
        if name in _USUAL_NAMES:
            return Symbol(_USUAL_NAMES[name])
        symbol = public_symbol(name)
        if symbol is not None:
            return symbol
    return Unknown(("free", name), name)


def public_symbol(name: str) -> Symbol | None:
    """Keras's public class of that name."""
    if keras_api.public_name(name) is None:
        return None
    return Symbol(f"keras.{name}" if name in _AT_THE_TOP else f"keras.layers.{name}")


def uses_another_framework(module: Module) -> bool:
    """Whether the file imports a framework whose classes have the same names."""
    return not module.imported_tops.isdisjoint(keras_api.NOT_KERAS)


def is_another_framework(module: Module) -> bool:
    """Whether the file is written for another framework alone."""
    tops = module.imported_tops
    return not tops.isdisjoint(keras_api.NOT_KERAS) and not any(map(keras_api.is_keras_path, tops))
