"""The condition under which a bias is needed, as an expression to write at the layer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.repair import UNTOLD, DropBias
from bnlint.repair.editing.names import (
    attribute_of,
    bound_in,
    constant_parameter,
    loaded_in,
    parameters,
    set_once,
)
from bnlint.repair.editing.source import Function, Source

_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_TESTED: Final = re.compile(r"(not |bool\(|)([\w.]+)(\)?)")
_COMPARED: Final = re.compile(r"([\w.]+)( (?:==|!=|is not|is) )(.+)", re.DOTALL)
_FLIPPED: Final = {ast.Eq: "!=", ast.NotEq: "==", ast.Is: "is not", ast.IsNot: "is"}
_OPERATORS: Final = {ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not"}

_Guard: TypeAlias = tuple[ast.If | ast.IfExp, bool]
"""A condition, and whether the code in question is in its true branch."""


def needed_where(repair: DropBias, call: ast.Call, source: Source) -> str:
    """An expression that is true where the layer of ``call`` needs its bias.

    Returns:
        Empty where it never does, :data:`UNTOLD` where no expression in scope describes it.
    """
    built = _where_none_is_reached(repair.behind, call, source)
    if not repair.unless:
        # Found in the contexts that were read; a flag around the norm is about other contexts.
        return built or _where_none_is_reached(repair.applied, call, source)
    told = in_reach(repair.unless, call, source)
    if told is None and repair.unless != UNTOLD:
        told = built if built != UNTOLD else None
    return told or UNTOLD


def in_reach(expression: str, call: ast.Call, source: Source) -> str | None:
    """The expression in a form that means the same at ``call``; ``None`` if there is none.

    Args:
        expression: a name, ``not`` and a name, ``bool`` of a name, or a name compared with a
            constant.
        call: where to write it.
        source: the file.
    """
    if found := _COMPARED.fullmatch(expression):
        name = _name_in_reach(found[1], call, source)
        return None if name is None else f"{name}{found[2]}{_as_written(found[3], source)}"
    if found := _TESTED.fullmatch(expression):
        name = _name_in_reach(found[2], call, source)
        return None if name is None else f"{found[1]}{name}{found[3]}"
    return None


def _name_in_reach(name: str, call: ast.Call, source: Source) -> str | None:
    if name == UNTOLD or not _DOTTED.fullmatch(name):
        return None
    first, _, rest = name.partition(".")
    function = constant_parameter(first, call, source)
    if function is None:
        found = attribute_of(first, call, source)
        if found is not None:
            return f"{found}.{rest}" if rest else found
        return name if not rest and _is_constant_of_module(name, call, source) else None
    if rest and _is_stored(rest.rpartition(".")[2], source):
        return name if _is_attribute_for_good(first, rest, call, source) else None
    return name


def _is_stored(attribute: str, source: Source) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == attribute
        and not isinstance(node.ctx, ast.Load)
        for node in source.nodes
    )


def _is_attribute_for_good(receiver: str, name: str, call: ast.Call, source: Source) -> bool:
    """Whether the class sets ``self.name`` exactly once, before ``call`` is reached."""
    owner, method = source.owner(call), source.function(call)
    if owner is None or method not in owner.body or "." in name or not set_once(name, owner):
        return False
    for node in ast.walk(owner):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == name
            and isinstance(node.ctx, ast.Store)
            and isinstance(node.value, ast.Name)
            and node.value.id == receiver
        ):
            setter, statement = source.function(node), source.statement(node)
            if setter is method:
                return statement in method.body and statement.lineno < call.lineno
            is_constructor = isinstance(setter, ast.FunctionDef) and setter.name == "__init__"
            return is_constructor and setter in owner.body and statement in setter.body
    return False


def _is_constant_of_module(name: str, place: ast.expr, source: Source) -> bool:
    """Whether ``name`` is bound once in the file, at its top level before ``place``."""
    places = [node for bound, node in bound_in(source.tree) if bound == name]
    if len(places) != 1 or not isinstance(places[0], ast.Name):
        return False
    parameters = (
        arg.arg for node in source.nodes if isinstance(node, Function)
        for arg in ast.walk(node.args) if isinstance(arg, ast.arg)
    )  # fmt: skip
    statement = source.statement(places[0])
    return (
        statement in source.tree.body
        and isinstance(statement, (ast.Assign, ast.AnnAssign))
        and (statement.lineno < place.lineno or source.function(place) is not None)
        and name not in parameters
    )


def _as_written(constant: str, source: Source) -> str:
    """A constant with the quotes that the file uses for it elsewhere."""
    other = constant.replace("'", '"')
    return other if "'" in constant and other in source.text else constant


def _where_none_is_reached(places: Iterable[Location], call: ast.Call, source: Source) -> str:
    """An expression that is true where ``call`` is reached but none of the calls at ``places``.

    Only calls in the same function, or in another method of the same class, count: for other
    calls, the callers decide.
    """
    function, owner = source.function(call), source.owner(call)
    chains: list[list[_Guard]] = []
    for where in places:
        found = source.call(where)
        if found is None:
            return ""
        home = source.function(found)
        if home is not function and (
            owner is None or home not in owner.body or function not in owner.body
        ):
            return ""
        chains.append(_guards(found, call, source))
    if not chains or _covers(chains):
        return ""
    opposites = {_opposite(chain[0], call, source) if len(chain) == 1 else None for chain in chains}
    return opposites.pop() or UNTOLD if len(opposites) == 1 else UNTOLD


def _guards(found: ast.Call, call: ast.Call, source: Source) -> list[_Guard]:
    """The conditions around ``found`` that are not around ``call``, from the outside in."""
    shared = {id(parent) for parent in source.above(call)}
    chain: list[_Guard] = []
    inner: ast.AST = found
    for parent in source.above(found):
        if isinstance(parent, Function):
            break
        if isinstance(parent, (ast.If, ast.IfExp)) and inner is not parent.test:
            in_body = inner in parent.body if isinstance(parent, ast.If) else inner is parent.body
            other = parent.orelse if in_body else parent.body
            if (
                id(parent) not in shared
                and _is_up_to_callers(parent.test, source)
                and not _normalizes(other, found.func, source)
            ):
                chain.append((parent, in_body))
        inner = parent
    return chain[::-1]


def _normalizes(branch: list[ast.stmt] | ast.expr, like: ast.expr, source: Source) -> bool:
    """Whether a branch also constructs a BatchNormalization, or calls the same as ``like``."""
    while isinstance(like, ast.Call):  # `BN()(x)`
        like = like.func
    parts: list[ast.stmt] | list[ast.expr] = branch if isinstance(branch, list) else [branch]
    for part in parts:
        for node in ast.walk(part):
            if isinstance(node, ast.Call):
                name = source.code(node.func)
                spec = keras_api.layer_named(name.rpartition(".")[2])
                is_known = spec is not None and spec.kind == "BatchNormalization"
                if is_known or name == source.code(like):
                    return True
    return False


def _is_up_to_callers(test: ast.expr, source: Source) -> bool:
    """Whether a test reads a parameter, or a name that may switch the whole file."""
    names = loaded_in(test)
    given = {
        parameter.arg
        for parent in source.above(test)
        if isinstance(parent, Function)
        for parameter in parameters(parent)
    }
    return not names.isdisjoint(given) or any(
        _is_constant_of_module(name, test, source) for name in names
    )


def _covers(chains: Sequence[Sequence[_Guard]]) -> bool:
    """Whether one of the places is always reached, under all values of the conditions."""
    if any(not chain for chain in chains):
        return True
    by_branch: dict[tuple[int, bool], list[Sequence[_Guard]]] = {}
    for chain in chains:
        branch, in_body = chain[0]
        by_branch.setdefault((id(branch), in_body), []).append(chain[1:])
    return any(
        _covers(inside) and (key, False) in by_branch and _covers(by_branch[key, False])
        for (key, in_body), inside in by_branch.items()
        if in_body
    )


def _opposite(guard: _Guard, call: ast.Call, source: Source) -> str | None:
    """The expression, written for ``call``, that is true where a branch is not taken."""
    branch, holds = guard
    test = branch.test
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, holds = test.operand, not holds
    if isinstance(test, ast.Compare):
        operators = _FLIPPED if holds else _OPERATORS
        operator = operators.get(type(test.ops[0]))
        if len(test.ops) > 1 or operator is None:
            return None
        if not isinstance(test.comparators[0], ast.Constant):
            return None
        compared = f"{source.code(test.left)} {operator} {source.code(test.comparators[0])}"
        return in_reach(compared, call, source)
    name = source.code(test)
    return in_reach(f"not {name}" if holds else name, call, source)
