"""What an expression can be in the abstract run.

Python constants, tuples, lists, dicts and sets stand for themselves, as do :class:`graph.Layer`
and :class:`graph.Tensor`. The classes here are the rest. Values are compared by identity.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bnlint import keras_api
from bnlint.findings import Location
from bnlint.graph import Call, Layer, Tensor
from bnlint.readers.source.interpreter import bounds
from bnlint.readers.source.parsing import program

if TYPE_CHECKING:
    from bnlint.graph.events import Model
    from bnlint.readers.source.interpreter.frames import Frame
    from bnlint.readers.source.modules import Module

Value: TypeAlias = Any
"""A Python object that stands for itself, or one of the classes below. The type is this wide
because in the interpreter any value can occur anywhere."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A question the program asks about something unknown; a choice once it is answered.

    Attributes:
        key: equal for equal questions about the same unknown, in every world of a root.
        subject: the unknown, as a person would write it (``use_bn``, ``self.norm``), or its
            expression; put into words only for a finding.
        predicate: what the question tests for: ``"true"``, ``"'batch'"``, ``"None"``.
        otherwise: the predicate where the answer is no; if empty, "not" and ``predicate``.
        default: the side that the first world takes.
        is_presumed: the default of a parameter answers it; callers may pass something else.
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
        """Whether the subject is a name from a module that cannot be read."""
        subject = self.key[1] if isinstance(self.key, tuple) and len(self.key) > 1 else None
        return isinstance(subject, tuple) and subject[:1] == ("symbol",)

    @property
    def is_of_one_turn(self) -> bool:
        """Whether the subject belongs to one turn of a loop; the next turn has another subject."""
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

    __slots__ = (
        *("condition", "default", "from_parameter", "key", "label", "negated"),
        "replaces_default",
    )

    def __init__(
        self,
        key: Hashable,
        label: str = "",
        *,
        from_parameter: bool = False,
        condition: Condition | None = None,
        negated: bool = False,
        default: bool = True,
        replaces_default: bool = False,
    ) -> None:
        self.key = key
        self.label = label
        self.from_parameter = from_parameter
        # For a value known to be boolean: it is true exactly when `condition` is not `negated`.
        self.condition = condition
        self.negated = negated
        self.default = default
        # What a caller passes in place of the default of a parameter.
        self.replaces_default = replaces_default

    def __repr__(self) -> str:
        return f"<unknown {self.label or self.key}>"


Presumed: TypeAlias = dict[str, tuple[Value, Unknown]]
"""By name: a default that callers may replace, and the unknown that stands for their value."""


class KerasMember(Unknown):
    """What an object of a project class of models has from Keras: its weights, ``fit``, …

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
    """A variable of a model, or a value computed from such variables.

    Attributes:
        parts: for each variable: the object that it belongs to, the attribute that it was taken
            from, and where that attribute is read.
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
    """A list that may hold more than its known items."""


class OpenDict(dict[Value, Value]):
    """A dict that may hold more than its known items."""


class PresumedFormat(str):
    """A data format that is the default of a parameter.

    Attributes:
        passed: what it is where a caller passes another.
    """

    __slots__ = ("passed",)
    passed: Unknown


class PresumedTuple(tuple[Value, ...]):
    """A tuple that is the default of a parameter; callers may pass another."""

    __slots__ = ()


@dataclass(slots=True, eq=False)
class Symbol:
    """Something imported from outside the project, by its dotted path.

    Attributes:
        path: ``"keras.layers.Dense"``.
        imported: the import statement, where it names a module that Keras has since removed.
        written: its name in the program, ``"layers.Dense"``; empty where it is not imported.
        is_module: ``import`` gave it, so it is not a value that could be false.
        members: its attributes that were looked up.
    """

    path: str
    imported: Location | None = None
    written: str = ""
    is_module: bool = False
    members: dict[str, Symbol] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]

    def named(self, name: str) -> Symbol:
        """The same by the name that the program gives to it; Keras's own keep theirs."""
        if keras_api.is_keras_path(self.path):
            return self
        return Symbol(self.path, self.imported, name, self.is_module)

    def member(self, name: str) -> Symbol:
        """The value of ``symbol.name``; the same object each time, because it is needed often."""
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
        receiver: the object that has the method.
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
    order: list[Value] | None = None  # the order of attribute lookup, once it was needed


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the project.

    Attributes:
        layer: the Keras layer that the object is, where its class derives from a concrete one.
        composite: the functional model that its constructor passed to ``super().__init__``.
        open: attributes of unknown names were set.
        unnamed: the values of these attributes.
        run: the names of the methods that ran on it.
        read: all its methods ran, so its layers need not escape with it.
        model: its model in the events of the graph, once it has an event.
        presumed: the attributes that were set to a default which callers may replace.
        site: the call that makes it, and where that call runs.
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

    Calling it applies its layers again, with its calls as the template. ``exposed`` says that it
    is also used as a model of its own (compiled, fitted, returned), so that its outputs leave.
    ``partial`` says that its outputs come from something that is not understood: it may hold any
    layer that was applied.
    ``model`` is its model in the events of the graph, once it has an event; ``instance``
    is the object, of a project class, that the model is.
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
        open: more arguments may be passed than these (``**config`` that is not known).
        more_keywords: only a ``**kwargs`` of the callee may hold more: a root's caller is unknown.
        presumed: the arguments that are defaults which callers may replace, by position or
            keyword, each with the unknown that stands for another value.
        defaulted: the arguments whose value depends on a default of a parameter of the caller.
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
        """The same arguments with another positional argument before them."""
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
    """Whether ``value`` can be a known key of a dict."""
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
    """A new key for a dict; nothing else is known about it."""
    return (UNKNOWN_KEY, len(container))


def has_unknown_keys(container: Mapping[Value, Value]) -> bool:
    return any(isinstance(key, tuple) and key[:1] == (UNKNOWN_KEY,) for key in container)
