"""What ``Layer.__call__`` does around a user's ``call``: it builds, and casts for precision."""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Mapping
from typing import Final

from bnlint.readers.model.keras_objects import Keras, Live, flatten, map_structure, shape_of

_NOT_SHAPED: Final = frozenset({"mask", "args", "kwargs"})
_NOTHING: Final = contextlib.nullcontext()


def build(
    layer: Live, keras: Keras, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> None:
    """Run a user's ``build`` with the shapes that Keras passes to it for a call.

    Keras 2 passes the shape, or shapes, of the first argument. Keras 3 does too, unless ``build``
    has several parameters: their names are those of the arguments of ``call`` plus ``_shape``.
    """
    arguments = {
        name: value
        for name, value in _bound(layer, args, kwargs).items()
        if name not in _NOT_SHAPED and _is_tensors(value)
    }
    if not arguments:
        layer.build(None)
        return
    if keras.era < 3:
        with sys.modules["tensorflow"].init_scope():
            layer.build(map_structure(lambda tensor: tensor.shape, next(iter(arguments.values()))))
        layer.built = True  # which Keras sets too, whether `build` does or not
        return
    shapes = {f"{name}_shape": map_structure(shape_of, value) for name, value in arguments.items()}
    wanted = [
        name
        for name, parameter in inspect.signature(layer.build).parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    ]
    if len(wanted) == 1:
        layer.build(next(iter(shapes.values())))
    else:
        layer.build(**{name: shapes[name] for name in wanted if name in shapes})


def _bound(
    layer: Live, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Mapping[str, object]:
    """The arguments of a call by name, in the order of ``call``."""
    try:
        return inspect.signature(layer.call).bind_partial(*args, **kwargs).arguments
    except (TypeError, ValueError):
        return {**{str(number): value for number, value in enumerate(args)}, **kwargs}


def _is_tensors(value: object) -> bool:
    leaves = list(flatten(value))
    return bool(leaves) and all(hasattr(leaf, "shape") for leaf in leaves)


def cast(
    layer: Live, keras: Keras, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> tuple[tuple[object, ...], Mapping[str, object]]:
    """The arguments of a call, with floating-point tensors cast to the compute dtype of a layer.

    Keras 3 casts all arguments, Keras 2 the first.
    """
    if keras.era >= 3:

        def converted(value: Live) -> object:
            if not hasattr(value, "shape"):
                return value
            return layer.dtype_policy.convert_input(value, layer.autocast, layer.input_dtype)

        if not layer._convert_input_args:
            return args, kwargs
        return map_structure(converted, args), map_structure(converted, kwargs)
    if args and layer._autocast:
        return (layer._maybe_cast_inputs(args[0]), *args[1:]), kwargs
    return args, kwargs


def autocast(layer: Live, keras: Keras) -> Live:
    """A context in which weights are read in the compute dtype of a layer."""
    module: Live = sys.modules[keras.layer_class.__module__]
    if keras.era < 3:
        return module.autocast_variable.enable_auto_cast_variables(layer._compute_dtype_object)
    current = module.backend.get_autocast_scope()
    if current is None:
        is_mixed = layer.compute_dtype != layer.variable_dtype
        return module.backend.AutocastScope(layer.compute_dtype) if is_mixed else _NOTHING
    casts = layer.autocast and module.backend.is_float_dtype(layer.compute_dtype)
    return module.backend.AutocastScope(layer.compute_dtype if casts else None)
