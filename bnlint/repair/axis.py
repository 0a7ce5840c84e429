"""BN401 and BN402: set the channel axis of the data format.

Always unsafe: the weights of the layer get another shape.
"""

from __future__ import annotations

import ast
import re
from typing import Final

from bnlint import keras_api
from bnlint.findings import Applicability, Fix
from bnlint.repair import SetAxis
from bnlint.repair.bias import layout
from bnlint.repair.editing.arguments import CallText, changed
from bnlint.repair.editing.names import bound_in, parameters
from bnlint.repair.editing.source import Source

_AXIS_NAME: Final = re.compile(
    r"(?:bn|batch_?norm|chan(?:nel)?s?|concat)_?(?:axis|dim)", re.IGNORECASE
)


def fix(repair: SetAxis, source: Source) -> Fix | None:
    """The fix; ``None`` where the axis is computed, or no name holds the right one."""
    call = source.call(repair.layer)
    if call is None or any(keyword.arg is None for keyword in call.keywords):
        return None
    given = _given(call)
    if given is not None and not _is_number(given):
        return None
    name = None if repair.literal and not repair.varies else _name_in_reach(call, source)
    if name is None and repair.varies:
        return None
    value = name or str(repair.axis)

    def change(text: CallText) -> None:
        place = text.index("axis")
        if place is not None:
            text.replace(place, value)
        elif given is not None:
            text.replace(0, value)
        else:
            text.add("axis", value)

    code = changed(source.code(call), layout(call, source), change)
    edits = [] if code is None else source.replacing(call, code)
    return Fix(Applicability.UNSAFE, f"Set `axis={value}`", tuple(edits)) if edits else None


def _given(call: ast.Call) -> ast.expr | None:
    for keyword in call.keywords:
        if keyword.arg == "axis":
            return keyword.value
    return call.args[0] if call.args else None


def _is_number(node: ast.expr) -> bool:
    try:
        return isinstance(ast.literal_eval(node), int)
    except ValueError:
        return False


def _name_in_reach(call: ast.Call, source: Source) -> str | None:
    """The name that other normalizations nearby use as their axis, or ``bn_axis``."""
    scope = source.function(call)
    visible = {name for s in source.tree.body for name, _ in _bound_by(s)}
    here = source.span(call)[0]
    if scope is not None:
        visible |= {parameter.arg for parameter in parameters(scope)}
        for name, node in bound_in(scope):
            if isinstance(node, ast.Name) and source.span(node)[0] < here:
                visible.add(name)
    used = [
        keyword.value.id
        for other in source.calls()
        for keyword in other.keywords
        if keyword.arg == "axis"
        and isinstance(keyword.value, ast.Name)
        and _is_normalization(other, source)
        and source.function(other) in (scope, None)
    ]
    named = [name for name in sorted(visible) if _AXIS_NAME.fullmatch(name)]
    return next((name for name in [*used, *named] if name in visible), None)


def _bound_by(statement: ast.stmt) -> list[tuple[str, ast.AST]]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return []
    return list(bound_in(statement))


def _is_normalization(call: ast.Call, source: Source) -> bool:
    spec = keras_api.layer_named(source.code(call.func).rpartition(".")[2])
    return spec is not None and spec.kind == "BatchNormalization"
