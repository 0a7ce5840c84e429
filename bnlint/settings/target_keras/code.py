"""The Keras version that code is written for, inferred from its imports, names and arguments.

Names that only Keras 3 has show Keras 3 (:mod:`bnlint.keras_api.versions.only_keras_3`), but not in
a ``try`` or under a version check: code with a check is written for several versions.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Final, TypeAlias

from bnlint.keras_api.versions.only_keras_3 import BACKENDS, is_only_in_keras_3
from bnlint.keras_api.versions.target import Target

_Node: TypeAlias = ast.stmt | ast.expr | ast.keyword
_LONGEST: Final = 60
_ASKS: Final = r"(?i)version|hasattr|find_spec|legacy|is_keras|keras_?[123]\b|tf_?[12]\b|\bdir\("

# The pattern that shows each version, after words one of which it needs: those are found faster.
_OLD: Final = (
    (
        1,
        ("nb_", "_mode", "_ordering", "_regularizer", "samples_per_epoch"),
        (
            r"\b(?:nb_filter|nb_row|nb_col|nb_epoch|border_mode|dim_ordering|image_dim_ordering"
            r"|W_regularizer|b_regularizer|samples_per_epoch)\b"
        ),
    ),
    (
        2,
        (
            *("tf_keras", "from keras.engine", "from keras.layers.", "from keras.utils."),
            *("from keras.legacy", "from tensorflow.python.keras", "from tensorflow.contrib"),
            *("tf.contrib", "tf.layers", "tf.placeholder", "tf.Session", "tf.get_variable"),
            "layers.experimental.",
        ),
        (
            r"(?m)^[ \t]*(?:import tf_keras|from tf_keras|from keras\.(?:engine|layers\.\w+|utils\."
            r"np_utils|legacy)[. ]|from tensorflow\.python\.keras|from tensorflow\.contrib)[^\n]*"
            r"|\btf\.(?:contrib|layers|placeholder|Session|get_variable)\b"
            r"|\b(?:tf\.)?(?:keras\.)?layers\.experimental\.[A-Z]\w*"
        ),
    ),
)
_LEGACY: Final = (
    r"(?m)^[ \t]*(?:(?:import tf_keras|from tf_keras)\b"
    r"|[^#\n]*\bTF_USE_LEGACY_KERAS\b['\"]?\]?\s*[=,:]\s*['\"]?(?:1|[Tt]rue)\b)[^\n]*"
)


def legacy_shown_by(text: str) -> Target | None:
    """Keras 2, where a file requests it whatever TensorFlow's own Keras is."""
    if "tf_keras" not in text and "TF_USE_LEGACY_KERAS" not in text:
        return None
    match = re.search(_LEGACY, text)
    return None if match is None else _shown(2, match)


def old_shown_by(text: str) -> Target | None:
    """Keras 1 or 2, where the imports and arguments of a file show one of them.

    Later versions may refuse these, so this is the version that a file was once written for, not
    the version that it runs with.
    """
    found = [
        _shown(major, match)
        for major, words, shows in _OLD
        if any(word in text for word in words) and (match := _first_in_code(shows, text))
    ]
    # Code for Keras 1 also has imports that Keras 2 still accepted.
    return found[0] if found else None


def new_shown_by(text: str) -> Target | None:
    """Keras 3, where a file uses what no earlier Keras has."""
    if "keras" not in text and "KERAS_BACKEND" not in text:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            node = next(_Uses(tree).nodes(), None)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if node is None:
        return None
    line = text.splitlines()[node.lineno - 1].strip()
    return Target((3,), f"`{_short(line)}` in line {node.lineno}")


class _Uses:
    """The places where a program uses names that only Keras 3 has."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._paths: dict[str, str] = {"tf": "tensorflow", "keras": "keras"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for each in node.names:
                    top = each.name.partition(".")[0]
                    self._paths[each.asname or top] = each.name if each.asname else top
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for each in node.names:
                    self._paths[each.asname or each.name] = f"{node.module}.{each.name}"

    def nodes(self) -> Iterator[_Node]:
        """In the order of the program."""
        return self._in(self._tree)

    def _in(self, node: ast.AST) -> Iterator[_Node]:
        if isinstance(node, (ast.stmt, ast.expr, ast.keyword)) and self._shows(node):
            yield node
            return
        skipped: list[ast.AST] = []
        if isinstance(node, ast.Try):
            skipped = [*node.body, *node.handlers, *node.orelse]
        elif isinstance(node, (ast.If, ast.IfExp)) and re.search(_ASKS, ast.unparse(node.test)):
            skipped = list(ast.iter_child_nodes(node))
        for child in ast.iter_child_nodes(node):
            if child not in skipped:
                yield from self._in(child)

    def _shows(self, node: ast.AST) -> bool:
        match node:
            case ast.Import(names=names):
                return any(is_only_in_keras_3(each.name) for each in names)
            case ast.ImportFrom(module=str(module), level=0, names=names):
                return any(is_only_in_keras_3(f"{module}.{each.name}") for each in names)
            case ast.Attribute():
                return is_only_in_keras_3(self._path(node))
            case ast.Assign(targets=[ast.Subscript(slice=name)], value=value):
                return _is_backend_of_3(name, value)
            case ast.Call(args=[name, value, *_]):
                return _is_backend_of_3(name, value)
            case ast.keyword(arg="KERAS_BACKEND", value=value):
                return _is_backend_of_3(ast.Constant("KERAS_BACKEND"), value)
            case ast.Dict(keys=keys, values=values):
                return any(map(_is_backend_of_3, keys, values))
        return False

    def _path(self, node: ast.Attribute) -> str:
        parts = [node.attr]
        value = node.value
        while isinstance(value, ast.Attribute):
            parts.append(value.attr)
            value = value.value
        if not isinstance(value, ast.Name) or value.id not in self._paths:
            return ""
        return ".".join([self._paths[value.id], *reversed(parts)])


def _is_backend_of_3(name: ast.expr | None, value: ast.expr) -> bool:
    return (
        isinstance(name, ast.Constant)
        and name.value == "KERAS_BACKEND"
        and isinstance(value, ast.Constant)
        and value.value in BACKENDS
    )


def _shown(major: int, match: re.Match[str]) -> Target:
    line = match.string.count("\n", 0, match.start()) + 1
    return Target((major,), f"`{_short(' '.join(match[0].split()))}` in line {line}")


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}..."


def _first_in_code(shows: str, text: str) -> re.Match[str] | None:
    """The first match that stands where an expression may: not in a comment or a sentence."""
    for match in re.finditer(shows, text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
        if re.fullmatch(r"|[^#]*(?:[-=(\[,:{+*/%@<>~|&]|\b(?:return|yield|with|else))", before):
            return match
    return None
