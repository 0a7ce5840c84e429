"""``setup.py``: the requirements that are written in it. It is parsed and never run.

A requirement may be anywhere (``install_requires=[…]``, a list in a variable, a list that is added
to another), so every string that is nothing but a requirement counts. Strings in arguments about
something else do not count.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Final

_ABOUT_ELSE: Final = frozenset({
    "author", "classifiers", "description", "entry_points", "keywords", "license",
    "long_description", "name", "package_data", "packages", "project_urls", "provides",
    "py_modules", "url",
})  # fmt: skip
_LONGEST: Final = 300  # characters of a requirement
_REQUIREMENT: Final = (
    r"[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*\(?"
    r"(?:(?:[=<>!~]=?=?\s*v?[\w.*+]+)\s*,?\s*)*\)?(?:;.*)?"
)


def of_setup_py(text: str) -> Iterator[str]:
    """Each requirement; one that is only added under a condition is conditional."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            yield from _strings(tree, conditional=False)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _strings(node: ast.AST, *, conditional: bool) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        for line in node.value.splitlines():
            if len(line) < _LONGEST and re.fullmatch(_REQUIREMENT, line.strip()):
                yield f"{line};" if conditional and ";" not in line else line
    elif isinstance(node, ast.Compare) or (
        isinstance(node, ast.keyword) and node.arg in _ABOUT_ELSE
    ):
        return
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if not (isinstance(key, ast.Constant) and key.value in _ABOUT_ELSE):
                yield from _strings(value, conditional=conditional)
    else:
        conditional = conditional or isinstance(node, (ast.If, ast.IfExp))
        for child in ast.iter_child_nodes(node):
            yield from _strings(child, conditional=conditional)
