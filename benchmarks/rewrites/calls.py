"""Rewrites of the arguments of calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from bnlint.keras_api.signatures import SIGNATURES


class PositionalToKeyword(cst.CSTTransformer):
    """``Conv2D(8, 3)`` as ``Conv2D(filters=8, kernel_size=3)``, for layers of Keras."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        names = list(_signature(updated_node.func))
        args = []
        for position, arg in enumerate(updated_node.args):
            if arg.star or (arg.keyword is None and position >= len(names)):
                return updated_node
            named = arg.keyword or cst.Name(names[position])
            args.append(arg.with_changes(keyword=named, equal=_EQUAL))
        return updated_node.with_changes(args=args)


class ReorderedKeywords(cst.CSTTransformer):
    """``f(x, a=1, b=2)`` as ``f(x, b=2, a=1)``, where the values have no effect on each other."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        keywords = [arg for arg in updated_node.args if arg.keyword]
        rest = [arg for arg in updated_node.args if not arg.keyword]
        if any(arg.star for arg in rest) or not all(_is_plain(arg.value) for arg in keywords):
            return updated_node
        return updated_node.with_changes(args=_separated([*rest, *reversed(keywords)]))


class Starred(cst.CSTTransformer):
    """``Conv2D(8, 3, use_bias=False)`` as ``Conv2D(*(8, 3), **{"use_bias": False})``."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        args = updated_node.args
        if not args or any(arg.star for arg in args) or not _signature(updated_node.func):
            return updated_node
        given = [cst.Element(arg.value, comma=cst.Comma()) for arg in args if arg.keyword is None]
        named = [
            cst.DictElement(cst.SimpleString(f'"{arg.keyword.value}"'), arg.value)
            for arg in args
            if arg.keyword is not None
        ]
        starred = [cst.Arg(cst.Tuple(given), star="*")] if given else []
        keywords = [cst.Arg(cst.Dict(named), star="**")] if named else []
        return updated_node.with_changes(args=_separated([*starred, *keywords]))


_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def _signature(function: cst.BaseExpression) -> Mapping[str, object]:
    if isinstance(function, cst.Attribute):
        function = function.attr
    return SIGNATURES.get(function.value, {}) if isinstance(function, cst.Name) else {}


def _is_plain(value: cst.BaseExpression) -> bool:
    return isinstance(value, (cst.Name, cst.BaseNumber, cst.BaseString, cst.Attribute))


def _separated(args: Sequence[cst.Arg]) -> list[cst.Arg]:
    """Arguments on one line, whose comments stay behind."""
    return [
        arg.with_changes(
            comma=cst.MaybeSentinel.DEFAULT,
            whitespace_after_arg=cst.SimpleWhitespace(""),
        )
        for arg in args
    ]
