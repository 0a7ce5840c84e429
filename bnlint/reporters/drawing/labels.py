"""The text in the box of a layer: the arguments that matter, in few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bnlint import keras_api
from bnlint.graph import UNKNOWN, Call, Layer, Shape, Value
from bnlint.queries import is_batch_normalization
from bnlint.queries.kinds import acting

_MOST_ITEMS: Final = 8
_LONGEST: Final = 60
_SIZES: Final = ("units", "filters", "output_dim", "num_heads")
_WINDOWS: Final = ("kernel_size", "pool_size", "size")
_PLAIN: Final = ("target_shape", "dims", "equation", "rate", "cropping")


def kind_of(layer: Layer) -> str:
    """The class, with the class that it wraps: ``TimeDistributed(Dense)``."""
    return layer.kind if layer.wraps is None else f"{layer.kind}({kind_of(layer.wraps)})"


def details(layer: Layer, call: Call | None = None) -> tuple[str, ...]:
    """The arguments of a layer that a reader of the drawing wants to see.

    Args:
        layer: the layer; for a wrapper, the wrapped layer is described.
        call: one application of the layer, for ``training=False``.
    """
    inner = acting(layer)
    found = list(_arguments(inner))
    if layer.trainable is False or inner.trainable is False:
        found.append("frozen")
    if call is not None and isinstance(training := call.arguments.get("training"), bool):
        found.append(f"training={training}")
    return tuple(found)


def shape_text(shape: Shape) -> str:
    """``(?, 32, 32, 64)``; empty if even the rank is unknown."""
    if shape is UNKNOWN:
        return ""
    return f"({', '.join(str(axis) if isinstance(axis, int) else '?' for axis in shape)})"


def _arguments(layer: Layer) -> Iterator[str]:
    given = layer.arguments
    for name in _SIZES:
        if name in given:
            yield _text(given[name])
    for name in _WINDOWS:
        if given.get(name) is not None:
            yield _window(given[name], layer)
    for name in _PLAIN:
        if given.get(name) is not None:
            yield f"{name} {_text(given[name])}" if name == "rate" else _text(given[name])
    strides = given.get("strides")
    if strides not in (None, 1) and not _all_ones(strides) and strides != given.get("pool_size"):
        yield f"stride {_window(strides, layer)}"
    if given.get("padding") not in (None, "valid"):
        yield _text(given["padding"])
    if given.get("data_format") == "channels_first":
        yield "channels_first"
    yield from _activation(given)
    if given.get("use_bias") is False:
        yield "no bias"
    axis = given.get("axis")
    if axis is not None and not (is_batch_normalization(layer) and axis == -1):
        yield f"axis {_text(axis)}"


def _activation(given: Mapping[str, Value]) -> Iterator[str]:
    function = given.get("activation")
    if function not in (None, "linear"):
        yield "activation ?" if function is UNKNOWN else _text(function)


def _all_ones(value: Value) -> bool:
    return isinstance(value, (tuple, list)) and all(axis == 1 for axis in value)


def _window(value: Value, layer: Layer) -> str:
    """``3x3``, even if one number is given for all axes."""
    if isinstance(value, int) and not isinstance(value, bool):
        spec = keras_api.layer(layer.kind)
        axes = spec.spatial if spec is not None and spec.spatial else 1
        value = (value,) * axes
    if isinstance(value, (tuple, list)) and 0 < len(value) <= _MOST_ITEMS:
        return "x".join(_text(axis) for axis in value)
    return _text(value)


def _text(value: Value) -> str:
    """A value in a few characters; a question mark if it is not a constant."""
    if isinstance(value, (tuple, list)):
        items = [_text(item) for item in value[:_MOST_ITEMS]]
        return f"({', '.join(items)}{', …' if len(value) > _MOST_ITEMS else ''})"
    if value is None or isinstance(value, (bool, int, float, str)):
        return shortened(str(value))
    return "?"


def shortened(text: str, most: int = _LONGEST) -> str:
    """``text`` in one line of at most ``most`` characters, with an ellipsis if it is cut."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
