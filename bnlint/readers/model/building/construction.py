"""Where the layers of a model are written: construction sites, recorded while user code runs.

``Layer.__init__`` is replaced meanwhile. The site of a layer is the call in the innermost frame
outside Keras: where a user's class calls ``super().__init__``, that call; but the site of a
BatchNormalization is where the object is made, as in the source reader. If only the user's code
imports Keras, it is prepared right after its import.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import importlib.machinery
import inspect
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType, FrameType, ModuleType
from typing import Final

from bnlint.readers.model.keras_objects import Live, is_keras_module, is_model

_HOMES: Final = (
    "keras.src.layers.layer",
    "keras.src.engine.base_layer",
    "tf_keras.src.engine.base_layer",
    "keras.engine.base_layer",
)
"""The modules that define ``Layer``, in Keras 3, 2.13 and later, tf_keras, and Keras 2 before."""

_NORM: Final = "BatchNormalization"
# Functions of Keras between a constructor call and ``Layer.__init__``. A Sequential makes a new
# Functional of itself at each ``add``; those are no models of the user's.
_CONSTRUCTING: Final = frozenset(
    {
        *("__init__", "__new__", "__call__", "wrapper", "_method_wrapper", "inject_and_init"),
        "error_handler",  # around `Model.__init__` in Keras 2
    }
)


@dataclass(slots=True)
class Construction:
    """One layer that was constructed.

    Attributes:
        layer: the layer, as long as it exists.
        kind: its class.
        code: the code that constructed it.
        instruction: where in that code.
        during: it was constructed by the call of the target, not at import.
        called: it was applied to something.
    """

    layer: weakref.ref[Live]
    kind: type[Live]
    code: CodeType
    instruction: int
    line: int
    during: bool
    called: bool = False


class Constructions:
    """Every layer that was constructed while :meth:`recording`.

    Attributes:
        models: the models among them that user code itself constructed, kept alive.
        all: in order of construction.
    """

    def __init__(self, user_modules: Sequence[str] = ()) -> None:
        self._during = False
        self.models: list[Live] = []
        self.all: list[Construction] = []
        self._by_id: dict[int, Construction] = {}
        self._users = tuple(user_modules)

    def of(self, layer: Live) -> Construction | None:
        """How ``layer`` was constructed, where that was seen."""
        found = self._by_id.get(id(layer))
        return found if found is not None and found.layer() is layer else None

    def take_as_users(self, module: object) -> None:
        """Treat a module of ``keras.applications`` as the user's, because it is the target."""
        if isinstance(module, str) and "applications" in module.split("."):
            self._users = (*self._users, module.rpartition(".")[0])

    @contextlib.contextmanager
    def asked_for(self) -> Iterator[None]:
        """Layers constructed in the block are constructed by the call of the target."""
        self._during = True
        try:
            yield
        finally:
            self._during = False

    @contextlib.contextmanager
    def recording(self) -> Iterator[None]:
        """Note each construction of a layer until the end of the block."""
        with contextlib.ExitStack() as stack:
            loaded = [sys.modules[home] for home in _HOMES if home in sys.modules]
            for module in loaded:
                stack.enter_context(self._patched(module.Layer))

            def prepare(module: ModuleType) -> None:
                stack.enter_context(self._patched(module.Layer))

            finder = _Finder(prepare)
            sys.meta_path.insert(0, finder)
            stack.callback(sys.meta_path.remove, finder)
            yield

    @contextlib.contextmanager
    def _patched(self, layer_class: Live) -> Iterator[None]:
        initialise, apply = layer_class.__init__, layer_class.__call__

        @functools.wraps(initialise)
        def initialised(layer: Live, *args: object, **kwargs: object) -> None:
            self._note(layer, sys._getframe(1))
            initialise(layer, *args, **kwargs)

        @functools.wraps(apply)
        def applied(layer: Live, *args: object, **kwargs: object) -> Live:
            construction = self._by_id.get(id(layer))
            if construction is not None:
                construction.called = True
            return apply(layer, *args, **kwargs)

        # Keras reads the signature of constructors, partly without following __wrapped__.
        initialised.__signature__ = inspect.signature(initialise)  # type: ignore[attr-defined]
        layer_class.__init__ = initialised
        layer_class.__call__ = applied
        try:
            yield
        finally:
            layer_class.__init__ = initialise
            layer_class.__call__ = apply

    def _note(self, layer: Live, frame: FrameType | None) -> None:
        is_users = True
        is_norm = any(cls.__name__.startswith(_NORM) for cls in type(layer).__mro__)
        while frame is not None and (
            self._is_kerass(frame) or (is_norm and _initialises(layer, frame))
        ):
            is_users = is_users and frame.f_code.co_name in _CONSTRUCTING
            frame = frame.f_back
        if frame is None or (id(layer) in self._by_id and self.of(layer) is not None):
            return
        construction = Construction(
            weakref.ref(layer),
            type(layer),
            frame.f_code,
            frame.f_lasti,
            frame.f_lineno,
            self._during,
        )
        self._by_id[id(layer)] = construction
        self.all.append(construction)
        if is_users and is_model(layer):
            self.models.append(layer)

    def _is_kerass(self, frame: FrameType) -> bool:
        name = str(frame.f_globals.get("__name__", ""))
        return is_keras_module(name) and not name.startswith(self._users)


def _initialises(layer: Live, frame: FrameType) -> bool:
    """Whether the frame runs the ``__init__`` of the layer's class or of a base class."""
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount]
    return code.co_name == "__init__" and bool(names) and frame.f_locals.get(names[0]) is layer


class _Finder(importlib.abc.MetaPathFinder):
    """Runs ``prepare`` on a module that defines ``Layer`` as soon as it is imported."""

    def __init__(self, prepare: Callable[[ModuleType], None]) -> None:
        self._prepare = prepare

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec that the other finders give, with a loader that prepares what it has loaded."""
        if name not in _HOMES:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._prepare)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Live, prepare: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._prepare = prepare

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._prepare(module)
