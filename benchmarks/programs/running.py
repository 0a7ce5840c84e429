"""Runs a program with Keras and records, for each layer, the line that constructed it, the
variables around that line, the tensors that went through it, and its gradients.
"""

from __future__ import annotations

import contextlib
import importlib
import itertools
import random
import sys
import types
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.programs.writing import RUNTIME, Builder, Program, Value

Live: TypeAlias = Any
"""A model, layer or tensor of Keras, which mypy does not know."""

Around: TypeAlias = list[tuple[dict[str, Live], dict[str, Live]]]
"""Locals and globals of the functions around a construction, the innermost first."""

_SCALES: Final = (0.3, 1.0, 3.0)  # of weights, against activations of about 1
_BATCH: Final = 4


@dataclass(frozen=True)
class Answers:
    """The choices of one run.

    Attributes:
        builder: the builder to call.
        arguments: the arguments of that call.
        runtime: the names of the module that exists only at run time.
        data_format: the global data format.
    """

    builder: Builder
    arguments: Mapping[str, Value]
    runtime: Mapping[str, Value]
    data_format: str

    def __str__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        told = "".join(f", {name} is {value!r}" for name, value in self.runtime.items())
        return f"{self.builder.module}.{self.builder.name}({given}){told}, {self.data_format}"


@dataclass
class Made:
    """A layer of Keras that a line of the program constructed.

    Attributes:
        file: the file of the construction.
        line: the line of the construction.
        layer: the layer itself.
        names: the variables of the functions around it.
    """

    file: str
    line: int
    layer: Live
    names: Around = field(repr=False)


@dataclass
class Applied:
    """One application of a layer."""

    layer: Live
    inputs: list[Live]
    output: Live


@dataclass
class Run:
    """The observations of one run.

    Attributes:
        answers: the answers of the run.
        made: all constructed layers of Keras, in order.
        model: the model that the builder returned.
        applied: the layer applications of one forward pass, in order.
        output: the output of the model in training mode.
        gradients: the gradient of each weight, by the number of its layer and its name.
    """

    answers: Answers
    made: list[Made]
    model: Live
    applied: list[Applied] = field(default_factory=list)
    output: Live = None
    gradients: dict[tuple[int, str], Live] = field(default_factory=dict)


def all_answers(program: Program, most: int, seed: int) -> list[Answers]:
    """All ways to run a program, or a random sample of ``most`` of them."""
    found = []
    for builder in program.builders:
        axes = [*builder.flags.values(), *program.runtime.values(), program.formats]
        for values in itertools.product(*axes):
            arguments = dict(zip(builder.flags, values, strict=False))
            runtime = dict(zip(program.runtime, values[len(arguments) :], strict=False))
            found.append(Answers(builder, arguments, runtime, str(values[-1])))
    if len(found) > most:
        found = random.Random(seed).sample(found, most)  # noqa: S311 - which runs, no secrets
    return found


def run(folder: Path, files: Mapping[str, str], answers: Answers, seed: int) -> Run:
    """Build one model, and differentiate it once."""
    keras: Live = importlib.import_module("keras")
    keras.utils.set_random_seed(seed)
    keras.config.set_image_data_format(answers.data_format)
    made: list[Made] = []
    runtime = types.ModuleType(RUNTIME)
    vars(runtime).update(answers.runtime)
    names = {file.removesuffix(".py") for file in files}
    sys.modules[RUNTIME] = runtime
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        with _watched_constructions(folder, made):
            module = importlib.import_module(answers.builder.module)
            model = getattr(module, answers.builder.name)(**answers.arguments)
        seen = Run(answers, made, model)
        draw(seen, seed)
    finally:
        sys.path.remove(str(folder))
        for name in (*names, RUNTIME):
            sys.modules.pop(name, None)
    return seen


def draw(seen: Run, seed: int, number: int = 0) -> None:
    """Give all weights other values, and record one forward and one backward pass."""
    import numpy as np

    tf: Live = importlib.import_module("tensorflow")
    scale = _SCALES[number % len(_SCALES)]
    watched = {}
    for index, each in enumerate(seen.made):
        for variable in each.layer._trainable_variables:
            random_ = np.random.default_rng(
                (seed, number, index, zlib.crc32(variable.name.encode()))
            )
            size = scale if variable.name == "bias" else 0.5
            start = 1.0 if variable.name == "gamma" else 0.0
            variable.assign(start + random_.normal(scale=size, size=variable.shape))
            watched[index, variable.name] = variable.value
    random_ = np.random.default_rng((seed, number))
    inputs = tf.constant(random_.normal(size=(_BATCH, *seen.model.inputs[0].shape[1:])))
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(list(watched.values()))
        with _watched_calls(seen.applied):
            output = seen.model(inputs, training=True)
        total = tf.reduce_sum(output * random_.normal(size=output.shape))
    found = tape.gradient(total, list(watched.values()))
    seen.output = output.numpy()
    seen.gradients = {
        key: None if gradient is None else np.asarray(gradient)
        for key, gradient in zip(watched, found, strict=True)
    }


@contextlib.contextmanager
def _watched_constructions(folder: Path, made: list[Made]) -> Iterator[None]:
    keras: Live = importlib.import_module("keras")
    before = keras.layers.Layer.__init__
    home = str(folder)

    def remember(self: Live, *given: Live, **named: Live) -> None:
        before(self, *given, **named)
        if not type(self).__module__.startswith("keras.") or isinstance(self, keras.Model):
            return
        frame: types.FrameType | None = sys._getframe(1)
        around = []
        while frame is not None:
            if frame.f_code.co_filename.startswith(home):
                around.append((frame, dict(frame.f_locals)))
            frame = frame.f_back
        if around:
            first = around[0][0]
            made.append(
                Made(
                    Path(first.f_code.co_filename).name,
                    first.f_lineno,
                    self,
                    [(names, frame.f_globals) for frame, names in around],
                )
            )

    keras.layers.Layer.__init__ = remember
    try:
        yield
    finally:
        keras.layers.Layer.__init__ = before


@contextlib.contextmanager
def _watched_calls(applied: list[Applied]) -> Iterator[None]:
    keras: Live = importlib.import_module("keras")
    tf: Live = importlib.import_module("tensorflow")
    before = keras.Operation.__call__
    applied.clear()

    def remember(self: Live, *given: Live, **named: Live) -> Live:
        output = before(self, *given, **named)
        if type(self).__module__.startswith("keras.") and not isinstance(self, keras.Model):
            inputs = [each for each in tf.nest.flatten(given) if hasattr(each, "shape")]
            if not any(output is each for each in inputs):
                applied.append(Applied(self, inputs, output))
        return output

    keras.Operation.__call__ = remember
    try:
        yield
    finally:
        keras.Operation.__call__ = before


@contextlib.contextmanager
def channels_first_on_a_cpu() -> Iterator[None]:
    """Support ``channels_first`` on a CPU by moving axes: TensorFlow has it only on GPUs."""
    keras: Live = importlib.import_module("keras")
    base: Live = importlib.import_module("keras.src.layers.convolutional.base_conv").BaseConv
    before = base.convolution_op

    def convolve(self: Live, inputs: Live, kernel: Live) -> Live:
        if self.data_format != "channels_first":
            return before(self, inputs, kernel)
        moved = keras.ops.transpose(inputs, (0, 2, 3, 1))
        self.data_format = "channels_last"
        try:
            output = before(self, moved, kernel)
        finally:
            self.data_format = "channels_first"
        return keras.ops.transpose(output, (0, 3, 1, 2))

    base.convolution_op = convolve
    try:
        yield
    finally:
        base.convolution_op = before
