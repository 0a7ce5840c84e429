"""From the config of a saved model to its layer graph.

Functional and Sequential models, nested in each other to any depth that people use: the calls of
a nested model are drawn anew each time it is called, with the same layers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from bnlint.graph import UNKNOWN, LayerGraph, Origin, Tensor
from bnlint.keras_api.versions.target import Target
from bnlint.readers.model.errors import ModelError
from bnlint.readers.model.operations import apply_function, apply_layer, tensors_in
from bnlint.readers.model.saved import nodes
from bnlint.readers.model.saved.members import Member, read_members
from bnlint.readers.model.saved.nodes import Node, Reference, Shape, shape_of
from bnlint.readers.model.saved.planning import Place, Plan, plan_calls
from bnlint.readers.model.saved.sharing import doubt_shared
from bnlint.readers.model.saved.weights import Arrays

MOST_CALLS: Final = 50_000
_NOT_AN_OPS_ARGUMENTS: Final = frozenset({"name", "trainable", "dtype", "function"})


class Drawing(NamedTuple):
    """A saved model as a graph.

    Attributes:
        graph: its layers and calls.
        root: what the file holds, as a tree.
        models: how many models there are in it, the nested ones included.
        is_wired: the file tells how the layers are applied; of a subclassed model it does not.
        target: the Keras that saved it, where the file tells.
        weights: the file that its weights are read from; ``None`` where there is none.
    """

    graph: LayerGraph
    root: Member
    models: int
    is_wired: bool
    target: Target | None = None
    weights: Arrays | None = None

    @property
    def trouble(self) -> str:
        """Why weights that a rule needs could not be read, in one line; empty if they could."""
        troubles = self.weights.troubles if self.weights is not None else []
        if not troubles:
            return ""
        more = f" (and {len(troubles) - 1} more like that)" if len(troubles) > 1 else ""
        return f"trained weights not judged: {troubles[0]}{more}; save the model with Keras again"


def draw(entry: object, filename: str) -> Drawing:
    """Draw the model that a file describes.

    Args:
        entry: the serialized model, ``{"class_name": …, "config": {…}}``, as JSON gives it.
        filename: as the user named it; layers are located in it.

    Raises:
        ModelError: it is not the description of a model, is damaged, or too large.
    """
    # Each layer states its format; a layer without one in Keras 2 (ZeroPadding1D) is channels_last.
    graph = LayerGraph(image_data_format="channels_last")
    root = read_members(entry, graph, filename)
    doubt_shared(root)
    drawer = _Drawer(graph)
    if root.model is not None:
        for tensor in drawer.apply(root, None, {}):
            tensor.leaves = tensor.is_model_output = True
    drawer.draw_held(root)
    graph.layers.sort(key=lambda layer: layer.location)  # ops were added when they were applied
    models = sum(member.model is not None for member in root.walk())
    return Drawing(graph, root, models, root.model is not None)


class _Drawer:
    def __init__(self, graph: LayerGraph) -> None:
        self._graph = graph
        self._plans: dict[Member, Plan] = {}
        self._calls = 0

    def draw_held(self, root: Member) -> None:
        """Models inside of wrappers, and what layers of a user's own hold."""
        for member in list(root.walk()):
            for held in member.inner:
                if member.layer is not None and not member.layer.escaped:
                    # TimeDistributed(model): it runs as it is, on something.
                    for tensor in self.apply(held, None, {}):
                        tensor.leaves = True
                    continue
                for inside in held.walk():
                    if inside.layer is not None:
                        inside.layer.escaped = True

    def apply(
        self, model: Member, given: list[object] | None, settings: Mapping[str, object]
    ) -> list[Tensor]:
        """Make the calls of a model once more.

        Args:
            model: a Functional or Sequential model, or a layer that a wrapper holds.
            given: the operands it is called with; ``None`` for the model by itself.
            settings: ``training`` where the call gives it.

        Returns:
            Its outputs, flattened.
        """
        if model.model == "Sequential":
            return self._apply_sequential(model, given, settings)
        if model.model == "Functional":
            return self._apply_functional(model, given, settings)
        return []

    # Sequential

    def _apply_sequential(
        self, model: Member, given: list[object] | None, settings: Mapping[str, object]
    ) -> list[Tensor]:
        tensors = tensors_in(given) if given is not None else [Tensor(origin=Origin.INPUT)]
        _note_shape(tensors, _built_shape(model))
        for member in model.members:
            if member.is_input:
                _note_shape(tensors, _input_shape(member))
                continue
            node = Node([tensors[0] if len(tensors) == 1 else list(tensors)], {})
            tensors = self._call(member, node, 1, settings)
        return tensors

    # Functional

    def _apply_functional(
        self, model: Member, given: list[object] | None, settings: Mapping[str, object]
    ) -> list[Tensor]:
        plan = self._plans.get(model)
        if plan is None:
            plan = self._plans[model] = plan_calls(model)
        results: dict[Place, list[Tensor]] = {}
        starts = _starts(plan, given)
        for member in model.members:
            if member.is_input:
                origin = Origin.INPUT if given is None else Origin.UNKNOWN
                tensor = starts.get(member.name) or Tensor(origin=origin)
                _note_shape([tensor], _input_shape(member))
                results[(member.name, 0)] = [tensor]

        def tensor_of(reference: Reference) -> Tensor:
            found = results[(reference.layer, reference.node)]
            if reference.tensor >= len(found):
                raise ModelError(f"{reference.layer!r} has no result number {reference.tensor}")
            tensor = found[reference.tensor]
            _note_shape([tensor], reference.shape)
            return tensor

        for step in plan.steps:
            node = Node(
                [nodes.replaced(item, tensor_of) for item in step.node.args],
                {key: nodes.replaced(item, tensor_of) for key, item in step.node.kwargs.items()},
            )
            results[step.place] = self._call(step.member, node, step.outputs, settings)
        for reference in plan.perhaps_outputs:
            tensor_of(reference).leaves = True
        return [tensor_of(reference) for reference in plan.outputs]

    def _call(
        self, member: Member, node: Node, outputs: int, settings: Mapping[str, object]
    ) -> list[Tensor]:
        """Make one call of a layer, op or model."""
        self._calls += 1 + len(tensors_in(node.args, node.kwargs))
        if self._calls > MOST_CALLS:
            raise ModelError(f"more than {MOST_CALLS:,} calls and operands; this is not read")
        kwargs = {key: value for key, value in node.kwargs.items() if value is not None}
        if member.model is not None:
            if member.description.class_name == "Pipeline":
                kwargs.pop("training", None)  # mostly the default of its `call`, which is True
            training = kwargs.get("training", settings.get("training"))
            operands = node.args or [value for value in kwargs.values() if tensors_in(value)]
            inherited = {"training": training} if isinstance(training, bool) else {}
            own = kwargs.get("training")
            if isinstance(own, bool):
                holds = [inside.layer for inside in member.walk() if inside.layer is not None]
                given = tuple(tensors_in(operands))
                where = member.location
                self._graph.note_nested(member.name, holds, given, where, training=own)
            return self.apply(member, operands, inherited)
        _note_shape(tensors_in(node.args), _built_shape(member))
        if member.function is not None:
            config = member.description.config
            own = {key: value for key, value in config.items() if key not in _NOT_AN_OPS_ARGUMENTS}
            call = apply_function(
                self._graph,
                member.function,
                node.args,
                {**own, **kwargs},
                member.location,
                name=member.name,
                outputs=outputs,
            )
        elif member.layer is not None:
            call = apply_layer(
                self._graph,
                member.layer,
                node.args,
                {**settings, **kwargs},
                member.location,
                outputs=outputs,
            )
            call.keeps_training = isinstance(kwargs.get("training"), bool)
        else:  # an input in the place of a layer
            return tensors_in(node.args)
        return list(call.outputs)


def _starts(plan: Plan, given: list[object] | None) -> dict[str, Tensor]:
    """The tensors for the inputs of a model in one call, by the names of its input layers."""
    if given is None:
        return {}
    operands = given[0] if len(given) == 1 else given
    if isinstance(operands, Mapping):
        by_key = plan.input_keys or {name: name for name in plan.inputs}
        named = {by_key[key]: value for key, value in operands.items() if key in by_key}
        if len(named) == len(operands):
            return {name: value for name, value in named.items() if isinstance(value, Tensor)}
    elif plan.input_keys is None and len(tensors := tensors_in(given)) == len(plan.inputs):
        return dict(zip(plan.inputs, tensors, strict=True))
    # The operands can't be assigned to inputs: the inputs are unknown, and so is this use.
    for tensor in tensors_in(given):
        tensor.leaves = True
    return {}


def _note_shape(tensors: list[Tensor], shape: Shape) -> None:
    """Set the shape of a single tensor, unless it is known already."""
    if len(tensors) == 1 and tensors[0].shape is UNKNOWN:
        tensors[0].shape = shape


def _input_shape(member: Member) -> Shape:
    config = member.description.config
    return shape_of(config.get("batch_shape", config.get("batch_input_shape")))


def _built_shape(member: Member) -> Shape:
    """The shape that a layer or a Sequential was built for, where the file tells it."""
    config = member.description.config
    built = member.entry.get("build_config")
    for shape in (
        config.get("batch_input_shape"),
        config.get("build_input_shape"),
        built.get("input_shape") if isinstance(built, Mapping) else None,
    ):
        known = shape_of(shape)
        if known is not UNKNOWN:
            return known
    return UNKNOWN
