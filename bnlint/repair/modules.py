"""BN604: import a class from its current module.

Always safe: `keras.layers` has the class in every Keras, and the old module can't be imported.
"""

from __future__ import annotations

import ast

from bnlint.findings import Applicability, Edit, Fix
from bnlint.keras_api.removed import is_in_keras_3
from bnlint.repair import ReplaceModule
from bnlint.repair.editing.source import Source


def fix(repair: ReplaceModule, source: Source) -> Fix | None:
    """The fix; ``None`` where the import has another name that the new module lacks."""
    call = source.call(repair.place)
    edits = _in_import(repair, source) if call is None else _in_path(call, repair, source)
    return Fix(Applicability.SAFE, f"Take it from `{repair.new}`", tuple(edits)) if edits else None


def _in_import(repair: ReplaceModule, source: Source) -> list[Edit]:
    for node in source.nodes:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        start, end = source.span(node)
        place = source.place(repair.place)
        if place is None or not start <= place[0] < end:
            continue
        written = source.text[place[0] : place[1]]
        if not f"{written}.".startswith(f"{repair.old}."):
            return []  # `from keras.layers import normalization`
        if isinstance(node, ast.ImportFrom):
            known = all(is_in_keras_3(alias.name) for alias in node.names)
        else:
            known = len(node.names) == 1
        new = written.replace(repair.old, repair.new, 1) if _goes_on(repair) else repair.new
        return [source.edit(*place, new)] if known else []
    return []


def _goes_on(repair: ReplaceModule) -> bool:
    """Whether the text after the old path stays: `tensorflow.python.keras.layers`."""
    return not repair.new.endswith(".layers")


def _in_path(call: ast.Call, repair: ReplaceModule, source: Source) -> list[Edit]:
    """``keras.layers.normalization.BatchNormalization()``."""
    parts = source.code(call.func).split(".")
    if "layers" not in parts[:-1] or not is_in_keras_3(parts[-1]):
        return []
    for node in source.nodes:
        if isinstance(node, ast.Import) and any(_lies_in(alias, repair) for alias in node.names):
            return []  # that statement fails first
    behind = parts.index("layers") + 1
    return source.replacing(call.func, ".".join([*parts[:behind], parts[-1]]))


def _lies_in(alias: ast.alias, repair: ReplaceModule) -> bool:
    return f"{alias.name}.".startswith(f"{repair.old}.")
