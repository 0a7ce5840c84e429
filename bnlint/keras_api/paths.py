"""Resolves a dotted import path of any era.

A path is first mapped to one of a few namespaces (``tensorflow.python.keras.layers.core.Dense`` and
``keras.src.layers.core.dense.Dense`` are both ``Dense`` under ``layers``) and then looked up there.

Sources: the packages Keras 1.2, 2.15, 3.15, tf_keras 2.21 and TensorFlow 1.15, 2.21.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from bnlint.keras_api.applications import APPLICATIONS
from bnlint.keras_api.layers import LAYERS
from bnlint.keras_api.names import era_of_name, is_base, layer_named
from bnlint.keras_api.op_tables import LAYER_FUNCTIONS
from bnlint.keras_api.ops import activation_op, op
from bnlint.keras_api.spec import Kind, Resolved

NOT_KERAS: Final = frozenset(
    (
        "autokeras_torch",
        "caffe2",
        "chainer",
        "cntk",
        "cupy",
        "equinox",
        "fastai",
        "flax",
        "haiku",
        "jax",
        "keras_core_torch",
        "lasagne",
        "lightning",
        "megengine",
        "mindspore",
        "mlx",
        "monai",
        "mxnet",
        "neon",
        "objax",
        "oneflow",
        "paddle",
        "paddlepaddle",
        "penzai",
        "pytorch_lightning",
        "singa",
        "sonnet",
        "tensorlayer",
        "tensorlayerx",
        "tensorpack",
        "tflearn",
        "thinc",
        "tinygrad",
        "torch",
        "torch_geometric",
        "torchvision",
        "trax",
    )
)
"""Top-level packages whose ``BatchNormalization``, ``Dense`` or ``Conv2D`` is not Keras's."""

_NOTHING = frozenset(("numpy", "np", "math", "cmath", "random", "operator"))

_TENSORFLOW = ("tensorflow", "tf", "tensorflow_core")
_KERAS = ("keras", "tf_keras", "keras_core")

# Path parts that lead from a root to Keras, or from Keras to a public section.
_FILLERS = frozenset(
    (
        "_api",
        "_tf_keras",
        "_v1",
        "_v2",
        "api",
        "compat",
        "contrib",
        "keras",
        "legacy",
        "python",
        "src",
        "tf_keras",
        "v1",
        "v2",
    )
)

_MODULES = frozenset(
    (
        "activations",
        "advanced_activations",
        "applications",
        "backend",
        "base_layer",
        "callbacks",
        "constraints",
        "containers",
        "convolutional",
        "convolutional_recurrent",
        "core",
        "cudnn_recurrent",
        "datasets",
        "embeddings",
        "engine",
        "experimental",
        "functional",
        "initializations",
        "initializers",
        "input_layer",
        "input_spec",
        "layers",
        "local",
        "losses",
        "merge",
        "merging",
        "metrics",
        "mixed_precision",
        "models",
        "network",
        "noise",
        "normalization",
        "normalization_v2",
        "objectives",
        "ops",
        "optimizers",
        "pooling",
        "preprocessing",
        "random",
        "recurrent",
        "regularization",
        "regularizers",
        "reshaping",
        "saving",
        "sequential",
        "topology",
        "training",
        "utils",
        "wrappers",
    )
)

_TF_MODULES = frozenset(
    (
        "compat",
        "compat.v1",
        "compat.v2",
        "contrib",
        "contrib.layers",
        "contrib.slim",
        "contrib.framework",
        "data",
        "dtypes",
        "image",
        "initializers",
        "io",
        "layers",
        "linalg",
        "losses",
        "math",
        "nn",
        "python",
        "python.ops",
        "random",
        "train",
    )
)

_VALUES = frozenset(
    (
        "callbacks",
        "constraints",
        "datasets",
        "initializations",
        "initializers",
        "mixed_precision",
        "optimizers",
        "preprocessing",
        "random",
        "regularizers",
    )
)
"""Sections whose members are never tensors of a graph: optimizers, initializers, data sets."""

_VALUE_CLASSES = frozenset(("losses", "metrics", "objectives"))
"""Sections whose classes are values, but whose functions take tensors of the graph."""

_FORMATS = {
    "image_data_format": Kind.BACKEND_FORMAT,
    "image_dim_ordering": Kind.BACKEND_FORMAT,
    "set_image_data_format": Kind.SET_FORMAT,
    "set_image_dim_ordering": Kind.SET_FORMAT,
}

_BACKEND_DATA = frozenset(
    [
        "arange",
        "backend",
        "batch_get_value",
        "batch_set_value",
        "clear_session",
        "constant",
        "count_params",
        "dtype",
        "epsilon",
        "eval",
        "eye",
        "floatx",
        "get_session",
        "get_uid",
        "get_value",
        "int_shape",
        "is_keras_tensor",
        "is_sparse",
        "is_tensor",
        "learning_phase",
        "manual_variable_initialization",
        "name_scope",
        "ndim",
        "normalize_data_format",
        "ones",
        "ones_like",
        "random_bernoulli",
        "random_binomial",
        "random_normal",
        "random_normal_variable",
        "random_uniform",
        "random_uniform_variable",
        "reset_uids",
        "result_type",
        "set_epsilon",
        "set_floatx",
        "set_learning_phase",
        "set_session",
        "set_value",
        "shape",
        "size",
        "standardize_data_format",
        "standardize_dtype",
        "truncated_normal",
        "variable",
        "zeros",
        "zeros_like",
    ]
)

_OPS_DATA = frozenset(
    [
        "arange",
        "convert_to_numpy",
        "dtype",
        "empty",
        "empty_like",
        "eye",
        "full",
        "full_like",
        "hamming",
        "hanning",
        "identity",
        "is_tensor",
        "linspace",
        "ndim",
        "ones",
        "ones_like",
        "shape",
        "size",
        "tri",
        "zeros",
        "zeros_like",
    ]
)

_TF_DATA = frozenset(
    [
        "Assert",
        "TensorShape",
        "Variable",
        "assert_equal",
        "assert_rank",
        "constant",
        "control_dependencies",
        "constant_initializer",
        "eye",
        "fill",
        "get_collection",
        "get_variable",
        "get_variable_scope",
        "global_variables",
        "global_variables_initializer",
        "glorot_uniform_initializer",
        "linspace",
        "name_scope",
        "no_op",
        "ones",
        "ones_initializer",
        "ones_like",
        "random_normal",
        "random_normal_initializer",
        "random_uniform",
        "random_uniform_initializer",
        "range",
        "rank",
        "reset_default_graph",
        "set_random_seed",
        "shape",
        "size",
        "trainable_variables",
        "truncated_normal",
        "truncated_normal_initializer",
        "variable_scope",
        "zeros",
        "zeros_initializer",
        "zeros_like",
    ]
)

_UTILS_DATA = frozenset(
    [
        "Progbar",
        "Sequence",
        "get_file",
        "image_dataset_from_directory",
        "normalize",
        "np_utils",
        "plot_model",
        "print_summary",
        "set_random_seed",
        "to_categorical",
        "vis_utils",
    ]
)

_MODEL_NAMES = {
    "Container": "Model",
    "Functional": "Functional",
    "Graph": "Model",
    "Model": "Model",
    "Network": "Model",
    "Sequential": "Sequential",
}

_BASE_NAMES = frozenset(
    (
        "BaseRandomLayer",
        "InputSpec",
        "Layer",
        "PreprocessingLayer",
        "Recurrent",
        "RNNCell",
    )
)

# tensorflow.python.ops.<module>.<function>: private, but libraries import it.
_TF_OPS_MODULES = {
    "array_ops": "tf",
    "clip_ops": "tf",
    "gen_array_ops": "tf",
    "gen_math_ops": "tf",
    "gen_nn_ops": "tf.nn",
    "image_ops": "tf.image",
    "math_ops": "tf",
    "nn": "tf.nn",
    "nn_impl": "tf.nn",
    "nn_ops": "tf.nn",
}


def is_keras_path(path: str) -> bool:
    """Whether ``path`` belongs to Keras or TensorFlow, in any package or version."""
    root = path.partition(".")[0]
    return root in _TENSORFLOW or root in _KERAS or root in ("keras_applications", "tf_slim")


@cache
def resolve(path: str) -> Resolved | None:
    """Resolve a dotted import path.

    Args:
        path: absolute, with aliases resolved: ``"tensorflow.keras.layers.Conv2D"``. The usual
            aliases ``tf`` and ``np`` are accepted too.

    Returns:
        ``None`` where the path does not belong to Keras, TensorFlow or numpy, or where bnlint does
        not know the name. Then nothing may be concluded about what it returns.
    """
    root, _, rest = path.partition(".")
    parts = rest.split(".") if rest else []
    if root in _KERAS:
        return _in_keras(parts, {"tf_keras": "2", "keras_core": "3"}.get(root))
    if root in _TENSORFLOW:
        return _in_tensorflow(parts)
    if root == "tf_slim":
        return _in_slim(parts)
    if root == "keras_applications":
        return _in_applications(parts, None)
    if root in _NOTHING:
        return Resolved(Kind.DATA if parts else Kind.MODULE, path)
    return None


def public_name(name: str) -> Resolved | None:
    """Resolve a bare name that nothing binds: in a snippet from a web page, it is Keras's own.

    Layer classes, ``Input``, ``Model``, ``Sequential``, and the functions ``concatenate``,
    ``merge``, … of ``keras.layers``.
    """
    if name in ("Model", "Sequential"):
        return Resolved(Kind.MODEL, name)
    if name == "Layer":
        return Resolved(Kind.BASE, name)
    return _layer_member(name, None)


def _in_keras(parts: list[str], era: str | None) -> Resolved | None:
    """Look up the parts after ``keras``."""
    if not parts:
        return Resolved(Kind.MODULE, "keras")
    *inner, name = parts
    inside = [part for part in inner if part not in _FILLERS]
    section = inside[0] if inside else ""
    if "ops" in inner or "_v2" in inner:
        era = era or ("3" if section == "ops" else None)
    elif "_v1" in inner or "v1" in inner or "legacy" in inner:
        era = era or "2"
    if name in _FILLERS or (name in _MODULES and name not in _values_of(section)):
        return Resolved(Kind.MODULE, name)
    if section == "applications":
        return _in_applications([*inside[1:], name], era)
    return _in_section(section, inside, name, era)


def _values_of(section: str) -> frozenset[str]:
    # keras.layers.normalization is a module, keras.layers.merge was a function before it was one
    return frozenset(("merge",)) if section == "layers" else frozenset()


def _in_section(section: str, inside: list[str], name: str, era: str | None) -> Resolved | None:
    """Look up ``name`` in a section of Keras such as ``layers``."""
    if section == "backend":
        if "tf" in inside:  # keras.backend.tf: in Keras 2 this was TensorFlow itself
            return _in_tensorflow([*inside[inside.index("tf") + 1 :], name])
        return _in_backend(name, era)
    if section == "ops":
        return _in_ops("keras.ops.image" if "image" in inside else "keras.ops", name)
    if section == "activations":
        spec = activation_op(name)
        return Resolved(Kind.ACTIVATION if spec else Kind.DATA, name, spec, era)
    if section in _VALUES and name != "dropout":  # keras.random.dropout takes a tensor
        return Resolved(Kind.DATA, name, era=era)
    if section in _VALUE_CLASSES:
        return Resolved(Kind.DATA, name, era=era) if name[:1].isupper() else None
    if section == "utils":
        return Resolved(Kind.DATA, name, era=era) if _is_utility(inside, name) else None
    if name in _FORMATS:  # keras.config.image_data_format
        return Resolved(_FORMATS[name], name, era=era)
    if section in ("config", "saving", "wrappers"):
        return Resolved(Kind.DATA, name, era=era) if section == "config" else None
    if name in _MODEL_NAMES:
        return Resolved(Kind.MODEL, _MODEL_NAMES[name], era=era)
    if name in _BASE_NAMES:
        return Resolved(Kind.BASE, name, era=era)
    if section in ("", "engine") and name not in ("Input", "InputLayer", "Merge", "merge"):
        return None
    if section == "models" and name != "Input" and layer_named(name) is None:
        return None  # load_model, clone_model, model_from_json: an unknown model
    return _layer_member(name, era)


def _is_utility(inside: list[str], name: str) -> bool:
    return name in _UTILS_DATA or (len(inside) > 1 and inside[1] in _UTILS_DATA)


def _in_backend(name: str, era: str | None) -> Resolved | None:
    if name in _FORMATS:
        return Resolved(_FORMATS[name], name, era="1" if name.endswith("ordering") else era)
    if name == "placeholder":
        return Resolved(Kind.INPUT, name, LAYERS["Input"], era)
    spec = op("keras.backend", name)
    if spec is not None:
        return Resolved(Kind.OP, name, spec, era)
    return Resolved(Kind.DATA, name, era=era) if name in _BACKEND_DATA else None


def _in_ops(table: str, name: str) -> Resolved | None:
    spec = op(table, name)
    if spec is not None:
        return Resolved(Kind.OP, name, spec, "3")
    if name in ("image", "linalg", "nn", "numpy"):
        return Resolved(Kind.MODULE, name, era="3")
    return Resolved(Kind.DATA, name, era="3") if name in _OPS_DATA else None


def _in_applications(parts: list[str], era: str | None) -> Resolved | None:
    if not parts:
        return Resolved(Kind.MODULE, "applications", era=era)
    name = parts[-1]
    if name in APPLICATIONS:
        return Resolved(Kind.APPLICATION, name, era=era)
    if name in ("decode_predictions", "preprocess_input"):
        return Resolved(Kind.DATA, name, era=era)
    # every other lower-case name in the package is a module: resnet50, imagenet_utils, …
    return Resolved(Kind.MODULE, name, era=era) if len(parts) == 1 and name.islower() else None


def _layer_member(name: str, era: str | None) -> Resolved | None:
    """A class or function of ``keras.layers``."""
    if name == "Input":
        return Resolved(Kind.INPUT, name, LAYERS["Input"], era)
    spec = layer_named(name)
    if spec is not None:
        kind = Kind.BASE if is_base(name) else Kind.LAYER
        return Resolved(kind, name, spec, era or era_of_name(name))
    if name in LAYER_FUNCTIONS:
        return Resolved(
            Kind.OP, name, op("keras.layers", name), era or ("1" if name == "merge" else None)
        )
    return None


def _in_tensorflow(parts: list[str]) -> Resolved | None:
    """Look up the parts after ``tensorflow``."""
    if "keras" in parts:
        at = parts.index("keras")
        era = "2" if {"contrib", "python"} & set(parts[:at]) or "v1" in parts[:at] else None
        return _in_keras(parts[at + 1 :], era)
    path = ".".join(parts)
    if not parts or path in _TF_MODULES:
        return Resolved(Kind.MODULE, parts[-1] if parts else "tensorflow")
    if parts[0] == "contrib":
        return _in_slim(parts[2:]) if parts[1:2] in (["slim"], ["layers"]) else None
    *inner, name = (part for part in parts if part not in ("_api", "compat", "v1", "v2"))
    if inner[:2] == ["python", "ops"]:
        table = _TF_OPS_MODULES.get(inner[-1])
        if name in _TF_OPS_MODULES and len(inner) == 2:
            return Resolved(Kind.MODULE, name)
        return _in_table(table, name) if table else None
    if inner[:2] == ["python", "layers"] or inner[:1] == ["layers"]:
        return _in_tf_layers(name)
    if not inner:
        return _in_tf_root(name)
    if inner[0] in ("initializers", "random", "train", "data", "io", "dtypes"):
        return Resolved(Kind.DATA, name)
    table = {"nn": "tf.nn", "image": "tf.image", "math": "tf", "linalg": "tf"}.get(inner[0])
    return _in_table(table, name) if table else None


def _in_tf_root(name: str) -> Resolved | None:
    if name in ("placeholder", "placeholder_with_default", "sparse_placeholder"):
        return Resolved(Kind.INPUT, name, LAYERS["Input"])
    if name == "Module":
        return Resolved(Kind.BASE, name)
    if name in _TF_MODULES:
        return Resolved(Kind.MODULE, name)
    if name in _TF_DATA or _is_dtype(name):
        return Resolved(Kind.DATA, name)
    return _in_table("tf", name)


def _is_dtype(name: str) -> bool:
    return name.rstrip("0123456789") in ("float", "int", "uint", "bool", "string", "bfloat")


def _in_table(table: str, name: str) -> Resolved | None:
    spec = op(table, name)
    return None if spec is None else Resolved(Kind.OP, name, spec)


def _in_tf_layers(name: str) -> Resolved | None:
    spec = op("tf.layers", name)
    if spec is not None:
        return Resolved(Kind.OP, name, spec, "2")
    if name == "Layer":
        return Resolved(Kind.BASE, name, era="2")
    if name == "layers":  # tensorflow.python.layers.layers
        return Resolved(Kind.MODULE, name)
    return _layer_member(name, "2")


def _in_slim(parts: list[str]) -> Resolved | None:
    """A member of ``tf.contrib.slim``, ``tf.contrib.layers`` or ``tf_slim``."""
    if not parts or parts == ["layers"]:
        return Resolved(Kind.MODULE, "slim")
    name = parts[-1]
    spec = op("slim", name)
    if spec is not None:
        return Resolved(Kind.OP, name, spec, "2")
    if name == "arg_scope" or name.endswith(("initializer", "regularizer")):
        return Resolved(Kind.DATA, name, era="2")
    return None
