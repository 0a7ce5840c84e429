"""BN201: set ``use_bias=False`` and remove the arguments that have no effect without a bias."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bnlint import keras_api
from bnlint.findings import Applicability, Edit, Fix, Location
from bnlint.keras_api.signatures import SIGNATURES
from bnlint.repair import UNTOLD, DropBias
from bnlint.repair.conditions import needed_where
from bnlint.repair.editing.arguments import CallText, Layout, changed
from bnlint.repair.editing.names import constant_parameter, parameters
from bnlint.repair.editing.source import Source

_POINTLESS: Final = frozenset(
    {"bias_initializer", "bias_regularizer", "bias_constraint", "b_regularizer", "b_constraint"}
)
# Keywords that no later Keras has: a file with one of them says `bias=`, not `use_bias=`.
_KERAS_1: Final = re.compile(
    r"\b(?:nb_epoch|nb_filter|nb_row|border_mode|subsample|dim_ordering|W_regularizer|"
    r"b_regularizer|W_constraint|samples_per_epoch|nb_val_samples|inner_init)\s*="
)
_KERAS_2: Final = re.compile(r"\buse_bias\b|\btf_keras\b|\btf\.keras\b|\btensorflow\b.*\bkeras\b")
# Another statement, or the next list element, after all closing parentheses.
_MORE: Final = re.compile(r";|^[)\]}\s]*,\s*\S")
# A long `Conv2D(…)(x)` as a formatter writes it.
_OPERAND: Final = re.compile(r"\([ \t]*\r?\n[ \t]*([\w.]+),?[ \t]*\r?\n[ \t]*\)")


@dataclass(frozen=True, slots=True)
class _Change:
    """The new value of the bias argument."""

    value: str
    applicability: Applicability
    why: str = ""


def _gives_weights(keyword: ast.keyword) -> bool:
    """Whether the keyword passes arrays, as in Keras 1 and 2, that include the bias."""
    is_none = isinstance(keyword.value, ast.Constant) and keyword.value.value is None
    return keyword.arg == "weights" and not is_none


def fix(
    repair: DropBias, source: Source, flagged: Collection[Location], *, loads_weights: bool
) -> Fix | None:
    """The fix of one finding; ``None`` where there is no call to change.

    Args:
        repair: the repair to write.
        source: the file.
        flagged: the locations of all layers with a redundant bias.
        loads_weights: old checkpoints may exist.
    """
    call = source.call(repair.layer)
    if call is None or any(map(_gives_weights, call.keywords)):
        return None
    if repair.kind == "EinsumDense":
        return _einsum(call, source, loads_weights=loads_weights)
    keyword = _keyword(call, source)
    given = _given(call, repair.kind)
    if isinstance(given, ast.Name) and not repair.unless and not needed_where(repair, call, source):
        default = _default(given.id, call, source, flagged)
        if default is not None:
            edits = source.replacing(default, "False")
            message = f"Set the default of `{given.id}` to `False`"
            return Fix(Applicability.UNSAFE, message, tuple(edits))
    change = _change(repair, call, given, source)
    limit = _limit(call, repair, source, loads_weights=loads_weights)
    level = max(change.applicability, limit, key=_LEVELS.index)
    edits = _written(call, keyword, given, change.value, source)
    if not edits:
        return None
    return Fix(level, f"Set `{keyword}={change.value}`{change.why}", tuple(edits))


_LEVELS: Final = [Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY]


def _keyword(call: ast.Call, source: Source) -> str:
    names = {keyword.arg for keyword in call.keywords}
    if "bias" in names:
        return "bias"
    return "bias" if _is_for_keras_1(source.text) and "use_bias" not in names else "use_bias"


@lru_cache(maxsize=8)
def _is_for_keras_1(text: str) -> bool:
    return _KERAS_1.search(text) is not None and _KERAS_2.search(text) is None


def _given(call: ast.Call, kind: str) -> ast.expr | None:
    """The value that the call already passes for the bias."""
    for keyword in call.keywords:
        if keyword.arg in ("use_bias", "bias"):
            return keyword.value
    order = list(SIGNATURES.get(kind, ()))
    place = order.index("use_bias") if "use_bias" in order else len(call.args)
    return call.args[place] if place < len(call.args) else None


def _change(repair: DropBias, call: ast.Call, given: ast.expr | None, source: Source) -> _Change:
    is_fixed = given is None or isinstance(given, ast.Constant)
    needed = needed_where(repair, call, source)
    if not needed:
        # Where the callers decide, they may have other uses.
        return _Change("False", Applicability.SAFE if is_fixed else Applicability.DISPLAY)
    if needed == UNTOLD and not repair.unless and is_fixed:
        return _Change("False", Applicability.UNSAFE)  # a condition that was always true
    if needed == UNTOLD:
        return _Change("False", Applicability.DISPLAY, " where the finding holds")
    if given is None or is_fixed:
        return _Change(needed, Applicability.SAFE)
    kept = source.code(given)
    if not isinstance(given, (ast.Name, ast.Attribute, ast.Call)):
        kept = f"({kept})"
    return _Change(f"{kept} and {needed}", Applicability.SAFE)


def _limit(
    call: ast.Call, repair: DropBias, source: Source, *, loads_weights: bool
) -> Applicability:
    """The best applicability that the call itself allows."""
    if any(keyword.arg is None for keyword in call.keywords) and not any(
        keyword.arg in ("use_bias", "bias") for keyword in call.keywords
    ):
        return Applicability.DISPLAY  # `**kwargs` may hold it already
    if any(isinstance(arg, ast.Starred) for arg in call.args):
        return Applicability.DISPLAY
    name = call.func.attr if isinstance(call.func, ast.Attribute) else None
    name = call.func.id if isinstance(call.func, ast.Name) else name
    if name is None or not _takes_bias(name, repair.kind, source):
        return Applicability.UNSAFE
    if loads_weights or not repair.exact:
        return Applicability.UNSAFE
    return Applicability.SAFE


def _takes_bias(name: str, kind: str, source: Source) -> bool:
    """Whether ``name`` is known to be Keras's class or function, or another name for it."""
    if name in source.definitions:
        return False
    if _is_keras(name, kind):
        return True
    values = [
        node.value
        for node in source.nodes
        if isinstance(node, ast.Assign)
        and any(_last_name(target) == name for target in node.targets)
    ]
    return bool(values) and all(_names_class(value, kind) for value in values)


def _names_class(value: ast.expr, kind: str) -> bool:
    if isinstance(value, ast.IfExp):
        return _names_class(value.body, kind) and _names_class(value.orelse, kind)
    if isinstance(value, ast.Call) and _last_name(value.func) == "partial" and value.args:
        return _names_class(value.args[0], kind)
    name = _last_name(value)
    return name is not None and _is_keras(name, kind)


def _is_keras(name: str, kind: str) -> bool:
    spec = keras_api.layer_named(name)
    if spec is not None:
        return spec.bias is not None
    # The functions of TensorFlow 1: tf.layers.conv2d.
    return name.replace("_", "").lower() == kind.lower() and name.islower()


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _written(
    call: ast.Call, keyword: str, given: ast.expr | None, value: str, source: Source
) -> list[Edit]:
    def change(text: CallText) -> None:
        if value == "False":
            for name in _POINTLESS:
                if (place := text.index(name)) is not None:
                    text.remove(place)
        place = text.index(keyword)
        if place is None and given is not None:
            place = call.args.index(given)
        if place is not None:
            text.replace(place, value)
        else:
            text.add(keyword, value)

    return _edits(call, source, change)


def _edits(call: ast.Call, source: Source, change: Callable[[CallText], None]) -> list[Edit]:
    code = changed(source.code(call), layout(call, source), change)
    if code is None:
        return []
    edits = source.replacing(call, code)
    _, end = source.span(call)
    operand = _OPERAND.match(source.text, end)
    if operand and code.endswith(f"{source.newline}{source.indent(end)})"):
        # `Conv2D(⏎…⏎)(⏎x⏎)`: the operand no longer needs its own lines.
        edits.append(source.edit(end, operand.end(), f"({operand[1]})"))
    return edits


def layout(call: ast.Call, source: Source) -> Layout:
    """The layout of the text around ``call``."""
    start, end = source.span(call)
    before = source.text[source.line_start(start) : start]
    nested = any(before.count(opening) > before.count(closing) for opening, closing in ("()", "[]"))
    behind = source.text[end : source.line_end(end)].partition("#")[0].rstrip()
    # One of several on a line: a person or a formatter should break the line.
    is_one_of_many = (nested and "," in behind) or _MORE.search(behind)
    width = sys.maxsize if is_one_of_many else source.width
    return Layout(
        source.newline,
        start - source.line_start(start),
        len(behind),
        width,
        source.indent(start),
        source.is_hanging and not nested,
    )


def _einsum(call: ast.Call, source: Source, *, loads_weights: bool) -> Fix | None:
    """EinsumDense has a bias only if ``bias_axes`` is set."""

    def change(text: CallText) -> None:
        for name in ("bias_axes", *_POINTLESS):
            if (place := text.index(name)) is not None:
                text.remove(place)

    edits = _edits(call, source, change)
    level = Applicability.UNSAFE if loads_weights else Applicability.SAFE
    return Fix(level, "Remove `bias_axes`", tuple(edits)) if edits else None


def _default(
    name: str, call: ast.Call, source: Source, flagged: Collection[Location]
) -> ast.expr | None:
    """The default of the parameter that switches the bias, where only this default decides.

    Every use of the parameter must be a layer with a redundant bias, and no caller in the file
    may pass another value.
    """
    function = constant_parameter(name, call, source)
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    default = _default_of(name, function)
    if not (isinstance(default, ast.Constant) and default.value is True):
        return None
    layers = [source.call(where) for where in flagged]
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id == name:
            parent = source.parents[node]
            user = source.parents[parent] if isinstance(parent, ast.keyword) else parent
            if user not in layers:
                return None
    names = {function.name}
    owner = source.parents[function]
    if isinstance(owner, ast.ClassDef) and function.name == "__init__":
        names = {owner.name}
    place = [parameter.arg for parameter in parameters(function)].index(name)
    place -= isinstance(owner, ast.ClassDef)  # `self` is not among the arguments of a call
    calls = [other for other in source.calls() if _last_name(other.func) in names]
    agreed = all(
        place >= len(other.args)
        and all(keyword.arg not in (name, None) for keyword in other.keywords)
        and not any(isinstance(arg, ast.Starred) for arg in other.args)
        for other in calls
    )
    mentions = sum(
        _last_name(node) in names
        for node in source.nodes
        if isinstance(node, (ast.Name, ast.Attribute))
    )
    return default if agreed and mentions == len(calls) else None


def _default_of(name: str, function: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.expr | None:
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    defaults = dict(
        zip(
            [arg.arg for arg in positional[len(positional) - len(args.defaults) :]],
            args.defaults,
            strict=True,
        )
    )
    defaults.update(
        (arg.arg, value)
        for arg, value in zip(args.kwonlyargs, args.kw_defaults, strict=True)
        if value is not None
    )
    return defaults.get(name)
