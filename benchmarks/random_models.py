"""Random Keras models as source text, to compare the two readers and the gradients.

A model is generated step by step. Each step knows its input shape, so that the result always
builds. The steps are the rows of the table of ops that keep, or do not keep, a per-channel shift.
They are written in the usual styles of models: straight functional code, helpers, loops,
``Sequential``, nested and shared layers, classes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

_INPUTS: Final = ((8, 8, 3), (8, 8, 4), (12, 4), (6,))
_ACTIVATIONS: Final = ("relu", "tanh", "linear", "sigmoid", "elu")

Shape = tuple[int, ...]


@dataclass
class Step:
    """One application of a layer.

    Attributes:
        layer: the constructor call.
        shape: the output shape, without the batch axis.
    """

    layer: str
    shape: Shape


@dataclass
class _Program:
    rng: random.Random
    lines: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    made: int = 0

    def name(self, stem: str) -> str:
        self.made += 1
        return f"{stem}{self.made}"


def source(seed: int) -> str:
    """The text of a module whose ``build()`` returns a model; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  reproducible, not secret
    style = rng.choice(("functional", "functional", "sequential", "subclassed", "helpers"))
    program = _Program(rng)
    shape = rng.choice(_INPUTS)
    match style:
        case "sequential":
            body = _sequential(program, shape)
        case "subclassed":
            body = _subclassed(program, shape)
        case _:
            body = _functional(program, shape, helpers=style == "helpers")
    head = "import keras\nfrom keras import layers, ops\n"
    return "\n\n\n".join([head.rstrip(), *program.helpers, body]) + "\n"


# Single steps


def _step(rng: random.Random, shape: Shape) -> Step:
    """A random layer for a tensor of ``shape``; every third one is a BatchNormalization."""
    if rng.random() < 0.3:
        return Step(_normalization(rng), shape)
    match len(shape):
        case 3:
            return _on_images(rng, shape)
        case 2:
            return _on_sequences(rng, shape)
        case _:
            return _on_vectors(rng, shape)


def _normalization(rng: random.Random) -> str:
    arguments = rng.choice(
        (
            "",
            "",
            "",
            "",
            "center=False",
            "scale=False",
            "momentum=0.9",
            "axis=-1",
            "trainable=False",
        )
    )
    return f"layers.BatchNormalization({arguments})"


def _linear_arguments(rng: random.Random) -> str:
    said = []
    if rng.random() < 0.2:
        said.append(f"activation={rng.choice(_ACTIVATIONS)!r}")
    if rng.random() < 0.2:
        said.append(f"use_bias={rng.choice((True, False))}")
    return "".join(f", {part}" for part in said)


def _anywhere(rng: random.Random, shape: Shape) -> Step | None:
    """A layer for tensors of any rank."""
    chosen = rng.choice(
        (
            f"layers.Activation({rng.choice(_ACTIVATIONS)!r})",
            "layers.ReLU()",
            "layers.LeakyReLU()",
            "layers.Dropout(0.25)",
            "layers.Dropout(0)",
            "layers.GaussianNoise(0.1)",
            "layers.Rescaling(0.5, offset=0.1)",
            "layers.LayerNormalization()",
            "layers.Identity()",
            "layers.UnitNormalization()",
            None,
            None,
            None,
            None,
            None,
            None,
        )
    )
    return None if chosen is None else Step(chosen, shape)


def _on_images(rng: random.Random, shape: Shape) -> Step:
    step = _anywhere(rng, shape)
    if step is not None:
        return step
    height, width, channels = shape
    filters = rng.choice((2, 4, 6))
    more = _linear_arguments(rng)
    small = min(height, width) < 4
    kernel = 1 if small or rng.random() < 0.3 else 3
    padding = "same" if small else rng.choice(("valid", "same"))
    lost = 0 if padding == "same" else kernel - 1
    inner = (height - lost, width - lost)
    rows: list[Step] = [
        Step(f"layers.Conv2D({filters}, {kernel}, padding={padding!r}{more})", (*inner, filters)),
        Step(f"layers.Conv2D({filters}, {kernel}, padding={padding!r}{more})", (*inner, filters)),
        Step(f"layers.Conv2D({filters}, 1{more})", (height, width, filters)),
        Step(f"layers.Dense({filters}{more})", (height, width, filters)),
        Step(f"layers.DepthwiseConv2D({kernel}, padding={padding!r}{more})", (*inner, channels)),
        Step(
            f"layers.SeparableConv2D({filters}, {kernel}, padding={padding!r}{more})",
            (*inner, filters),
        ),
        Step(
            f"layers.Conv2DTranspose({filters}, 3, padding='same'{more})",
            (height, width, filters),
        ),
        Step("layers.ZeroPadding2D(1)", (height + 2, width + 2, channels)),
        Step("layers.UpSampling2D(2)", (height * 2, width * 2, channels)),
        Step("layers.SpatialDropout2D(0.25)", shape),
        Step("layers.Permute((2, 1, 3))", (width, height, channels)),
        Step("layers.Permute((3, 1, 2))", (channels, height, width)),
        Step("layers.Flatten()", (height * width * channels,)),
        Step("layers.GlobalAveragePooling2D()", (channels,)),
        Step("layers.GlobalMaxPooling2D()", (channels,)),
        Step(f"layers.Reshape(({height * width}, {channels}))", (height * width, channels)),
        Step(f"layers.Reshape(({height}, {width * channels}))", (height, width * channels)),
        Step("layers.LayerNormalization(axis=(1, 2))", shape),
        Step("layers.GroupNormalization(groups=-1)", shape),
        Step("layers.GroupNormalization(groups=1)", shape),
        Step(
            f"layers.EinsumDense('abcd,de->abce', output_shape=({height}, {width}, {filters}),"
            " bias_axes='e')",
            (height, width, filters),
        ),
        Step(f"layers.TimeDistributed(layers.Dense({filters}{more}))", (height, width, filters)),
        Step("layers.PReLU(shared_axes=[1, 2])", shape),
    ]
    if height % 2 == 0 and width % 2 == 0 and not small:
        half = (height // 2, width // 2, channels)
        rows += [
            Step("layers.MaxPooling2D()", half),
            Step("layers.AveragePooling2D(2)", half),
            Step("layers.MaxPooling2D(padding='same')", half),
            Step(
                f"layers.Conv2D({filters}, 3, strides=2, padding='same'{more})",
                (height // 2, width // 2, filters),
            ),
        ]
    if not small:
        rows.append(Step("layers.Cropping2D(1)", (height - 2, width - 2, channels)))
    if channels % 2 == 0:
        split = (height, width * 2, channels // 2)
        rows.append(Step(f"layers.Reshape({split})", split))
    return rng.choice([row for row in rows if max(row.shape) <= 1024])


def _on_sequences(rng: random.Random, shape: Shape) -> Step:
    step = _anywhere(rng, shape)
    if step is not None:
        return step
    steps, channels = shape
    units = rng.choice((2, 4, 6))
    more = _linear_arguments(rng)
    kernel = 1 if steps < 4 else rng.choice((1, 3))
    padding = rng.choice(("valid", "same", "causal"))
    left = steps - (kernel - 1 if padding == "valid" else 0)
    rows = [
        Step(f"layers.Conv1D({units}, {kernel}, padding={padding!r}{more})", (left, units)),
        Step(f"layers.Dense({units}{more})", (steps, units)),
        Step(f"layers.TimeDistributed(layers.Dense({units}{more}))", (steps, units)),
        Step(f"layers.SeparableConv1D({units}, {kernel}, padding='same'{more})", (steps, units)),
        Step(f"layers.Conv1DTranspose({units}, 3, padding='same'{more})", (steps, units)),
        Step(f"layers.LSTM({units}, return_sequences=True)", (steps, units)),
        Step(f"layers.LSTM({units})", (units,)),
        Step(f"layers.Bidirectional(layers.GRU({units}))", (2 * units,)),
        Step("layers.GlobalAveragePooling1D()", (channels,)),
        Step("layers.GlobalMaxPooling1D()", (channels,)),
        Step("layers.ZeroPadding1D(1)", (steps + 2, channels)),
        Step("layers.UpSampling1D(2)", (steps * 2, channels)),
        Step("layers.SpatialDropout1D(0.25)", shape),
        Step("layers.Permute((2, 1))", (channels, steps)),
        Step("layers.Flatten()", (steps * channels,)),
        Step("layers.LayerNormalization(axis=1)", shape),
    ]
    if steps % 2 == 0:
        rows += [
            Step("layers.MaxPooling1D()", (steps // 2, channels)),
            Step("layers.AveragePooling1D(2)", (steps // 2, channels)),
            Step(f"layers.Reshape(({steps // 2}, {channels * 2}))", (steps // 2, channels * 2)),
        ]
    if steps > 4:
        rows.append(Step("layers.Cropping1D(1)", (steps - 2, channels)))
    return rng.choice([row for row in rows if max(row.shape) <= 1024])


def _on_vectors(rng: random.Random, shape: Shape) -> Step:
    step = _anywhere(rng, shape)
    if step is not None:
        return step
    (width,) = shape
    units = rng.choice((4, 6, 8))
    rows = [
        Step(f"layers.Dense({units}{_linear_arguments(rng)})", (units,)),
        Step(f"layers.Dense({units}{_linear_arguments(rng)})", (units,)),
        Step(f"layers.Dense({units}{_linear_arguments(rng)})", (units,)),
        Step("layers.RepeatVector(3)", (3, width)),
    ]
    if width % 2 == 0:
        rows.append(Step(f"layers.Reshape((2, {width // 2}))", (2, width // 2)))
    return rng.choice(rows)


def _steps(rng: random.Random, shape: Shape, count: int) -> list[Step]:
    found = []
    for _ in range(count):
        step = _step(rng, shape)
        found.append(step)
        shape = step.shape
    return found


# Styles


def _sequential(program: _Program, shape: Shape) -> str:
    rng = program.rng
    steps = _steps(rng, shape, rng.randint(4, 10))
    if rng.random() < 0.5:
        entries = "".join(f"        {step.layer},\n" for step in steps)
        return (
            "def build():\n    return keras.Sequential([\n"
            f"        keras.Input({shape}),\n{entries}    ])"
        )
    added = "".join(f"    model.add({step.layer})\n" for step in steps)
    return (
        "def build():\n    model = keras.Sequential()\n"
        f"    model.add(keras.Input({shape}))\n{added}    return model"
    )


def _subclassed(program: _Program, shape: Shape) -> str:
    rng = program.rng
    made: list[str] = []
    called: list[str] = []
    tensor, current = "x", shape
    earlier: list[tuple[str, Shape]] = []
    for index, step in enumerate(_steps(rng, shape, rng.randint(4, 9))):
        made.append(f"        self.part{index} = {step.layer}")
        fresh = f"x{index}"
        called.append(f"        {fresh} = self.part{index}({tensor})")
        tensor, current = fresh, step.shape
        same = [name for name, known in earlier if known == current]
        if same and rng.random() < 0.4:
            called.append(f"        {tensor} = {tensor} + {rng.choice(same)}")
        elif rng.random() < 0.2:
            called.append(f"        {tensor} = {rng.choice(_FUNCTIONS).format(tensor)}")
        earlier.append((tensor, current))
    if rng.random() < 0.3:
        made.append("        self.spare = layers.BatchNormalization()")
    training = rng.random() < 0.5
    return "\n".join(
        [
            "class Net(keras.Model):",
            "    def __init__(self):",
            "        super().__init__()",
            *made,
            "",
            f"    def call(self, x{', training=None' if training else ''}):",
            *called,
            f"        return {tensor}",
            "",
            "",
            "def build():",
            "    model = Net()",
            f"    model(ops.zeros((2, {', '.join(map(str, shape))})))",
            "    return model",
        ]
    )


_FUNCTIONS: Final = (
    "ops.relu({})",
    "{} * 2.0 + 1.0",
    "ops.tanh({})",
    "{} / 3.0",
    "-{}",
    "ops.multiply({0}, {0})",
    "ops.add({0}, {0})",
)


@dataclass
class _Tensor:
    name: str
    shape: Shape


def _functional(program: _Program, shape: Shape, *, helpers: bool) -> str:
    rng = program.rng
    lines = program.lines
    lines.append(f"inputs = keras.Input({shape})")
    current = _Tensor("inputs", shape)
    known = [current]
    for _ in range(rng.randint(3, 8)):
        for _ in range(rng.randint(1, 2)):
            current = _grown(program, current, known, helpers=helpers)
            known.append(current)
        if rng.random() < 0.25:
            current = rng.choice(known[-3:])
    outputs = current.name
    if rng.random() < 0.2:
        outputs = f"[{current.name}, {rng.choice(known[1:]).name}]"
    if current.name == "inputs":
        lines.append("inputs2 = layers.Activation('linear')(inputs)")
        outputs = "inputs2"
    lines.append(f"return keras.Model(inputs, {outputs})")
    return "def build():\n" + "\n".join(f"    {line}" for line in lines)


def _grown(program: _Program, current: _Tensor, known: list[_Tensor], *, helpers: bool) -> _Tensor:
    """One more piece of the graph after ``current``."""
    rng, lines = program.rng, program.lines
    name = program.name("x")
    kind = rng.random()
    same = [tensor for tensor in known if tensor.shape == current.shape and tensor is not current]
    if kind < 0.15 and same:
        other = rng.choice(same)
        merge = rng.choice(
            (
                "layers.Add()([{0}, {1}])",
                "layers.Subtract()([{0}, {1}])",
                "layers.Average()([{0}, {1}])",
                "layers.Multiply()([{0}, {1}])",
                "layers.Maximum()([{0}, {1}])",
                "layers.add([{0}, {1}])",
                "{0} + {1}",
                "{0} * {1}",
            )
        )
        lines.append(f"{name} = {merge.format(current.name, other.name)}")
        return _Tensor(name, current.shape)
    if kind < 0.22 and same:
        other = rng.choice(same)
        last = len(current.shape)
        axis = rng.choice((-1, last, 1)) if last > 1 else -1
        index = last - 1 if axis == -1 else axis - 1
        lines.append(f"{name} = layers.Concatenate(axis={axis})([{current.name}, {other.name}])")
        grown = list(current.shape)
        grown[index] *= 2
        return _Tensor(name, tuple(grown))
    if kind < 0.3:
        lines.append(f"{name} = {rng.choice(_FUNCTIONS).format(current.name)}")
        return _Tensor(name, current.shape)
    if kind < 0.38:
        return _nested(program, name, current)
    if kind < 0.44 and len(current.shape) == 3:
        return _shared(program, name, current)
    if kind < 0.5 and len(current.shape) == 3:
        return _looped(program, name, current)
    if helpers and kind < 0.75 and len(current.shape) == 3:
        return _through_helper(program, name, current)
    if kind < 0.78 and len(current.shape) == 3:
        # The ordinary block.
        filters = rng.choice((2, 4))
        between = rng.choice(("", "layers.MaxPooling2D(1)", "layers.Dropout(0.1)", "layers.ReLU()"))
        lines.append(f"{name} = layers.Conv2D({filters}, 3, padding='same')({current.name})")
        if between:
            lines.append(f"{name} = {between}({name})")
        lines.append(f"{name} = layers.BatchNormalization()({name})")
        return _Tensor(name, (*current.shape[:2], filters))
    step = _step(rng, current.shape)
    lines.append(f"{name} = {step.layer}({current.name})")
    return _Tensor(name, step.shape)


def _nested(program: _Program, name: str, current: _Tensor) -> _Tensor:
    """A model as a layer, applied once or twice."""
    rng, lines = program.rng, program.lines
    model = program.name("model")
    steps = _steps(rng, current.shape, rng.randint(1, 3))
    entries = ", ".join(step.layer for step in steps)
    if rng.random() < 0.5:
        lines.append(f"{model} = keras.Sequential([{entries}])")
    else:
        inner = program.name("inner")
        lines.append(f"{inner} = start{inner} = keras.Input({current.shape})")
        lines += [f"{inner} = {step.layer}({inner})" for step in steps]
        lines.append(f"{model} = keras.Model(start{inner}, {inner})")
    lines.append(f"{name} = {model}({current.name})")
    if steps[-1].shape == current.shape and rng.random() < 0.5:
        lines.append(f"{name} = {model}({name})")
    return _Tensor(name, steps[-1].shape)


def _shared(program: _Program, name: str, current: _Tensor) -> _Tensor:
    """One layer on two branches."""
    rng, lines = program.rng, program.lines
    layer = program.name("shared")
    channels = current.shape[-1]
    lines.append(f"{layer} = layers.Conv2D({channels}, 3, padding='same')")
    ends = [
        rng.choice(("layers.BatchNormalization()({})", "layers.ReLU()({})", "{}")) for _ in range(2)
    ]
    first = ends[0].format(f"{layer}({current.name})")
    second = ends[1].format(f"{layer}(layers.ReLU()({current.name}))")
    lines.append(f"{name} = layers.Add()([{first}, {second}])")
    return _Tensor(name, current.shape)


def _looped(program: _Program, name: str, current: _Tensor) -> _Tensor:
    rng, lines = program.rng, program.lines
    filters = rng.choice((2, 4))
    lines.append(f"{name} = {current.name}")
    lines.append(f"for index in range({rng.randint(1, 3)}):")
    lines.append(f"    {name} = layers.Conv2D({filters}, 3, padding='same')({name})")
    inside = rng.choice(
        (
            ("layers.BatchNormalization()",),
            ("layers.BatchNormalization()", "layers.ReLU()"),
            ("layers.ReLU()", "layers.BatchNormalization()"),
            (),
        )
    )
    lines += [f"    {name} = {layer}({name})" for layer in inside]
    if rng.random() < 0.3:
        lines.append("    if index % 2:")
        lines.append(f"        {name} = layers.ReLU()({name})")
    return _Tensor(name, (*current.shape[:2], filters))


def _through_helper(program: _Program, name: str, current: _Tensor) -> _Tensor:
    """A function of the module, defined at its first use."""
    rng, lines = program.rng, program.lines
    if not program.helpers:
        activation = rng.choice(("'relu'", "None", "'linear'"))
        program.helpers.append(
            "def block(x, filters, kernel=3, use_bn=True, activation=" + activation + "):\n"
            "    x = layers.Conv2D(filters, kernel, padding='same'"
            + rng.choice(("", ", use_bias=not use_bn"))
            + ")(x)\n"
            "    if use_bn:\n"
            "        x = layers.BatchNormalization()(x)\n"
            "    if activation is not None:\n"
            "        x = layers.Activation(activation)(x)\n"
            "    return x"
        )
    filters = rng.choice((2, 4))
    more = rng.choice(("", "", ", use_bn=False", ", kernel=1", ", activation=None"))
    lines.append(f"{name} = block({current.name}, {filters}{more})")
    return _Tensor(name, (*current.shape[:2], filters))
