"""Rewrites of names."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst
import libcst.matchers as m
from libcst.metadata import (
    Assignment,
    FunctionScope,
    GlobalScope,
    MetadataWrapper,
    Scope,
    ScopeProvider,
)


class _Renamed(cst.CSTTransformer):
    """Gives nodes new names."""

    def __init__(self, names: Mapping[cst.CSTNode, str]) -> None:
        self._names = names

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        name = self._names.get(original_node)
        return updated_node if name is None else updated_node.with_changes(value=name)


def renamed_locals(module: cst.Module) -> cst.Module:
    """Each local variable with another name; parameters, which conditions name, keep theirs."""
    wrapper = MetadataWrapper(module)
    scopes = {s for s in wrapper.resolve(ScopeProvider).values() if isinstance(s, FunctionScope)}
    names: dict[cst.CSTNode, str] = {}
    for scope in scopes:
        for name in {assignment.name for assignment in scope.assignments}:
            places = _places(scope, name)
            if places is not None:
                names.update(dict.fromkeys(places, f"{name}_renamed"))
    return wrapper.module.visit(_Renamed(names))


def _places(scope: Scope, name: str) -> list[cst.CSTNode] | None:
    """Where a local is written and read; ``None`` if it is no variable of this function alone."""
    found: list[cst.CSTNode] = []
    for assignment in scope.assignments[name]:
        if not isinstance(assignment, Assignment) or assignment.scope is not scope:
            return None
        if not isinstance(assignment.node, cst.Name):
            return None  # a parameter, a function, a class, an import
        found.append(assignment.node)
        for access in assignment.references:
            if not isinstance(access.node, cst.Name):
                return None
            found.append(access.node)
    return found


def aliased_imports(module: cst.Module) -> cst.Module:
    """``import keras`` as ``import keras as keras_renamed``, likewise from modules."""
    wrapper = MetadataWrapper(module)
    names: dict[cst.CSTNode, str] = {}
    aliases: dict[cst.CSTNode, str] = {}
    scopes = set(wrapper.resolve(ScopeProvider).values())
    for scope in (scope for scope in scopes if isinstance(scope, GlobalScope)):
        for assignment in scope.assignments:
            alias = _alias(assignment)
            if alias is None or len(set(scope.assignments[assignment.name])) > 1:
                continue
            aliases[alias] = f"{assignment.name}_renamed"
            for access in assignment.references:
                names[_first(access.node)] = aliases[alias]
    return wrapper.module.visit(_Aliased(names, aliases))


def _alias(assignment: object) -> cst.ImportAlias | None:
    """The name that an import binds, where it is the whole name and has no alias yet."""
    node = getattr(assignment, "node", None)
    if not isinstance(node, (cst.Import, cst.ImportFrom)) or isinstance(node.names, cst.ImportStar):
        return None
    name = str(getattr(assignment, "name", ""))
    return next(
        (
            alias
            for alias in node.names
            if m.matches(alias, m.ImportAlias(name=m.Name(name), asname=None))
        ),
        None,
    )


def _first(node: cst.CSTNode) -> cst.CSTNode:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


class _Aliased(_Renamed):
    def __init__(
        self, names: Mapping[cst.CSTNode, str], aliases: Mapping[cst.CSTNode, str]
    ) -> None:
        super().__init__(names)
        self._aliases = aliases

    def leave_ImportAlias(
        self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias
    ) -> cst.ImportAlias:
        name = self._aliases.get(original_node)
        if name is None:
            return updated_node
        return updated_node.with_changes(asname=cst.AsName(cst.Name(name)))
