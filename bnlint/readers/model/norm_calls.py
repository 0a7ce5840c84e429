"""Watches or replaces the calls of live BatchNormalization layers in a ``with`` block."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from bnlint.readers.model.keras_objects import Keras, Live

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

Call: TypeAlias = Callable[..., Live]


@contextlib.contextmanager
def replaced_calls(norms: Iterable[Live], replace: Callable[[Live, Call], Call]) -> Iterator[None]:
    """In the block, replace the ``call`` of layers.

    Args:
        norms: live layers.
        replace: returns the function to use instead of a layer's ``call``.
    """
    kept: list[tuple[dict[str, object], object]] = []
    try:
        for norm in norms:
            names: dict[str, object] = norm.__dict__  # not by setattr: Keras tracks what is set so
            own, call = names.get("call"), replace(norm, norm.call)
            kept.append((names, own))
            names["call"] = call
        yield
    finally:
        for names, own in kept:
            if own is None:
                del names["call"]
            else:
                names["call"] = own


def array_of(tensor: Live, keras: Keras) -> Array | None:
    """The numbers of a tensor; ``None`` inside of a function that is compiled."""
    import numpy as np

    try:
        if keras.backend == "tensorflow":
            return np.asarray(tensor.numpy())
        return np.asarray(keras.module.ops.convert_to_numpy(tensor))
    except Exception:  # noqa: BLE001  each backend has an exception of its own for it
        return None


def axes_of(norm: Live) -> tuple[int, ...]:
    """The axes that a layer normalizes separately; in Keras 2 ``axis`` is a list."""
    axis = norm.axis
    return tuple(map(int, axis)) if isinstance(axis, Sequence) else (int(axis),)
