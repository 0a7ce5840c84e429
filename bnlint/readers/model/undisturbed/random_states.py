"""Saves and restores the random generators of Python, NumPy and the backends.

Random numbers that a user's code draws here must not change what the program draws afterwards.
"""

from __future__ import annotations

import contextlib
import random
import sys
from collections.abc import Iterator
from functools import partial
from typing import Final

from bnlint.readers.model.keras_objects import Keras, Live
from bnlint.readers.model.undisturbed.variable_values import Restore, kept_values

_SEED: Final = 0x62_6E_6C_69_6E_74


@contextlib.contextmanager
def random_states_kept(keras: Keras) -> Iterator[None]:
    """Restore, at the end, the generators that a program shares: those of Python, NumPy,
    TensorFlow or PyTorch, and Keras 2. The generator of Keras 3 is a global attribute of Keras.
    """
    kept = list(_kept(keras))
    with _other_kernels():
        try:
            yield
        finally:
            for restore in kept:
                restore()


def _kept(keras: Keras) -> Iterator[Restore]:
    yield partial(random.setstate, random.getstate())
    numpy: Live = sys.modules.get("numpy")
    if numpy is not None:
        yield partial(numpy.random.set_state, numpy.random.get_state(legacy=False))
    torch: Live = sys.modules.get("torch")
    if torch is not None and keras.backend == "torch":
        yield partial(torch.set_rng_state, torch.get_rng_state())
    stateful: Live = sys.modules.get("tensorflow.python.ops.stateful_random_ops")
    if stateful is not None:
        shared = getattr(stateful, "global_generator", None)
        yield partial(setattr, stateful, "global_generator", shared)
        if shared is not None:
            yield from kept_values(shared.state)
    seeds: Live = getattr(sys.modules.get(f"{keras.top}.src.backend"), "_SEED_GENERATOR", None)
    generator = getattr(seeds, "generator", None)
    if generator is not None:
        restore = kept_generator(generator)
        assert restore is not None
        yield restore


def kept_generator(value: Live) -> Restore | None:
    """A function that restores a random generator; ``None`` if ``value`` is not a generator."""
    if isinstance(value, random.Random):
        return partial(value.setstate, value.getstate())
    numpy: Live = sys.modules.get("numpy")
    if numpy is None:
        return None
    if isinstance(value, numpy.random.RandomState):
        return partial(value.set_state, value.get_state(legacy=False))
    if isinstance(value, numpy.random.Generator):
        return partial(setattr, value.bit_generator, "state", value.bit_generator.state)
    return None


@contextlib.contextmanager
def _other_kernels() -> Iterator[None]:
    """In the block, TensorFlow has another global seed.

    An op that draws random numbers eagerly keeps its state in a kernel, which is looked up by the
    two seeds and can't be read. With our own global seed, no kernel of the program is used.
    """
    module: Live = sys.modules.get("tensorflow.python.eager.context")
    names = {} if module is None else vars(module.context())
    if "_seed" not in names:
        yield
        return
    own = {"_seed": _SEED, "_rng": random.Random(_SEED)}  # noqa: S311  nothing secret
    before = {name: names[name] for name in own if name in names}
    names.update(own)
    try:
        yield
    finally:
        for name in own:
            names.pop(name, None)
        names.update(before)
