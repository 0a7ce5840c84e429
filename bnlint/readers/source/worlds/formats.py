"""What a file shows of the data format that its author means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bnlint.graph import UNKNOWN, Layer, LayerGraph, Tensor
from bnlint.queries import batch_normalizations
from bnlint.queries.axes import rank

_IMAGE_CHANNELS: Final = (1, 3, 4)
_SETS_FORMAT: Final = re.compile(
    r"set_image_(?:data_format|dim_ordering)\(\s*['\"](channels_first|channels_last|th|tf)['\"]"
)
_NAMES_FORMAT: Final = re.compile(
    r"\b(?:image_)?(?:data_format|dim_ordering)\b\s*[=(]|['\"]channels_(?:first|last)['\"]"
)
_CONSTRUCTIONS: Final = re.compile(r"atch_?[Nn]orm\w*\((?:[^()]|\([^()]*\))*?\)")


def axes_differ(graph: LayerGraph) -> bool:
    """Whether some BatchNormalizations name the channel axis and others don't: under the other
    data format one kind of them is wrong.
    """
    axes = {repr(layer.arguments.get("axis", -1)) for layer in batch_normalizations(graph)}
    return len(axes) > 1


def declared_format(text: str) -> str | None:
    """What ``set_image_data_format`` says, wherever it stands: a fact of the file."""
    formats = {
        "channels_first" if name in ("channels_first", "th") else "channels_last"
        for name in _SETS_FORMAT.findall(text)
    }
    return formats.pop() if len(formats) == 1 else None


def presumes_axis_1(text: str) -> bool:
    """Whether each BatchNormalization that names an axis names 1, and nothing names a format.

    Its author's ``keras.json`` says channels_first then; one without an axis may follow Dense.
    """
    if "axis" not in text:
        return False
    named = [c.replace(" ", "") for c in _CONSTRUCTIONS.findall(text) if "axis" in c]
    if not named or not all("axis=1," in c or "axis=1)" in c for c in named):
        return False
    return _NAMES_FORMAT.search(text) is None


def agrees_on_axis_1(graph: LayerGraph) -> bool:
    """Whether all BatchNormalizations on tensors with more than two axes have ``axis=1``."""
    if any(_looks_channels_last(tensor) for layer in graph.layers for tensor in _inputs(layer)):
        return False
    return all(
        layer.arguments.get("axis", -1) == 1 or rank(call.inputs[0], graph) == 2
        for layer in batch_normalizations(graph)
        for call in layer.calls
        if call.inputs
    )


def _inputs(layer: Layer) -> Iterator[Tensor]:
    for call in layer.calls:
        yield from call.inputs


def _looks_channels_last(tensor: Tensor) -> bool:
    """An image input such as (32, 32, 3): its author has written the channels last."""
    if tensor.producer is not None or tensor.shape is UNKNOWN or len(tensor.shape) != 4:
        return False
    return tensor.shape[-1] in _IMAGE_CHANNELS and tensor.shape[1] not in _IMAGE_CHANNELS
