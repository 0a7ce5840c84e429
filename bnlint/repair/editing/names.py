"""Which names a place in a file can use, and whether their meaning ever changes."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from bnlint.repair.editing.source import Function, Source


def parameters(function: Function) -> list[ast.arg]:
    """All parameters of a function, in order."""
    args = function.args
    listed = [*args.posonlyargs, *args.args, *([args.vararg] if args.vararg else [])]
    return [*listed, *args.kwonlyargs, *([args.kwarg] if args.kwarg else [])]


def bound_in(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every name that ``node`` or anything in it binds, deletes or declares, and where."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load):
            yield inner.id, inner
        elif isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield inner.name, inner
        elif isinstance(inner, (ast.Import, ast.ImportFrom)):
            for alias in inner.names:
                yield (alias.asname or alias.name.partition(".")[0]), inner
        elif isinstance(inner, (ast.Global, ast.Nonlocal)):
            for name in inner.names:
                yield name, inner
        elif isinstance(inner, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and inner.name:
            yield inner.name, inner
        elif isinstance(inner, ast.MatchMapping) and inner.rest:
            yield inner.rest, inner


def loaded_in(node: ast.AST) -> set[str]:
    """Every name that ``node`` or anything in it reads."""
    return {
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    }


def constant_parameter(name: str, place: ast.AST, source: Source) -> Function | None:
    """The function around ``place`` with a parameter ``name`` that nothing ever rebinds."""
    for parent in source.above(place):
        if isinstance(parent, ast.ClassDef) or not isinstance(parent, Function):
            continue
        if name in {parameter.arg for parameter in parameters(parent)}:
            rebound = any(bound == name for bound, _ in bound_in(parent))
            shadowed = any(
                name in {parameter.arg for parameter in parameters(inner)}
                for inner in ast.walk(parent)
                if isinstance(inner, Function) and inner is not parent
            )
            return None if rebound or shadowed else parent
        if any(bound == name for bound, _ in bound_in(parent)):
            return None
    return None


def attribute_of(parameter: str, place: ast.AST, source: Source) -> str | None:
    """``self.use_bn`` if the constructor stores its parameter there and nothing changes it."""
    owner = source.owner(place)
    method = source.function(place)
    if owner is None or not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    start = next(
        (s for s in owner.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None
    )
    own = parameters(method)
    if start is None or method is start or not own or method not in owner.body:
        return None
    if constant_parameter(parameter, start.body[0], source) is not start:
        return None
    receiver = parameters(start)[0].arg
    for statement in start.body:
        if (
            isinstance(statement, ast.Assign)
            and len(statement.targets) == 1
            and isinstance(statement.value, ast.Name)
            and statement.value.id == parameter
            and isinstance(target := statement.targets[0], ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == receiver
            and set_once(target.attr, owner)
        ):
            return f"{own[0].arg}.{target.attr}"
    return None


def set_once(attribute: str, owner: ast.ClassDef) -> bool:
    """Whether exactly one place of a class sets or deletes an attribute of that name."""
    stores = [
        node
        for node in ast.walk(owner)
        if isinstance(node, ast.Attribute)
        and node.attr == attribute
        and not isinstance(node.ctx, ast.Load)
    ]
    return len(stores) == 1


def is_free(name: str, source: Source) -> bool:
    """Whether nothing in the file has that name yet."""
    return name not in source.text and not hasattr(builtins, name)
