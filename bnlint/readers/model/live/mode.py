"""Whether a layer runs in training mode when the model is fitted: how Keras resolves ``training``.

Keras 2 passes the ``training`` of a call on to all calls inside it. Keras 3 does this with a
context that the outermost ``Layer.__call__`` opens, with two differences, measured with Keras 3.15:
a value passed to one layer also holds for later layers, and without any value BatchNormalization
runs in inference mode.
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

# A model that defines one of these has its own training step and may pass any ``training``.
_STEPS: Final = frozenset(
    {"fit", "make_train_function", "train_function", "train_on_batch", "train_step"}
)


class Mode:
    """The ``training`` that calls inside one call get.

    Args:
        keras: the Keras whose rules apply.
        training: the value passed to the outermost call.
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
        """Context of a call of a layer; yields its mode, ``None`` where no mode is passed.

        Args:
            given: the arguments of the call, by name.
            default: the default of ``training`` in its signature.
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
    """Whether a BatchNormalization called with this mode uses its moving statistics."""
    return training is None or training is False


def mode_of_fit(model: Live, keras: Keras) -> Mode:
    """The mode in which a model is called when it trains.

    ``fit`` of Keras 3 passes ``training`` only to a ``call`` that takes it. A model that is not
    compiled, or has its own step, may be called by other code, which is presumed to pass it. On
    JAX, ``call`` runs instead of the model, so that no layer in it inherits a mode.
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
