"""The arguments that an example's ``build`` is called with, and which labels hold for them."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

World: TypeAlias = Mapping[str, object]

_CONDITION: Final = re.compile(r"`?(?P<name>\w+)`? is (?P<value>true|false|'[^']*')")


def worlds(file: Path, conditions: Iterable[str | None]) -> list[dict[str, object]]:
    """Each flag of ``build`` on and off, and each name that a condition compares with a string as
    it is by default and otherwise.
    """
    matches = [_CONDITION.fullmatch(when) for when in conditions if when]
    compared = {match["name"] for match in matches if match and match["value"].startswith("'")}
    function = next(
        node
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == "build"
    )
    defaults = function.args.defaults
    sides = {
        argument.arg: (True, False) if isinstance(default.value, bool) else (default.value, "other")
        for argument, default in zip(
            function.args.args[len(function.args.args) - len(defaults) :], defaults, strict=True
        )
        if isinstance(default, ast.Constant)
        and (isinstance(default.value, bool) or argument.arg in compared)
    }
    return [dict(zip(sides, each, strict=True)) for each in itertools.product(*sides.values())]


def holds(condition: str, world: World) -> bool | None:
    """Whether a condition holds in a world; ``None`` where that is not the caller's choice."""
    match = _CONDITION.fullmatch(condition)
    if match is None or match["name"] not in world:
        return None
    value = match["value"]
    if value.startswith("'"):
        return world[match["name"]] == value.strip("'")
    return world[match["name"]] is (value == "true")
