"""The inputs of a model whose computation is a user's ``call``."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from bnlint.graph import Origin, Tensor
from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import Live, flatten, graph_of, map_structure, shape_of

GIVE_A_SHAPE: Final = "give its shape with the batch axis: input_shape, or --input-shape"


@dataclass(frozen=True, slots=True)
class Input:
    """One tensor that a model is called with.

    Attributes:
        shape: with the batch axis; ``None`` for an axis of any length.
        dtype: its name; ``None`` where only the shape is known.
        drawn: its tensor in the graph.
    """

    shape: tuple[int | None, ...]
    dtype: str | None = None
    drawn: Tensor = field(default_factory=lambda: Tensor(origin=Origin.INPUT), compare=False)

    @classmethod
    def like(cls, shape: Iterable[int | None], dtype: object = None) -> Input:
        """An input of this shape; its tensor in the graph gets the same shape."""
        axes = tuple(shape)
        name = None if dtype is None else str(getattr(dtype, "name", dtype))
        return cls(axes, name, Tensor(origin=Origin.INPUT, shape=axes))


class Arguments(NamedTuple):
    """The arguments of one call: structures with an :class:`Input` or array for each tensor."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    def of_unknown_dtype(self, dtype: str) -> Arguments:
        """A copy with this dtype for each :class:`Input` that has none."""

        def mapped(value: Live) -> object:
            is_unknown = isinstance(value, Input) and value.dtype is None
            return replace(value, dtype=dtype) if is_unknown else value

        return Arguments(map_structure(mapped, self.args), map_structure(mapped, self.kwargs))

    def inputs(self) -> list[Input]:
        return [value for value in flatten((self.args, self.kwargs)) if isinstance(value, Input)]


def arguments_of(model: Live, given: object = None) -> Arguments:
    """The arguments of a model's ``call``, from the user or from what Keras recorded.

    Args:
        model: a model with a user's ``call``.
        given: shapes with the batch axis, arrays or tensors, in the structure of the first argument
            or, where there are more, by their names.

    Raises:
        InspectionError: they are not known; one line that says what to pass.
    """
    known = _noted(model) if given is None else bound(model, _inputs(given))
    if known is None:
        if getattr(model, "built", False):
            raise InspectionError(
                f"Keras kept no shape of what goes into the model {model.name}: {GIVE_A_SHAPE}"
            )
        raise InspectionError(
            f"the model {model.name} was never called, so what goes in is unknown: call it once, or"
            f" {GIVE_A_SHAPE}"
        )
    try:
        inspect.signature(model.call).bind(*known.args, **known.kwargs)
    except ValueError:
        pass  # it has no signature
    except TypeError as error:
        raise InspectionError(
            f"it is not known what the model {model.name} is called with ({error}): give the shapes"
            f" of all its arguments by name, as input_shape={_example(model)} or --input-shape"
        ) from None
    return known


def noted_arguments(model: Live) -> Arguments | None:
    """The arguments that Keras recorded for a model; ``None`` where they are incomplete."""
    try:
        return arguments_of(model)
    except InspectionError:
        return None


def with_dtype(arguments: Arguments) -> list[Arguments]:
    """The same with a dtype for each input: floats where it is not known, or else integers.

    Keras itself casts floats to the compute dtype of the model.
    """
    if all(each.dtype is not None for each in arguments.inputs()):
        return [arguments]
    return [arguments.of_unknown_dtype(dtype) for dtype in ("float32", "int32")]


def bound(model: Live, given: Live) -> Arguments:
    """The arguments of a call of ``model``, if ``given`` is its whole input.

    A dictionary with the argument names as keys gives each argument, and so does a list where
    ``call`` requires as many; anything else is the first argument.
    """
    first, required, names = _parameters(model)
    if first is None:
        return Arguments((given,), {})
    if isinstance(given, Mapping) and first.name in given and names.issuperset(given):
        rest = dict(given)
        # Keras 2 wants the first one without its name.
        start = () if first.kind is first.KEYWORD_ONLY else (rest.pop(first.name),)
        return Arguments(start, rest)
    several = isinstance(given, (list, tuple)) and not hasattr(given, "_fields")
    if several and (
        first.kind is first.VAR_POSITIONAL or (required > 1 and required == len(given))
    ):
        return Arguments(tuple(given), {})
    if first.kind is first.KEYWORD_ONLY:
        return Arguments((), {first.name: given})
    return Arguments((given,), {})


def _parameters(model: Live) -> tuple[inspect.Parameter | None, int, set[str]]:
    """The first parameter of a user's ``call``, the number of required ones, and all names."""
    if graph_of(model) is not None:
        return None, 0, set()
    try:
        parameters = list(inspect.signature(model.call).parameters.values())
    except (TypeError, ValueError):
        return None, 0, set()
    one = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    required = [p for p in parameters if p.kind in one and p.default is p.empty]
    keyed = [p.name for p in parameters if p.kind in (*one[1:], inspect.Parameter.KEYWORD_ONLY)]
    return next(iter(parameters), None), len(required), set(keyed)


def _example(model: Live) -> str:
    parameters = inspect.signature(model.call).parameters.values()
    required = [p.name for p in parameters if p.default is p.empty and p.kind != p.VAR_KEYWORD]
    return "{" + ", ".join(f"{name!r}: (None, …)" for name in required) + "}"


# What Keras noted


def _noted(model: Live) -> Arguments | None:
    """The arguments from which a model was made, or with which it was first called or built."""
    for name in ("_inputs_struct", "_nested_inputs"):
        struct = getattr(model, name, None)
        if struct is not None:
            return Arguments((_of_tensors(struct),), {})
    # Keras 2 keeps all arguments with their dtypes, Keras 3 what `build` was called with.
    specs = getattr(model, "_saved_model_arg_spec", None)
    if specs is not None:
        args, kwargs = specs
        return Arguments(tuple(_of_tensors(list(args))), _of_tensors(dict(kwargs)))
    shapes = getattr(model, "_build_shapes_dict", None)
    if isinstance(shapes, Mapping) and shapes:
        return _of_shapes(model, shapes)
    shape = getattr(model, "_build_input_shape", None)
    return None if shape is None else bound(model, _inputs(shape))


def _of_tensors(structure: object) -> Live:
    def of_tensor(value: Live) -> object:
        shape = shape_of(value)
        return value if shape is None else Input.like(shape, value.dtype)

    return map_structure(of_tensor, structure)


def _of_shapes(model: Live, shapes: Mapping[str, object]) -> Arguments:
    """The arguments for the shapes passed to ``build``, by its parameter names: ``x_shape``."""
    by_name = {name.removesuffix("_shape"): _inputs(shape) for name, shape in shapes.items()}
    first, *_, names = _parameters(model)
    is_named = first is not None and first.name in by_name and names.issuperset(by_name)
    return bound(model, by_name if is_named else next(iter(by_name.values())))


# What a user gives


def _inputs(given: Live) -> Live:
    """The structure of :class:`Input` that shapes, arrays or tensors stand for."""
    if _is_shape(given):
        return Input.like(given)
    if isinstance(given, Mapping):
        return {key: _inside(value) for key, value in given.items()}
    if isinstance(given, (list, tuple)):
        if given:
            kind = list if isinstance(given, list) else tuple
            return kind(_inside(value) for value in given)
    elif hasattr(given, "as_list"):
        with_rank: Live = getattr(given, "rank", None) is not None
        if with_rank:
            return Input.like(given.as_list())
    else:
        shape = shape_of(given)
        if shape is not None:
            return Input.like(shape, getattr(given, "dtype", None))
    raise InspectionError(f"{given!r} is no shape: {GIVE_A_SHAPE}")


def _inside(value: object) -> object:
    """An optional input may be left out; one without axes has none."""
    if value is None:
        return None
    return Input.like(()) if isinstance(value, tuple) and not value else _inputs(value)


def _is_shape(value: object) -> bool:
    return (
        isinstance(value, (list, tuple))
        and bool(value)
        and all(axis is None or (isinstance(axis, int) and axis >= 0) for axis in value)
    )
