"""BN101 and BN102: connect a layer to the model, where the lines around it show the place.

Always unsafe: the model worked without the layer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from bnlint import keras_api
from bnlint.findings import Applicability, Edit, Fix
from bnlint.repair import AddLayer, CallLayer, KeepResult
from bnlint.repair.editing.source import Source


def add(repair: AddLayer, source: Source) -> Fix | None:
    """Put ``model.add(…)`` around a bare layer between statements that add to one Sequential."""
    layer = source.call(repair.layer)
    statement = None if layer is None else source.parents[layer]
    if layer is None or not isinstance(statement, ast.Expr):
        return None
    block = source.block(statement)
    place = block.index(statement)
    before = _next_added_to(reversed(block[:place]), source)
    after = _next_added_to(block[place + 1 :], source)
    if before is None or before != after or not _is_sequential(before, statement, source):
        return None
    start, end = source.span(layer)
    edits = (source.edit(start, start, f"{before}.add("), source.edit(end, end, ")"))
    # As the first layer it would need the input shape that the next layer has.
    is_in_the_way = _begins(block[:place], before, source) and _takes_shape(block[place + 1 :])
    level = Applicability.DISPLAY if is_in_the_way else Applicability.UNSAFE
    return Fix(level, f"Add it to `{before}`", edits)


def keep(repair: KeepResult, source: Source) -> Fix | None:
    """``x = layer(x)`` for a bare ``layer(x)``, where the next statement uses ``x``."""
    call = source.call(repair.call)
    statement = None if call is None else source.parents[call]
    if call is None or not isinstance(statement, ast.Expr):
        return None
    if not call.args or not isinstance(operand := call.args[0], ast.Name):
        return None
    block = source.block(statement)
    behind = block[block.index(statement) + 1 :]
    if not _goes_on_with(operand.id, behind):
        return None
    start, _ = source.span(statement)
    edits = (source.edit(start, start, f"{operand.id} = "),)
    return Fix(Applicability.UNSAFE, f"Go on with its result as `{operand.id}`", edits)


def call(repair: CallLayer, source: Source) -> Fix | None:
    """``BatchNormalization()(x)`` for ``BatchNormalization(x)``, ``add(BN())`` for ``add(BN)``."""
    wrong = source.call(repair.place)
    if wrong is None:
        return None
    edits = _constructed(wrong, repair.kind, source) if repair.kind else _parted(wrong, source)
    message = "Construct the layer" if repair.kind else "Construct the layer, then apply it"
    return Fix(Applicability.UNSAFE, message, tuple(edits)) if edits else None


def _next_added_to(statements: Iterable[ast.stmt], source: Source) -> str | None:
    """The model that the next statement adds to; bare constructions of layers are skipped."""
    for statement in statements:
        value = statement.value if isinstance(statement, (ast.Expr, ast.Assign)) else None
        if not isinstance(value, ast.Call):
            return None
        if isinstance(statement, ast.Assign):
            return source.code(statement.targets[0])
        if isinstance(value.func, ast.Attribute) and value.func.attr == "add":
            return source.code(value.func.value)
        name = source.code(value.func).rpartition(".")[2]
        if keras_api.layer_named(name) is None:
            return None
    return None


def _begins(statements: list[ast.stmt], model: str, source: Source) -> bool:
    """Whether the last of ``statements`` about ``model`` constructs an empty Sequential."""
    for statement in reversed(statements):
        if isinstance(statement, ast.Assign) and source.code(statement.targets[0]) == model:
            return isinstance(statement.value, ast.Call) and not statement.value.args
        if source.code(statement).startswith(f"{model}.add("):
            return False
    return False


def _takes_shape(statements: list[ast.stmt]) -> bool:
    """Whether the next added layer defines the input shape of the model."""
    for statement in statements:
        value = statement.value if isinstance(statement, ast.Expr) else None
        if isinstance(value, ast.Call) and value.args and isinstance(value.args[0], ast.Call):
            layer = value.args[0]
            name = layer.func.attr if isinstance(layer.func, ast.Attribute) else None
            name = layer.func.id if isinstance(layer.func, ast.Name) else name
            shapes = {"input_shape", "batch_input_shape", "input_dim"}
            given = {keyword.arg for keyword in layer.keywords}
            return name in ("Input", "InputLayer") or not shapes.isdisjoint(given)
    return False


def _is_sequential(name: str, place: ast.stmt, source: Source) -> bool:
    """Whether the function only ever assigns Sequential models to ``name``."""
    scope = source.function(place) or source.tree
    values = [
        node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        and any(source.code(target) == name for target in node.targets)
    ]
    return bool(values) and all(
        isinstance(value, ast.Call) and source.code(value.func).rpartition(".")[2] == "Sequential"
        for value in values
    )


def _goes_on_with(name: str, statements: list[ast.stmt]) -> bool:
    """Whether the next statement that contains ``name`` passes it to a call."""
    for statement in statements:
        uses = [n for n in ast.walk(statement) if isinstance(n, ast.Name) and n.id == name]
        if not uses:
            continue
        return any(
            isinstance(node, ast.Call) and any(argument in uses for argument in _tensors(node))
            for node in ast.walk(statement)
        )
    return False


def _tensors(node: ast.Call) -> list[ast.expr]:
    """The arguments of a call that may be tensors, including those in a list."""
    return [
        item
        for argument in node.args
        for item in (argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument])
    ]


def _parted(wrong: ast.Call, source: Source) -> list[Edit]:
    if not wrong.args or isinstance(wrong.args[0], ast.Starred) or len(wrong.args) > 1:
        return []
    operand = wrong.args[0]
    settings = [source.code(k) for k in wrong.keywords if k.arg not in ("training", "mask")]
    modes = [source.code(k) for k in wrong.keywords if k.arg in ("training", "mask")]
    _, start = source.span(wrong.func)
    _, end = source.span(wrong)
    applied = ", ".join([source.code(operand), *modes])
    if "#" in source.text[start:end]:
        return []  # a comment would be lost
    return [source.edit(start, end, f"({', '.join(settings)})({applied})")]


def _constructed(wrong: ast.Call, kind: str, source: Source) -> list[Edit]:
    """Add a pair of parentheses after each bare class among the arguments."""
    edits = []
    for argument in _tensors(wrong):
        if isinstance(argument, (ast.Name, ast.Attribute)):
            spec = keras_api.layer_named(source.code(argument).rpartition(".")[2])
            if spec is not None and spec.kind == kind:
                _, end = source.span(argument)
                edits.append(source.edit(end, end, "()"))
    return edits
