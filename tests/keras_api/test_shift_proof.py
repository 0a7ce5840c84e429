"""The proof of the shift table: is the bias before a BatchNormalization dead or not?

A bias is put before an op, a BatchNormalization behind it, and a random cotangent behind that.
Where the table says that the op passes a per-channel shift on, the gradient of the bias must
vanish; where it says that it does not, the gradient must be there. What is asserted is the table's
claim, so a wrong row fails here, on a real Keras.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest

from bnlint.keras_api import Shift, bind, layer
from bnlint.keras_api.layers import AFFINE, LAYERS

pytestmark = pytest.mark.keras

CHANNELS = 4
SHAPES = {1: (6, 8, 4), 2: (6, 4, 4, 4), 3: (4, 4, 4, 4, 4), None: (6, 4, 4, 4), 0: (16, 4)}
"""Spatial axes -> the shape of the tensor that the bias shifts; channels last."""

ONE_NUMBER_PER_CHANNEL = ("abcd,de->abce", "...d,de->...e", "abcd,de->ae", "abcd,d->abcd")
EQUATIONS: dict[str, int | tuple[int, ...]] = {
    "abcd,de->abce": (4, 4, 5),
    "...d,de->...e": 5,
    "abcd,de->ae": 5,
    "abcd,d->abcd": (4, 4, 4),
    "abcd,ce->abed": (4, 5, 4),
    "abcd,de->abec": (4, 5, 4),
    "abcd,cde->abce": (4, 4, 5),
}

ABSORBERS = (Shift.ABSORBS, Shift.INSTANCE_NORM, Shift.SPATIAL_LAYER_NORM)

DEAD = {"float64": 1e-6, "float32": 1e-4}  # TensorFlow resizes in float32, whatever comes in
ALIVE = 1e-3
"""Gradient of the bias against the kernel's largest. In float32 rounding alone reaches 6e-6."""

Tensor: TypeAlias = Any
Apply: TypeAlias = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True)
class Case:
    """One op in one configuration.

    Attributes:
        kind: the row of the table.
        arguments: what its claim depends on, and the constructor's arguments of a layer.
        apply: ``(shifted tensor, another tensor) -> tensor``, for ops and merges.
        spatial: the number of spatial axes; ``0`` for rank 2.
    """

    kind: str
    arguments: dict[str, Any] = field(default_factory=dict)
    apply: Apply | None = None
    spatial: int | None = None

    @property
    def floatx(self) -> str:
        """Float64 separates zero from small by ten orders; 3D pools on a CPU have float32 only."""
        return "float32" if self.spatial == 3 and "Pool" in self.kind else "float64"

    @property
    def id(self) -> str:
        written = ",".join(f"{name}={value}" for name, value in self.arguments.items())
        return f"{self.kind}({written})"


def _claim(case: Case) -> bool:
    """Whether the table says that a shift passes, or is absorbed, in this configuration."""
    spec = layer(case.kind)
    assert spec is not None
    values = {**bind(case.kind, (), {}).arguments, **case.arguments}
    rank = len(SHAPES[case.spatial])
    axis = values.get("axis")
    axes = {
        a % rank for a in (axis if isinstance(axis, (tuple, list)) else [axis]) if a is not None
    }
    last = values.get("target_shape", values.get("shape", (0,)))[-1]
    order = values.get("dims", values.get("perm", (0,)))
    kernel = values.get("kernel_size", 1)
    spatial_axes = set(range(1, rank - 1))
    match spec.shift:
        case Shift.NEVER:
            return False
        case Shift.ALWAYS | Shift.SUM | Shift.CONSTANT | Shift.SLICE:
            return True
        case Shift.RESIZE:
            return values["pad_to_aspect_ratio"] is False
        case Shift.ABSORBS:
            return bool(axes == {rank - 1} and values.get("trainable", True))
        case Shift.IF_LINEAR:
            return bool(values["activation"] == "linear")
        case Shift.IF_RATE_ZERO:
            return bool(values["rate"] == 0)
        case Shift.CONCATENATE:
            return axes == {rank - 1}
        case Shift.RESHAPE:
            return bool(last % CHANNELS == 0)
        case Shift.PERMUTE:
            return bool(order[-1] == rank - 1)
        case Shift.LINEAR:
            one = kernel == 1 or (isinstance(kernel, tuple) and set(kernel) == {1})
            return values.get("activation") is None and (
                one or values.get("padding", "valid") == "valid"
            )
        case Shift.POINTWISE:
            return bool(kernel == 1 and values.get("strides", 1) in (1, (1, 1), (1, 1, 1)))
        case Shift.EINSUM:
            return values["equation"] in ONE_NUMBER_PER_CHANNEL
        case Shift.SPATIAL_REDUCE:
            return bool(axes) and axes <= spatial_axes
        case Shift.INSTANCE_NORM:
            return bool(values["groups"] == -1)
        case Shift.SPATIAL_LAYER_NORM:
            return axes == spatial_axes
    raise AssertionError(spec.shift)


def _layers() -> Iterator[Case]:
    """Cases that are layers of one tensor."""
    for n in (1, 2, 3):
        yield Case(f"MaxPooling{n}D", {"pool_size": 2}, spatial=n)
        yield Case(
            f"AveragePooling{n}D", {"pool_size": 3, "strides": 2, "padding": "same"}, spatial=n
        )
        yield Case(f"GlobalAveragePooling{n}D", spatial=n)
        yield Case(f"GlobalMaxPooling{n}D", spatial=n)
        yield Case(f"AdaptiveAveragePooling{n}D", {"output_size": 3}, spatial=n)
        yield Case(f"AdaptiveMaxPooling{n}D", {"output_size": 2}, spatial=n)
        yield Case(f"ZeroPadding{n}D", {"padding": 1}, spatial=n)
        yield Case(f"Cropping{n}D", {"cropping": 1}, spatial=n)
        yield Case(f"UpSampling{n}D", {"size": 2}, spatial=n)
        yield Case(f"SpatialDropout{n}D", {"rate": 0.5}, spatial=n)
        yield Case(f"SpatialDropout{n}D", {"rate": 0}, spatial=n)
        yield Case(f"Conv{n}D", {"filters": 5, "kernel_size": 3}, spatial=n)
        yield Case(f"Conv{n}D", {"filters": 5, "kernel_size": 3, "padding": "same"}, spatial=n)
        yield Case(f"Conv{n}D", {"filters": 5, "kernel_size": 1, "padding": "same"}, spatial=n)
        yield Case(f"Conv{n}DTranspose", {"filters": 5, "kernel_size": 3}, spatial=n)
        yield Case(f"Conv{n}DTranspose", {"filters": 5, "kernel_size": 1}, spatial=n)
        yield Case(f"Conv{n}DTranspose", {"filters": 5, "kernel_size": 1, "strides": 2}, spatial=n)
    for n in (1, 2):
        for family in ("DepthwiseConv", "SeparableConv"):
            filters = {"filters": 5} if family == "SeparableConv" else {}
            yield Case(f"{family}{n}D", {**filters, "kernel_size": 3}, spatial=n)
            yield Case(f"{family}{n}D", {**filters, "kernel_size": 3, "padding": "same"}, spatial=n)
    yield Case("Conv1D", {"filters": 5, "kernel_size": 3, "padding": "causal"}, spatial=1)
    yield Case("Conv2D", {"filters": 5, "kernel_size": 1, "activation": "relu"})
    yield Case("Conv2D", {"filters": 4, "kernel_size": 3, "groups": 2})
    yield Case("UpSampling2D", {"size": 2, "interpolation": "bilinear"})
    for equation, shape in EQUATIONS.items():
        yield Case("EinsumDense", {"equation": equation, "output_shape": shape})
    yield Case("Dense", {"units": 5})
    yield Case("Dense", {"units": 5, "activation": "tanh"})
    yield Case("Dense", {"units": 5}, spatial=0)
    for activation in ("linear", "relu", "tanh", "softmax", "gelu"):
        yield Case("Activation", {"activation": activation})
    for kind in ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"):
        yield Case(kind)
    yield Case("BatchNormalization")
    yield Case("BatchNormalization", {"axis": 1})
    yield Case("BatchNormalization", {"center": False, "scale": False})
    yield Case("BatchNormalization", {"trainable": False})
    yield Case("LayerNormalization", {"axis": [1, 2]})
    yield Case("LayerNormalization", {"axis": -1})
    yield Case("GroupNormalization", {"groups": -1})
    yield Case("GroupNormalization", {"groups": 2})
    yield Case("RMSNormalization")
    yield Case("UnitNormalization")
    yield Case("Flatten")
    yield Case("Reshape", {"target_shape": (16, 4)})
    yield Case("Reshape", {"target_shape": (8, 8)})
    yield Case("Reshape", {"target_shape": (32, 2)})
    yield Case("Permute", {"dims": (2, 1, 3)})
    yield Case("Permute", {"dims": (3, 1, 2)})
    yield Case("RepeatVector", {"n": 3}, spatial=0)
    for kind in ("Dropout", "AlphaDropout", "GaussianDropout"):
        yield Case(kind, {"rate": 0.5})
        yield Case(kind, {"rate": 0})
    yield Case("GaussianNoise", {"stddev": 1.0})
    yield Case("ActivityRegularization", {"l2": 0.1})
    yield Case("Identity")
    yield Case("Rescaling", {"scale": 0.5, "offset": 1.0})
    yield Case("Resizing", {"height": 7, "width": 3})
    yield Case("Resizing", {"height": 7, "width": 3, "interpolation": "bicubic"})
    yield Case("Resizing", {"height": 7, "width": 3, "crop_to_aspect_ratio": True})
    yield Case("Resizing", {"height": 7, "width": 3, "pad_to_aspect_ratio": True})
    yield Case("CenterCrop", {"height": 2, "width": 2})
    yield Case("LSTM", {"units": 5}, spatial=1)
    yield Case("GRU", {"units": 5, "return_sequences": True}, spatial=1)
    yield Case("ConvLSTM1D", {"filters": 3, "kernel_size": 1}, spatial=2)


def _merged(merge: Any, tensor: Tensor, other: Tensor) -> Tensor:
    return merge([tensor, other])


def _with(function: Any, argument: Any, tensor: Tensor, _: Tensor) -> Tensor:
    return function(tensor, argument)


def _merges(keras: Any) -> Iterator[Case]:
    for kind in ("Add", "Subtract", "Average", "Multiply", "Maximum", "Minimum"):
        yield Case(kind, {}, functools.partial(_merged, getattr(keras.layers, kind)()))
    for axis in (-1, 1):
        join = keras.layers.Concatenate(axis=axis)
        yield Case("Concatenate", {"axis": axis}, functools.partial(_merged, join))
    yield Case("Dot", {}, lambda t, u: keras.layers.Dot(axes=2)([t, u]), 1)
    yield Case("Attention", {}, lambda t, u: keras.layers.Attention()([u, t * t]), 1)


def _ops(keras: Any) -> Iterator[Case]:
    ops = keras.ops

    yield Case("Cast", {}, lambda t, _: ops.cast(t, "float64"))
    yield Case("Negative", {}, lambda t, _: -t)
    yield Case("BiasAdd", {}, lambda t, _: t + ops.arange(4, dtype="float64"))
    yield Case("Reverse", {}, lambda t, _: ops.flip(t, axis=(1, 3)))
    yield Case("Roll", {}, lambda t, _: ops.roll(t, 1, axis=2))
    yield Case("Tile", {}, lambda t, _: ops.tile(t, (1, 2, 1, 2)))
    yield Case("SpaceToDepth", {}, lambda t, _: ops.space_to_depth(t, 2))
    yield Case("DepthToSpace", {}, lambda t, _: ops.depth_to_space(t, 2))
    yield Case("ScaleShift", {}, lambda t, _: 2.0 * (t - 1.0) / 3.0 + 0.5)
    yield Case("Pool", {}, lambda t, _: ops.max_pool(t, 2))
    yield Case("Pool", {"padding": "same"}, lambda t, _: ops.average_pool(t, 3, 2, "same"))
    for name in ("mean", "sum", "max", "min"):
        # a sum over the channels too would pass a shift on; a maximum would not
        for axis in ((1, 2), 1, (1, 3)) if name in ("max", "min") else ((1, 2), 1):
            function = getattr(ops, name)
            yield Case(
                f"Reduce{name.title()}",
                {"axis": axis},
                functools.partial(_with, function, axis),
            )
    yield Case("Reduce", {"op": "prod"}, lambda t, _: ops.prod(t, axis=(1, 2)))
    yield Case("Slice", {}, lambda t, _: t[:, 1:, ::2])
    yield Case("Slice", {"of": "channels"}, lambda t, _: t[..., :2])
    yield Case("Split", {}, lambda t, _: ops.split(t, 2, axis=-1)[1])
    for perm in ((0, 2, 1, 3), (0, 3, 1, 2)):
        yield Case("Transpose", {"perm": perm}, functools.partial(_with, ops.transpose, perm))
    for shape in ((-1, 16, 4), (-1, 2)):
        yield Case("Reshape", {"shape": shape}, functools.partial(_with, ops.reshape, shape))
    yield Case("Pad", {}, lambda t, _: ops.pad(t, ((0, 0), (1, 1), (1, 1), (0, 0))))
    yield Case("Divide", {}, lambda t, u: u / (t * t + 1.0))
    yield Case("Power", {}, lambda t, _: t**2)
    yield Case("Matmul", {}, lambda t, u: ops.matmul(t, ops.swapaxes(u, 2, 3)))
    yield Case("Where", {}, lambda t, u: ops.where(u > 0, t, u))
    yield Case("Clip", {}, lambda t, _: ops.clip(t, -1.0, 1.0))
    yield Case("Elementwise", {"op": "square"}, lambda t, _: ops.square(t))
    yield Case(
        "nn.convolution",
        {"padding": "same"},
        lambda t, _: ops.conv(t, keras.random.normal((3, 3, 4, 5), seed=1), padding="same"),
    )


@pytest.fixture(scope="module", name="keras")
def _reproducible_keras() -> Iterator[Any]:
    keras: Any = pytest.importorskip("keras")
    _compute_in(keras, "float64")
    keras.utils.set_random_seed(7)
    yield keras
    _compute_in(keras, "float32")


def _compute_in(keras: Any, floatx: str) -> None:
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(floatx)


def _bias_against_kernel(
    keras: Any, producer: Any, inputs: Tensor, after: Callable[[Tensor], tuple[Tensor, Tensor]]
) -> float:
    """max |gradient of a bias| / max |gradient of a kernel|, under a random cotangent."""
    tf: Any = pytest.importorskip("tensorflow")

    producer.build(inputs.shape)
    for weight in producer.trainable_weights:
        weight.assign(keras.random.normal(weight.shape))
    biases = [weight for weight in producer.trainable_weights if weight.name.endswith("bias")]
    kernels = [weight for weight in producer.trainable_weights if weight.name.endswith("kernel")]
    with tf.GradientTape() as tape:
        output, penalty = after(producer(inputs, training=True))
        loss = tf.reduce_sum(output * keras.random.normal(output.shape)) + penalty
    gradients = tape.gradient(loss, [weight.value for weight in (*biases, *kernels)])
    sizes = [0.0 if g is None else float(tf.reduce_max(tf.abs(g))) for g in gradients]
    return max(sizes[: len(biases)]) / max(sizes[len(biases) :])


def _measure(
    keras: Any, case: Case, *, behind_absorbers: bool = False, is_uneven: bool = False
) -> float:
    """The gradient of the bias of a Dense, with ``case`` and a BatchNormalization behind it.

    Args:
        keras: the library.
        case: what is measured.
        behind_absorbers: put a BatchNormalization also behind what absorbs by itself.
        is_uneven: make the shift differ by position before, and leave no position behind.
    """
    _compute_in(keras, case.floatx)
    shape = SHAPES[case.spatial]
    other = keras.random.normal(shape)
    apply = case.apply
    penalties: list[Tensor] = []
    if apply is None:
        tested = getattr(keras.layers, case.kind)(**case.arguments)

        def apply(tensor: Tensor, _: Tensor) -> Tensor:
            output = tested(tensor, training=True)
            penalties.extend(tested.losses)
            return output

    # what absorbs a shift must do so by itself, without a BatchNormalization behind it
    absorbs = LAYERS[case.kind].shift in ABSORBERS and not behind_absorbers
    tail = keras.layers.ReLU() if absorbs else keras.layers.BatchNormalization()
    start = end = keras.layers.Identity()
    if is_uneven:
        padded = getattr(keras.layers, f"Conv{case.spatial or 2}D")
        start, end = padded(CHANNELS, 3, padding="same"), keras.layers.Flatten()

    def after(tensor: Tensor) -> tuple[Tensor, Tensor]:
        output = tail(end(apply(start(tensor), other)), training=True)
        return output, sum(penalties)

    inputs = keras.random.normal((*shape[:-1], 3))
    ratio = _bias_against_kernel(keras, keras.layers.Dense(CHANNELS), inputs, after)
    _compute_in(keras, "float64")
    return ratio


def _is_dead(ratio: float) -> bool:
    """Whether the bias is redundant; neither yes nor no is an error of the experiment."""
    assert ratio <= DEAD["float64"] or ratio >= ALIVE, ratio
    return ratio <= DEAD["float64"]


def _refuted(keras: Any, cases: Iterator[Case]) -> dict[str, str]:
    """The cases whose claim the measurement contradicts; an experiment that failed counts too."""
    refuted = {}
    for case in cases:
        ratio = _measure(keras, case)
        if ratio > DEAD[case.floatx] if _claim(case) else ratio < ALIVE:
            refuted[case.id] = f"claimed {_claim(case)}, measured {ratio:.1e}"
    return refuted


def test_layers_pass_a_shift_exactly_as_the_table_says(keras: Any) -> None:
    assert _refuted(keras, _layers()) == {}


def _takes_uneven_shifts(case: Case) -> bool:
    """Whether the table says that what differs by position only stays the same for each sample."""
    is_linear = LAYERS[case.kind].shift in (Shift.LINEAR, Shift.POINTWISE, Shift.EINSUM)
    return (is_linear and "activation" not in case.arguments) or case.kind in AFFINE


def test_shift_that_differs_by_position_is_absorbed_where_no_position_is_left(keras: Any) -> None:
    cases = [
        case
        for case in (*_layers(), *_merges(keras), *_ops(keras))
        if case.spatial != 0 and _takes_uneven_shifts(case) and "shape" not in case.arguments
    ]
    ratios = [(case, _measure(keras, case, is_uneven=True)) for case in cases]
    alive = {case.id: ratio for case, ratio in ratios if ratio > DEAD[case.floatx]}

    assert alive == {}
    assert {case.kind for case in cases} >= AFFINE - {"RepeatVector"}


def test_merges_pass_a_shift_exactly_as_the_table_says(keras: Any) -> None:
    assert _refuted(keras, _merges(keras)) == {}


def test_ops_pass_a_shift_exactly_as_the_table_says(keras: Any) -> None:
    assert _refuted(keras, _ops(keras)) == {}


@pytest.mark.parametrize(
    ("case", "passes"),
    [
        (Case("BatchNormalization", {"trainable": False}), True),  # a constant scale and shift
        (Case("BatchNormalization", {"axis": 1}), False),
        (Case("LayerNormalization", {"axis": -1}), False),
        (Case("GroupNormalization", {"groups": 2}), False),
    ],
    ids=lambda value: value.id if isinstance(value, Case) else str(value),
)
def test_what_does_not_absorb_a_shift_before_another_batch_normalization(
    keras: Any, case: Case, passes: bool
) -> None:
    assert _is_dead(_measure(keras, case, behind_absorbers=True)) == passes


def test_every_kind_that_lets_a_shift_pass_is_measured(keras: Any) -> None:
    measured = {case.kind for cases in (_layers(), _merges(keras), _ops(keras)) for case in cases}
    claimed = {spec.kind for spec in LAYERS.values() if spec.shift is not Shift.NEVER}
    assert claimed - measured == {"StopGradient"}  # it stops the kernel's gradient just as well


@pytest.mark.parametrize("kind", sorted(spec.kind for spec in LAYERS.values() if spec.bias))
def test_a_bias_by_channel_is_dead_before_batch_normalization(keras: Any, kind: str) -> None:
    spec = LAYERS[kind]
    arguments: dict[str, Any] = {"filters": 5, "kernel_size": 3}
    if kind.startswith("Depthwise"):
        del arguments["filters"]
    elif kind == "Dense":
        arguments = {"units": 5}
    elif kind == "EinsumDense":
        arguments = {"equation": "abcd,de->abce", "output_shape": (None, None, 5), "bias_axes": "e"}
    inputs = keras.random.normal(SHAPES[spec.spatial])
    assert _is_dead(_before_batch_normalization(keras, kind, arguments, inputs))


@pytest.mark.parametrize(
    ("kind", "arguments", "spatial"),
    [
        (
            "EinsumDense",
            {"equation": "abcd,de->abce", "output_shape": (4, 4, 5), "bias_axes": "ce"},
            2,
        ),
        ("LSTM", {"units": 5, "return_sequences": True}, 1),
        ("SimpleRNN", {"units": 5}, 1),
        ("ConvLSTM1D", {"filters": 5, "kernel_size": 3}, 2),
    ],
)
def test_a_bias_of_another_sort_is_alive_before_batch_normalization(
    keras: Any, kind: str, arguments: dict[str, Any], spatial: int
) -> None:
    inputs = keras.random.normal(SHAPES[spatial])
    assert not _is_dead(_before_batch_normalization(keras, kind, arguments, inputs))


def _before_batch_normalization(
    keras: Any, kind: str, arguments: dict[str, Any], inputs: Tensor
) -> float:
    tail = keras.layers.BatchNormalization()
    producer = getattr(keras.layers, kind)(**arguments)
    return _bias_against_kernel(keras, producer, inputs, lambda t: (tail(t, training=True), 0.0))
