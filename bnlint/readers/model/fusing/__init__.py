"""Fuses BatchNormalization into the weights of the layer before it, for inference.

With moving statistics a BatchNormalization is one factor and one shift per channel, and a linear
layer can apply both itself. The graph of the model is called again on symbolic tensors without
the fused layers, and both models are run on the same samples.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bnlint.readers.model.errors import InspectionError, in_one_line
from bnlint.readers.model.folding.folding import TOLERANCE, largest_difference
from bnlint.readers.model.folding.rebuilding import code_allowed, require_config
from bnlint.readers.model.fusing.weights import fits, fuse_weights
from bnlint.readers.model.keras_objects import (
    Keras,
    Live,
    Node,
    all_layers,
    as_tensors,
    flatten,
    graph_of,
    inputs_of,
    is_keras_class,
    keras_of,
    map_structure,
    nodes_of,
    output_structure,
    shape_of,
)
from bnlint.readers.model.layer_state import copy_state
from bnlint.readers.model.proving.random_inputs import TRIALS, random_inputs
from bnlint.readers.model.undisturbed import undisturbed

_RUNS: Final = 3


@dataclass(frozen=True, slots=True)
class Fused:
    """A model for inference.

    Attributes:
        model: the new model.
        layers: how many BatchNormalization layers were fused into the layer before them.
        left: how many are still there.
        parameters: how many numbers were removed.
        seconds: the time of one call on random samples before and after.
        difference: the largest difference of the outputs, relative to the largest output.
    """

    model: Live
    layers: int
    left: int
    parameters: int
    seconds: tuple[float, float]
    difference: float


def fuse(model: Live, inputs: object = None, *, seed: int = 0, trusted: bool = False) -> Fused:
    """Make a model for inference with as few BatchNormalization layers as possible.

    Args:
        model: a Functional or built Sequential model, which is left as it was.
        inputs: a batch to compare with; random samples where ``None``.
        seed: of the random samples.
        trusted: whether code in the model's config may be loaded again.

    Raises:
        InspectionError: it can't be rebuilt or run, or its outputs would change.
    """
    keras = keras_of(model)
    if keras is None:
        raise InspectionError(f"{type(model).__name__} is no Keras model")
    require_config(model)
    custom = {cls.__name__: cls for cls in map(type, all_layers(model)) if not is_keras_class(cls)}
    fuser = _Fuser(keras)
    try:
        with (
            undisturbed([model], keras),
            keras.module.utils.custom_object_scope(custom),
            code_allowed(keras, trusted=trusted),
        ):
            new = fuser.model(model)
            fuser.copy()
    except InspectionError:
        raise
    except Exception as error:
        raise InspectionError(
            f"the model {model.name} can't be built anew: {in_one_line(error)}"
        ) from error
    difference = largest_difference(model, new, keras, inputs, seed)
    if not difference <= TOLERANCE:
        raise InspectionError(
            f"not fused: the outputs of {model.name} would differ by {difference:.1e} of"
            " the largest"
        )
    return Fused(
        new,
        len(fuser.fused),
        sum(_normalizes(layer) for layer in all_layers(new)),
        int(model.count_params()) - int(new.count_params()),
        _times(model, new, keras, inputs, seed),
        difference,
    )


def _normalizes(layer: Live) -> bool:
    return type(layer).__name__ == "BatchNormalization" and is_keras_class(type(layer))


class _Fuser:
    """Makes second layers and models.

    Attributes:
        fused: the layers that take in a BatchNormalization, with that layer, by identity.
    """

    def __init__(self, keras: Keras) -> None:
        self._keras = keras
        self.fused: dict[int, tuple[Live, Live]] = {}
        self._twins: dict[int, tuple[Live, Live]] = {}

    def model(self, model: Live) -> Live:
        """A second model on new inputs, without the fused BatchNormalization layers."""
        graph = graph_of(model)
        if graph is None:
            raise InspectionError(f"the model {model.name} was never built")
        nodes = nodes_of(graph)
        gone = self._pairs(graph, nodes)
        tensors: dict[int, Live] = {}
        for tensor in inputs_of(graph):
            tensors[id(tensor)] = self._keras.module.Input(
                batch_shape=shape_of(tensor),
                dtype=getattr(tensor.dtype, "name", tensor.dtype),
                name=tensor._keras_history[0].name,
            )

        def new(value: Live) -> Live:
            return tensors.get(id(value), value)

        for node in nodes:
            if id(node.operation) in gone:
                tensors[id(node.outputs[0])] = new(node.inputs[0])
                continue
            args, kwargs = map_structure(new, list(node.args)), map_structure(new, node.kwargs)
            results = self._twin(node.operation)(*args, **kwargs)
            for tensor, result in zip(node.outputs, flatten(results), strict=True):
                tensors[id(tensor)] = result
        struct = getattr(graph, "_inputs_struct", getattr(graph, "_nested_inputs", None))
        given = map_structure(new, inputs_of(graph) if struct is None else struct)
        outputs = map_structure(new, output_structure(graph))
        return self._keras.module.Model(given, outputs, name=model.name)

    def _pairs(self, graph: Live, nodes: list[Node]) -> set[int]:
        """The BatchNormalization layers to remove, by identity."""
        outputs = {id(tensor) for tensor in graph.outputs}
        consumers: dict[int, int] = {}
        makers: dict[int, Node] = {}
        calls: dict[int, int] = {}
        for node in nodes:
            calls[id(node.operation)] = calls.get(id(node.operation), 0) + 1
            for tensor in node.inputs:
                consumers[id(tensor)] = consumers.get(id(tensor), 0) + 1
            makers.update((id(tensor), node) for tensor in node.outputs)
        gone: set[int] = set()
        for node in nodes:
            norm = node.operation
            before = makers.get(id(node.inputs[0])) if node.inputs else None
            if before is None or not _normalizes(norm):
                continue
            layer, tensor = before.operation, node.inputs[0]
            alone = consumers[id(tensor)] == 1 and id(tensor) not in outputs
            once = calls[id(norm)] == calls[id(layer)] == 1 and not self._is_shared(layer, norm)
            if alone and once and fits(layer, norm, len(shape_of(tensor) or ())):
                self.fused[id(layer)] = (layer, norm)
                gone.add(id(norm))
        return gone

    def _is_shared(self, layer: Live, norm: Live) -> bool:
        """Whether another one of the rebuilt models also applies one of the two layers."""
        return any(id(each) in self._twins or id(each) in self.fused for each in (layer, norm))

    def _twin(self, operation: Live) -> Live:
        known = self._twins.get(id(operation))
        if known is not None:
            return known[1]
        if graph_of(operation) is not None:
            twin = self.model(operation)
        else:
            config = operation.get_config()
            if id(operation) in self.fused:
                config = {**config, "use_bias": True}
            twin = type(operation).from_config(config)
        if hasattr(operation, "trainable"):
            twin.trainable = operation.trainable
        self._twins[id(operation)] = (operation, twin)
        return twin

    def copy(self) -> None:
        """Give the second layers their weights."""
        twins: Mapping[int, tuple[Live, Live]] = self._twins
        for number, (old, twin) in twins.items():
            if number in self.fused:
                fuse_weights(old, self.fused[number][1], twin)
            elif graph_of(old) is None and self._keras.is_layer(old):
                copy_state(old, twin, ())


def _times(model: Live, new: Live, keras: Keras, inputs: object, seed: int) -> tuple[float, float]:
    import numpy as np

    if inputs is None:
        inputs = as_tensors(random_inputs(model, np.random.default_rng(seed), TRIALS[0]), keras)
    best = [float("inf"), float("inf")]
    with undisturbed([model, new], keras):
        for _ in range(_RUNS):
            for number, each in enumerate((model, new)):
                start = time.perf_counter()
                each(inputs, training=False)
                best[number] = min(best[number], time.perf_counter() - start)
    return best[0], best[1]
