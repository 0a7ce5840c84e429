"""What an expression can be in the abstract run.

Python constants, tuples, lists, dicts and sets stand for themselves, as do :class:`graph.Layer`
and :class:`graph.Tensor`. The classes here are the rest. Values are compared by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bnlint.findings import Location
from bnlint.graph import Call, Layer, Tensor
from bnlint.readers.source.interpreter import bounds
from bnlint.readers.source.parsing import program

if TYPE_CHECKING:
    from bnlint.graph.events import Model
    from bnlint.readers.source.interpreter.frames import Frame
    from bnlint.readers.source.modules import Module

Value: TypeAlias = Any
"""A Python object that stands for itself, or one of the classes below. The interpreter is the one
place where anything can be anything, so this is not narrower."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A question the program asks about something unknown; a choice once it is answered.

    Attributes:
        key: equal for equal questions about the same unknown, in every world of a root.
        subject: what it is asked of, as a person would write it (``use_bn``, ``self.norm``), or the
            expression; put into words only for a finding.
        predicate: what is asked of it: ``"true"``, ``"'batch'"``, ``"None"``.
        otherwise: what it is where the answer is no; "not" the predicate where empty.
        default: the side that the first world takes.
        is_presumed: the default of a parameter answers it; others may pass something else.
    """

    key: Hashable
    subject: object
    predicate: str = "true"
    default: bool = True
    otherwise: str = ""
    is_presumed: bool = False

    @property
    def label(self) -> str:
        """The subject as a person would write it."""
        return self.subject if isinstance(self.subject, str) else program.text_of(self.subject)

    @property
    def is_unread(self) -> bool:
        """Whether it is asked of a name from a module that cannot be read."""
        subject = self.key[1] if isinstance(self.key, tuple) and len(self.key) > 1 else None
        return isinstance(subject, tuple) and subject[:1] == ("symbol",)

    @property
    def is_of_one_turn(self) -> bool:
        """Whether it is asked of what one turn of a loop is about; the next asks it of another."""
        return _is_of_one_turn(self.key)

    def text(self, answer: bool) -> str:
        """The condition in words: "`use_bn` is true"."""
        if self.predicate == "true":
            return f"`{self.label}` is {'true' if answer else 'false'}"
        if answer or self.otherwise:
            return f"`{self.label}` is {self.predicate if answer else self.otherwise}"
        return f"`{self.label}` is not {self.predicate}"


def _is_of_one_turn(key: Hashable) -> bool:
    if not isinstance(key, tuple):
        return False
    return key[:1] == ("turn",) or any(map(_is_of_one_turn, key))


class Unknown:
    """A value the reader does not know, but can recognise when it meets it again."""

    __slots__ = ("condition", "default", "from_parameter", "key", "label", "negated")

    def __init__(
        self,
        key: Hashable,
        label: str = "",
        *,
        from_parameter: bool = False,
        condition: Condition | None = None,
        negated: bool = False,
        default: bool = True,
    ) -> None:
        self.key = key
        self.label = label
        self.from_parameter = from_parameter
        # For a value known to be boolean: it is true exactly when `condition` is not `negated`.
        self.condition = condition
        self.negated = negated
        self.default = default

    def __repr__(self) -> str:
        return f"<unknown {self.label or self.key}>"


Presumed: TypeAlias = dict[str, tuple[Value, Unknown]]
"""By name, a default that others may not leave as it is, and what stands for what they pass."""


class KerasMember(Unknown):
    """What an object of the project's class of models has from Keras: its weights, ``fit``, …

    Attributes:
        owners: the objects; several where their weights were added.
        name: the attribute.
        place: where weights are read.
    """

    __slots__ = ("name", "owners", "place")

    def __init__(
        self,
        key: Hashable,
        label: str,
        owners: tuple[Composite | Instance, ...],
        name: str,
        place: Location | None = None,
    ) -> None:
        super().__init__(key, label)
        self.owners = owners
        self.name = name
        self.place = place


class Variable(Unknown):
    """A variable of a model, or what is computed from such.

    Attributes:
        parts: of each variable, the object that it belongs to, the attribute that it was taken
            from, and where that is read.
    """

    __slots__ = ("parts",)

    def __init__(
        self, key: Hashable, parts: tuple[tuple[Composite | Instance, str, Location | None], ...]
    ) -> None:
        super().__init__(key)
        self.parts = parts


class SomeLayer(Unknown):
    """One of the layers of a model; it is not known which.

    Attributes:
        owner: the model.
        calls: the calls of the layers that it may be.
    """

    __slots__ = ("calls", "owner")

    def __init__(
        self, key: Hashable, label: str, owner: Composite | Instance, calls: Sequence[Call] = ()
    ) -> None:
        super().__init__(key, label)
        self.owner = owner
        self.calls = calls


class OpenList(list[Value]):
    """A list that may hold more than what is known of it."""


class OpenDict(dict[Value, Value]):
    """A dict that may hold more than what is known of it."""


class PresumedTuple(tuple[Value, ...]):
    """A tuple that is the default of a parameter; others may pass another."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Symbol:
    """Something imported from outside the project, by its dotted path.

    Attributes:
        path: ``"keras.layers.Dense"``.
        imported: the statement that imports it by a module that Keras has removed since.
        written: what the program calls it, ``"layers.Dense"``; empty where it is not imported.
        is_module: ``import`` gave it, so that it is no value that could be false.
        members: its attributes that were asked for.
    """

    path: str
    imported: Location | None = None
    written: str = ""
    is_module: bool = False
    members: dict[str, Symbol] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def member(self, name: str) -> Symbol:
        """What ``symbol.name`` is; the same object each time, as it comes up all the time."""
        found = self.members.get(name)
        if found is None:
            written = f"{self.written}.{name}" if self.written else ""
            found = self.members[name] = Symbol(f"{self.path}.{name}", self.imported, written)
        return found


@dataclass(slots=True, eq=False)
class ModuleValue:
    """A module of the linted project."""

    module: Module


@dataclass(slots=True, eq=False)
class Function:
    """A function or lambda of the project, with what it closes over."""

    node: program.FunctionDef | program.Lambda
    module: Module
    closure: Frame | None
    defaults: dict[str, Value]
    name: str
    owner: Class | None = None
    kind: str = "function"  # "staticmethod", "classmethod", "property"
    calls: int = 0


@dataclass(slots=True, eq=False)
class Bound:
    """A function with its first argument."""

    function: Function
    receiver: Value


@dataclass(slots=True, eq=False)
class Partial:
    function: Value
    args: list[Value]
    keywords: dict[str, Value]


@dataclass(slots=True, eq=False)
class Method:
    """A method of something that is not an instance of a project class: ``model.add``.

    Attributes:
        receiver: whose it is.
        name: the attribute.
        place: where weights are read.
    """

    receiver: Value
    name: str
    place: Location | None = None


@dataclass(slots=True, eq=False)
class Builtin:
    name: str
    run: Callable[..., Value] | None = None


@dataclass(slots=True, eq=False)
class Class:
    """A class of the project."""

    node: program.ClassDef
    module: Module
    bases: tuple[Value, ...]
    attributes: dict[str, Value]
    name: str
    order: list[Value] | None = None  # how attributes are looked up, once that was asked


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the project.

    Attributes:
        layer: what the object is to Keras where its class derives from a concrete Keras layer.
        composite: the functional model that its constructor handed to ``super().__init__``.
        open: attributes of unknown names were set.
        unnamed: what they were set to.
        run: the names of the methods that ran on it.
        read: all of them did, so that its layers need not escape with it.
        model: what it is in the events of the graph, once something happened to it.
        presumed: the attributes that were set to a default which others may not leave as it is.
        site: the call that makes it, and where that runs.
    """

    cls: Class
    attributes: dict[str, Value] = field(default_factory=dict)
    layer: Layer | None = None
    composite: Composite | None = None
    open: bool = False
    unnamed: list[Value] = field(default_factory=list)
    built: bool = False
    run: set[str] = field(default_factory=set)
    read: bool = False
    model: Model | None = None
    presumed: Presumed = field(default_factory=dict)
    defaulted: set[str] = field(default_factory=set)
    site: tuple[program.Call, Frame] | None = None


@dataclass(slots=True, eq=False)
class Super:
    instance: Value
    after: Class


@dataclass(slots=True, eq=False)
class Composite:
    """A functional or Sequential model: calls from its inputs to its outputs.

    Calling it applies its layers again, from its calls as the template. ``exposed`` says that it
    is used as a model of its own too (compiled, fitted, returned), so that its outputs leave.
    ``partial`` says that its outputs come out of something that is not understood: it may hold any
    layer that was applied.
    ``model`` is what it is in the events of the graph, once something happened to it; ``instance``
    is the object of a project class that the model is.
    """

    kind: str
    inputs: list[Tensor] = field(default_factory=list)
    outputs: list[Tensor] = field(default_factory=list)
    members: list[Value] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    name: str | None = None
    nested: bool = False
    exposed: bool = False
    compiled: bool = False
    open: bool = False
    partial: bool = False
    output_value: Value = None
    model: Model | None = None
    instance: Instance | None = None


@dataclass(slots=True)
class Arguments:
    """The evaluated arguments of a call.

    Attributes:
        open: more arguments than these may be given (``**config`` that is not known).
        more_keywords: only a ``**kwargs`` of the callee may hold more: a root's caller is unknown.
        presumed: those that are defaults which others may not leave as they are, by position or
            keyword, each with what stands for whatever else is passed.
        defaulted: those that are what they are since a parameter of the caller has its default.
    """

    positional: list[Value]
    keywords: dict[str, Value]
    open: bool = False
    more_keywords: bool = False
    presumed: Mapping[int | str, tuple[Value, Unknown]] = field(default_factory=dict)
    defaulted: frozenset[int | str] = frozenset()

    def get(self, index: int, name: str, default: Value = None) -> Value:
        """The argument called ``name``, or the one at ``index``."""
        if name in self.keywords:
            return self.keywords[name]
        if index < len(self.positional):
            return self.positional[index]
        return default

    def behind(self, first: Value) -> Arguments:
        """The same with another positional argument before them."""
        presumed = {
            key + 1 if isinstance(key, int) else key: value for key, value in self.presumed.items()
        }
        defaulted = frozenset(key + 1 if isinstance(key, int) else key for key in self.defaulted)
        positional = [first, *self.positional]
        return replace(self, positional=positional, presumed=presumed, defaulted=defaulted)

    def values(self) -> list[Value]:
        return [*self.positional, *self.keywords.values()]


_ATOMS: Final = (bool, int, float, str, bytes, complex, type(None), type(Ellipsis))
_KEYS: Final = (bool, int, float, str, bytes, Symbol, Function, Class, Layer, Tensor, Builtin)
UNKNOWN_KEY: Final = object()


def is_constant(value: Value) -> bool:
    """Whether ``value`` is a Python constant, or a tuple or list of constants that is not huge."""
    if isinstance(value, (tuple, list)):
        return _is_made_of(_ATOMS, value, (tuple, list))
    return isinstance(value, _ATOMS)


def is_key(value: Value) -> bool:
    """Whether ``value`` can be a key of a dict that is known."""
    if isinstance(value, tuple):
        return _is_made_of((*_KEYS, type(None)), value, (tuple,))
    return value is None or isinstance(value, _KEYS)


def _is_made_of(
    atoms: tuple[type, ...],
    value: Value,
    containers: tuple[type[tuple[Value, ...] | list[Value]], ...],
) -> bool:
    """Whether nothing but ``atoms`` is in nested containers that are not huge."""
    level: list[Value] = [value]
    parts = 0
    for _ in range(bounds.MOST_NESTED):
        below: list[Value] = []
        for container in level:
            parts += len(container)
            if isinstance(container, OpenList) or parts > bounds.MOST_ITEMS:
                return False
            for item in container:
                if isinstance(item, containers):
                    below.append(item)
                elif not isinstance(item, atoms):
                    return False
        if not below:
            return True
        level = below
    return False


def unknown_key(container: Mapping[Value, Value]) -> Hashable:
    """A key of which nothing is known but that it is in a dict, as one more."""
    return (UNKNOWN_KEY, len(container))


def has_unknown_keys(container: Mapping[Value, Value]) -> bool:
    return any(isinstance(key, tuple) and key[:1] == (UNKNOWN_KEY,) for key in container)
