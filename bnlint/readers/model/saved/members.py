"""What a saved model holds: layers, ops and models, as the tree that its config is.

:func:`read_members` describes every layer of the tree in the graph once; a nested model that is
called several times shares them. The calls are made by `functional`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api import Role
from bnlint.readers.model import describe
from bnlint.readers.model.describe import Description
from bnlint.readers.model.errors import ModelError
from bnlint.readers.model.operations import function_of

MOST_LAYERS: Final = 20_000
_DEEPEST: Final = 24
_DEEPEST_ARGUMENT: Final = 6


class Member:
    """One entry of a model's config.

    Attributes:
        name: its name, unique among its siblings in a Functional model.
        description: what the file says of it.
        entry: the serialized object, with ``inbound_nodes`` and ``build_config``.
        model: ``"Functional"`` or ``"Sequential"`` for a model; ``None`` otherwise.
        function: the path of the function for an op; ``None`` otherwise.
        layer: of a layer, in the graph; ``None`` for an input, an op or a model.
        members: of a model: what it holds, in the order of the file.
        inner: a model that a wrapper or a layer of a user's own holds.
        held_as: the argument of the wrapper or layer that holds it; ``""`` for others.
        location: where it is in the file.
    """

    def __init__(
        self,
        name: str,
        description: Description,
        entry: Mapping[str, object],
        location: Location,
    ) -> None:
        self.name = name
        self.description = description
        self.entry = entry
        self.model: str | None = None
        self.function: str | None = None
        self.layer: Layer | None = None
        self.members: list[Member] = []
        self.inner: list[Member] = []
        self.held_as = ""
        self.location = location

    @property
    def is_input(self) -> bool:
        """Whether it is the ``InputLayer`` of a model."""
        return self.layer is None and self.model is None and self.function is None

    def walk(self) -> Iterator[Member]:
        """It and all that it holds, in the order of the file."""
        yield self
        for member in (*self.members, *self.inner):
            yield from member.walk()


def read_members(entry: object, graph: LayerGraph, filename: str) -> Member:
    """The tree of what a file holds; every layer of it is added to ``graph``.

    Args:
        entry: the root: ``{"class_name": …, "config": …}``.
        graph: gets the layers, in the order of the file.
        filename: as the user named it.

    Raises:
        ModelError: it is not the description of a model, or too large.
    """
    return _Members(graph, filename).root(entry)


class _Members:
    def __init__(self, graph: LayerGraph, filename: str) -> None:
        self._graph = graph
        self._filename = filename
        self._count = 0

    def root(self, entry: object) -> Member:
        description = describe.from_serialized(entry)
        if description is None or not isinstance(entry, Mapping):
            raise ModelError("holds no description of a model")
        name = description.name or ""
        member = Member(name, description, entry, Location.of_layer(self._filename, 0, name))
        member.model = describe.model_class(description)
        if member.model is None:
            self._find_inner(member, "", 0)
        else:
            self._fill(member, "", 1)
        return member

    def _fill(self, model: Member, path: str, depth: int) -> None:
        if depth > _DEEPEST:
            raise ModelError("its models are nested too deeply")
        entries = model.description.config.get("layers")
        if not isinstance(entries, list):
            raise ModelError("a model's config has no list of layers; the file may be damaged")
        names: set[str] = set()
        for entry in entries:
            member = self._member(entry, path, depth)
            if member.name in names and model.model == "Functional":
                raise ModelError(f"two layers of one model are called {member.name!r}")
            names.add(member.name)
            model.members.append(member)

    def _member(self, entry: object, outer: str, depth: int) -> Member:
        described = describe.from_serialized(entry)
        if described is None or not isinstance(entry, Mapping):
            raise ModelError("a layer's description is no object; the file may be damaged")
        self._count += 1
        if self._count > MOST_LAYERS:
            raise ModelError(f"more than {MOST_LAYERS:,} layers; this is not read")
        name = entry.get("name")
        if not isinstance(name, str):
            name = described.name or described.class_name
        path = f"{outer}/{name}" if outer else name
        location = Location.of_layer(self._filename, self._count, path)
        member = Member(name, described, entry, location)
        own = describe.is_kerass_own(described)
        if own and described.class_name == "InputLayer":
            return member
        member.function = function_of(described)
        if member.function is not None:
            return member
        member.model = describe.model_class(described)
        if member.model is not None:
            self._fill(member, path, depth + 1)
            return member
        member.layer = describe.new_layer(self._graph, described, location)
        spec = keras_api.layer_named(described.class_name) if own else None
        if spec is None or (spec.role is Role.WRAPPER and member.layer.wraps is None):
            self._find_inner(member, path, depth)
        return member

    def _find_inner(self, holder: Member, path: str, depth: int) -> None:
        """Find layers and models in constructor arguments; how they are used is unknown."""
        for name, value in holder.description.config.items():
            count = len(holder.inner)
            self._find_in(holder, value, path, depth, 0)
            if len(holder.inner) > count and describe.from_serialized(value) is not None:
                holder.inner[count].held_as = name

    def _find_in(self, holder: Member, value: object, path: str, depth: int, level: int) -> None:
        if level > _DEEPEST_ARGUMENT:
            return
        if isinstance(value, list):
            for item in value:
                self._find_in(holder, item, path, depth, level + 1)
        elif isinstance(value, Mapping):
            described = describe.from_serialized(value)
            if described is None:
                for item in value.values():
                    self._find_in(holder, item, path, depth, level + 1)
            elif describe.model_class(described) is not None or (
                describe.is_kerass_own(described)
                and keras_api.layer_named(described.class_name) is not None
            ):
                holder.inner.append(self._member(value, path, depth + 1))
