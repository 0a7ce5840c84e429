"""Which weights a user's code reads directly, not through the layers that own them.

A decoder may subtract ``self.dense.bias`` again, or a penalty may use
``self.backbone.trainable_weights``: then a bias has more effects than through its layer.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Final

from bnlint.readers.model.keras_objects import Live, all_layers, is_keras_module

_OURS: Final = __name__.partition(".")[0]
_OF_ALL: Final = ("weights", "variables", "trainable_weights", "trainable_variables", "get_weights")


@contextlib.contextmanager
def weight_reads(layer_class: type[Live], noted: dict[int, Live]) -> Iterator[None]:
    """Record the layers whose bias, or any weights, code outside Keras reads in the block.

    Args:
        layer_class: Keras's ``Layer``.
        noted: receives the layers, by identity.
    """
    thread = threading.get_ident()

    def note(layers: list[Live]) -> None:
        # The reader is two frames up; our descriptor is in between.
        reader = str(sys._getframe(2).f_globals.get("__name__", ""))
        is_users = not is_keras_module(reader) and reader.partition(".")[0] != _OURS
        if is_users and threading.get_ident() == thread:
            noted.update((id(layer), layer) for layer in layers)

    class Bias:
        """A descriptor before the instance's attribute; it passes every access on."""

        def __get__(self, layer: Live, owner: type) -> Live:
            if layer is None:
                return self
            try:
                value = layer.__dict__["bias"]
            except KeyError:
                raise AttributeError(f"{owner.__name__} has no attribute 'bias'") from None
            note([layer])
            return value

        def __set__(self, layer: Live, value: Live) -> None:
            layer.__dict__["bias"] = value

        def __delete__(self, layer: Live) -> None:
            try:
                del layer.__dict__["bias"]
            except KeyError:
                raise AttributeError("bias") from None

    class OfAll:
        """A property or method of all layers."""

        def __init__(self, original: Live) -> None:
            self._original = original

        def __get__(self, layer: Live, owner: type) -> Live:
            if layer is not None:
                note(all_layers(layer))
            return self._original.__get__(layer, owner)

        def __set__(self, layer: Live, value: Live) -> None:
            self._original.__set__(layer, value)

    kept = {name: vars(layer_class)[name] for name in _OF_ALL if name in vars(layer_class)}
    for name, original in kept.items():
        setattr(layer_class, name, OfAll(original))
    is_free = "bias" not in vars(layer_class)
    if is_free:
        layer_class.bias = Bias()
    try:
        yield
    finally:
        if is_free:
            del layer_class.bias
        for name, original in kept.items():
            setattr(layer_class, name, original)
