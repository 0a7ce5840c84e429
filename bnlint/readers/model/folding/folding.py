"""Removes redundant biases from a trained model: they are folded into the moving means downstream.

Inference needs such a bias, because the moving mean was measured with it. How it changes on its
way to the BatchNormalization (poolings, additions, linear layers, other biases) is not computed but
measured: a second model without the biases runs on the same batch. Where a BatchNormalization is
called, the difference of its input to the first model is subtracted from its moving mean, before
the downstream layers run. So everything upstream is already right, and biases that are added up
are handled together. A difference that is not one number per channel is not folded.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bnlint.readers.model.errors import InspectionError, in_one_line
from bnlint.readers.model.folding.rebuilding import copy_weights, rebuilt, require_config
from bnlint.readers.model.keras_objects import Keras, Live, as_tensors, flatten, keras_of
from bnlint.readers.model.norm_calls import Call, array_of, axes_of, replaced_calls
from bnlint.readers.model.proving.random_inputs import TRIALS, Trial, random_inputs
from bnlint.readers.model.undisturbed import undisturbed

if TYPE_CHECKING:
    import numpy as np

    Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

TOLERANCE: Final = 1e-5
"""Tolerance of outputs, relative to the largest one, and of shifts, relative to the largest input
of a BatchNormalization. float32 rounding was at most 1e-6 in ResNets with random weights."""


@dataclass(frozen=True, slots=True)
class RedundantBias:
    """A bias to remove.

    Attributes:
        path: of the layer in the model.
        layer: the live layer that has it.
        norms: the live BatchNormalization layers that subtract it again in training.
    """

    path: str
    layer: Live
    norms: tuple[Live, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """A model without its redundant biases.

    Attributes:
        model: the new model.
        removed: the paths of the layers that have no bias any more.
        left: why a redundant bias was kept, by path.
        parameters: how many numbers were removed.
        size: how many bytes these were.
        difference: the largest output difference on random input, relative to the largest output.
    """

    model: Live
    removed: tuple[str, ...] = ()
    left: dict[str, str] = field(default_factory=dict)
    parameters: int = 0
    size: int = 0
    difference: float = 0.0


def fold(
    model: Live,
    redundant: Iterable[RedundantBias],
    inputs: object = None,
    *,
    seed: int = 0,
    trusted: bool = False,
) -> Folded:
    """Fold biases into moving means.

    Args:
        model: a live model, which is left as it was.
        redundant: the biases, as inferred from the layer graph.
        inputs: a batch to measure with; random samples of the model's input shapes where ``None``.
        seed: of the random samples.
        trusted: whether code in the model's config, such as a lambda, may be loaded again.

    Raises:
        InspectionError: the model can't be rebuilt or run, or its outputs would change.
    """
    keras = keras_of(model)
    if keras is None:
        raise InspectionError(f"{type(model).__name__} is no Keras model")
    require_config(model)
    going = list(redundant)
    left: dict[str, str] = {}
    batch, seen = _seen_by_norms(model, keras, going, inputs, seed)

    def leave(reason: str, which: Callable[[RedundantBias], bool]) -> bool:
        stay = [bias for bias in going if which(bias)]
        left.update((bias.path, reason) for bias in stay)
        going[:] = [bias for bias in going if not which(bias)]
        return bool(stay)

    while True:
        layers = [bias.layer for bias in going]
        new, twins = rebuilt(model, keras, layers, trusted=trusted)
        kept = {id(layer) for layer in layers if _has_bias(twins.get(id(layer)))}
        if leave(
            "its use_bias is not in the config of the model: set it in the code that makes it",
            lambda bias, kept=kept: id(bias.layer) in kept,  # type: ignore[misc]
        ):
            continue
        copy_weights(model, twins, layers)
        refused = _correct(new, keras, going, twins, batch, seen)
        if refused is None:
            break
        norm, reason = refused
        leave(reason, lambda bias, norm=norm: norm in bias.norms)  # type: ignore[misc]
    difference = largest_difference(model, new, keras, inputs, seed)
    if not difference <= TOLERANCE:
        raise InspectionError(
            f"not folded: the outputs of {model.name} would differ by {difference:.1e} of the"
            " largest on random input"
        )
    biases = [bias.layer.bias.numpy() for bias in going]
    return Folded(
        new,
        tuple(bias.path for bias in going),
        left,
        sum(int(values.size) for values in biases),
        sum(int(values.nbytes) for values in biases),
        difference,
    )


def _has_bias(layer: Live) -> bool:
    return layer is None or layer.bias is not None


# Running both models

_Seen: TypeAlias = "dict[int, list[Array | None]]"
"""What a BatchNormalization was called with, call by call; ``None`` where that is not known."""


def _seen_by_norms(
    model: Live, keras: Keras, redundant: Sequence[RedundantBias], inputs: object, seed: int
) -> tuple[object, _Seen]:
    """Run a model in inference mode; returns the batch, and the inputs of its norms."""
    seen: _Seen = {id(norm): [] for bias in redundant for norm in bias.norms}
    norms = {id(norm): norm for bias in redundant for norm in bias.norms}

    def see(norm: Live, tensor: Live) -> None:
        seen[id(norm)].append(array_of(tensor, keras))

    error: Exception | None = None
    for trial in TRIALS if inputs is None else TRIALS[:1]:
        batch = _batch(model, inputs, seed, trial, keras)
        for calls in seen.values():
            calls.clear()
        try:
            with undisturbed([model], keras), _watched(norms.values(), see):
                model(batch, training=False)
        except Exception as raised:  # noqa: BLE001  a user's call, or an axis too short for it
            error = error or raised
        else:
            return batch, seen
    said = in_one_line(error)
    raise InspectionError(f"the model {model.name} can't be run: {said}") from error


def _correct(
    new: Live,
    keras: Keras,
    going: Sequence[RedundantBias],
    twins: dict[int, Live],
    batch: object,
    seen: _Seen,
) -> tuple[Live, str] | None:
    """Run the model without biases, and correct each moving mean when its layer is called.

    Returns:
        The first BatchNormalization, of the old model, that can't take a bias, and why.
    """
    import numpy as np

    norms = {id(norm): norm for bias in going for norm in bias.norms}
    old_of = {id(twins[key]): norm for key, norm in norms.items() if key in twins}
    calls = dict.fromkeys(norms, 0)
    shifts: dict[int, Array] = {}
    refused: list[tuple[Live, str]] = []

    def see(norm: Live, tensor: Live) -> None:
        # Later refusals only follow from the first one; and Keras would replace an exception by
        # another one.
        if refused:
            return
        old = old_of[id(norm)]
        key = id(old)
        before = seen[key][calls[key]] if calls[key] < len(seen[key]) else None
        after = array_of(tensor, keras)
        calls[key] += 1
        if before is None or after is None or before.shape != after.shape:
            refused.append((old, f"what goes into {old.name} can't be measured"))
            return
        shift, apart, limit = _shift(before, after, axes_of(norm)[0])
        if not apart <= limit:
            reason = _varies(old, apart, limit)
            refused.append((old, reason))
        elif key not in shifts:
            shifts[key] = shift
            norm.moving_mean.assign(norm.moving_mean.numpy() - shift.reshape(-1))
        elif not np.abs(shifts[key] - shift).max(initial=0.0) <= limit:
            reason = f"{old.name} is shared and its calls see different biases"
            refused.append((old, reason))

    with _watched([twins[key] for key in norms if key in twins], see):
        new(batch, training=False)
    if refused:
        return refused[0]
    for key, norm in norms.items():
        if not calls[key] or calls[key] != len(seen[key]):
            return norm, f"{norm.name} does not run with the model"
    return None


def _varies(norm: Live, apart: float, limit: float) -> str:
    if not apart < float("inf"):
        return f"what {norm.name} gets of it is not finite"
    return (
        f"what {norm.name} gets of it is not one number per channel: it varies by"
        f" {apart / limit * TOLERANCE:.1e} of the input, and rounding by {TOLERANCE} at most"
    )


def _shift(before: Array, after: Array, axis: int) -> tuple[Array, float, float]:
    """The decrease common to all numbers of a channel; the largest deviation from it, and the
    allowed deviation.
    """
    import numpy as np

    others = tuple(number for number in range(before.ndim) if number != axis % before.ndim)
    less = before.astype("float64") - after
    shift = less.mean(axis=others, keepdims=True)
    apart = float(np.abs(less - shift).max(initial=0.0))
    limit = TOLERANCE * float(max(np.abs(before).max(initial=0.0), np.abs(after).max(initial=0.0)))
    return shift, apart, limit


def largest_difference(model: Live, new: Live, keras: Keras, inputs: object, seed: int) -> float:
    """The largest output difference on a batch not used for the fold, relative to the largest."""
    import numpy as np

    error: Exception | None = None
    for trial in TRIALS if inputs is None else TRIALS[:1]:
        batch = _batch(model, inputs, seed + 1, trial, keras)
        try:
            with undisturbed([model], keras):
                outputs = [
                    [np.asarray(array_of(tensor, keras), "float64") for tensor in flatten(results)]
                    for results in (model(batch, training=False), new(batch, training=False))
                ]
        except Exception as raised:  # noqa: BLE001  an axis too short for it
            error = error or raised
            continue
        worst = 0.0
        for before, after in zip(*outputs, strict=True):
            apart = float(np.abs(before - after).max(initial=0.0))
            largest = float(np.abs(before).max(initial=0.0))
            # NaN, from outputs that are not finite, is kept and refused.
            worst = max(worst, apart / largest if largest else apart, key=_nan_last)
        return worst
    raise InspectionError(f"the model {model.name} can't be run: {in_one_line(error)}") from error


def _nan_last(number: float) -> float:
    return number if number == number else float("inf")


def _batch(model: Live, inputs: object, seed: int, trial: Trial, keras: Keras) -> Live:
    import numpy as np

    if inputs is not None:
        return inputs
    return as_tensors(random_inputs(model, np.random.default_rng(seed), trial), keras)


@contextlib.contextmanager
def _watched(norms: Iterable[Live], see: Callable[[Live, Live], None]) -> Iterator[None]:
    """In the block, pass each layer and its input to ``see`` before it computes."""

    def watch(norm: Live, original: Call) -> Call:
        def call(inputs: Live, *args: object, **kwargs: object) -> Live:
            see(norm, inputs)
            return original(inputs, *args, **kwargs)

        return call

    with replaced_calls(norms, watch):
        yield
