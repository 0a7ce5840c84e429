"""Python's own functions, the methods of its containers, and a few of the standard library's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from bnlint.graph import Layer, Tensor
from bnlint.keras_api import Kind
from bnlint.readers.source.interpreter import arrays, attributes, bounds, calls, imports
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.keras_calls import (
    model_events,
    model_weights,
    models,
    semantics,
)
from bnlint.readers.source.interpreter.values import (
    Arguments,
    Bound,
    Builtin,
    Class,
    Composite,
    Function,
    Instance,
    Method,
    OpenDict,
    OpenList,
    Partial,
    Super,
    Symbol,
    Unknown,
    Value,
    Variable,
    has_unknown_keys,
    is_constant,
    unknown_key,
)
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_Run: TypeAlias = "Callable[[Interpreter, Arguments, ir.Call | None, Frame], Value]"

_IGNORED: Final = frozenset(
    {"print", "len", "id", "hash", "repr", "callable", "type", "input", "open"}
)
_CONSTANT_FUNCTIONS: Final[dict[str, Callable[..., Value]]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "abs": abs,
    "round": round,
    "max": max,
    "min": min,
    "sum": sum,
    "divmod": divmod,
    "sorted": sorted,
    "math.ceil": math.ceil,
    "math.floor": math.floor,
    "math.log2": math.log2,
    "math.log": math.log,
    "math.sqrt": math.sqrt,
    "math.prod": math.prod,
    "numpy.log2": math.log2,
    "numpy.sqrt": math.sqrt,
    "numpy.ceil": math.ceil,
    "numpy.floor": math.floor,
    "numpy.prod": math.prod,
    "os.path.join": lambda *parts: "/".join(parts),
}
_STRING_METHODS: Final = frozenset(
    {
        "format",
        "join",
        "lower",
        "upper",
        "strip",
        "split",
        "startswith",
        "endswith",
        "replace",
        "capitalize",
        "title",
        "rsplit",
        "lstrip",
        "rstrip",
        "isdigit",
        "find",
        "count",
        "zfill",
    }
)


def call_builtin(
    interpreter: Interpreter,
    builtin: Builtin,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """Call one of Python's built-in functions."""
    run = _FUNCTIONS.get(builtin.name)
    if run is not None:
        return run(interpreter, arguments, node, frame)
    if builtin.name in _CONSTANT_FUNCTIONS:
        return _constant_function(interpreter, builtin.name, arguments, node)
    for value in arguments.values():
        if builtin.name in _IGNORED:
            if isinstance(value, (Tensor, Layer)):
                value.observed = True
        else:
            interpreter.escape(value)
    return interpreter.fresh(node)


def _constant_function(
    interpreter: Interpreter, name: str, arguments: Arguments, node: ir.Call | None
) -> Value:
    values = [
        interpreter.decisions.value_of(v) if isinstance(v, Unknown) else v
        for v in arguments.positional
    ]
    if name == "bool" and len(values) == 1 and isinstance(values[0], (Unknown, Symbol)):
        return interpreter.truth(values[0])
    if arguments.open or arguments.keywords or not all(is_constant(v) for v in values):
        return interpreter.opaque(arguments, node)
    if bounds.characters(values) > bounds.MOST_CHARACTERS:
        return interpreter.fresh(node)
    try:
        result = _CONSTANT_FUNCTIONS[name](*values)
    except (ArithmeticError, TypeError, ValueError, AttributeError):
        return interpreter.fresh(node)
    return result if bounds.is_printable(result) else interpreter.fresh(node)


def _len(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    value = arguments.get(0, "obj")
    if isinstance(value, (str, list, tuple, dict, range)) and not isinstance(
        value, (OpenList, OpenDict)
    ):
        return interpreter.fresh(node) if bounds.is_full(value) else len(value)
    if isinstance(value, Unknown):
        return interpreter.derived(value, "len", f"len({value.label})")
    if isinstance(value, Tensor):
        value.observed = True
    return interpreter.fresh(node)


def _range(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    values = [
        interpreter.decisions.value_of(v) if isinstance(v, Unknown) else v
        for v in arguments.positional
    ]
    if values and all(isinstance(v, int) for v in values):
        try:
            return range(*values)
        except (TypeError, ValueError):
            return interpreter.fresh(node)
    # Of an unknown count the first two turns are run, with the numbers they would have.
    start = values[0] if len(values) > 1 and isinstance(values[0], int) else 0
    return OpenList([start, start + 1])


def _zip(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    columns = []
    closed = not arguments.open
    for value in arguments.positional:
        items, known = interpreter.iterate(value, node)
        closed = closed and known
        columns.append(items)
    rows: list[Value] = list(zip(*columns, strict=False))
    return rows if closed else OpenList(rows)


def _enumerate(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    items, closed = interpreter.iterate(arguments.get(0, "iterable"), node)
    start = arguments.get(1, "start", 0)
    first = start if isinstance(start, int) else 0
    rows: list[Value] = list(enumerate(items, first))
    return rows if closed else OpenList(rows)


def _list(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    if not arguments.positional:
        return []
    items, closed = interpreter.iterate(arguments.positional[0], node)
    return list(items) if closed else OpenList(items)


def _tuple(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    items = _list(interpreter, arguments, node, frame)
    return items if isinstance(items, OpenList) else tuple(items)


def _reversed(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    items = _list(interpreter, arguments, node, frame)
    return type(items)(reversed(items))


def _dict(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    result: dict[Value, Value] = {}
    closed = not arguments.open
    for value in arguments.positional:
        if isinstance(value, dict):
            result.update(value)
            closed = closed and not isinstance(value, OpenDict)
            continue
        items, known = interpreter.iterate(value, node)
        closed = closed and known
        for item in items:
            if (
                isinstance(item, (tuple, list))
                and len(item) == 2
                and isinstance(item[0], (str, int))
            ):
                result[item[0]] = item[1]
            elif isinstance(item, (tuple, list)) and len(item) == 2:
                result[unknown_key(result)] = item[1]
            else:
                interpreter.escape(item)
                closed = False
    result.update(arguments.keywords)
    return result if closed else OpenDict(result)


def _map(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    function = arguments.get(0, "function")
    if len(arguments.positional) < 2:
        return interpreter.fresh(node)
    rows = _zip(interpreter, Arguments(arguments.positional[1:], {}), node, frame)
    results = [calls.call(interpreter, function, calls.only(*row), node, frame) for row in rows]
    return OpenList(results) if isinstance(rows, OpenList) else results


def _filter(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    function = arguments.get(0, "function")
    items, closed = interpreter.iterate(arguments.get(1, "iterable"), node)
    kept: list[Value] = []
    for item in items:
        result = (
            item
            if function is None
            else calls.call(interpreter, function, calls.only(item), node, frame)
        )
        verdict = interpreter.truth(result)
        if verdict is not False:
            kept.append(item)
        closed = closed and not isinstance(verdict, Unknown)
    return kept if closed else OpenList(kept)


def _reduce(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    function = arguments.get(0, "function")
    items, _ = interpreter.iterate(arguments.get(1, "iterable"), node)
    if len(arguments.positional) > 2:
        items = [arguments.positional[2], *items]
    if not items:
        return interpreter.fresh(node)
    value = items[0]
    for item in items[1:]:
        value = calls.call(interpreter, function, calls.only(value, item), node, frame)
    return value


def _partial(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del node, frame, interpreter
    if not arguments.positional:
        return Partial(None, [], {})
    return Partial(arguments.positional[0], arguments.positional[1:], dict(arguments.keywords))


def _isinstance(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    value = arguments.get(0, "obj")
    kinds = arguments.get(1, "class_or_tuple")
    wanted = list(kinds) if isinstance(kinds, (tuple, list)) else [kinds]
    if isinstance(value, Unknown):
        value = interpreter.decisions.value_of(value)
    if isinstance(value, Unknown):
        names = ", ".join(_class_name(kind) for kind in wanted)
        return interpreter.question_about(value, ("isinstance", names), f"a {names}")
    verdicts = [_is_a(interpreter, value, kind) for kind in wanted]
    if any(verdict is True for verdict in verdicts):
        return True
    if all(verdict is False for verdict in verdicts):
        return False
    return interpreter.fresh(node)


def _class_name(kind: Value) -> str:
    return kind.name if isinstance(kind, (Builtin, Symbol, Class)) else "?"


_PYTHON_TYPES: Final[dict[str, type | tuple[type, ...]]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "list": list,
    "tuple": tuple,
    "dict": dict,
    "bytes": bytes,
    "set": set,
}


def _is_a(interpreter: Interpreter, value: Value, kind: Value) -> bool | None:
    if isinstance(kind, Builtin) and kind.name in _PYTHON_TYPES:
        if is_constant(value) or isinstance(value, (list, tuple, dict)):
            return isinstance(value, _PYTHON_TYPES[kind.name])
        return False
    if isinstance(value, Instance):
        if isinstance(kind, Class):
            return kind in calls.resolution_order(value.cls)
        return True if calls.has_foreign_base(value.cls) and kind in value.cls.bases else None
    if isinstance(value, Layer) and isinstance(kind, Symbol):
        resolved = semantics.resolve(kind.path)
        if resolved is not None and resolved.spec is not None:
            value.observed = True
            return getattr(resolved.spec, "kind", None) == value.kind
        return None
    if isinstance(value, Symbol) and value.name == "InputLayer" and isinstance(kind, Symbol):
        return kind.name == "InputLayer" or (None if kind.name == "Layer" else False)
    if isinstance(value, Composite) and isinstance(kind, Symbol) and value.instance is None:
        resolved = semantics.resolve(kind.path)
        if resolved is None or resolved.kind not in (Kind.MODEL, Kind.LAYER):
            return None
        return resolved.kind is Kind.MODEL and resolved.name in ("Model", value.kind)
    if is_constant(value) or isinstance(value, (list, dict)):
        return False if isinstance(kind, (Class, Symbol)) else None
    if isinstance(value, Tensor):
        value.observed = True
        return False if isinstance(kind, Class) else None
    del interpreter
    return None


def _getattr(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    receiver = arguments.get(0, "object")
    name = arguments.get(1, "name")
    if len(arguments.positional) > 2 and isinstance(name, str) and _lacks(receiver, name):
        return arguments.positional[2]
    return calls.attribute_of(interpreter, receiver, name, node)


def _lacks(receiver: Value, name: str) -> bool:
    """Whether an object is known not to have an attribute."""
    if isinstance(receiver, Instance):
        known = (
            name in receiver.attributes or calls.find_in_class(receiver.cls, name)[1] is not None
        )
        return not (known or receiver.open or calls.has_foreign_base(receiver.cls))
    return _is_python(receiver) and not hasattr(receiver, name)


def _setattr(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del node, frame
    if len(arguments.positional) == 3:
        set_by_name(interpreter, *arguments.positional)
    return None


def set_by_name(interpreter: Interpreter, target: Value, name: Value, value: Value) -> None:
    """``setattr(target, name, value)``."""
    if isinstance(name, str):
        attributes.set_attribute(interpreter, target, name, value)
        return
    if isinstance(target, Instance):
        target.open = True
        target.unnamed.append(value)
    else:
        interpreter.escape(value)


def _hasattr(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    receiver = arguments.get(0, "obj")
    name = arguments.get(1, "name")
    if isinstance(receiver, Instance) and isinstance(name, str):
        if name in receiver.attributes or calls.find_in_class(receiver.cls, name)[1] is not None:
            return True
        if not calls.has_foreign_base(receiver.cls) and not receiver.open:
            return False
    if isinstance(receiver, Unknown):
        receiver = interpreter.decisions.value_of(receiver)
    if not isinstance(name, str):
        return interpreter.fresh(node)
    if name == "layers" and isinstance(receiver, (Composite, Layer)):
        return isinstance(receiver, Composite)
    if isinstance(receiver, Unknown):
        return interpreter.question_about(receiver, ("hasattr", name), f"an object with {name}")
    if _is_python(receiver):
        return hasattr(receiver, name)
    # A later question about the same object is the same question.
    return Unknown(("hasattr", receiver, name), f"hasattr(…, {name!r})")


def _is_python(value: Value) -> bool:
    """Whether a value is what it stands for, so that it has the attributes that it has."""
    return is_constant(value) or isinstance(value, (list, dict, range))


def _type(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    value = arguments.get(0, "object")
    if isinstance(value, Instance):
        return value.cls
    if is_constant(value) and value is not None:
        return BUILTINS.get(type(value).__name__, interpreter.fresh(node))
    return interpreter.fresh(node)


def _any_all(stop: bool) -> _Run:
    def run(
        interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
    ) -> Value:
        del frame
        items, closed = interpreter.iterate(arguments.get(0, "iterable"), node)
        verdicts = [interpreter.truth(item) for item in items]
        if any(verdict is stop for verdict in verdicts):
            return stop
        if closed and all(verdict is (not stop) for verdict in verdicts):
            return not stop
        return interpreter.fresh(node)

    return run


def _next(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    value = arguments.get(0, "iterator")
    if isinstance(value, list) and value and not isinstance(value, OpenList):
        return value.pop(0)
    interpreter.escape(value)
    return interpreter.fresh(node)


def _iter(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    return _list(interpreter, arguments, node, frame)


def _sum(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    items, _ = interpreter.iterate(arguments.get(0, "iterable"), node)
    tensors = [item for item in items if isinstance(item, Tensor)]
    if tensors:
        symbol = Symbol("keras.layers.add")
        return semantics.call_symbol(interpreter, symbol, calls.only(tensors), node, frame)
    return _constant_function(interpreter, "sum", arguments, node)


def _sorted(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    first = arguments.get(0, "iterable")
    if isinstance(first, dict) and not all(map(is_constant, first)):
        return interpreter.fresh(node)  # its keys
    if isinstance(first, dict):
        arguments = Arguments([list(first), *arguments.positional[1:]], arguments.keywords)
    return _constant_function(interpreter, "sorted", arguments, node)


def _asked(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """``inspect.signature(layer.call)``: a question that does not use its subject."""
    del frame
    for value in arguments.values():
        interpreter.look_at(value.receiver if isinstance(value, Method) else value)
    return interpreter.fresh(node)


def _chain(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    joined: list[Value] = []
    closed = not arguments.open
    for value in arguments.positional:
        items, known = interpreter.iterate(value, node)
        left_out = bounds.grow(joined, items)
        interpreter.escape(left_out)
        closed = closed and known and not left_out
    return joined if closed else OpenList(joined)


def _deque(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """A queue: a list of which it is not known what fell out of it."""
    return OpenList(_list(interpreter, arguments, node, frame))


def _sample(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """``random.sample(memory, 32)``: some of the items, each as good as another."""
    del frame
    population = arguments.get(0, "population")
    if not isinstance(population, list) or not population:
        return interpreter.opaque(arguments, node)
    return OpenList(population)


def _namedtuple(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """``collections.namedtuple``: a class whose objects have the fields as attributes."""
    name, fields = arguments.get(0, "typename"), arguments.get(1, "field_names")
    if isinstance(fields, str):
        fields = fields.replace(",", " ").split()
    if not isinstance(name, str) or not isinstance(fields, (list, tuple)):
        return interpreter.fresh(node)
    names = [field for field in fields if isinstance(field, str)]
    definition = ir.ClassDef(interpreter.line, name, (), (), (ir.Name("dataclass"),))
    return Class(definition, frame.module, (), dict.fromkeys(names), name)


def _copy(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del frame
    value = arguments.get(0, "x")
    if isinstance(value, (list, dict)):
        return type(value)(value)
    if is_constant(value) or isinstance(value, (Function, Symbol, Class)):
        return value
    interpreter.escape(value)
    return interpreter.fresh(node)


def _identity(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del interpreter, node, frame
    return arguments.positional[0] if arguments.positional else None


def _cast(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del node, frame, interpreter
    return arguments.get(1, "val")


def _locals(
    interpreter: Interpreter, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    del arguments
    interpreter.escape(list(frame.names.values()))
    return interpreter.fresh(node)


_FUNCTIONS: Final[dict[str, _Run]] = {
    "len": _len,
    "range": _range,
    "xrange": _range,
    "zip": _zip,
    "enumerate": _enumerate,
    "list": _list,
    "set": _list,
    "frozenset": _list,
    "tuple": _tuple,
    "reversed": _reversed,
    "dict": _dict,
    "map": _map,
    "filter": _filter,
    "isinstance": _isinstance,
    "getattr": _getattr,
    "setattr": _setattr,
    "hasattr": _hasattr,
    "type": _type,
    "any": _any_all(True),
    "all": _any_all(False),
    "next": _next,
    "iter": _iter,
    "sum": _sum,
    "sorted": _sorted,
    "locals": _locals,
    "vars": _locals,
    "reduce": _reduce,
}

# Functions of other libraries that the wiring of a model goes through.
_EXTERNAL: Final[dict[str, _Run]] = {
    "functools.partial": _partial,
    "functools.reduce": _reduce,
    "six.moves.range": _range,
    "six.moves.zip": _zip,
    "six.moves.xrange": _range,
    "itertools.chain": _chain,
    "copy.copy": _copy,
    "copy.deepcopy": _copy,
    "collections.OrderedDict": _dict,
    "collections.deque": _deque,
    "random.sample": _sample,
    "collections.namedtuple": _namedtuple,
    "typing.cast": _cast,
    "tensorflow.function": _identity,
    "functools.wraps": _identity,
    **dict.fromkeys(
        (
            *(f"inspect.{name}" for name in ("signature", "getfullargspec", "getargspec")),
            *(f"inspect.{name}" for name in ("isclass", "isfunction", "ismethod", "getdoc")),
            "keras.utils.generic_utils.has_arg",
            "keras.src.utils.generic_utils.has_arg",
            "tensorflow.python.keras.utils.generic_utils.has_arg",
        ),
        _asked,
    ),
}

_NAMES: Final = (
    *_FUNCTIONS,
    *(n for n in _CONSTANT_FUNCTIONS if "." not in n),
    *_IGNORED,
    "super",
    "object",
    "property",
    "staticmethod",
    "classmethod",
    "slice",
    "iter",
    "bytes",
    "ord",
    "chr",
    "globals",
    "delattr",
    "dir",
    "eval",
    "exec",
    "complex",
    "bytearray",
    "NotImplementedError",
    "ValueError",
    "TypeError",
    "Exception",
    "KeyError",
    "RuntimeError",
    "ImportError",
    "AttributeError",
    "NotImplemented",
    "pow",
    "format",
)
BUILTINS: Final = {name: Builtin(name) for name in _NAMES}


def call_external(
    interpreter: Interpreter, path: str, arguments: Arguments, node: ir.Call | None, frame: Frame
) -> Value:
    """A function of another library that is understood, or MISSING."""
    run = _EXTERNAL.get(path)
    if run is not None:
        return run(interpreter, arguments, node, frame)
    if path in _CONSTANT_FUNCTIONS:
        return _constant_function(interpreter, path, arguments, node)
    return imports.MISSING


def call_method(
    interpreter: Interpreter,
    method: Method,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """A method of a value that is not an object of a project class."""
    receiver, name = method.receiver, method.name
    if isinstance(receiver, arrays.Array):
        known = arrays.method(receiver, name, arguments, node)
        return interpreter.opaque(arguments, node) if known is None else known
    if receiver.__class__ is Variable:
        return _variable_method(interpreter, receiver, name, arguments, node, frame)
    if isinstance(receiver, Composite):
        return models.call_model_method(interpreter, receiver, name, arguments, node, frame)
    if isinstance(receiver, Super):
        return semantics.call_super(interpreter, receiver.instance, name, arguments, node, frame)
    if isinstance(receiver, Instance):
        return _object_method(interpreter, receiver, name, arguments, node, frame)
    if isinstance(receiver, Layer):
        if name in ("__call__", "call"):
            return semantics.apply_layer(interpreter, receiver, arguments, node, frame)
        if receiver.kind == model_events.TAPE and name == "gradient":
            model_events.differentiated(interpreter, receiver, arguments, node, frame)
        elif name == "search" and receiver in interpreter.tuners:
            model_events.searched(interpreter, receiver, node, frame)
        elif name in model_events.LOADING:
            model_weights.loaded(interpreter, receiver, node, frame)
        elif name in model_events.UPDATES:
            model_events.stepped(interpreter, name, arguments, node, frame)
        receiver.observed = True
    elif isinstance(receiver, Tensor):
        if name not in ("get_shape", "set_shape"):
            receiver.leaves = True
        receiver.observed = True
    elif isinstance(receiver, list):
        return _list_method(interpreter, receiver, name, arguments, node)
    elif isinstance(receiver, dict):
        return _dict_method(interpreter, receiver, name, arguments, node)
    elif isinstance(receiver, str):
        return _string_method(interpreter, receiver, name, arguments, node)
    elif isinstance(receiver, Class) and name == "__init__" and arguments.positional:
        first, *rest = arguments.positional
        if isinstance(first, Instance):
            base = Arguments(rest, arguments.keywords, arguments.open)
            semantics.initialise(interpreter, first, base, node, frame)
            return None
    elif isinstance(receiver, (Function, Bound, Partial)) and name == "__call__":
        return calls.call(interpreter, receiver, arguments, node, frame)
    elif isinstance(receiver, Method) and isinstance(receiver.receiver, Layer):
        if receiver.name in model_weights.STATISTICS and name in model_weights.ASSIGNING:
            model_weights.loaded(interpreter, receiver.receiver, node, frame)
    elif isinstance(receiver, Method) and name in model_events.UPDATES:
        # `self.optimizer` of a Functional model
        model_events.stepped(interpreter, name, arguments, node, frame)
    elif isinstance(receiver, Builtin):
        return _unbound_method(interpreter, receiver, name, arguments, node, frame)
    return interpreter.opaque(arguments, node)


def _variable_method(
    interpreter: Interpreter,
    receiver: Variable,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """``variable.assign(…)``, ``variable.numpy()``."""
    if name in model_weights.ASSIGNING:
        model_weights.assigned(interpreter, receiver, arguments, node, frame)
    return model_weights.computed_from([receiver, *arguments.positional], node)


def _unbound_method(
    interpreter: Interpreter,
    receiver: Builtin,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """``dict.fromkeys(…)``, ``list.append(x, y)``, ``object.__init__(self)``."""
    if name == "__setattr__" and len(arguments.positional) == 3:
        set_by_name(interpreter, *arguments.positional)
        return None
    if receiver.name in ("list", "dict", "str") and arguments.positional:
        first, *rest = arguments.positional
        if isinstance(first, (list, dict, str)) and name != "fromkeys":
            return call_method(
                interpreter, Method(first, name), Arguments(rest, arguments.keywords), node, frame
            )
    return interpreter.opaque(arguments, node)


def _object_method(
    interpreter: Interpreter,
    receiver: Instance,
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
    frame: Frame,
) -> Value:
    """A method that a project class inherits from Keras."""
    if name == "__call__":
        return calls.call_instance(interpreter, receiver, arguments, node, frame)
    if name == "__setattr__" and len(arguments.positional) == 2:
        set_by_name(interpreter, receiver, *arguments.positional)
        return None
    if receiver.composite is not None:
        return models.call_model_method(
            interpreter, receiver.composite, name, arguments, node, frame
        )
    if name in ("call", "build"):
        return semantics.call_super(interpreter, receiver, name, arguments, node, frame)
    return interpreter.opaque(arguments, node)


def _list_method(
    interpreter: Interpreter,
    receiver: list[Value],
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
) -> Value:
    first = arguments.get(0, "object")
    if name in ("append", "add"):
        receiver.append(first)
        return None
    if name in ("extend", "update"):
        items, known = interpreter.iterate(first, node)
        left_out = bounds.grow(receiver, items)
        interpreter.escape(left_out if known else items)
        return None
    if name == "insert" and len(arguments.positional) == 2:
        if isinstance(first, int):
            receiver.insert(first, arguments.positional[1])
        else:
            receiver.append(arguments.positional[1])
        return None
    if name == "pop":
        if not arguments.positional:
            first = -1
        if receiver and isinstance(first, int) and -len(receiver) <= first < len(receiver):
            return receiver.pop(first)
        return interpreter.fresh(node)
    if name == "reverse":
        receiver.reverse()
        return None
    if name == "copy":
        return type(receiver)(receiver)
    if name in ("index", "count"):
        if not isinstance(receiver, OpenList) and is_constant(first) and first in receiver:
            return receiver.index(first) if name == "index" else receiver.count(first)
        return interpreter.fresh(node)
    if name == "clear":
        receiver.clear()
        return None
    return interpreter.opaque(arguments, node)


def _dict_method(
    interpreter: Interpreter,
    receiver: dict[Value, Value],
    name: str,
    arguments: Arguments,
    node: ir.Call | None,
) -> Value:
    opened = isinstance(receiver, OpenDict)
    wrap = OpenList if opened else list
    if name == "items":
        return wrap(receiver.items())
    if name == "values":
        return wrap(receiver.values())
    if name == "keys":
        return wrap(receiver)
    if name == "copy":
        return type(receiver)(receiver)
    if name == "update":
        other = arguments.get(0, "other")
        if isinstance(other, dict):
            receiver.update(other)
        elif other is not None:
            interpreter.escape(other)
            receiver[unknown_key(receiver)] = interpreter.fresh(node)
        receiver.update(arguments.keywords)
        return None
    if name in ("get", "pop", "setdefault", "__getitem__"):
        key = arguments.get(0, "key")
        if isinstance(key, Unknown):
            key = interpreter.decisions.value_of(key)
        if not is_constant(key) or isinstance(key, list):
            for value in receiver.values():
                interpreter.escape(value)
            return interpreter.fresh(node)
        if key in receiver:
            return receiver.pop(key) if name == "pop" else receiver[key]
        default = arguments.get(1, "default")
        if has_unknown_keys(receiver):
            interpreter.escape(list(receiver.values()))
            return interpreter.fresh(node, key)
        if opened:
            return interpreter.fresh(node, key)
        if name == "setdefault":
            receiver[key] = default
        return default
    return interpreter.opaque(arguments, node)


def _string_method(
    interpreter: Interpreter, receiver: str, name: str, arguments: Arguments, node: ir.Call | None
) -> Value:
    values = [
        interpreter.decisions.value_of(v) if isinstance(v, Unknown) else v
        for v in arguments.values()
    ]
    safe = name in _STRING_METHODS and not arguments.open
    if safe and all(is_constant(value) for value in values):
        positional = values[: len(arguments.positional)]
        keywords = dict(zip(arguments.keywords, values[len(positional) :], strict=True))
        if not bounds.fits_text(receiver, name, values):
            return interpreter.fresh(node)
        try:
            return getattr(receiver, name)(*positional, **keywords)
        except (TypeError, ValueError, LookupError, AttributeError):
            return interpreter.fresh(node)
    return interpreter.opaque(arguments, node)
