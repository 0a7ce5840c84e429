"""Queries on a layer graph for rules; a rule author imports these.

Every answer comes from the graph and :mod:`bnlint.keras_api`; it does not depend on which reader
made the graph. Other modules of this package have more queries, by theme: ``axes``, ``arguments``,
``passages``, ``training`` (events), ``trained_state`` (weights).
"""

from bnlint.queries.activations import (
    Activation,
    activation_before,
    activations_after,
    is_alone_between,
)
from bnlint.queries.bias_absorption import absorbers, bias_is_seen
from bnlint.queries.callers import Helper, helpers_around, helpers_behind_bias
from bnlint.queries.layers import (
    BATCH_NORMALIZATION,
    SLIM,
    activation,
    batch_normalizations,
    bias,
    calls_of,
    dropouts,
    is_batch_normalization,
    is_pinned,
    is_updated_by_ops,
    linear_layers,
    reading_outcome,
)
from bnlint.queries.liveness import behind, goes_on_without, is_dropped, is_live, is_used
from bnlint.queries.normalized_axis import Misplaced, axis_is_wrong, misplaced_axis

__all__ = [
    "BATCH_NORMALIZATION",
    "SLIM",
    "Activation",
    "Helper",
    "Misplaced",
    "absorbers",
    "activation",
    "activation_before",
    "activations_after",
    "axis_is_wrong",
    "batch_normalizations",
    "behind",
    "bias",
    "bias_is_seen",
    "calls_of",
    "dropouts",
    "goes_on_without",
    "helpers_around",
    "helpers_behind_bias",
    "is_alone_between",
    "is_batch_normalization",
    "is_dropped",
    "is_live",
    "is_pinned",
    "is_updated_by_ops",
    "is_used",
    "linear_layers",
    "misplaced_axis",
    "reading_outcome",
]
