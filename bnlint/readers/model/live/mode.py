"""Whether a layer runs in training mode when the model is fitted: what Keras makes of ``training``.

Keras 2 gives what a call is told to all calls in it. Keras 3 does the same by a context that the
outermost ``Layer.__call__`` opens, with two differences that were measured with Keras 3.15: a value
told to one layer stays for those called after it, and where nothing is told BatchNormalization runs
in inference mode.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Final

from bnlint.readers.model.keras_objects import (
    Keras,
    Live,
    is_keras_class,
    is_model,
    takes_training,
)

# A model with one of these steps by itself, and tells its layers what it likes.
_STEPS: Final = frozenset(
    {"fit", "make_train_function", "train_function", "train_on_batch", "train_step"}
)


class Mode:
    """The ``training`` that calls inside one call get.

    Args:
        keras: whose rules hold.
        training: what the outermost call is told.
        opens_context: it is made by ``Layer.__call__``, so that calls in it inherit its mode.
        is_of_fit: it is known that ``fit`` makes it.
    """

    def __init__(
        self,
        keras: Keras,
        *,
        training: object,
        opens_context: bool = True,
        is_of_fit: bool = False,
    ) -> None:
        self.is_of_fit = is_of_fit
        self.argument = training
        self._stays = keras.era >= 3
        self._opened = opens_context or not self._stays
        self._inherited: object = training if self._opened else None

    @contextlib.contextmanager
    def call(self, given: Mapping[str, object], default: object) -> Iterator[object]:
        """A layer is called meanwhile; gives its mode, ``None`` where nobody tells one.

        Args:
            given: the arguments of the call, by name.
            default: that of ``training`` in its signature.
        """
        kept, opened = self._inherited, self._opened
        told = given.get("training")
        if told is None and not (self._stays and "training" in given):
            told = kept if kept is not None else default
        self._inherited, self._opened = told, True
        try:
            yield told
        finally:
            if not (self._stays and opened):
                self._inherited = kept
            self._opened = opened


def is_inference(training: object) -> bool:
    """Whether BatchNormalization that is called so uses its moving statistics."""
    return training is None or training is False


def mode_of_fit(model: Live, keras: Keras) -> Mode:
    """How a model is called when it trains.

    ``fit`` of Keras 3 tells ``training`` only to a ``call`` that takes it. A model that is not
    compiled, or has a step of its own, may be called by other code, which is taken to tell it. On
    JAX it is ``call`` that runs rather than the model, so that no layer in it inherits anything.
    """
    if keras.era < 3 or not is_model(model):
        return Mode(keras, training=True)
    takes = takes_training(model)
    by_fit = bool(getattr(model, "compiled", False)) and not _steps_itself(type(model))
    if keras.backend == "jax":
        told = True if takes else None
        return Mode(keras, training=told, opens_context=False, is_of_fit=by_fit)
    return Mode(keras, training=True if takes or not by_fit else None, is_of_fit=by_fit)


def _steps_itself(cls: type) -> bool:
    return any(_STEPS & vars(base).keys() for base in cls.__mro__ if not is_keras_class(base))
