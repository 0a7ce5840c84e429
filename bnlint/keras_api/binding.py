"""Arguments of a constructor or function -> canonical names with defaults, for every era.

Keras 1, 2 and 3 order and name the arguments of a class differently, and much code mixes them
(Keras 2 had a shim that took Keras 1 arguments). Names are translated one by one; only the meaning
of positions needs an era, which is inferred from the call itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from bnlint.graph import UNKNOWN
from bnlint.keras_api import keras1, keras2
from bnlint.keras_api.names import ALIASES, KERAS_1_ONLY
from bnlint.keras_api.op_tables import KEYWORDS as OP_KEYWORDS
from bnlint.keras_api.signatures import COMMON, SIGNATURES, Signature
from bnlint.keras_api.spec import REQUIRED, OpSpec


class Bound(NamedTuple):
    """Arguments under canonical names.

    Attributes:
        arguments: canonical name -> value, with defaults for omitted arguments. A required
            argument that was omitted is missing.
        unknown: keywords that are in no era's signature: perhaps the class is not Keras's.
        excess: the number of extra positional arguments.
        era: ``"1"`` where the positions were read in the order of Keras 1, otherwise the ``era``
            that was passed.
        renamed: keyword as written -> the canonical name it was translated to.
        given: the canonical names of the arguments that the call itself passes.
    """

    arguments: dict[str, object]
    unknown: tuple[str, ...]
    excess: int
    era: str | None
    renamed: dict[str, str]
    given: frozenset[str]


def bind(
    kind: str,
    positional: Sequence[object],
    keywords: Mapping[str, object],
    *,
    era: str | None = None,
) -> Bound:
    """Bind the arguments of a layer's constructor.

    Args:
        kind: the class's name, preferably as written: ``Convolution2D(64, 3, 3)`` is Keras 1 and
            has a 3x3 kernel; ``Conv2D(64, 3, 3)`` is later and has strides of 3.
        positional: values, in order. They are opaque; UNKNOWN may be among them.
        keywords: values by name, ``**`` expanded.
        era: ``"1"``, ``"2"`` or ``"3"`` where it is known. Only ``"1"`` gives
            ``BatchNormalization`` the positional order of Keras 1: in later versions,
            ``BatchNormalization(1e-6)`` sets the axis.

    Returns:
        Canonical arguments. A class without a signature keeps its keywords; all its positional
        arguments are in excess.
    """
    canonical = ALIASES.get(kind, kind)
    signature = _signature(canonical, "2" if era == "2" else None)
    order, defaults = tuple(signature), signature
    values: dict[str, object] = {}
    old_order = _keras_1_order(kind, canonical)
    reads_old = old_order and _reads_as_keras_1(kind, canonical, positional, keywords, era)
    if reads_old:
        order = old_order
        if canonical == "Dense" and len(positional) > 1 and _is_size(positional[1]):
            order = ("input_dim", *order)  # Keras 0: Dense(input_dim, output_dim)
    elif canonical in _TUPLE_KERNEL and _is_size_pair(kind, positional, era):
        order = old_order[: len(positional)]
    values.update(zip(order, positional, strict=False))
    excess = max(0, len(positional) - len(order))
    values.update(keywords)

    arguments, renamed = _translate(canonical, values)
    given = frozenset(arguments)
    for name, default in defaults.items():
        if default is not REQUIRED and name not in arguments:
            arguments[name] = default
    known = _known(canonical, kind)
    unknown = tuple(name for name in keywords if name not in known) if known else ()
    return Bound(
        arguments,
        unknown,
        excess,
        "1" if reads_old else era,
        {name: new for name, new in renamed.items() if name in keywords},
        given,
    )


def bind_op(spec: OpSpec, positional: Sequence[object], keywords: Mapping[str, object]) -> Bound:
    """Bind the arguments of a function of tensors, ``name=`` included.

    The tensors are among the arguments under the names in ``spec.tensors``; those of a variadic
    function are under ``"operands"``, as a tuple.
    """
    names = tuple(name for name, _ in spec.params)
    given: dict[str, object] = dict(zip(names, positional, strict=False))
    excess = max(0, len(positional) - len(names))
    if spec.variadic:
        given["operands"] = tuple(positional[len(names) :])
        excess = 0
    synonyms = OP_KEYWORDS.get(spec.kind, {})
    renamed: dict[str, str] = {}
    unknown: list[str] = []
    for name, value in keywords.items():
        canonical = name
        if name not in names:
            canonical = synonyms.get(name, name)
            if canonical not in names and len(spec.tensors) == 1 and name in _TENSOR_NAMES:
                canonical = spec.tensors[0]
        if canonical != name:
            renamed[name] = canonical
        elif name not in names and name not in spec.fixed and name != "name":
            unknown.append(name)
        given[canonical] = value
    defaults = {name: default for name, default in spec.params if default is not REQUIRED}
    return Bound(
        {**spec.fixed, **defaults, **given},
        tuple(unknown),
        excess,
        None,
        renamed,
        frozenset(given),
    )


_TENSOR_NAMES = frozenset(
    ("features", "input", "input_tensor", "inputs", "logits", "tensor", "tensors", "value", "x")
)
"""The names that TensorFlow versions use for the tensor of a function."""

_TUPLE_KERNEL = frozenset(("Conv2D", "Conv3D", "Conv2DTranspose", "LocallyConnected2D"))


@cache
def _signature(canonical: str, era: str | None) -> Signature:
    if era == "2" or canonical in keras2.RETIRED:
        return keras2.signature(canonical) or {}
    return SIGNATURES.get(canonical, {})


@cache
def _keras_1_order(kind: str, canonical: str) -> tuple[str, ...]:
    name = keras1.ORDERS_SAME_AS.get(kind, kind)
    order = keras1.ORDERS.get(name) or keras1.ORDERS.get(canonical)
    return order or ()


@cache
def _known(canonical: str, kind: str) -> frozenset[str]:
    """Every keyword that some era takes; empty for a class without a signature."""
    signature = _signature(canonical, None)
    old_order = _keras_1_order(kind, canonical)
    if not signature and not old_order and canonical not in SIGNATURES:
        return frozenset()
    return frozenset(
        (
            *signature,
            *old_order,
            *_signature(canonical, "2"),
            *keras1.KEYWORDS.get(canonical, ()),
            *keras2.KEYWORDS.get(canonical, ()),
            *keras2.ONLY.get(canonical, ()),
            *COMMON,
        )
    )


@cache
def _keras_1_only_keywords(canonical: str, kind: str) -> frozenset[str]:
    old = (*keras1.KEYWORDS.get(canonical, ()), *_keras_1_order(kind, canonical))
    return frozenset(old) - frozenset(_signature(canonical, None)) - COMMON


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_size_pair(kind: str, positional: Sequence[object], era: str | None) -> bool:
    """Whether the second and third argument of a convolution are the kernel's height and width.

    Decided by the name: ``Conv2D`` came with Keras 2, ``Convolution2D`` was the name before.
    """
    return (
        era in (None, "1")
        and "olution" in kind
        and len(positional) > 2
        and all(_is_size(value) or value is UNKNOWN for value in positional[1:3])
    )


def _reads_as_keras_1(
    kind: str,
    canonical: str,
    positional: Sequence[object],
    keywords: Mapping[str, object],
    era: str | None,
) -> bool:
    """Whether the positions of this call are those of Keras 1."""
    if canonical == "BatchNormalization":
        return era == "1"  # even with `mode=`: Keras 2.0 accepted it, with its own order
    if kind in KERAS_1_ONLY:
        return not _has_tuple_second(positional)
    if canonical in _TUPLE_KERNEL or canonical == "SeparableConv2D":
        if len(positional) < 3 or _has_tuple_second(positional):
            return False  # the first two positions did not change
        if _is_size_pair(kind, positional, era):
            return True
    if canonical == "Dense" and len(positional) > 1 and era in (None, "1"):
        second = positional[1]
        if _is_size(second) or (isinstance(second, str) and second in keras1.INITIALIZERS):
            return True
        if len(positional) > 2 and isinstance(positional[2], str):
            return True  # an activation at the position of today's `use_bias`
    if era == "1":
        return True
    old = _keras_1_only_keywords(canonical, kind)
    return any(name in old for name in keywords)


def _has_tuple_second(positional: Sequence[object]) -> bool:
    return len(positional) > 1 and isinstance(positional[1], (tuple, list))


def _translate(
    canonical: str, values: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, str]]:
    """Today's names and values, and which names changed."""
    old = keras1.KEYWORDS.get(canonical, {})
    retired = keras2.KEYWORDS.get(canonical, {})
    arguments: dict[str, object] = {}
    renamed: dict[str, str] = {}
    for parts in keras1.PARTS_OF_KERNEL_SIZE:
        if not values.keys().isdisjoint(parts):
            arguments["kernel_size"] = tuple(values.get(part, UNKNOWN) for part in parts)
            renamed.update(dict.fromkeys((part for part in parts if part in values), "kernel_size"))
    for name, value in values.items():
        if name in renamed:
            continue
        new = old.get(name) or retired.get(name) or name
        if new != name:
            renamed[name] = new
        translate = keras1.VALUES.get(name)
        arguments[new] = translate(value) if translate is not None else value
    return arguments, renamed
