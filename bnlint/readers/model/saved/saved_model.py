"""SavedModel folders of Keras 2: the model's description in ``keras_metadata.pb`` or, from
TensorFlow before 2.5, in ``saved_model.pb``.

Source: ``saved_metadata.proto`` of Keras 2.15: ``repeated SavedObject nodes = 1`` with
``int32 node_id = 2``, ``string node_path = 3``, ``string identifier = 4`` and
``string metadata = 5``, which is JSON.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bnlint.readers.model import describe
from bnlint.readers.model.documents import MOST_BYTES, read_json
from bnlint.readers.model.errors import ModelError
from bnlint.settings.reach import regular_files

GRAPH: Final = "saved_model.pb"
_METADATA: Final = "keras_metadata.pb"
_MOST_OBJECTS: Final = 50_000
_MOST_NODES: Final = 500_000
_MOST_GRAPH: Final = 100_000_000
"""Bytes of a graph; that of a large EfficientNet has some 20 million."""
_LAYERS: Final = ("_tf_keras_layer", "_tf_keras_model", "_tf_keras_network", "_tf_keras_sequential")
_NODES, _PATH, _IDENTIFIER, _JSON = 1, 3, 4, 5
_ROOT: Final = "root"
_DAMAGED: Final = "its description of the model is damaged"


@dataclass(frozen=True, slots=True)
class _Object:
    path: str
    identifier: str
    metadata: bytes


def read_saved_model(folder: str) -> object:
    """The serialized model in a SavedModel folder.

    Returns:
        ``{"class_name": …, "config": …}``. A subclassed model, whose layers are code, has a config
        that lists the layers it holds.

    Raises:
        ModelError: Keras 2 did not write it, or it is damaged.
        OSError: it can't be read.
    """
    objects = _described(folder)
    root = next((found for found in objects if found.path == _ROOT), None)
    if root is None:
        raise ModelError(f"its {_METADATA} describes no model")
    entry = read_json(root.metadata)
    described = describe.from_serialized(entry)
    if not isinstance(entry, Mapping):
        raise ModelError(_DAMAGED)
    if described is not None and describe.model_class(described) is not None:
        return entry
    return {
        "class_name": str(entry.get("class_name", "Model")),
        "registered_name": str(entry.get("registered_name", "Custom>Model")),
        "config": {"name": entry.get("name"), "layers held": list(_held(objects))},
    }


def _described(folder: str) -> list[_Object]:
    """The objects of Keras in a SavedModel: from 2.5 on they have a file of their own."""
    path = os.path.join(folder, _METADATA)
    if os.path.isfile(path):
        return list(_objects(_bytes(path, MOST_BYTES)))
    path = os.path.join(folder, GRAPH)
    found = list(objects_in_graph(_bytes(path, _MOST_GRAPH))) if os.path.isfile(path) else []
    if not found:
        raise ModelError(
            "is a SavedModel without a description of Keras layers, such as `model.export` and"
            " TensorFlow write; pass the `.keras` file, or the source that builds the model"
        )
    return found


def _bytes(path: str, most: int) -> bytes:
    if os.path.getsize(path) > most:
        raise ModelError(f"its {os.path.basename(path)} is larger than {most / 1e6:g} MB")
    return regular_files.read(path, most)


def objects_in_graph(data: bytes) -> Iterator[_Object]:
    """The objects of Keras in a ``saved_model.pb`` that TensorFlow before 2.5 wrote.

    Source: ``saved_model.proto``, ``meta_graph.proto`` and ``saved_object_graph.proto`` of 2.4:
    ``SavedModel.meta_graphs = 2``, ``MetaGraphDef.object_graph_def = 7``, ``nodes = 1``,
    ``SavedObject.children = 1`` (``node_id = 1``, ``local_name = 2``), ``user_object = 4``
    (``identifier = 1``, ``metadata = 3``).
    """
    nodes = _parts(_parts(_parts([data], 2), 7), 1)
    if len(nodes) > _MOST_NODES:
        raise ModelError(f"its {GRAPH} describes more than {_MOST_NODES:,} objects")
    pending = [(0, _ROOT)] if nodes else []
    seen = {0}
    while pending:
        number, path = pending.pop(0)
        for user in _parts([nodes[number]], 4):
            parts = {key: part for key, part in _fields(user) if isinstance(part, bytes)}
            metadata = parts.get(3, b"")
            if metadata.startswith(b"{"):
                yield _Object(path, parts.get(1, b"").decode("utf-8", "replace"), metadata)
        for child in _parts([nodes[number]], 1):
            fields = dict(_fields(child))
            to, name = fields.get(1, 0), fields.get(2, b"")
            if isinstance(to, int) and to < len(nodes) and to not in seen:
                seen.add(to)
                said = name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
                pending.append((to, f"{path}.{said}"))


def _parts(messages: list[bytes], number: int) -> list[bytes]:
    """The messages in the field ``number`` of some messages."""
    return [
        part
        for message in messages
        for key, part in _fields(message)
        if key == number and isinstance(part, bytes)
    ]


def _held(objects: list[_Object]) -> Iterator[object]:
    """The layers of a subclassed model; a model with a graph includes its own layers."""
    inside: tuple[str, ...] = ()
    for found in objects:
        if found.identifier not in _LAYERS or found.path == _ROOT:
            continue
        if found.path.startswith(inside):
            continue
        entry = read_json(found.metadata)
        described = describe.from_serialized(entry)
        if described is None:
            continue
        if describe.model_class(described) is not None:
            inside = (*inside, f"{found.path}.")
        yield entry


def _objects(data: bytes) -> Iterator[_Object]:
    count = 0
    for number, value in _fields(data):
        if number != _NODES or not isinstance(value, bytes):
            continue
        count += 1
        if count > _MOST_OBJECTS:
            raise ModelError(f"its {_METADATA} describes more than {_MOST_OBJECTS:,} objects")
        parts = {key: part for key, part in _fields(value) if isinstance(part, bytes)}
        yield _Object(
            parts.get(_PATH, b"").decode("utf-8", "replace"),
            parts.get(_IDENTIFIER, b"").decode("utf-8", "replace"),
            parts.get(_JSON, b""),
        )


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """The fields of a protocol buffer message: numbers and values, in order."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(message, at)
            yield number, value
            continue
        if wire == 2:
            length, at = _varint(message, at)
        elif wire in (1, 5):
            length = 8 if wire == 1 else 4
        else:
            raise ModelError(_DAMAGED)
        if length > len(message) - at:
            raise ModelError(_DAMAGED)
        yield number, message[at : at + length]
        at += length


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ModelError(_DAMAGED)
