"""Copies the state of a layer to a second layer that was made from the same config."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator

from bnlint.readers.model.errors import InspectionError
from bnlint.readers.model.keras_objects import Live, all_layers, is_keras_class


def copy_state(old: Live, twin: Live, left: Collection[int]) -> None:
    """Give a layer the weights and the adapted state of another one.

    Args:
        old: a layer that holds no model with a graph.
        twin: the layer made from its config.
        left: the identities of the weights that ``twin`` does not have.

    Raises:
        InspectionError: they don't fit.
    """
    sources = [weight for weight in weights_in(old) if id(weight) not in left]
    targets = list(weights_in(twin))
    if [_form(weight) for weight in sources] != [_form(weight) for weight in targets]:
        raise InspectionError(f"the config of {old.name} gives other weights than it has")
    for source, target in zip(sources, targets, strict=True):
        target.assign(source.numpy())
    for one, other in zip(all_layers(old), all_layers(twin), strict=True):
        _adapt(one, other)


def weights_in(layer: Live) -> Iterator[Live]:
    """A layer's weights that are numbers; in Keras 2 a vocabulary is a weight without a name."""
    for weight in getattr(layer, "weights", ()):
        if hasattr(weight, "name") and hasattr(weight, "shape"):
            yield weight


def _adapt(old: Live, twin: Live) -> None:
    """Copy what a preprocessing layer of Keras learned from data and keeps outside its weights:
    lookup tables, the bounds of bins, and constants computed from its weights.
    """
    if not hasattr(old, "finalize_state") or not is_keras_class(_definer(old, "finalize_state")):
        return
    bounds = getattr(old, "bin_boundaries", None)
    if bounds is not None:
        twin.bin_boundaries = bounds
        return
    if hasattr(old, "load_assets"):  # in the order in which Keras loads them
        store: dict[str, object] = {}
        old.save_own_variables(store)
        twin.load_own_variables(store)
        with tempfile.TemporaryDirectory(prefix="bnlint") as folder:
            old.save_assets(folder)
            twin.load_assets(folder)
    twin.finalize_state()


def _definer(layer: Live, method: str) -> type:
    return next(base for base in type(layer).__mro__ if method in vars(base))


def _form(weight: Live) -> tuple[str, tuple[int | None, ...]]:
    name = str(weight.name).rpartition("/")[2].partition(":")[0]
    return name, tuple(None if axis is None else int(axis) for axis in weight.shape)
