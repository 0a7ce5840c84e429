"""Safe fixes, measured: the real Keras computes the same with and without the redundant biases."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixing import SUFFIX, examples, fix_text

TOLERANCE = 1e-9  # in double precision: rounding is about 1e-14 of the values
pytestmark = pytest.mark.keras

RUNNABLE = [
    path
    for code, path in examples()
    if code == "BN201"
    and path.is_file()
    and path.with_name(path.name + SUFFIX).exists()
    and "# runnable: build" in path.read_text(encoding="utf-8")
]


@pytest.fixture(scope="module", autouse=True)
def float64() -> Iterator[None]:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    keras = pytest.importorskip("keras")
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(policy)


def _built(source: str, folder: Path) -> Any:
    keras = pytest.importorskip("keras")
    keras.backend.clear_session()
    path = folder / f"program{abs(hash(source))}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    model = module.build()
    if not model.built:
        model.build(next(iter(model.layers)).input_shape)
    return model


def _layers(model: Any) -> list[Any]:
    """The layers with weights of their own, in the order in which they were made."""
    return [
        layer
        for layer in model._flatten_layers(include_self=False)
        if layer._trainable_variables or layer._non_trainable_variables
    ]


def _inputs(model: Any) -> list[Any]:
    import numpy as np

    generator = np.random.default_rng(1)
    shapes = [tuple(t.shape) for t in model.inputs]
    return [
        generator.normal(size=[5 if axis is None else axis for axis in shape]) for shape in shapes
    ]


def _computed(model: Any, inputs: list[Any]) -> tuple[list[Any], dict[tuple[int, str], Any]]:
    """Training-mode outputs, and the gradient of each weight for a random cotangent."""
    import numpy as np

    tf = pytest.importorskip("tensorflow")
    tf.random.set_seed(0)
    given = [tf.constant(value) for value in inputs]
    layers = _layers(model)
    weights = {
        (index, variable.name): variable
        for index, layer in enumerate(layers)
        for variable in layer._trainable_variables
    }
    with tf.GradientTape() as tape:
        outputs = model(given if len(given) > 1 else given[0], training=True)
        flat = tf.nest.flatten(outputs)
        generator = np.random.default_rng(2)
        loss = sum(tf.reduce_sum(y * generator.normal(size=y.shape)) for y in flat)
    found = tape.gradient(loss, [variable.value for variable in weights.values()])
    zero = tf.constant(0.0)
    gradients = {
        name: zero if gradient is None else gradient
        for name, gradient in zip(weights, found, strict=True)
    }
    return [y.numpy() for y in flat], {name: g.numpy() for name, g in gradients.items()}


def _same_after(before: str, after: str, folder: Path, tolerance: float = TOLERANCE) -> int:
    """Compare two programs from the same weights; how many biases the second one lacks."""
    import numpy as np

    old = _built(before, folder)
    generator = np.random.default_rng(0)
    for layer in _layers(old):
        for variable in layer._trainable_variables:
            variable.assign(generator.normal(size=variable.shape))
    values = [
        {v.name: v.numpy() for v in layer._trainable_variables + layer._non_trainable_variables}
        for layer in _layers(old)
    ]
    inputs = _inputs(old)
    outputs, gradients = _computed(old, inputs)

    new = _built(after, folder)
    layers = _layers(new)
    assert len(layers) == len(values)
    for layer, known in zip(layers, values, strict=True):
        for variable in layer._trainable_variables + layer._non_trainable_variables:
            variable.assign(known[variable.name])
    new_outputs, new_gradients = _computed(new, inputs)

    for one, other in zip(outputs, new_outputs, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)
    dropped = set(gradients) - set(new_gradients)
    assert not set(new_gradients) - set(gradients)
    assert all("bias" in name for _, name in dropped)
    scale = max(float(np.max(np.abs(g))) for g in gradients.values())
    for name, gradient in new_gradients.items():
        np.testing.assert_allclose(
            gradients[name], gradient, rtol=tolerance, atol=tolerance * scale
        )
    return len(dropped)


@pytest.mark.parametrize("example", RUNNABLE, ids=lambda path: path.stem)
def test_fixed_example_computes_the_same(example: Path, tmp_path: Path) -> None:
    before = example.read_text(encoding="utf-8")
    after = example.with_name(example.name + SUFFIX).read_text(encoding="utf-8")
    rolls_dice = re.search(r"Noise|Dropout\(0?\.[1-9]", before)
    if "channels_first" in before or rolls_dice or "keras.Model):" in before:
        pytest.skip("needs a GPU, or rolls dice, or has no inputs before it is called")
    if fix_text(before, unsafe=False, select="BN201")[0] != after:
        pytest.skip("not a safe fix")
    single = "cast" in before or "Resizing" in before  # parts are computed in single precision

    assert _same_after(before, after, tmp_path, 1e-5 if single else TOLERANCE) > 0


def _generated(seed: int) -> str:
    """A functional network of random layers, some of them shortcuts, behind each other."""
    dice = random.Random(seed)
    lines = ["import keras", "from keras import layers", "", "", "def build():"]
    lines += ["    i = x = keras.Input((12, 12, 3))", "    width = 3"]
    width = 3
    for _ in range(dice.randint(2, 5)):
        block = dice.choice(["plain", "plain", "pool", "residual", "relu", "depthwise", "branch"])
        new = dice.choice([4, 6])
        if block == "plain":
            lines.append(f"    x = layers.Conv2D({new}, {dice.choice([1, 3])}, padding='same')(x)")
        elif block == "pool":
            lines.append(
                f"    x = layers.Conv2D({new}, 3, padding='same', bias_initializer='ones')(x)"
            )
            lines.append(f"    x = layers.{dice.choice(['Max', 'Average'])}Pooling2D(3, 1)(x)")
        elif block == "residual":
            lines.append(f"    s = layers.Conv2D({new}, 1)(x)")
            lines.append(f"    x = layers.Conv2D({new}, 3, padding='same')(x)")
            lines.append("    x = layers.Add()([s, x])")
        elif block == "relu":
            lines.append(f"    x = layers.Conv2D({new}, 3, padding='same')(x)")
            lines.append("    x = layers.ReLU()(x)")
        elif block == "depthwise":
            new = width
            lines.append("    x = layers.DepthwiseConv2D(3, padding='same')(x)")
        else:
            lines.append(f"    a = layers.Conv2D({new // 2}, 1, use_bias=True)(x)")
            lines.append(f"    b = layers.Conv2D({new // 2}, 3, padding='same')(x)")
            lines.append("    x = layers.Concatenate()([a, b])")
        width = new
        lines.append("    x = layers.BatchNormalization()(x)")
        if dice.random() < 0.7:
            lines.append("    x = layers.Activation('tanh')(x)")
    lines.append("    x = layers.GlobalAveragePooling2D()(x)")
    lines.append("    return keras.Model(i, layers.Dense(2)(x))")
    lines.remove("    width = 3")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(12))
def test_fixed_random_network_computes_the_same(seed: int, tmp_path: Path) -> None:
    before = _generated(seed)
    after, made = fix_text(before, unsafe=False, select="BN201")

    assert _same_after(before, after, tmp_path) == made["BN201"]


@pytest.mark.parametrize("seed", range(6))
def test_built_network_has_the_order_that_was_asked_for(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    lines = ["import keras", "from keras import layers", "", "", "def build():"]
    lines += ["    i = x = keras.Input((12, 12, 3))"]
    for _ in range(dice.randint(2, 5)):
        function = dice.choice(["relu", "tanh", "elu"])
        style = dice.choice(["fused", "layer", "nested", "op"])
        if style == "fused":
            lines.append(f"    x = layers.Conv2D(4, 3, activation={function!r}, padding='same')(x)")
            lines.append("    x = layers.BatchNormalization()(x)")
        elif style == "layer":
            lines.append("    x = layers.Conv2D(4, 3, padding='same')(x)")
            lines.append(f"    x = layers.Activation({function!r})(x)")
            lines.append("    x = layers.BatchNormalization(\n        momentum=0.9,\n    )(x)")
        elif style == "nested":
            lines.append(f"    x = layers.Activation({function!r})(layers.Conv2D(4, 3)(x))")
            lines.append("    x = layers.BatchNormalization()(x)")
        else:
            lines.append(f"    x = keras.ops.{function}(layers.Conv2D(4, 1)(x))")
            lines.append("    x = layers.BatchNormalization()(x)")
    lines.append("    x = layers.GlobalAveragePooling2D()(x)")
    lines.append("    return keras.Model(i, layers.Dense(2)(x))")
    before = "\n".join(lines) + "\n"
    after, made = fix_text(before, order="bn-first", select="BN301")
    back, _ = fix_text(after, order="activation-first", select="BN301")

    old, new, again = (_orders(_built(text, tmp_path)) for text in (before, after, back))

    assert made["BN301"] == sum(old.values()) > 0
    assert set(old) == {"activation first"}
    assert new == Counter({"normalization first": made["BN301"]})
    assert again == old


def _orders(model: Any) -> Counter[str]:
    """On which side of an activation each normalization of a chain stands, as Keras built it."""
    keras = pytest.importorskip("keras")
    found: Counter[str] = Counter()
    sides = []
    for operation in model._operations:
        kind = type(operation).__name__
        function = getattr(operation, "activation", None)
        if isinstance(operation, keras.layers.BatchNormalization):
            sides.append("norm")
        elif kind in ("Relu", "Tanh", "Elu", "Activation"):
            sides.append("act")
        elif kind == "Conv2D":
            sides.append("conv")
            if function is not None and function.__name__ != "linear":
                sides.append("act")
    for index, side in enumerate(sides):
        if side == "norm":
            first = sides[index - 1] == "act"
            found["activation first" if first else "normalization first"] += 1
    return found
