"""What a program asks of the version that it runs with, answered for each version there may be.

`keras.__version__.split(".")[0] >= "3"` is evaluated for every pair of a TensorFlow and a Keras
that people have; the answer is the set of those for which it is true. So a guard tells which Keras
the code after it is for, in whatever way it is written. Where two texts that look like versions
are compared, the versions are: `"2.9" >= "2.16"` is what nobody means.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import repeat, starmap
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bnlint.keras_api.versions.only_keras_3 import is_only_in_keras_3
from bnlint.keras_api.versions.target import Target, Version
from bnlint.readers.source.interpreter.values import (
    Builtin,
    Condition,
    Instance,
    ModuleValue,
    Symbol,
    Unknown,
    Value,
    is_constant,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.frames import Frame
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_PAIRS: Final[tuple[tuple[str, str], ...]] = (  # TensorFlow, Keras
    *zip(("1.0.1", "1.4.1", "1.12.3", "1.15.5"), ("1.2.2", "2.0.9", "2.2.5", "2.3.1"), strict=True),
    *zip((f"2.{i}.3" for i in range(6)), ("2.3.1", "2.3.1", *repeat("2.4.3", 4)), strict=True),
    *((f"2.{i}.1", f"2.{i}.0") for i in range(6, 16)),
    *((f"2.{16 + i // 2}.1", f"3.{i}.0") for i in range(16)),
    ("2.30.0", "3.30.0"),
)
"""Versions that were installed together; the last pair stands for what is to come."""
ALL: Final = (1 << len(_PAIRS)) - 1

Versions: TypeAlias = int
"""A set of :data:`_PAIRS`: one bit for each."""

_VERSION: Final = re.compile(r"v?(\d+(?:\.\d+)*)(?:[.+-]?(?:rc|dev|a|b|post|tf)[\w.]*)?")
_TOLD_BY: Final = {
    **dict.fromkeys(
        ("tensorflow.__version__", "tensorflow.VERSION", "tensorflow.version.VERSION"), 0
    ),
    **dict.fromkeys(("keras.__version__", "tensorflow.keras.__version__"), 1),
}
_DISTRIBUTIONS: Final = {"tensorflow": 0, "keras": 1}
_PARSERS: Final = ("parse", "Version", "LooseVersion", "StrictVersion", "parse_version")
_FUNCTIONS: Final[Mapping[str, Callable[..., object]]] = {
    "bool": bool, "float": float, "int": int, "len": len, "list": list, "str": str, "tuple": tuple,
    "any": any, "all": all,
}  # fmt: skip
_METHODS: Final = frozenset({
    "count", "endswith", "find", "index", "isdigit", "join", "lstrip", "partition", "replace",
    "rpartition", "rsplit", "rstrip", "split", "startswith", "strip",
})  # fmt: skip
_ORDERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_OTHERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq, "!=": operator.ne, "is": operator.eq, "is not": operator.ne,
    "in": lambda item, holder: item in holder, "not in": lambda item, holder: item not in holder,
}  # fmt: skip
_ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "/": operator.truediv, "//": operator.floordiv,
}  # fmt: skip
_LONGEST: Final = 10  # characters of a version
_MOST_PARTS: Final = 6


class VersionValue(Unknown):
    """A value that the version of Keras or TensorFlow determines.

    Attributes:
        each: what it is for each of the pairs.
    """

    __slots__ = ("each",)

    def __init__(self, key: object, each: tuple[object, ...], label: str = "") -> None:
        super().__init__(("version", key), label)
        self.each = each


class _Parsed:
    """What ``packaging`` and its like make of a version."""

    def __init__(self, text: object) -> None:
        match = _VERSION.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None or len(match[1]) > _LONGEST:
            raise _OpenError
        self.release = tuple(map(int, match[1].split(".")))
        self.version = list(self.release)
        self.base_version = self.public = match[1]
        self.major, self.minor, self.micro = (*self.release, 0, 0)[:3]

    @property
    def key(self) -> Version:
        """Without zeros at the end: 3.0 is 3."""
        release = self.release
        while len(release) > 1 and release[-1] == 0:
            release = release[:-1]
        return release


class _OpenError(Exception):
    """The version alone does not determine it."""


_FAILS: Final = (_OpenError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError)


def is_of_version(key: object) -> bool:
    """Whether what has this key is made from a version."""
    return isinstance(key, tuple) and (key[:1] == ("version",) or any(map(is_of_version, key)))


def value_of(
    interpreter: Interpreter, node: ir.Expr, frame: Frame
) -> VersionValue | list[Value] | None:
    """The value of an expression by the version alone; ``None`` if that does not determine it."""
    try:
        leaves = _leaves(interpreter, node, frame)
        if not leaves:
            return None
        each = tuple(_Evaluation(leaves, number).value(node) for number in range(len(_PAIRS)))
    except _FAILS:
        return None
    sizes = {len(one) if isinstance(one, (list, tuple)) else -1 for one in each}
    if len(sizes) == 1 and -1 not in sizes:
        columns = zip(*each, strict=True)
        return [VersionValue((node, index), one) for index, one in enumerate(columns)]
    return VersionValue(node, each)


def passing(value: VersionValue) -> Versions:
    """The versions for which ``value`` is true."""
    return sum(1 << number for number, one in enumerate(value.each) if one)


def question(versions: Versions, node: ir.Expr, expected: Versions) -> Condition:
    """Whether the program runs with one of ``versions``; by default, as is expected."""
    default = bool(expected & versions) or not expected
    return Condition(("version", versions), node, default=default)


def of_target(target: Target | None) -> Versions:
    """The versions that a target may mean; none where it is unknown."""
    if target is None:
        return 0
    majors = [number for number, (_, keras) in enumerate(_PAIRS) if keras[0] == str(target.major)]
    exact = [i for i in majors if _Parsed(_PAIRS[i][1]).release[:2] == target.version[:2]]
    return sum(1 << number for number in exact or majors)


def major_of(versions: Versions) -> int | None:
    """The one Keras that all of ``versions`` are of; Keras 1 alone is meant by name only."""
    majors = {keras[0] for number, (_, keras) in enumerate(_PAIRS) if versions >> number & 1}
    later = majors - {"1"} or majors
    return int(later.pop()) if len(later) == 1 else None


# Leaves: what the interpreter knows of names


def _leaves(interpreter: Interpreter, node: ir.Expr, frame: Frame) -> dict[int, object]:
    """By the identity of its node, each part that is a version or made from one."""
    found: dict[int, object] = {}
    for part in _names_and_calls(node):
        told: object = None
        if isinstance(part, ir.Call):
            if _is_plain(interpreter, part.func, frame):
                told = _called(interpreter, part, frame)
        elif _is_plain(interpreter, part, frame):
            told = _leaf(interpreter.evaluate(part, frame))
        if told is not None:
            found[id(part)] = told
    return found


@lru_cache(maxsize=8192)
def _names_and_calls(node: ir.Expr) -> tuple[ir.Expr, ...]:
    kinds = (ir.Name, ir.Attribute, ir.Call)
    return tuple(part for part in ir.walk((node,)) if isinstance(part, kinds))


def _is_plain(interpreter: Interpreter, node: ir.Expr, frame: Frame) -> bool:
    """Whether nobody notices that a name is asked for: it is of a module, or an object's own."""
    while isinstance(node, ir.Attribute):
        node = node.value
    if not isinstance(node, ir.Name):
        return False
    value = interpreter.evaluate(node, frame)
    kinds = (Symbol, ModuleValue, VersionValue, Instance, Builtin)
    return isinstance(value, kinds) or _are_parts(value)


def _are_parts(value: Value) -> bool:
    """Whether it is a version in parts: a list that :func:`value_of` made."""
    return (
        isinstance(value, (list, tuple))
        and 0 < len(value) <= _MOST_PARTS
        and all(isinstance(part, VersionValue) for part in value)
    )


def _leaf(value: Value) -> object:
    if isinstance(value, Symbol):
        path = value.path.replace("tensorflow.compat.v1.", "tensorflow.", 1)
        which = _TOLD_BY.get(path.replace("tensorflow.compat.v2.", "tensorflow.", 1))
        return None if which is None else tuple(pair[which] for pair in _PAIRS)
    if _are_parts(value):
        return tuple(zip(*(part.each for part in value), strict=True))
    return value.each if isinstance(value, VersionValue) else None


def _called(interpreter: Interpreter, node: ir.Call, frame: Frame) -> object:
    """The version that a function returns, or whether Keras has a name of Keras 3."""
    callee = interpreter.evaluate(node.func, frame)
    texts = [arg.value.value for arg in node.args if isinstance(arg.value, ir.Const)]
    if isinstance(callee, Symbol) and callee.path in ("keras.version", "tensorflow.keras.version"):
        return tuple(keras for _, keras in _PAIRS)
    if isinstance(callee, Symbol) and callee.name in ("version", "get_distribution"):
        which = _DISTRIBUTIONS.get(str(texts[0])) if len(texts) == 1 else None
        return None if which is None else tuple(pair[which] for pair in _PAIRS)
    if isinstance(node.func, ir.Name) and node.func.id == "hasattr" and len(node.args) == 2:
        holder = interpreter.evaluate(node.args[0].value, frame)
        if isinstance(holder, Symbol) and texts and is_only_in_keras_3(f"{holder.path}.{texts[0]}"):
            return tuple(keras[0] == "3" for _, keras in _PAIRS)
    return None


# Evaluation for one pair


class _Evaluation:
    """Evaluates an expression for one pair of versions; raises if they do not determine it."""

    def __init__(self, leaves: Mapping[int, object], number: int) -> None:
        self._leaves = leaves
        self._number = number
        self._names: dict[str, object] = {}

    def value(self, node: ir.Expr | None) -> Any:  # noqa: ANN401  # what the program makes of it
        known = self._leaves.get(id(node))
        if isinstance(known, tuple):
            return known[self._number]
        match node:
            case None:
                return None
            case ir.Const(value=value) if is_constant(value):
                return value
            case ir.Name(id=name) if name in self._names:
                return self._names[name]
            case ir.Attribute(value=owner, attr=name):
                return self._attribute(self.value(owner), name)
            case ir.Tuple(elts=parts) | ir.List(elts=parts) | ir.Set(elts=parts):
                return tuple(map(self.value, parts))
            case ir.Subscript(value=owner, index=index):
                return self.value(owner)[self.value(index)]
            case ir.Slice(lower=lower, upper=upper, step=step):
                return slice(*map(self.value, (lower, upper, step)))
            case ir.UnaryOp(op=op, operand=operand):
                return not self.value(operand) if op == "not" else -self.value(operand)
            case ir.BoolOp(op=op, values=tests):
                return (all if op == "and" else any)(self.value(part) for part in tests)
            case ir.BinOp(op="*", left=left, right=right):
                return self._product(self.value(left), self.value(right))
            case ir.BinOp(op=op, left=left, right=right):
                return _ARITHMETIC[op](self.value(left), self.value(right))
            case ir.Compare(left=left, ops=ops, comparators=others):
                compared = [self.value(part) for part in (left, *others)]
                pairs = zip(ops, compared, compared[1:], strict=False)
                return all(starmap(_compared, pairs))
            case ir.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.value(test) else orelse)
            case ir.Comprehension():
                return self._comprehension(node)
            case ir.Call():
                return self._call(node)
        raise _OpenError

    def _product(self, left: object, right: object) -> object:
        if not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
            raise _OpenError
        return left * right

    def _attribute(self, owner: object, name: str) -> object:
        if isinstance(owner, str) and name == "version":
            return owner  # pkg_resources.get_distribution("keras").version
        if not isinstance(owner, _Parsed) or name.startswith("_"):
            raise _OpenError
        return getattr(owner, name)

    def _comprehension(self, node: ir.Comprehension) -> object:
        if len(node.clauses) != 1 or node.value is not None:
            raise _OpenError
        clause = node.clauses[0]
        if not isinstance(clause.target, ir.Name):
            raise _OpenError
        made = []
        for item in self.value(clause.iter):
            self._names[clause.target.id] = item
            if all(self.value(test) for test in clause.ifs):
                made.append(self.value(node.element))
        return made

    def _call(self, node: ir.Call) -> object:
        if any(arg.star or arg.keyword for arg in node.args):
            raise _OpenError
        name = node.func.attr if isinstance(node.func, ir.Attribute) else ""
        if isinstance(node.func, ir.Name):
            name = node.func.id
            if name == "map" and len(node.args) == 2 and isinstance(node.args[0].value, ir.Name):
                made = _FUNCTIONS[node.args[0].value.id]
                return [made(item) for item in self.value(node.args[1].value)]
        given = [self.value(arg.value) for arg in node.args]
        if name in _PARSERS and len(given) == 1:
            return _Parsed(given[0])
        if isinstance(node.func, ir.Name):
            return _FUNCTIONS[name](*given)
        owner = self.value(node.func.value) if isinstance(node.func, ir.Attribute) else None
        if name not in _METHODS or not isinstance(owner, str):
            raise _OpenError
        return getattr(owner, name)(*given)


def _compared(op: str, left: object, right: object) -> bool:
    if isinstance(left, _Parsed) or isinstance(right, _Parsed) or _are_versions(op, left, right):
        left, right = (one if isinstance(one, _Parsed) else _Parsed(one) for one in (left, right))
        left, right = left.key, right.key
        if op in ("==", "!=") and min(len(left), len(right)) > 1:
            left, right = left[:2], right[:2]  # the third number is not one of the pairs
    apply = _ORDERS.get(op) or _OTHERS[op]
    return bool(apply(left, right))


def _are_versions(op: str, left: object, right: object) -> bool:
    """Whether two texts are to be compared as versions: where one is a whole one."""
    texts = [one for one in (left, right) if isinstance(one, str) and _VERSION.fullmatch(one)]
    if op in _ORDERS:
        return len(texts) == 2
    return op in ("==", "!=") and len(texts) == 2 and all(one.count(".") == 2 for one in texts)
