"""Queries about the constructor arguments of a layer."""

from __future__ import annotations

import re
from typing import Final

from bnlint.graph import Layer
from bnlint.keras_api.signatures import SIGNATURES
from bnlint.queries.layers import BATCH_NORMALIZATION, calls_of

_EPSILON: Final = re.compile(r"(?:^|[_.])eps(?:ilon)?(?:$|[_.\d])|epsilon", re.IGNORECASE)
_MOMENTUM: Final = re.compile(
    r"momentum|(?:^|[_.])mom(?:$|[_.])|(?<!weight_)(?<!lr_)(?<!rate_)decay", re.IGNORECASE
)
_DEFAULTS: Final = {
    name: SIGNATURES[BATCH_NORMALIZATION][name] for name in ("axis", "momentum", "epsilon")
}
# Nobody seriously chooses an epsilon this large or a momentum this small.
LEAST_MOMENTUM: Final = 0.5
_MOST_EPSILON: Final = 0.05


def is_meant(layer: Layer) -> bool:
    """Whether the arguments are meant seriously: not those of a class, nor of a layer that a test
    builds only to check that Keras refuses it.
    """
    if layer.is_class:
        return False
    return bool(calls_of(layer)) or not (layer.escaped or layer.observed)


def number(layer: Layer, name: str) -> float | None:
    """An argument as a number; ``None`` where it is not a number, or unknown."""
    value = layer.arguments.get(name)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return None


def is_default(layer: Layer, name: str) -> bool:
    """Whether no caller passes an argument of a BatchNormalization, so that it has its default.

    This is the usual case, and a rule about the argument can skip it. If one of several callers
    passes the default, the rule judges it: it is evidence against the values of the others.
    """
    given = any(argument.keyword == name for argument in layer.written)
    return not given and layer.arguments.get(name) == _DEFAULTS[name]


def passed_name(layer: Layer, keyword: str) -> str:
    """The dotted name that is written after ``keyword=``; ``""`` where there is none."""
    return next((given.name for given in layer.written if given.keyword == keyword), "")


def exchanged(layer: Layer) -> str | None:
    """How momentum and epsilon of a BatchNormalization were swapped.

    Returns:
        The wrong argument as it is written, ``"momentum=self.bn_epsilon"``, or both with their
        values; ``None`` where nothing shows that they were swapped.
    """
    for keyword, wrong, right in (
        ("momentum", _EPSILON, _MOMENTUM),
        ("epsilon", _MOMENTUM, _EPSILON),
    ):
        name = passed_name(layer, keyword)
        last = name.rpartition(".")[2]
        if wrong.search(last) and not right.search(last):
            return f"{keyword}={name}"
    momentum, epsilon = number(layer, "momentum"), number(layer, "epsilon")
    if momentum is None or epsilon is None:
        return None
    if 0 < momentum <= _MOST_EPSILON and LEAST_MOMENTUM <= epsilon < 1:
        return f"momentum={momentum:g}, epsilon={epsilon:g}"
    return None
