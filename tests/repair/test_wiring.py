"""BN101 and BN102: a lost layer gets the place that the lines around it tell."""

from __future__ import annotations

import pytest
from fixing import fix_text

import bnlint
from bnlint.findings import Applicability

HEAD = "from keras import Input, Model, Sequential, layers\n\n"
BN = "layers.BatchNormalization()"


def fixed(body: str) -> str:
    after, _ = fix_text(HEAD + body, select="BN1")
    assert after.startswith(HEAD)
    return after.removeprefix(HEAD)


def test_layer_in_front_of_the_first_is_added_where_no_layer_needs_to_be_first() -> None:
    body = f"m = Sequential()\n{BN}\nm.add(layers.Dense(4))\n"

    assert fixed(body) == body.replace(BN, f"m.add({BN})")


@pytest.mark.parametrize("first", ["layers.Dense(4, input_shape=(8,))", "Input((8,))"])
def test_layer_in_front_of_one_that_says_the_shape_is_only_shown(first: str) -> None:
    body = f"m = Sequential()\n{BN}\nm.add({first})\nm.add(layers.Dense(4))\n"

    assert fixed(body) == body
    (finding,) = bnlint.lint_source(HEAD + body, select=["BN101"], isolated=True).findings
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.DISPLAY


@pytest.mark.parametrize(
    "body",
    [
        f"m = Sequential([layers.Dense(4)])\nn = Sequential()\n{BN}\nm.add(layers.Dense(4))\n",
        f"m = Sequential()\nm.add(layers.Dense(4))\n{BN}\nn = Sequential()\nn.add({BN})\n",
        f"m = Sequential()\nm.add(layers.Dense(4))\n{BN}\nm.compile()\n",
        f"m = make()\nm.add(layers.Dense(4))\n{BN}\nm.add(layers.Dense(4))\n",
    ],
)
def test_layer_between_two_models_or_behind_all_stays(body: str) -> None:
    assert fixed(body) == body


def test_dropped_result_is_used_where_the_next_line_goes_on_with_the_operand() -> None:
    body = f"x = i = Input((8,))\nx = layers.Dense(4)(x)\n{BN}(x)\nm = Model(i, layers.ReLU()(x))\n"

    assert fixed(body) == body.replace(f"{BN}(x)", f"x = {BN}(x)")


def test_dropped_result_stays_where_the_operand_is_not_used_again() -> None:
    body = f"x = i = Input((8,))\nx = layers.Dense(4)(x)\n{BN}(x)\nm = Model(i, layers.ReLU()(i))\n"

    assert fixed(body) == body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("layers.BatchNormalization(x)", f"{BN}(x)"),
        ("layers.BatchNormalization(x, training=True)", f"{BN}(x, training=True)"),
        ("layers.BatchNormalization(x, name='n')", "layers.BatchNormalization(name='n')(x)"),
    ],
)
def test_layer_is_constructed_and_then_applied(before: str, after: str) -> None:
    body = "i = Input((8,))\nx = layers.Dense(4)(i)\nx = {}\nm = Model(i, layers.ReLU()(x))\n"

    assert fixed(body.format(before)) == body.format(after)


def test_class_in_a_model_is_constructed() -> None:
    body = "m = Sequential([layers.Dense(4), layers.BatchNormalization])\n"

    assert fixed(body) == body.replace("Normalization]", "Normalization()]")
