"""The name by which a file can use another Keras layer, with an import if it is missing."""

from __future__ import annotations

import ast
import re
from typing import Final

from bnlint import keras_api
from bnlint.findings import Edit
from bnlint.repair.editing.names import bound_in
from bnlint.repair.editing.source import Source

_LAYERS: Final = re.compile(r"(?:^|\.)layers(?:\.|$)")


def layer_name(wanted: str, beside: ast.expr, source: Source) -> tuple[str, list[Edit]] | None:
    """How to write the layer class ``wanted`` next to ``beside``, the expression of another one.

    Returns:
        The name and the edits that import it; ``None`` where the file does not show how.
    """
    if isinstance(beside, ast.Attribute):
        if keras_api.layer_named(beside.attr) is None or _is_attribute_of_object(beside):
            return None
        return f"{source.code(beside.value)}.{wanted}", []
    if not isinstance(beside, ast.Name):
        return None
    if is_imported(wanted, source):
        return wanted, []
    bound = {name for name, _ in bound_in(source.tree)}
    if wanted in bound:
        return None  # a class of the user's own
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and _imports(node, beside.id):
            if not _LAYERS.search(node.module or "") or node.module != _home(node.module or ""):
                return None
            return wanted, [_added(node, wanted, source)]
    if beside.id not in bound and keras_api.layer_named(beside.id) is not None:
        return wanted, []  # nothing is imported: a snippet
    return None


def is_imported(name: str, source: Source) -> bool:
    """Whether an import of the file binds ``name`` to the Keras layer of that name."""
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and "layers" in (node.module or ""):
            for alias in node.names:
                if alias.name == "*" or (alias.asname or alias.name) == alias.name == name:
                    return True
    return False


def _is_attribute_of_object(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def _imports(node: ast.ImportFrom, name: str) -> bool:
    return any(alias.name == name and alias.asname is None for alias in node.names)


def _home(module: str) -> str:
    """``keras.layers``, not ``keras.layers.normalization``: only the first one has all layers."""
    found = re.match(r"(?:[\w.]*\.)?layers", module)
    return found[0] if found else module


def _added(node: ast.ImportFrom, name: str, source: Source) -> Edit:
    """The edit that adds ``name`` to an import, in sorted order if the names are sorted."""
    names = [alias.name for alias in node.names]
    is_sorted = names == sorted(names) and len(names) > 1
    behind = sum(1 for other in names if other < name) if is_sorted else len(names)
    start, end = source.span(node.names[max(behind - 1, 0)])
    line = source.text[source.line_start(start) : start]
    own_line = not line.strip() and len({alias.lineno for alias in node.names}) == len(names)
    gap = f",{source.newline}{line}" if own_line else ", "
    if behind == 0:
        return source.edit(start, start, f"{name}{gap}")
    return source.edit(end, end, f"{gap}{name}")
