"""``package.module:callable``: imports a user's module, builds the model, and reads it.

This is the only part of bnlint that executes user code, and only because the user requests it.
Output of that code goes to standard error, so that reports on standard output stay intact.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import inspect
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from bnlint.findings import Location
from bnlint.graph import Layer, LayerGraph
from bnlint.readers.model.building.construction import Construction, Constructions
from bnlint.readers.model.errors import InspectionError, ModelError
from bnlint.readers.model.keras_objects import (
    Live,
    block_class,
    flatten,
    is_functional,
    is_keras_module,
    is_model,
    is_sequential,
    keras_of,
)
from bnlint.readers.model.live.call_sites import location_of
from bnlint.readers.model.live.live import draw_model
from bnlint.readers.model.live.unused import draw_unused
from bnlint.readers.model.live.walk import Walker


class BuildError(ModelError):
    """A model could not be built; one line, with the user's line where there is one."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a callable returned.

    Attributes:
        graph: the layer graph of all models; each location has the file and line of the
            construction and the layer's path.
        files: the files that its locations are in: as findings name them, and absolute.
        models: how many models there are.
        live: the models that were returned.
        layers: the graph's layers and the live ones that they were drawn from.
    """

    graph: LayerGraph
    files: Mapping[str, str]
    models: int
    live: tuple[Live, ...] = ()
    layers: tuple[tuple[Layer, Live], ...] = ()


def build(
    target: str, arguments: Mapping[str, object] | None = None, *, input_shape: object = None
) -> Built:
    """Import a module, call what is named in it, and read the model that it returns.

    Args:
        target: ``package.module:callable``; a function that returns a model (or a list, tuple or
            dictionary of models), a subclass of ``Model``, or a model.
        arguments: its keyword arguments.
        input_shape: what to call a subclassed model with that was never called.

    Raises:
        BuildError: the module can't be imported, the call fails, or returns no model.
        InspectionError: the model can't be read.
    """
    module_name, _, name = target.partition(":")
    constructions = Constructions(_user_modules(module_name))
    with _own_output(), _importable(), constructions.recording():
        with _told("can't be imported"):
            module = importlib.import_module(module_name)
        found = _attribute(module, name)
        constructions.take_as_users(getattr(found, "__module__", None))
        if not is_model(found):
            with _told("failed"), constructions.asked_for():
                _check_arguments(found, arguments or {})
                found = found(**(arguments or {}))
    models = [value for value in flatten(found) if keras_of(value) is not None]
    if not models:
        raise BuildError(f"returned {_said(found)}, not a model or a list of models")
    with _own_output():
        return _read(target, models, constructions, module.__file__, input_shape)


def _user_modules(module_name: str) -> Sequence[str]:
    """Modules of Keras that are treated as the user's code: the package of the target."""
    return [module_name] if is_keras_module(module_name) else []


def _read(
    target: str,
    models: list[Live],
    constructions: Constructions,
    module_file: str | None,
    input_shape: object,
) -> Built:
    files: dict[str, str] = {}

    def place(construction: Construction, path: str) -> Location:
        code = construction.code
        full = os.path.abspath(code.co_filename)
        shown = full.removeprefix(os.getcwd().rstrip(os.sep) + os.sep)
        files[shown] = full
        return location_of(code, construction.instruction, construction.line, shown, path)

    def locate(layer: Live, path: str) -> Location:
        construction = constructions.of(layer)
        if construction is None:
            return Location.of_layer(target, 0, path)
        return place(construction, path)

    keras = keras_of(models[0])
    assert keras is not None
    walker = Walker(keras, locate)
    for model in models:
        draw_model(walker, model, input_shape, f"{model.name}/" if len(models) > 1 else "")
    _draw_others(walker, models, constructions)
    draw_unused(walker, is_all=True)
    gc.collect()
    for construction in constructions.all:
        if _is_lost(construction, module_file):
            walker.graph.new_layer(
                "BatchNormalization", {}, place(construction, construction.kind.__name__)
            )
    drawn = tuple((layer, live) for live, layer in walker.drawn.values())
    return Built(
        walker.graph, files, len(constructions.models) or len(models), tuple(models), drawn
    )


def _draw_others(walker: Walker, models: list[Live], constructions: Constructions) -> None:
    """Draw the other models that were built: their outputs are used too, if nothing holds them."""
    # Keras 3 keeps the nodes of a Sequential in a Functional of its own; that is no other model.
    inside = [getattr(model, "_functional", None) for model in constructions.models]
    held = walker.held.values()
    drawn = {id(model) for model in [*models, *inside, *held]} | walker.drawn.keys()
    for model in constructions.models:
        if id(model) in drawn or model._inbound_nodes:
            continue
        if (is_functional(model) or is_sequential(model)) and getattr(model, "built", False):
            with contextlib.suppress(InspectionError):
                draw_model(walker, model, prefix=f"{model.name}/")


def _is_lost(construction: Construction, module_file: str | None) -> bool:
    """Whether a BatchNormalization was deleted without ever having been applied."""
    cls = block_class(construction.kind)
    if cls is None or cls.__name__ != "BatchNormalization":
        return False
    at_import = not construction.during
    if at_import and construction.code.co_filename != module_file:
        return False
    return not construction.called and construction.layer() is None


# Calling user code


@contextlib.contextmanager
def _importable() -> Iterator[None]:
    """In the block, modules in the current folder can be imported, as with ``python -m``."""
    folder = os.getcwd()
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):
            sys.path.remove(folder)


@contextlib.contextmanager
def _own_output() -> Iterator[None]:
    """In the block, output of user code goes to standard error."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        kept = None
    try:
        if kept is not None:
            os.dup2(2, 1)
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        if kept is not None:
            os.dup2(kept, 1)
            os.close(kept)


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn an exception of user code into one line that names the user's line."""
    try:
        yield
    except (BuildError, KeyboardInterrupt):
        raise
    except BaseException as error:
        where = _users_line(error.__traceback__)
        if isinstance(error, ModuleNotFoundError) and not where:
            said = f"there is no module {error.name} here, and none is installed"
            raise BuildError(f"{what}: {said}; imports start from the current folder") from error
        raise BuildError(f"{what}{where}: {_said_by(error)}") from error


def _users_line(trace: TracebackType | None) -> str:
    """The last line of user code in the traceback."""
    for frame, line in reversed(list(traceback.walk_tb(trace))):
        name = str(frame.f_globals.get("__name__", ""))
        internal = name.partition(".")[0] in ("bnlint", "importlib") or is_keras_module(name)
        file = frame.f_code.co_filename
        if not internal and not file.startswith("<"):
            shown = os.path.abspath(file).removeprefix(os.getcwd().rstrip(os.sep) + os.sep)
            return f" at {shown}:{line}"
    return ""


def _said_by(error: BaseException) -> str:
    text = " ".join(str(error).split())[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _attribute(module: Live, name: str) -> Live:
    found = module
    for part in name.split("."):
        with _told("can't be found"):
            if not hasattr(found, part):
                raise BuildError(_no_such_name(module, name))
            found = getattr(found, part)
    if not callable(found) and keras_of(found) is None:
        raise BuildError(f"{name} is {_said(found)}, not a function or class that makes a model")
    return found


def _no_such_name(module: Live, name: str) -> str:
    from bnlint.settings import suggestion

    names = [each for each in vars(module) if not each.startswith("_")]
    return f"the module {module.__name__} has no {name}{suggestion(name, names)}"


def _check_arguments(function: Live, arguments: Mapping[str, object]) -> None:
    """Report a missing or unknown argument as the caller's mistake, not the function's."""
    try:
        inspect.signature(function).bind(**arguments)
    except ValueError:
        return  # has no signature
    except TypeError as error:
        raise BuildError(f"{error}; pass arguments as --arg NAME=VALUE") from None


def _said(value: object) -> str:
    return "None" if value is None else f"an object of type {type(value).__name__}"
