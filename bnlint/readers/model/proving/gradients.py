"""One backward pass in training mode, on TensorFlow with any Keras, on JAX and on PyTorch."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import Keras, Live, all_layers, as_tensors, flatten
from bnlint.readers.model.live.call_inputs import Arguments

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Backward:
    """The result of one backward pass.

    Attributes:
        gradients: of each variable; ``None`` where the outputs do not depend on it.
        flows: for each layer the sum of the absolute gradients of all its outputs; ``None``
            where that is not known, as on JAX.
    """

    gradients: list[Array | None]
    flows: list[float | None]


def backward(
    model: Live,
    keras: Keras,
    variables: Sequence[Live],
    layers: Sequence[Live],
    given: Arguments,
    random: np.random.Generator,
) -> Backward:
    """The gradient of each variable for random cotangents of all outputs.

    Penalties on what layers return count as outputs; those on weights do not.

    Args:
        model: is called with ``training=True``, so its statistics change.
        keras: the Keras of the model.
        variables: some variables of the model.
        layers: the layers of the model for which ``flows`` is needed.
        given: a batch, as the arguments of the call.
        random: the generator of the cotangents.

    Raises:
        InspectionError: the backend is none of TensorFlow, JAX and PyTorch.
    """
    if keras.backend == "tensorflow":
        return _on_tensorflow(model, keras, variables, layers, given, random)
    if keras.backend == "jax":
        return Backward(_on_jax(model, variables, given, random), [None] * len(layers))
    if keras.backend == "torch":
        return _on_torch(model, keras, variables, layers, given, random)
    raise InspectionError(f"gradients are not measured on the backend {keras.backend}")


def _on_tensorflow(
    model: Live,
    keras: Keras,
    variables: Sequence[Live],
    layers: Sequence[Live],
    given: Arguments,
    random: np.random.Generator,
) -> Backward:
    import numpy as np

    tf: Live = sys.modules["tensorflow"]
    watched = [variable.value if keras.era >= 3 else variable for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(watched)
        with _returned(keras, layers) as returned:
            args, kwargs = as_tensors(list(given), keras)
            outputs = model(*args, **{**kwargs, "training": True})
        total = tf.constant(0.0, dtype=tf.float64)
        for output in flatten(outputs):
            if output.dtype.is_floating:
                cotangent = tf.constant(random.normal(size=output.shape), dtype=output.dtype)
                total += tf.cast(tf.reduce_sum(output * cotangent), total.dtype)
        for penalty in _penalties(model, keras):
            total += tf.cast(penalty, total.dtype)
    # Without the results of a loop that runs in a separate graph.
    seen = [[each for each in outputs if hasattr(each, "numpy")] for outputs in returned]
    found, flowing = tape.gradient(total, [watched, seen])
    dense = (None if each is None else tf.convert_to_tensor(each) for each in found)
    return Backward(
        [None if each is None else np.asarray(each) for each in dense],
        [_summed(each) for each in flowing],
    )


@contextlib.contextmanager
def _returned(keras: Keras, layers: Sequence[Live]) -> Iterator[list[list[Live]]]:
    """The tensors that each layer's calls return in the block."""
    returned: list[list[Live]] = [[] for _ in layers]
    numbers = {id(layer): number for number, layer in enumerate(layers)}
    layer_class = keras.layer_class
    call = layer_class.__call__

    def called(layer: Live, *args: object, **kwargs: object) -> Live:
        result = call(layer, *args, **kwargs)
        if id(layer) in numbers:
            returned[numbers[id(layer)]] += flatten(result)
        return result

    layer_class.__call__ = called
    try:
        yield returned
    finally:
        layer_class.__call__ = call


def _summed(gradients: Sequence[Live]) -> float | None:
    import numpy as np

    known = [np.asarray(each, dtype="float64") for each in gradients if each is not None]
    return sum(float(np.abs(each).sum()) for each in known) if known else None


def _penalties(model: Live, keras: Keras) -> list[Live]:
    """Losses that layers added in the call just made, without those on weights."""
    if keras.era >= 3:
        weights = model._get_regularization_losses()
        return list(model.losses[: len(model.losses) - len(weights)])
    return [loss for layer in all_layers(model) for loss in getattr(layer, "_eager_losses", ())]


def _on_jax(
    model: Live, variables: Sequence[Live], given: Arguments, random: np.random.Generator
) -> list[Array | None]:
    import numpy as np

    jax: Live = sys.modules["jax"]
    args, kwargs = given.args, {**given.kwargs, "training": True}
    # A call that keeps no state can't build what only this one needs.
    outputs = model(*args, **kwargs)
    cotangents = [random.normal(size=output.shape) for output in flatten(outputs)]
    wanted = {id(variable) for variable in variables}
    trained = [variable for variable in model.trainable_variables if id(variable) in wanted]
    place = {id(variable): number for number, variable in enumerate(trained)}
    all_trained = [variable.value for variable in model.trainable_variables]
    chosen = [number for number, each in enumerate(model.trainable_variables) if id(each) in wanted]
    state = [variable.value for variable in model.non_trainable_variables]

    def total(values: list[Live]) -> Live:
        weights = list(all_trained)
        for number, value in zip(chosen, values, strict=True):
            weights[number] = value
        results, _ = model.stateless_call(weights, state, *args, **kwargs)
        pairs = zip(flatten(results), cotangents, strict=True)
        return sum((result * cotangent).sum() for result, cotangent in pairs)

    found = jax.grad(total)([all_trained[number] for number in chosen])
    return [
        np.asarray(found[place[id(variable)]]) if id(variable) in place else None
        for variable in variables
    ]


def _on_torch(
    model: Live,
    keras: Keras,
    variables: Sequence[Live],
    layers: Sequence[Live],
    given: Arguments,
    random: np.random.Generator,
) -> Backward:
    torch: Live = sys.modules["torch"]
    with _returned(keras, layers) as returned:
        outputs = model(*given.args, **{**given.kwargs, "training": True})
    total: Live = sum(_penalties(model, keras))
    for output in flatten(outputs):
        if output.is_floating_point():
            cotangent = torch.as_tensor(random.normal(size=tuple(output.shape)))
            total = total + (output * cotangent.to(output)).sum()
    seen = [list(each) for each in returned]
    tensors = [variable.value for variable in variables] + [each for some in seen for each in some]
    tracked = [tensor for tensor in tensors if tensor.requires_grad]
    found = torch.autograd.grad(total, tracked, allow_unused=True)
    known = {
        id(tensor): None if each is None else each.detach().cpu().numpy()
        for tensor, each in zip(tracked, found, strict=True)
    }
    return Backward(
        [known.get(id(variable.value)) for variable in variables],
        [_summed([known.get(id(each)) for each in some]) for some in seen],
    )
