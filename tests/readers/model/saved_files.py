"""Small saved models, written without Keras in the dialects of its versions."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Entry = dict[str, Any]


def tensor(name: str, node: int = 0, index: int = 0) -> Entry:
    """A tensor in a node of Keras 3."""
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [name, node, index]}}


def node(*args: object, **kwargs: object) -> Entry:
    """A node of Keras 3."""
    return {"args": list(args), "kwargs": kwargs}


def layer(
    class_name: str,
    name: str,
    *inbound: object,
    module: str | None = "keras.layers",
    **config: object,
) -> Entry:
    """A layer of a Functional model; without ``inbound``, one of a Sequential."""
    entry = {
        "module": module,
        "class_name": class_name,
        "config": {"name": name, **config},
        "registered_name": None if module else class_name,
        "name": name,
    }
    return {**entry, "inbound_nodes": list(inbound)} if inbound else entry


def input_layer(name: str = "in", shape: Sequence[int | None] = (None, 8, 8, 3)) -> Entry:
    return {**layer("InputLayer", name, batch_shape=list(shape)), "inbound_nodes": []}


def functional(
    layers: list[Entry],
    outputs: object,
    inputs: object = None,
    *,
    name: str = "model",
    **more: object,
) -> Entry:
    return {
        "module": "keras",
        "class_name": "Functional",
        "config": {
            "name": name,
            "layers": layers,
            "input_layers": inputs or [["in", 0, 0]],
            "output_layers": outputs,
        },
        "registered_name": "Functional",
        **more,
    }


def sequential(*layers: Entry, name: str = "model", **more: object) -> Entry:
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": name, "layers": list(layers)},
        "registered_name": "Sequential",
        **more,
    }


def conv_and_norm() -> Entry:
    """Conv2D with a bias that BatchNormalization absorbs, as Keras 3 writes it."""
    return functional(
        [
            input_layer(),
            layer("Conv2D", "conv", node(tensor("in")), filters=4, kernel_size=[3, 3]),
            layer("BatchNormalization", "bn", node(tensor("conv")), axis=-1),
        ],
        ["bn", 0, 0],
    )


def write_json(path: Path, model: object) -> Path:
    path.write_text(json.dumps(model), encoding="utf-8")
    return path


def write_keras(
    path: Path,
    model: object,
    *,
    weights: bytes | None = None,
    compression: int = zipfile.ZIP_STORED,
) -> Path:
    """A ``.keras`` file; where no ``weights`` are given, it has an HDF5 file without arrays."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.15.1"}))
        archive.writestr("config.json", json.dumps(model))
        if weights is None:
            weights = weights_of_keras_3(path.parent, {})
        archive.writestr("model.weights.h5", weights)
    return path


def write_h5(path: Path, model: object, weights: dict[str, dict[str, object]]) -> Path:
    """A ``.h5`` file of Keras 2: for each layer, its arrays by their names."""
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.15.0"
        file.attrs["model_config"] = json.dumps(model)
        top = file.create_group("model_weights")
        top.attrs["layer_names"] = np.array([name.encode() for name in weights])
        for name, arrays in weights.items():
            group = top.create_group(name)
            group.attrs["weight_names"] = np.array([array.encode() for array in arrays])
            for array, values in arrays.items():
                group[array] = values
    return path


def weights_of_keras_3(folder: Path, arrays: dict[str, object]) -> bytes:
    """An HDF5 file with arrays at their paths, ``layers/conv2d/vars/0``."""
    path = folder / "weights.h5"
    with h5py.File(path, "w") as file:
        for place, values in arrays.items():
            file[place] = values
    data = path.read_bytes()
    path.unlink()
    return data


def write_saved_model(folder: Path, model: object) -> Path:
    """A SavedModel folder of Keras 2, as far as it describes the model."""
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"\x08\x01")
    parts = ((3, b"root"), (4, b"_tf_keras_network"), (5, json.dumps(model).encode()))
    node = b"".join(_field(number, data) for number, data in parts)
    (folder / "keras_metadata.pb").write_bytes(_field(1, node))
    return folder


def _field(number: int, data: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes."""
    length, size = b"", len(data)
    while size > 0x7F:
        length += bytes([size & 0x7F | 0x80])
        size >>= 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + data


def write_old_saved_model(folder: Path, model: object, layers: Sequence[object] = ()) -> Path:
    """A SavedModel folder of TensorFlow before 2.5: the description is in the graph's objects."""
    folder.mkdir()

    def user(kind: str, described: object) -> bytes:
        texts = ((1, kind.encode()), (3, json.dumps(described).encode()))
        return _field(4, b"".join(_field(number, data) for number, data in texts))

    children = b"".join(
        _field(1, bytes([0x08, number]) + _field(2, f"layer-{number}".encode()))
        for number in range(1, len(layers) + 1)
    )
    nodes = [children + user("_tf_keras_network", model)]
    nodes += [user("_tf_keras_layer", layer_) for layer_ in layers]
    objects = _field(7, b"".join(_field(1, each) for each in nodes))
    (folder / "saved_model.pb").write_bytes(b"\x08\x01" + _field(2, objects))
    return folder


def write_tfjs(folder: Path, model: object, weights: dict[str, Any], shards: int = 1) -> Path:
    """The ``model.json`` of TensorFlow.js, and its weights in some files beside it."""
    folder.mkdir()
    arrays = {name: np.asarray(values) for name, values in weights.items()}
    data = b"".join(array.astype("float32").tobytes() for array in arrays.values())
    size = -(-len(data) // shards)
    paths = [f"group1-shard{number + 1}of{shards}.bin" for number in range(shards)]
    for number, name in enumerate(paths):
        (folder / name).write_bytes(data[number * size : (number + 1) * size])
    entries = [
        {"name": name, "shape": list(array.shape), "dtype": "float32"}
        for name, array in arrays.items()
    ]
    whole = {
        "format": "layers-model",
        "generatedBy": "keras v2.15.0",
        "modelTopology": {
            "keras_version": "2.15.0",
            "backend": "tensorflow",
            "model_config": model,
        },
        "weightsManifest": [{"paths": paths, "weights": entries}],
    }
    (folder / "model.json").write_text(json.dumps(whole), encoding="utf-8")
    return folder / "model.json"
