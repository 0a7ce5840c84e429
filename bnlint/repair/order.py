"""BN301: swap normalization and activation, or move a fused activation after it.

Always unsafe: the fixed model is a different model.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from bnlint import keras_api
from bnlint.findings import Applicability, Edit, Fix
from bnlint.keras_api.signatures import SIGNATURES
from bnlint.repair import DetachActivation, SwapLayers
from bnlint.repair.bias import layout
from bnlint.repair.editing.arguments import CallText, changed
from bnlint.repair.editing.imports import is_imported, layer_name
from bnlint.repair.editing.names import bound_in, loaded_in
from bnlint.repair.editing.places import (
    Added,
    Applied,
    Listed,
    Place,
    are_side_by_side,
    optional,
    place_of,
    swapped,
    takes_what_it_renews,
)
from bnlint.repair.editing.source import Source

_NORMALIZING: Final = re.compile(r"(?:batch_?norm(?:ali[sz]ation)?|bnorm|norm|bn)", re.IGNORECASE)


def swap(repair: SwapLayers, source: Source) -> Fix | None:
    """Swap two layers where they are applied."""
    first, second = place_of(repair.first, source), place_of(repair.second, source)
    if first is None or second is None:
        return None
    if are_side_by_side(first, second, source):
        edits = swapped(first, second, source)
    else:
        edits = _swapped_around_if(first, second, source)
    message = "Exchange the normalization and the activation"
    return Fix(Applicability.UNSAFE, message, tuple(edits)) if edits else None


def _swapped_around_if(first: Place, second: Place, source: Source) -> list[Edit]:
    """Swap `x = relu(x)` and `if bn: x = norm(x)`, in either order."""
    pair = optional(first, second, source)
    if pair is None or not all(
        isinstance(place, Applied) and takes_what_it_renews(place, source)
        for place in (first, second)
    ):
        return []
    codes = [source.code(statement) for statement in pair]
    return [
        source.edit(*source.span(statement), code)
        for statement, code in zip(pair, reversed(codes), strict=True)
    ]


def detach(repair: DetachActivation, source: Source) -> Fix | None:
    """Apply the activation of a linear layer after the normalization."""
    first, second = place_of(repair.linear, source), place_of(repair.normalization, source)
    linear, norm = source.call(repair.linear.layer), source.call(repair.normalization.layer)
    if first is None or second is None or linear is None or norm is None:
        return None
    pair = optional(first, second, source)
    if pair is None and not are_side_by_side(first, second, source):
        return None
    activation = _activation_of(linear, source)
    if activation is None:
        return None
    removal = _without(linear, activation, source)
    written = _as_layer(activation, linear, norm, source)
    if removal is None or written is None:
        return None
    layer, imports = written
    if isinstance(second, Applied) and second.slot is not norm:
        placed = _in_class(repair, layer, second, norm, linear, source)
    elif pair is not None:
        placed = _behind_if(pair, second, layer, source)
    elif _means_the_same(activation, linear, norm, source):
        placed = _behind(second, layer, source)
    else:
        placed = None
    if placed is None:
        return None
    message = f"Move the activation behind the normalization, as `{layer}`"
    return Fix(Applicability.UNSAFE, message, (*imports, *removal, *placed))


def _behind_if(
    pair: tuple[ast.stmt, ast.stmt], place: Place, layer: str, source: Source
) -> list[Edit] | None:
    """Put `layer` after `if bn: x = norm(x)`."""
    if not isinstance(place, Applied) or not takes_what_it_renews(place, source):
        return None
    if not isinstance(pair[1], ast.If):
        return None
    name = source.code(place.operand)
    return _statement_behind(pair[1], f"{name} = {layer}({name})", source)


def _activation_of(linear: ast.Call, source: Source) -> ast.expr | None:
    """The activation argument of the constructor."""
    for keyword in linear.keywords:
        if keyword.arg == "activation":
            return keyword.value
    if any(isinstance(arg, ast.Starred) for arg in linear.args):
        return None
    name = source.code(linear.func).rpartition(".")[2]
    spec = keras_api.layer_named(name)
    order = list(SIGNATURES.get(spec.kind, ())) if spec is not None else []
    if "activation" not in order or len(linear.args) <= order.index("activation"):
        return None
    found = linear.args[order.index("activation")]
    is_size = isinstance(found, ast.Constant) and not isinstance(found.value, str)
    return None if is_size else found


def _without(linear: ast.Call, activation: ast.expr, source: Source) -> list[Edit] | None:
    def change(text: CallText) -> None:
        place = text.index("activation")
        if place is not None:
            text.remove(place)
        elif linear.args[-1] is activation:
            text.remove(len(linear.args) - 1)
        else:
            text.replace(linear.args.index(activation), "None")

    code = changed(source.code(linear), layout(linear, source), change)
    return None if code is None else source.replacing(linear, code)


def _as_layer(
    activation: ast.expr, linear: ast.Call, norm: ast.Call, source: Source
) -> tuple[str, list[Edit]] | None:
    """The activation as a layer: unchanged if it is one, else ``Activation(…)`` or ``ReLU()``."""
    code = source.code(activation)
    if isinstance(activation, ast.Call):
        name = source.code(activation.func).rpartition(".")[2]
        spec = keras_api.layer_named(name)
        return (code, []) if spec is not None and spec.activation is not None else None
    if isinstance(activation, ast.Constant) and not isinstance(activation.value, str):
        return None
    is_relu = isinstance(activation, ast.Constant) and activation.value == "relu"
    if is_relu and is_imported("ReLU", source) and not is_imported("Activation", source):
        return "ReLU()", []
    for beside in (norm.func, linear.func):
        found = layer_name("Activation", beside, source)
        if found is not None:
            name, imports = found
            return f"{name}({code})", imports
    return None


def _means_the_same(activation: ast.expr, linear: ast.Call, norm: ast.Call, source: Source) -> bool:
    """Whether the activation's expression has the same value at the normalization."""
    names = loaded_in(activation)
    if source.function(linear) is not source.function(norm):
        return False
    if not names:
        return True
    start, end = source.statement(linear), source.statement(norm)
    block = source.block(start)
    if end not in block:
        return False
    between = block[block.index(start) : block.index(end) + 1]
    return names.isdisjoint(name for s in between for name, _ in bound_in(s))


def _behind(place: Place, layer: str, source: Source) -> list[Edit] | None:
    """Put ``layer`` after a use."""
    if isinstance(place, Listed):
        return _listed_behind(place.slot, layer, source)
    if isinstance(place, Added):
        added = f"{source.code(place.call.func)}({layer})"
        return _statement_behind(place.statement, added, source)
    return _applied_behind(place, layer, source)


def _applied_behind(place: Applied, layer: str, source: Source) -> list[Edit]:
    statement = source.parents[place.call]
    if (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(target := statement.targets[0], ast.Name)
    ):
        new = f"{target.id} = {layer}({target.id})"
        edits = _statement_behind(statement, new, source)
        if edits is not None:
            return edits
    start, end = source.span(place.call)
    return [source.edit(start, start, f"{layer}("), source.edit(end, end, ")")]


def _statement_behind(statement: ast.stmt, new: str, source: Source) -> list[Edit] | None:
    """A statement on its own line after another one; ``None`` where that one shares its line."""
    start, end = source.span(statement)
    before = source.text[source.line_start(start) : start]
    line_end = source.line_end(end)
    after = source.text[end:line_end].strip()
    if before.strip() or (after and not after.startswith("#")):
        return None
    return [source.edit(line_end, line_end, f"{source.newline}{before}{new}")]


def _listed_behind(element: ast.expr, layer: str, source: Source) -> list[Edit]:
    """A list entry after another one; on its own line if the other one has its own line."""
    start, end = source.span(element)
    before = source.text[source.line_start(start) : start]
    line_end = source.line_end(end)
    after = source.text[end:line_end].strip()
    comma = after.startswith(",")
    rest = after.removeprefix(",").strip()
    if before.strip() or (rest and not rest.startswith("#")):
        return [source.edit(end, end, f", {layer}")]
    if comma:
        return [source.edit(line_end, line_end, f"{source.newline}{before}{layer},")]
    if not rest:
        return [source.edit(end, end, f",{source.newline}{before}{layer}")]
    return [
        source.edit(end, end, ","),
        source.edit(line_end, line_end, f"{source.newline}{before}{layer}"),
    ]


def _in_class(
    repair: DetachActivation,
    layer: str,
    place: Applied,
    norm: ast.Call,
    linear: ast.Call,
    source: Source,
) -> list[Edit] | None:
    """``self.act = …`` next to ``self.bn = …``, and its use after the use of ``self.bn``.

    For a normalization in a local variable, the activation is written where that is used.
    """
    slot = place.slot
    statement = source.parents[norm]
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    if isinstance(slot, ast.Name) and isinstance(target, ast.Name) and target.id == slot.id:
        if source.function(norm) is source.function(place.call):
            return _applied_behind(place, layer, source)
        return None
    if not (
        isinstance(slot, ast.Attribute)
        and isinstance(target, ast.Attribute)
        and isinstance(slot.value, ast.Name)
        and isinstance(target.value, ast.Name)
        and target.attr == slot.attr
    ):
        return None
    if source.function(norm) is not source.function(linear):
        return None
    names = loaded_in(ast.parse(layer, mode="eval"))
    start, end = source.statement(linear), statement
    block = source.block(end)
    if start not in block or not names.isdisjoint(
        name for s in block[block.index(start) : block.index(end) + 1] for name, _ in bound_in(s)
    ):
        return None
    name = _attribute_name(target.attr, source)
    made = _statement_behind(statement, f"{target.value.id}.{name} = {layer}", source)
    if name is None or made is None:
        return None
    del repair
    return [*made, *_applied_behind(place, f"{slot.value.id}.{name}", source)]


def _attribute_name(norm: str, source: Source) -> str | None:
    """``act1`` next to ``bn1``, if nothing in the file has that name."""
    candidates = [_NORMALIZING.sub(word, norm, count=1) for word in ("act", "activation")]
    candidates.append(f"{norm}_activation")
    for name in candidates:
        if name != norm and name.isidentifier() and not re.search(rf"\b{name}\b", source.text):
            return name
    return None
