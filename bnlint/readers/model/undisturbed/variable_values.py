"""The values of variables: kept without a copy where the backend can, and put back."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

from bnlint.readers.model.keras_objects import Live

Restore: TypeAlias = Callable[[], object]


def is_variable(value: Live) -> bool:
    """Whether ``value`` is a variable of Keras 3 or of TensorFlow."""
    kind: Live = type(value)
    return hasattr(kind, "assign") and hasattr(kind, "shape") and hasattr(kind, "dtype")


def kept_values(variable: Live) -> Iterator[Restore]:
    """Functions that restore the present value of a variable, one for each of its parts.

    Nothing for a variable that has no value yet.
    """
    if hasattr(type(variable), "_direct_assign"):
        yield from _of_keras_3(variable)
    elif "tensorflow" in sys.modules:
        yield from _of_tensorflow(variable)


def _of_keras_3(variable: Live) -> Iterator[Restore]:
    inner: Live = variable._value
    if inner is None:
        return
    if hasattr(type(inner), "assign"):
        yield from _of_tensorflow(inner)
    elif hasattr(inner, "detach"):  # PyTorch assigns in place
        kept = inner.detach().clone()
        yield lambda: variable.assign(kept)
    else:  # an array that nothing changes: an assignment puts another one in its place

        def restore() -> None:
            if variable._value is not inner:
                variable._value = inner

        yield restore


def _of_tensorflow(variable: Live) -> Iterator[Restore]:
    tf: Live = sys.modules["tensorflow"]
    if not tf.executing_eagerly():
        return  # what is assigned in a graph is not done until that is run
    if isinstance(variable, tf.distribute.DistributedValues):
        for replica in variable.values:
            yield from _of_tensorflow(replica)
        return
    # The tensor is the variable's own memory until a value is assigned: without an assignment no
    # number is copied, neither here nor when it is restored.
    with contextlib.suppress(Exception):  # a variable of a user's own making, without a value
        kept = variable.value()

        def restore() -> None:
            if not _share_memory(kept, variable.value()):
                variable.assign(kept)

        yield restore


def _share_memory(one: Live, other: Live) -> bool:
    """Whether two tensors share memory. While a reference to it exists, TensorFlow writes a value
    assigned to the variable into new memory. This can be checked only on a CPU.
    """
    if not (one.device.endswith("CPU:0") and one.dtype.is_numpy_compatible and one.shape.rank):
        return False  # a single number comes as a copy
    first, second = one._numpy_internal(), other._numpy_internal()
    return bool(first.__array_interface__["data"] == second.__array_interface__["data"])
