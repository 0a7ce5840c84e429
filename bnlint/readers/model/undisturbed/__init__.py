"""Restores live models exactly as they were.

Recording a symbolic call runs a user's ``call`` (and, in a model that was never called, ``build``),
which may set attributes, assign to variables, draw random numbers, make sublayers and count names;
running a model may do the same. All this is restored afterwards.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, MutableMapping, MutableSequence, MutableSet
from functools import lru_cache
from typing import Any, Final

from bnlint.readers.model.keras_objects import Keras, Live, all_layers, is_keras_class
from bnlint.readers.model.undisturbed.random_states import kept_generator, random_states_kept
from bnlint.readers.model.undisturbed.variable_values import Restore, is_variable, kept_values

_DEEP_ENOUGH: Final = 5
# Objects of Keras other than layers that change when a layer is called or built: a tracker records
# new sublayers, the others record what was drawn from them or passed to them.
_CHANGING: Final = frozenset(
    {"Tracker", "SeedGenerator", "RandomGenerator", "Initializer", "Metric", "Optimizer"}
)
_LIBRARIES: Final = sys.stdlib_module_names | {"numpy", "tensorflow", "jax", "jaxlib", "torch"}


@contextlib.contextmanager
def undisturbed(layers: Iterable[Live], keras: Keras) -> Iterator[None]:
    """Restore, at the end, the attributes of ``layers`` and of all layers in them, the values of
    their variables, the global state of Keras (the counters for new names, its seed generator),
    and the random generators that a program shares.
    """
    kept = _Kept(keras)
    for state in _global_states(keras):
        kept.keep(state)
    for layer in layers:
        kept.keep(layer)
    with random_states_kept(keras):
        try:
            yield
        finally:
            kept.restore()


def _global_states(keras: Keras) -> list[Live]:
    """What Keras keeps for the thread: the names given so far, and in Keras 3 all else."""
    if keras.era >= 3:
        state = sys.modules.get(f"{keras.top}.src.backend.common.global_state")
        return [] if state is None else [vars(state.GLOBAL_STATE_TRACKER)]
    backend = sys.modules.get(f"{keras.top}.src.backend")
    graphs = getattr(backend, "PER_GRAPH_OBJECT_NAME_UIDS", None)
    return [] if graphs is None else [counter for counter in graphs.values() if counter]


class _Kept:
    """Objects, with all that is in them, as they are now."""

    def __init__(self, keras: Keras) -> None:
        self._keras = keras
        # By identity: the object, which stays alive so, and the least depth that it was met at.
        self._seen: dict[int, tuple[Live, int]] = {}
        self._restores: list[Restore] = []

    def restore(self) -> None:
        for restore in self._restores:
            restore()

    def keep(self, value: Live, depth: int = 0) -> None:
        """Keep a layer with all that is in it, a container, a variable or another object."""
        if isinstance(value, (str, bytes, int, float, type(None))):
            return
        if self._keras.is_layer(value):
            for layer in all_layers(value):
                if self._is_new(layer, 0):
                    self._keep_attributes(layer, 0)
        elif not self._is_new(value, depth):
            return
        elif is_variable(value):
            self._restores += kept_values(value)
        elif depth < _DEEP_ENOUGH:
            self._keep_inside(value, depth)

    def _is_new(self, value: Live, depth: int) -> bool:
        """Whether ``value`` is new, or was found before too deep to look at all its content."""
        _, met = self._seen.get(id(value), (None, depth + 1))
        self._seen[id(value)] = (value, min(met, depth))
        return depth < met

    def _keep_inside(self, value: Live, depth: int) -> None:
        if isinstance(value, tuple):
            self._keep_all(value, depth)
        elif _is_container(value):
            try:
                contents = _Contents(value)
            except Exception:  # noqa: BLE001  a container of a user's own making
                return
            self._restores.append(contents.restore)
            self._keep_all(contents.values, depth)
        elif (generator := kept_generator(value)) is not None:
            self._restores.append(generator)
        elif _is_users(value) or _CHANGING.intersection(c.__name__ for c in type(value).__mro__):
            self._keep_attributes(value, depth)
        elif type(value).__name__ == "Generator" and is_variable(getattr(value, "state", None)):
            self._restores += kept_values(value.state)  # tf.random.Generator

    def _keep_attributes(self, value: Live, depth: int) -> None:
        attributes = _Attributes(value)
        self._restores.append(attributes.restore)
        self._keep_all(attributes.values, depth)

    def _keep_all(self, values: Iterable[Live], depth: int) -> None:
        for value in values:
            self.keep(value, depth + 1)


def _is_container(value: object) -> bool:
    cls: Live = type(value)
    return _is_container_class(cls)


@lru_cache(maxsize=4096)
def _is_container_class(cls: type) -> bool:  # asking an abstract class is slow
    return issubclass(cls, (MutableMapping, MutableSequence, MutableSet))


def _is_users(value: Live) -> bool:
    """Whether the class of an object is a user's, not one of a library that the user calls."""
    cls = type(value)
    library = is_keras_class(cls) or cls.__module__.partition(".")[0] in _LIBRARIES
    return not library and hasattr(value, "__dict__")


class _Contents:
    """A container, and what was in it."""

    def __init__(self, container: Live) -> None:
        self._container = container
        self._kept: Any = (
            dict(container) if isinstance(container, MutableMapping) else list(container)
        )

    @property
    def values(self) -> list[Live]:
        kept = self._kept
        return list(kept.values()) if isinstance(kept, dict) else kept

    def restore(self) -> None:
        container, kept = self._container, self._kept
        if isinstance(container, MutableMapping):
            if not _same(list(container.items()), list(kept.items())):
                container.clear()
                container.update(kept)
        elif isinstance(container, MutableSet):
            if len(container) != len(kept) or any(item not in container for item in kept):
                container.clear()
                for item in kept:
                    container.add(item)
        elif not _same(list(container), kept):
            container[:] = kept


class _Attributes:
    """An object's attributes."""

    def __init__(self, value: Live) -> None:
        self._names: dict[str, Any] = value.__dict__
        self._kept = dict(self._names)

    @property
    def values(self) -> list[Live]:
        return list(self._kept.values())

    def restore(self) -> None:
        names, kept = self._names, self._kept
        if not _same(list(names.items()), list(kept.items())):
            # Not by setattr: Keras tracks what is set so.
            names.clear()
            names.update(kept)


def _same(found: list[Any], kept: list[Any]) -> bool:
    """Whether two lists hold the same objects; arrays have no plain equality."""
    return len(found) == len(kept) and all(
        a is b or (isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0] and a[1] is b[1])
        for a, b in zip(found, kept, strict=True)
    )
