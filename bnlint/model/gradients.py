"""One backward pass in training mode, on TensorFlow (Keras 3, Keras 2, tf_keras) or JAX."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from bnlint.model.errors import InspectionError
from bnlint.model.keras_objects import Keras, Live, all_layers, flatten

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, Any]


def gradients(
    model: Live, keras: Keras, variables: Sequence[Live], inputs: Live, random: np.random.Generator
) -> list[Array | None]:
    """The gradient of each variable for random cotangents of all outputs.

    Penalties on what layers return count as outputs; those on weights do not.

    Args:
        model: is called with ``training=True``, so its statistics change.
        keras: the one it belongs to.
        variables: some of its own.
        inputs: a batch, in the structure that it is called with.
        random: where the cotangents come from.

    Returns:
        ``None`` for a variable that the outputs do not depend on.

    Raises:
        InspectionError: the backend is neither TensorFlow nor JAX.
    """
    if keras.backend == "tensorflow":
        return _on_tensorflow(model, keras, variables, inputs, random)
    if keras.backend == "jax":
        return _on_jax(model, variables, inputs, random)
    raise InspectionError(f"gradients are not measured on the backend {keras.backend}")


def _on_tensorflow(
    model: Live, keras: Keras, variables: Sequence[Live], inputs: Live, random: np.random.Generator
) -> list[Array | None]:
    import numpy as np

    tf: Live = sys.modules["tensorflow"]
    watched = [variable.value if keras.era >= 3 else variable for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(watched)
        outputs = model(tf.nest.map_structure(tf.constant, inputs), training=True)
        total = tf.constant(0.0, dtype=tf.float64)
        for output in flatten(outputs):
            if output.dtype.is_floating:
                cotangent = tf.constant(random.normal(size=output.shape), dtype=output.dtype)
                total += tf.cast(tf.reduce_sum(output * cotangent), total.dtype)
        for penalty in _penalties(model, keras):
            total += tf.cast(penalty, total.dtype)
    found = tape.gradient(total, watched)
    dense = (None if each is None else tf.convert_to_tensor(each) for each in found)
    return [None if each is None else np.asarray(each) for each in dense]


def _penalties(model: Live, keras: Keras) -> list[Live]:
    """Losses that layers added in the call just made, without those on weights."""
    if keras.era >= 3:
        weights = model._get_regularization_losses()
        return list(model.losses[: len(model.losses) - len(weights)])
    return [loss for layer in all_layers(model) for loss in getattr(layer, "_eager_losses", ())]


def _on_jax(
    model: Live, variables: Sequence[Live], inputs: Live, random: np.random.Generator
) -> list[Array | None]:
    import numpy as np

    jax: Live = sys.modules["jax"]
    wanted = {id(variable) for variable in variables}
    trained = [variable for variable in model.trainable_variables if id(variable) in wanted]
    place = {id(variable): number for number, variable in enumerate(trained)}
    all_trained = [variable.value for variable in model.trainable_variables]
    chosen = [number for number, each in enumerate(model.trainable_variables) if id(each) in wanted]
    state = [variable.value for variable in model.non_trainable_variables]
    outputs, _ = model.stateless_call(all_trained, state, inputs, training=True)
    cotangents = [random.normal(size=output.shape) for output in flatten(outputs)]

    def total(values: list[Live]) -> Live:
        given = list(all_trained)
        for number, value in zip(chosen, values, strict=True):
            given[number] = value
        results, _ = model.stateless_call(given, state, inputs, training=True)
        pairs = zip(flatten(results), cotangents, strict=True)
        return sum((result * cotangent).sum() for result, cotangent in pairs)

    found = jax.grad(total)([all_trained[number] for number in chosen])
    return [
        np.asarray(found[place[id(variable)]]) if id(variable) in place else None
        for variable in variables
    ]
