"""What a file shows of the data format that its author means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bnlint.graph import UNKNOWN, Layer, LayerGraph, Tensor
from bnlint.queries import batch_normalizations
from bnlint.queries.axes import rank
from bnlint.readers.source.interpreter.keras_calls.format_functions import SETTERS

if TYPE_CHECKING:
    from bnlint.readers.source.modules import Module, Project
    from bnlint.readers.source.parsing.outline import TopLevel

_IMAGE_CHANNELS: Final = (1, 3, 4)
_SETS_FORMAT: Final = re.compile(rf"\b(?:{'|'.join(SETTERS)})\b")
_NAMES_FORMAT: Final = re.compile(
    r"\b(?:image_)?(?:data_format|dim_ordering)\b\s*[=(]|['\"]channels_(?:first|last)['\"]"
)
_PROSE: Final = re.compile(r"#[^\n]*|(?:\"{3}|'{3})[\s\S]*?(?:\"{3}|'{3})")
_CONSTRUCTIONS: Final = re.compile(r"atch_?[Nn]orm\w*\((?:[^()]|\([^()]*\))*?\)")


def axes_differ(graph: LayerGraph) -> bool:
    """Whether some BatchNormalizations name the channel axis and others don't: under the other
    data format one kind of them is wrong.
    """
    axes = {repr(layer.arguments.get("axis", -1)) for layer in batch_normalizations(graph)}
    return len(axes) > 1


def mentions_setter(text: str) -> bool:
    """Whether ``text`` names a function that sets the backend's data format."""
    return "set_image_d" in text and _SETS_FORMAT.search(_PROSE.sub("", text)) is not None


def run_at_import(module: Module, project: Project) -> list[tuple[Module, TopLevel]]:
    """The statements that set the data format when ``module`` is imported, in their order.

    Those of the modules that it imports run before its own.
    """
    return [
        (each, statement)
        for each in (*_imported_setters(module, project), module)
        if mentions_setter(each.text)
        for statement in _setters_in(each)
    ]


def _imported_setters(module: Module, project: Project) -> Iterator[Module]:
    paths: dict[str, None] = {}
    for level, dotted, name, _ in module.imports:
        for inside in (dotted, f"{dotted}.{name}" if dotted else name):
            path = project.locate(module.path, level, inside) if inside else None
            if path is not None and path != module.path:
                paths[path] = None
    for path in paths:
        project.look_at(path)
        found = project.peek(path) if project.sets_format(path) else None
        if found is not None:
            yield found


def _setters_in(module: Module) -> Iterator[TopLevel]:
    """The statements of a module body that set the format, or call a function of it that does."""
    statements = module.outline.statements
    functions = {
        statement.name
        for statement in statements
        if statement.kind == "def" and not statement.loads.isdisjoint(SETTERS)
    }
    for statement in statements:
        loads = statement.loads if statement.kind == "other" else frozenset()
        if not loads.isdisjoint(SETTERS) or not loads.isdisjoint(functions):
            yield statement


def presumes_axis_1(text: str) -> bool:
    """Whether each BatchNormalization that names an axis names 1, and nothing names a format.

    Its author's ``keras.json`` says channels_first then; one without an axis may follow Dense.
    """
    if "axis" not in text:
        return False
    text = _PROSE.sub("", text)
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


def looks_channels_first(graph: LayerGraph) -> bool:
    """Whether an image input such as (3, 32, 32) shows where its author has the channels."""
    return any(_has_image_channels(t, 1, -1) for layer in graph.layers for t in _inputs(layer))


def _inputs(layer: Layer) -> Iterator[Tensor]:
    for call in layer.calls:
        yield from call.inputs


def _looks_channels_last(tensor: Tensor) -> bool:
    """An image input such as (32, 32, 3): its author has written the channels last."""
    return _has_image_channels(tensor, -1, 1)


def _has_image_channels(tensor: Tensor, axis: int, other: int) -> bool:
    """Whether an input has as many channels on ``axis`` as pictures have, and not on ``other``."""
    if tensor.producer is not None or tensor.shape is UNKNOWN or len(tensor.shape) != 4:
        return False
    size = tensor.shape[other]
    is_picture = isinstance(size, int) and size not in _IMAGE_CHANNELS
    return is_picture and tensor.shape[axis] in _IMAGE_CHANNELS
