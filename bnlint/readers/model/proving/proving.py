"""Measures which biases of a live model have a gradient, and leaves the model as it was."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from bnlint.graph import Layer
from bnlint.readers.model.errors import InspectionError, in_one_line
from bnlint.readers.model.keras_objects import Keras, Live, all_layers, keras_of
from bnlint.readers.model.live.call_inputs import bound
from bnlint.readers.model.proving.gradients import Backward, backward
from bnlint.readers.model.proving.proof import Measurement
from bnlint.readers.model.proving.random_inputs import TRIALS, random_arguments
from bnlint.readers.model.undisturbed import undisturbed

if TYPE_CHECKING:
    import numpy as np

    from bnlint.readers.model.proving.gradients import Array

# A separable convolution's bias belongs to its second kernel; Keras 2 has a special name for the
# kernel of a depthwise one. Where `kernel` is computed, its variables have other names: with LoRA
# the first one is frozen.
_KERNELS: Final = (
    "pointwise_kernel",
    "kernel",
    "depthwise_kernel",
    "lora_kernel_b",
    "_kernel",
)
_HALF: Final = frozenset({"float16", "bfloat16", "mixed_float16", "mixed_bfloat16"})


def measure(
    model: Live,
    drawn: Iterable[tuple[Live, Layer]],
    inputs: object = None,
    *,
    seed: int = 0,
) -> dict[Layer, Measurement]:
    """One backward pass with ``training=True`` and random cotangents.

    Args:
        model: a live model. Its weights, statistics and random seeds are put back afterwards.
        drawn: its live layers, each with its layer in the graph.
        inputs: a batch to call it with; random samples of its input shapes where ``None``.
        seed: for all random numbers here.

    Returns:
        A measurement for each layer that has a bias and a kernel.

    Raises:
        InspectionError: the model can't be run on the batch; one line that says why.
    """
    keras = keras_of(model)
    if keras is None:
        raise InspectionError(f"{type(model).__name__} is no Keras model")
    pairs = [(live, layer, _kernel(live), _bias(live)) for live, layer in drawn]
    known = [(live, layer, k, b) for live, layer, k, b in pairs if k is not None and b is not None]
    variables = [variable for *_, kernel, bias in known for variable in (kernel, bias)]
    layers = [live for live, *_ in known]
    measured = {
        layer: Measurement(None, "it has no weights yet: call the model first")
        for live, layer, kernel, _ in pairs
        if kernel is None and not live.built
    }
    with undisturbed([model], keras):
        _compute_in_full_precision(model, keras)
        _open_up(model, seed)
        found = _run(model, keras, variables, layers, inputs, seed)
        for number, (live, layer, *_) in enumerate(known):
            kernel, bias = found.gradients[2 * number : 2 * number + 2]
            measured[layer] = _measurement(live, kernel, bias, found.flows[number])
    return measured


def _run(
    model: Live,
    keras: Keras,
    variables: list[Live],
    layers: list[Live],
    inputs: object,
    seed: int,
) -> Backward:
    import numpy as np

    if not variables:
        return Backward([], [])
    error: Exception | None = None
    for trial in TRIALS if inputs is None else TRIALS[:1]:
        random: np.random.Generator = np.random.default_rng(seed)
        given = random_arguments(model, random, trial) if inputs is None else bound(model, inputs)
        try:
            return backward(model, keras, variables, layers, given, random)
        except InspectionError:
            raise
        except Exception as raised:  # noqa: BLE001  a user's call, or an axis too short for it
            error = error or raised
    said = in_one_line(error)
    raise InspectionError(
        f"the model {model.name} can't be run to measure gradients: {said}"
    ) from error


def _measurement(
    live: Live, kernel: Array | None, bias: Array | None, flow: float | None
) -> Measurement:
    import numpy as np

    policy = getattr(live, "dtype_policy", None)
    if str(getattr(policy, "compute_dtype", getattr(live, "compute_dtype", ""))) in _HALF:
        return Measurement(None, "it computes in half precision")
    if kernel is None:
        return Measurement(None, "no output depends on it")
    largest = float(np.abs(kernel).max(initial=0.0))
    if not np.isfinite(largest) or (bias is not None and not np.isfinite(bias).all()):
        return Measurement(None, "gradients are not finite")
    if largest == 0.0:
        return Measurement(None, "its kernel has no gradient either")
    if bias is None:
        return Measurement(0.0)
    gradient = float(np.abs(bias).max(initial=0.0))
    return Measurement(gradient / largest, left=gradient * bias.size / flow if flow else None)


def _compute_in_full_precision(model: Live, keras: Keras) -> None:
    """Let layers of mixed precision, whose weights have 32 bits, compute in 32 bits too."""
    mixed = [
        layer
        for layer in all_layers(model)
        if str(getattr(vars(layer).get("_dtype_policy"), "name", "")).startswith("mixed_")
    ]
    if not mixed:
        return
    if keras.era >= 3:
        full = {"_dtype_policy": keras.module.DTypePolicy("float32")}
    else:
        policy = keras.module.mixed_precision.Policy("float32")
        tf: Live = sys.modules["tensorflow"]
        full = {"_dtype_policy": policy, "_compute_dtype_object": tf.float32}
    for layer in mixed:
        vars(layer).update(full)


def _open_up(model: Live, seed: int) -> None:
    """Change weights that hide gradients in rounding: a gamma of zero, embeddings near zero.

    Which biases are absorbed does not depend on these values.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    for layer in all_layers(model):
        name = type(layer).__name__
        gamma: Live = getattr(layer, "gamma", None)
        if name == "BatchNormalization" and gamma is not None and not gamma.numpy().any():
            gamma.assign(np.ones(gamma.shape))
        table: Live = getattr(layer, "embeddings", None)
        if name == "Embedding" and hasattr(table, "assign"):
            table.assign(random.normal(size=tuple(table.shape)))


def _kernel(live: Live) -> Live:
    for name in _KERNELS:
        with contextlib.suppress(Exception):  # a property that wants a built layer
            kernel = getattr(live, name, None)
            if kernel is not None and hasattr(kernel, "assign"):
                return kernel
    return None


def _bias(live: Live) -> Live:
    with contextlib.suppress(Exception):
        bias = getattr(live, "bias", None)
        if bias is not None and hasattr(bias, "assign"):
            return bias
    return None


def by_path(measured: Mapping[Layer, Measurement]) -> dict[str, Measurement]:
    """Measurements by the layer's path in the model."""
    return {layer.location.path: m for layer, m in measured.items() if layer.location.path}
