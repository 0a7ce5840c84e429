"""Tables about Keras 1, 2 and 3: layers, signatures, roles and paths. Data, not code.

Nothing here imports Keras or TensorFlow. ``tests/keras_api`` compares the tables with the installed
Keras and fails when they are outdated.
"""

from bnlint.keras_api.activations import ACTIVATIONS, activation_name
from bnlint.keras_api.applications import APPLICATIONS, holds_batch_normalization
from bnlint.keras_api.binding import Bound, bind, bind_op
from bnlint.keras_api.layers import AFFINE, layer, merge_kind
from bnlint.keras_api.names import automatic_name, layer_named
from bnlint.keras_api.ops import OPERATORS, with_a_number
from bnlint.keras_api.paths import NOT_KERAS, is_keras_path, public_name, resolve
from bnlint.keras_api.spec import REQUIRED, Kind, LayerSpec, OpSpec, Resolved, Role, Shift

__all__ = [
    "ACTIVATIONS",
    "AFFINE",
    "APPLICATIONS",
    "NOT_KERAS",
    "OPERATORS",
    "REQUIRED",
    "Bound",
    "Kind",
    "LayerSpec",
    "OpSpec",
    "Resolved",
    "Role",
    "Shift",
    "activation_name",
    "automatic_name",
    "bind",
    "bind_op",
    "holds_batch_normalization",
    "is_keras_path",
    "layer",
    "layer_named",
    "merge_kind",
    "public_name",
    "resolve",
    "with_a_number",
]
