"""Which decorators give a function other arguments than its callers do.

TensorFlow's slim made them popular: in an ``arg_scope`` the defaults of a function are others. What
such a function leaves to its defaults is not known then.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from bnlint.readers.source.interpreter.inert import last_name
from bnlint.readers.source.interpreter.values import Function, Value
from bnlint.readers.source.parsing import program as ir

# Of slim, gin, sacred, hydra, click, fire, and what people call their own.
_FILLING: Final = re.compile(
    r"arg_?scope|configur|captur|inject|default|fill|command|option|argument|hydra|sacred|gin",
    re.IGNORECASE,
)


def may_fill_arguments(decorator: ir.Expr, value: Value) -> bool:
    """Whether a decorator may call the function with arguments of its own.

    Args:
        decorator: as it is written, without the arguments that it is given itself.
        value: what that is.
    """
    if isinstance(value, Function):
        return not isinstance(value.node, ir.Lambda) and _hands_on_others(value.node)
    return _FILLING.search(last_name(decorator)) is not None


@lru_cache(maxsize=1024)
def _hands_on_others(decorator: ir.FunctionDef) -> bool:
    """Whether an inner function, which is to replace the decorated one, calls with more or
    other arguments than it was given.
    """
    for inner in ir.walk(decorator.body):
        if isinstance(inner, ir.FunctionDef) and inner.params.kwarg is not None:
            for each in ir.walk(inner.body):
                if _changes(each, inner.params.kwarg):
                    return True
                if isinstance(each, ir.Call) and _spreads_more(each, inner.params.kwarg):
                    return True
    return False


def _spreads_more(call: ir.Call, kwarg: str) -> bool:
    """Whether a call spreads a dict over its keywords that is not ``kwarg`` alone."""
    spread = [argument.value for argument in call.args if argument.star == "**"]
    named = any(argument.keyword is not None for argument in call.args if not argument.star)
    return bool(spread) and (
        named or any(not isinstance(value, ir.Name) or value.id != kwarg for value in spread)
    )


def _changes(node: object, kwarg: str) -> bool:
    """Whether a statement or call sets something in ``kwarg``."""
    match node:
        case ir.Assign(targets=targets):
            return any(
                isinstance(target, ir.Subscript)
                and isinstance(target.value, ir.Name)
                and target.value.id == kwarg
                for target in targets
            )
        case ir.Call(
            func=ir.Attribute(value=ir.Name(id=name), attr="update" | "setdefault" | "__setitem__")
        ):
            return name == kwarg
        case _:
            return False
