"""Leaves live models exactly as they were.

Recording a symbolic call runs a user's ``call`` (and, in a model that was never called, ``build``),
which may set attributes, make sublayers and count names. Everything that changed on the layers is
put back afterwards.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, MutableMapping, MutableSequence, MutableSet
from typing import Any, Final

from bnlint.model.keras_objects import Keras, Live, all_layers

_DEEP_ENOUGH: Final = 3
_COUNTERS: Final = "object_name_uids"


@contextlib.contextmanager
def undisturbed(model: Live, keras: Keras) -> Iterator[None]:
    """Put back, at the end, the attributes of ``model`` and of all layers in it, and the counters
    that new names are made from.
    """
    counters = [_Contents(counter) for counter in _name_counters(keras)]
    kept = [_Attributes(layer) for layer in all_layers(model)]
    try:
        yield
    finally:
        for attributes in kept:
            attributes.restore()
        for contents in counters:
            contents.restore()


def _name_counters(keras: Keras) -> list[Live]:
    """The counters that automatic names such as ``dense_3`` come from."""
    if keras.era >= 3:
        state = sys.modules.get(f"{keras.top}.src.backend.common.global_state")
        counter = None if state is None else state.get_global_attribute(_COUNTERS)
        return [] if counter is None else [counter]
    backend = sys.modules.get(f"{keras.top}.src.backend")
    graphs = getattr(backend, "PER_GRAPH_OBJECT_NAME_UIDS", None)
    return [] if graphs is None else [counter for counter in graphs.values() if counter]


class _Contents:
    """A container and what was in it, containers inside of it included."""

    def __init__(self, container: Live, depth: int = 0) -> None:
        self._container = container
        self._kept: Any
        if isinstance(container, MutableMapping):
            self._kept = dict(container)
            values = list(self._kept.values())
        else:
            self._kept = list(container)
            values = self._kept
        self._inside = list(_contents(values, depth + 1))

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
        for contents in self._inside:
            contents.restore()


class _Attributes:
    """An object's attributes, and what the containers among them held."""

    def __init__(self, value: Live, depth: int = 0) -> None:
        self._names: dict[str, Any] = value.__dict__
        self._kept = dict(self._names)
        self._inside = list(_contents(self._kept.values(), depth))

    def restore(self) -> None:
        names, kept = self._names, self._kept
        if not _same(list(names.items()), list(kept.items())):
            # Not by setattr: Keras tracks what is set so.
            names.clear()
            names.update(kept)
        for contents in self._inside:
            contents.restore()


def _contents(values: Iterable[Live], depth: int) -> Iterator[_Contents | _Attributes]:
    if depth >= _DEEP_ENOUGH:
        return
    for value in values:
        if isinstance(value, (MutableMapping, MutableSequence, MutableSet)):
            with contextlib.suppress(Exception):  # a container of a user's own making
                yield _Contents(value, depth)
        elif type(value).__name__ == "Tracker":  # what Keras 3 notes new sublayers with
            yield _Attributes(value, depth)


def _same(found: list[Any], kept: list[Any]) -> bool:
    """Whether two lists hold the same objects; arrays have no plain equality."""
    return len(found) == len(kept) and all(
        a is b or (isinstance(a, tuple) and isinstance(b, tuple) and a[0] == b[0] and a[1] is b[1])
        for a, b in zip(found, kept, strict=True)
    )
