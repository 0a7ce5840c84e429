"""BN201: what is safe to take out, how it is written, and what is left to a person."""

from __future__ import annotations

import pytest
from fixing import fix_text

import bnlint
from bnlint.findings import Applicability, Fix

HEAD = "from keras import Input, Model, layers\n\ni = Input((8, 8, 3))\n"
TAIL = "\nx = layers.BatchNormalization()(x)\nm = Model(i, layers.ReLU()(x))\n"


def fixes(text: str) -> list[Fix | None]:
    report = bnlint.lint_source(text, select=["BN201"], isolated=True)
    return [finding.fix for finding in report.findings]


def fixed_call(call: str, head: str = HEAD) -> str:
    after, _ = fix_text(f"{head}x = {call}(i){TAIL}", select="BN201")
    assert after.startswith(f"{head}x = ")
    assert after.endswith(f"(i){TAIL}")
    return after.removeprefix(f"{head}x = ").removesuffix(f"(i){TAIL}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("layers.Conv2D(4, 3)", "layers.Conv2D(4, 3, use_bias=False)"),
        ("layers.Conv2D(4, 3, use_bias=True)", "layers.Conv2D(4, 3, use_bias=False)"),
        ("layers.Dense(4, use_bias=1, name='c')", "layers.Dense(4, use_bias=False, name='c')"),
        ("layers.Dense(4, None, True)", "layers.Dense(4, None, False)"),
        ("layers.Dense(4, bias_initializer='ones')", "layers.Dense(4, use_bias=False)"),
        (
            "layers.Dense(4, use_bias=True, bias_constraint=None, bias_regularizer='l2')",
            "layers.Dense(4, use_bias=False)",
        ),
        ("layers.Dense(4, kernel_initializer='he_normal')",
         "layers.Dense(4, kernel_initializer='he_normal', use_bias=False)"),
    ],
)  # fmt: skip
def test_bias_is_switched_off_as_the_call_is_written(before: str, after: str) -> None:
    assert fixed_call(before) == after


def test_keras_1_has_another_name_for_it() -> None:
    head = "from keras.layers import *\nfrom keras.models import Model\ni = Input((8,))\n"
    text = (
        f"{head}x = Dense(4, init='uniform', W_regularizer=None)(i)\nx = BatchNormalization()(x)\n"
    )

    after, _ = fix_text(text + "m = Model(i, x)\nm.fit(1, 2, nb_epoch=3)\n", select="BN201")

    assert "Dense(4, init='uniform', W_regularizer=None, bias=False)" in after


@pytest.mark.parametrize(
    "sign",
    [
        "m.load_weights('a.h5')",
        "m = keras.models.load_model('a.keras')",
        "path = get_file('a.h5', URL)",
        "base = ResNet50(weights='imagenet')",
        "tf.train.Checkpoint(m).restore('a')",
        "m.set_weights(old)",
    ],
)
def test_sign_of_trained_weights_makes_it_unsafe(sign: str) -> None:
    (fix,) = fixes(f"{HEAD}x = layers.Conv2D(4, 3)(i){TAIL}{sign}\n")

    assert fix is not None
    assert fix.applicability is Applicability.UNSAFE


@pytest.mark.parametrize("no_sign", ["m.save_weights('a.h5')", "c = ModelCheckpoint('a')", ""])
def test_saving_weights_is_no_sign_of_old_ones(no_sign: str) -> None:
    (fix,) = fixes(f"{HEAD}x = layers.Conv2D(4, 3)(i){TAIL}{no_sign}\n")

    assert fix is not None
    assert fix.applicability is Applicability.SAFE


def test_keyword_dictionary_that_may_carry_it_is_left_alone() -> None:
    text = f"{HEAD}options = {{'padding': 'same'}}\nx = layers.Conv2D(4, 3, **options)(i){TAIL}"

    (fix,) = fixes(text)

    assert fix is not None
    assert fix.applicability is Applicability.DISPLAY
    assert fix_text(text, select="BN201") == (text, {})


OPTIONAL = """
from keras import Input, Model, layers


def block(x, units, norm):
    x = layers.Dense(units)(x)
    if norm:
        x = layers.BatchNormalization()(x)
    return layers.ReLU()(x)


def net(use_bn):
    i = Input((4,))
    return Model(i, block(i, 4, use_bn))
"""


def test_condition_is_written_with_the_name_that_is_in_reach() -> None:
    after, _ = fix_text(OPTIONAL, unsafe=False, select="BN201")

    assert after == OPTIONAL.replace("Dense(units)", "Dense(units, use_bias=not norm)")


def test_name_that_is_bound_again_is_not_used() -> None:
    text = OPTIONAL.replace(
        "    x = layers.Dense", "    norm = norm or units\n    x = layers.Dense"
    )

    after, _ = fix_text(text, select="BN201")

    assert after == text


def test_attribute_of_the_constructor_is_used_in_other_methods() -> None:
    text = """
from keras import layers


class Block(layers.Layer):
    def __init__(self, units, use_bn=True):
        super().__init__()
        self.units = units
        self.use_bn = use_bn

    def build(self, shape):
        self.dense = layers.Dense(self.units)
        if self.use_bn:
            self.bn = layers.BatchNormalization()

    def call(self, x):
        x = self.dense(x)
        if self.use_bn:
            x = self.bn(x)
        return x
"""
    after, _ = fix_text(text, select="BN201")

    assert "layers.Dense(self.units, use_bias=not self.use_bn)" in after


SWITCHED = [
    ("norm=True", "if norm:\n        x = BN()(x)", "not norm"),
    ("norm=True", "x = BN()(x) if norm else x", "not norm"),
    ("norm=False", "if not norm:\n        x = BN()(x)", "norm"),
    ("norm='batch'", "if norm == 'batch':\n        x = BN()(x)", "norm != 'batch'"),
    ("norm=1", "if norm is not None:\n        x = BN()(x)", "norm is None"),
    ("norm=1", "if norm is None:\n        pass\n    else:\n        x = BN()(x)", "norm is None"),
    ("last=True", "if NORM:\n        x = BN()(x)", "not NORM"),
    ("last=True", "if last:\n        x = BN(-1)(x)\n    else:\n        x = BN(1)(x)", "False"),
    ("n=2", "for _ in range(n):\n        x = BN()(x)", "False"),
]


@pytest.mark.parametrize(("parameter", "statement", "value"), SWITCHED)
def test_switch_around_the_normalization_is_kept_though_all_callers_have_it_on(
    parameter: str, statement: str, value: str
) -> None:
    text = f"""
from keras import Input, Model, layers
from keras.layers import BatchNormalization as BN

NORM = True


def block(x, units, {parameter}):
    x = layers.Dense(units)(x)
    {statement}
    return layers.ReLU()(x)


i = Input((8,))
m = Model(i, block(i, 4))
"""
    after, _ = fix_text(text, unsafe=False, select="BN201")

    assert after == text.replace("Dense(units)", f"Dense(units, use_bias={value})")


def test_switch_that_is_an_attribute_is_kept_and_one_set_later_is_unsafe() -> None:
    text = """
from keras import Input, Model, layers


class Head(layers.Layer):
    def __init__(self, units, use_bn=True):
        super().__init__()
        self.use_bn = use_bn
        self.first = layers.Dense(units)
        self.bn = layers.BatchNormalization()
        self.second = layers.Dense(units)
        self.later = use_bn

    def call(self, x):
        x = self.first(x)
        if self.use_bn:
            x = self.bn(x)
        return x


i = Input((4,))
m = Model(i, Head(3)(i))
"""
    after, _ = fix_text(text, unsafe=False, select="BN201")
    later = text.replace("if self.use_bn", "if self.later")

    assert "self.first = layers.Dense(units, use_bias=not self.use_bn)" in after
    assert fix_text(later, unsafe=False, select="BN201") == (later, {})
    assert "self.first = layers.Dense(units, use_bias=False)" in fix_text(later)[0]


HELPER = """
from keras import Input, Model, layers


def conv_bn(x, filters, use_bias=True):
    x = layers.Conv2D(filters, 3, use_bias=use_bias)(x)
    return layers.BatchNormalization()(x)


i = Input((8, 8, 3))
m = Model(i, conv_bn(conv_bn(i, 4), 5))
"""


def test_default_is_changed_where_no_caller_gives_the_argument() -> None:
    after, _ = fix_text(HELPER, select="BN201")

    assert after == HELPER.replace("use_bias=True", "use_bias=False")
    assert fix_text(HELPER, unsafe=False, select="BN201")[0] == HELPER


@pytest.mark.parametrize(
    "other",
    [
        "conv_bn(i, 4, use_bias=True)",
        "conv_bn(i, 4, True)",
        "conv_bn(i, 4, **{})",
        "print(conv_bn)",
    ],
)
def test_default_stays_where_a_caller_has_a_say(other: str) -> None:
    text = f"{HELPER}{other}\n"

    after, _ = fix_text(text, select="BN201")

    assert after == text


def test_own_class_may_not_take_the_argument() -> None:
    text = f"""
from keras import Input, Model, layers


class Conv(layers.Conv2D):
    def __init__(self, filters):
        super().__init__(filters, 3)

i = Input((8, 8, 3))
x = Conv(4)(i){TAIL}"""

    assert all(fix is None or fix.applicability is not Applicability.SAFE for fix in fixes(text))
