"""How the arguments of a call are written: what the graph keeps of the source."""

from __future__ import annotations

from functools import lru_cache

from bnlint.graph import Written
from bnlint.readers.source.parsing import program as ir


@lru_cache(maxsize=4096)
def arguments(node: ir.Call) -> tuple[Written, ...]:
    """The arguments of ``node`` as they are written, without ``*`` and ``**``.

    Remembered, because the same call is run in every world.
    """
    return tuple(
        Written(argument.keyword, _name(argument.value), isinstance(argument.value, ir.Const))
        for argument in node.args
        if not argument.star
    )


def _name(expression: ir.Expr) -> str:
    """``"self.epsilon"``; ``""`` for what is no dotted name."""
    parts: list[str] = []
    while isinstance(expression, ir.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, ir.Name):
        return ""
    return ".".join([expression.id, *reversed(parts)])
