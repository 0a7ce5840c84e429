"""In which order the calls of a saved Functional model are made, and which tensors they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from bnlint.readers.model.errors import ModelError
from bnlint.readers.model.saved import nodes
from bnlint.readers.model.saved.members import Member
from bnlint.readers.model.saved.nodes import Node, Reference

Place: TypeAlias = tuple[str, int]
"""A layer's name in its model, and which of its calls, from 0."""


class Step:
    """One call.

    Attributes:
        member: what is called.
        node: its operands; the node numbers in them count from 0.
        place: the member's name and the number of this call.
        outputs: how many of its results are referred to.
    """

    def __init__(self, member: Member, node: Node, place: Place) -> None:
        self.member = member
        self.node = node
        self.place = place
        self.outputs = 1


class Plan(NamedTuple):
    """A Functional model's calls.

    Attributes:
        inputs: the names of its input layers, in order.
        input_keys: by key, where it takes a dictionary.
        steps: the calls, each after the calls whose results it takes.
        outputs: its results, flattened.
        perhaps_outputs: other tensors that the file may mean as its outputs.
    """

    inputs: list[str]
    input_keys: dict[str, str] | None
    steps: list[Step]
    outputs: list[Reference]
    perhaps_outputs: list[Reference]


def plan_calls(model: Member) -> Plan:
    """Plan the calls of one Functional model.

    Raises:
        ModelError: its nodes refer to what is not there, or in a circle.
    """
    config = model.description.config
    members = {member.name: member for member in model.members}
    found = {
        name: nodes.read_nodes(member.entry.get("inbound_nodes"), members.__contains__)
        for name, member in members.items()
    }
    outputs = nodes.read_outputs(config.get("output_layers"))
    counting = _Counting(members, found, outputs)
    steps = {
        (name, number): Step(members[name], _renumbered(node, counting), (name, number))
        for name, its in found.items()
        if not members[name].is_input
        for number, node in enumerate(its)
    }
    settled = [counting.settled(reference) for reference in outputs]
    _count_outputs(steps, settled)
    entry = config.get("input_layers")
    inputs = nodes.read_outputs(entry)
    by_key = isinstance(entry, Mapping) and len(inputs) == len(entry)
    return Plan(
        [reference.layer for reference in inputs],
        {key: reference.layer for key, reference in zip(entry, inputs, strict=True)}
        if isinstance(entry, Mapping) and by_key
        else None,
        _ordered(steps),
        settled,
        [doubt for reference in outputs for doubt in counting.doubts(reference)],
    )


class _Counting:
    """Resolves call numbers of a nested model.

    A nested model's own drawing is call number 0 in some files and is left out in others, even in
    parts of one file: Keras 3 counts from 0 in nodes and, for a Functional model, from 1 in
    ``output_layers``. The way of counting that fits the number of calls is used.
    """

    def __init__(
        self,
        members: Mapping[str, Member],
        found: Mapping[str, list[Node]],
        outputs: Iterable[Reference],
    ) -> None:
        self._counts = {
            name: 1 if member.is_input else len(found[name]) for name, member in members.items()
        }
        nested = {name for name, member in members.items() if member.model is not None}
        in_nodes: dict[str, set[int]] = {}
        counts_from_first: set[str] = set()
        for its in found.values():
            for reference in (reference for node in its for reference in node.references()):
                if reference.layer in nested:
                    in_nodes.setdefault(reference.layer, set()).add(reference.node)
                    if reference.counts_from_first:
                        counts_from_first.add(reference.layer)
        in_outputs: dict[str, set[int]] = {}
        for reference in outputs:
            if reference.layer in nested:
                in_outputs.setdefault(reference.layer, set()).add(reference.node)
        self._in_nodes = dict.fromkeys(nested, 0)
        self._in_outputs = dict.fromkeys(nested, 0)
        self._doubtful: set[str] = set()
        for name in nested:
            self._decide(
                name,
                in_nodes.get(name, set()),
                in_outputs.get(name, set()),
                keras_3=name in counts_from_first,
            )

    def _decide(
        self, name: str, in_nodes: set[int], in_outputs: set[int], *, keras_3: bool
    ) -> None:
        count = self._counts[name]
        if not keras_3 and in_nodes:
            # One way of counting in the whole file.
            offset = int(0 not in in_nodes | in_outputs)
            self._in_nodes[name] = self._in_outputs[name] = offset
            return
        self._in_nodes[name] = int(max(in_nodes, default=0) >= count)
        taken = {number - self._in_nodes[name] for number in in_nodes}
        fitting = [
            offset
            for offset in (0, 1)
            if all(0 <= number - offset < count for number in in_outputs)
        ]
        whole = [
            offset
            for offset in fitting
            if taken | {number - offset for number in in_outputs} == set(range(count))
        ]
        choice = whole or fitting or [0]
        self._in_outputs[name] = choice[0]
        if len(choice) > 1:
            self._doubtful.add(name)

    def in_node(self, reference: Reference) -> Reference:
        """A reference of a node, its call counted from 0."""
        return self._counted(reference, self._in_nodes.get(reference.layer, 0))

    def settled(self, reference: Reference) -> Reference:
        """The same for one of ``output_layers``."""
        return self._counted(reference, self._in_outputs.get(reference.layer, 0))

    def doubts(self, reference: Reference) -> list[Reference]:
        """The other possible meanings of a reference of ``output_layers``."""
        if reference.layer not in self._doubtful:
            return []
        return [self._counted(reference, 1 - self._in_outputs[reference.layer])]

    def _counted(self, reference: Reference, offset: int) -> Reference:
        count = self._counts.get(reference.layer)
        if count is None:
            raise ModelError(
                f"its graph can't be followed: there is no layer {reference.layer[:80]!r}"
            )
        number = reference.node - offset
        if not 0 <= number < count:
            raise ModelError(
                f"its graph can't be followed: {reference.layer[:80]!r} has no such call"
            )
        return reference._replace(node=number) if offset else reference


def _renumbered(node: Node, counting: _Counting) -> Node:
    return Node(
        [nodes.replaced(item, counting.in_node) for item in node.args],
        {key: nodes.replaced(item, counting.in_node) for key, item in node.kwargs.items()},
    )


def _count_outputs(steps: Mapping[Place, Step], outputs: Iterable[Reference]) -> None:
    """Note how many results of each call are referred to."""
    for references in (*(step.node.references() for step in steps.values()), outputs):
        for reference in references:
            step = steps.get((reference.layer, reference.node))
            if step is not None:
                step.outputs = max(step.outputs, reference.tensor + 1)


def _ordered(steps: Mapping[Place, Step]) -> list[Step]:
    """The calls, each after those whose results it takes; otherwise in the order of the file."""
    order: list[Step] = []
    done: set[Place] = set()
    for first in steps:
        path: list[Place] = [first]
        entered: set[Place] = set()
        while path:
            place = path[-1]
            if place in done:
                path.pop()
                continue
            before = [
                (reference.layer, reference.node)
                for reference in steps[place].node.references()
                if (reference.layer, reference.node) in steps
                and (reference.layer, reference.node) not in done
            ]
            if before:
                if place in entered:
                    raise ModelError("its graph can't be followed: it runs in a circle")
                entered.add(place)
                path.extend(reversed(before))
            else:
                done.add(place)
                order.append(steps[place])
                path.pop()
    return order
