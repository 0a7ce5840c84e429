"""Files that are meant to hurt whoever reads them; each function writes one to a folder.

Whoever reads one says a line, or reports as usual; within seconds, in little memory.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from saved_files import (
    Entry,
    conv_and_norm,
    functional,
    input_layer,
    layer,
    node,
    sequential,
    tensor,
    weights_of_keras_3,
    write_h5,
    write_json,
    write_keras,
)

SECRET = "the-secret-of-another-file"


# Zip archives


def zip_bomb(folder: Path, size: int = 2_000_000_000) -> Path:
    """A description of 2 GB of spaces, in 2 MB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = b" " * 10_000_000
    crc, pieces = 0, []
    for _ in range(size // len(block)):
        crc = zlib.crc32(block, crc)
        pieces.append(packer.compress(block))
    pieces.append(packer.flush())
    return _zip(folder / "bomb.keras", [(b"config.json", b"".join(pieces), size, 8, 0, crc)])


def lying_zip_bomb(folder: Path) -> Path:
    """The same where the directory says that it is small."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(b" " * 300_000_000) + packer.flush()
    return _zip(folder / "lying.keras", [(b"config.json", data, 5_000, 8, 0, 0)])


def metadata_bombs(folder: Path) -> Path:
    """A sound model; what says which Keras saved it is a bomb that lies about its size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(b"[" * 300_000_000) + packer.flush()
    config = json.dumps(conv_and_norm()).encode()
    stored = (b"config.json", config, len(config), 0, 0, zlib.crc32(config))
    h5 = weights_of_keras_3(folder, {})
    weights = (b"model.weights.h5", h5, len(h5), 0, 0, zlib.crc32(h5))
    bomb = (b"metadata.json", data, 5_000, 8, 0, 0)
    return _zip(folder / "metadata.keras", [bomb, stored, weights])


def packed_weights(folder: Path, told: int = 109_000_000) -> Path:
    """Weights that are 2 GB of zeros, of which the directory admits as much as may be unpacked."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = weights_of_keras_3(folder, {"layers/batch_normalization/vars/0": np.ones(4)})
    pieces = [packer.compress(start)]
    pieces += [packer.compress(bytes(10_000_000)) for _ in range(200)]
    data = b"".join([*pieces, packer.flush()])
    config = json.dumps(conv_and_norm()).encode()
    stored = (b"config.json", config, len(config), 0, 0, zlib.crc32(config))
    weights = (b"model.weights.h5", data, told, 8, 0, 0)
    return _zip(folder / "packed.keras", [stored, weights])


def packed_weights_that_are_told(folder: Path) -> Path:
    return packed_weights(folder, 2_000_000_000)


def many_members(folder: Path) -> Path:
    names = [(b"%06d" % number, b"", 0, 0, 0, 0) for number in range(200_000)]
    return _zip(folder / "members.keras", names)


def duplicate_member(folder: Path) -> Path:
    text = json.dumps(conv_and_norm()).encode()
    entry = (b"config.json", text, len(text), 0, 0, zlib.crc32(text))
    return _zip(folder / "duplicate.keras", [entry, entry])


def encrypted_member(folder: Path) -> Path:
    text = json.dumps(conv_and_norm()).encode()
    return _zip(
        folder / "encrypted.keras", [(b"config.json", text, len(text), 0, 1, zlib.crc32(text))]
    )


def weights_beyond_the_end(folder: Path) -> Path:
    text = json.dumps(conv_and_norm()).encode()
    config = (b"config.json", text, len(text), 0, 0, zlib.crc32(text))
    return _zip(
        folder / "beyond.keras", [config, (b"model.weights.h5", b"", 2_000_000_000, 0, 0, 0)]
    )


def _zip(path: Path, members: list[tuple[bytes, bytes, int, int, int, int]]) -> Path:
    """A zip archive of (name, bytes, declared size, method, flags, checksum)."""
    directory = []
    with path.open("wb") as file:
        for name, data, size, method, flags, crc in members:
            at = file.tell()
            file.write(
                struct.pack(
                    "<4s5H3L2H",
                    b"PK\3\4",
                    20,
                    flags,
                    method,
                    0,
                    0,
                    crc,
                    len(data),
                    size,
                    len(name),
                    0,
                )
                + name
                + data
            )
            directory.append(
                struct.pack(
                    "<4s6H3L5H2L",
                    b"PK\1\2",
                    20,
                    20,
                    flags,
                    method,
                    0,
                    0,
                    crc,
                    len(data),
                    size,
                    len(name),
                    0,
                    0,
                    0,
                    0,
                    0,
                    at,
                )
                + name
            )
        start, central = file.tell(), b"".join(directory)
        file.write(central)
        count = min(len(members), 0xFFFF)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), start, 0))
    return path


# JSON


def deep_json(folder: Path) -> Path:
    path = folder / "deep.json"
    path.write_text("[" * 1_000_000, encoding="utf-8")
    return path


def deep_objects(folder: Path) -> Path:
    path = folder / "objects.json"
    path.write_text('{"config":' * 100_000 + "1" + "}" * 100_000, encoding="utf-8")
    return path


def many_small_objects(folder: Path) -> Path:
    path = folder / "small.json"
    path.write_text("[" + "{}," * 5_000_000 + "1]", encoding="utf-8")
    return path


def huge_integers(folder: Path) -> Path:
    path = folder / "integers.json"
    text = json.dumps(conv_and_norm()).replace("-1", "9" * 4_000).replace("[3, 3]", "9" * 4_200)
    path.write_text(text, encoding="utf-8")
    return path


def integers_of_a_million_digits(folder: Path) -> Path:
    path = folder / "digits.json"
    path.write_text(json.dumps(conv_and_norm()).replace("-1", "9" * 1_000_000), encoding="utf-8")
    return path


def odd_numbers(folder: Path) -> Path:
    text = json.dumps(conv_and_norm()).replace("-1", "NaN").replace("8, 8, 3", "1e999, -0.0, 3")
    path = folder / "numbers.json"
    path.write_text(text, encoding="utf-8")
    return path


def no_text(folder: Path) -> Path:
    path = folder / "bytes.json"
    path.write_bytes(b'{"class_name": "\xff\xfe\xfd"}')
    return path


def names_for_a_terminal(folder: Path) -> Path:
    text = json.dumps(conv_and_norm()).replace('"conv"', '"\\u001b[2J\\nconv\\ud800/../\\u0000"')
    path = folder / "terminal.json"
    path.write_text(text, encoding="utf-8")
    return path


# Graphs


def _chain(count: int, class_name: str) -> list[Entry]:
    layers = [input_layer(), layer("Conv2D", "l0", node(tensor("in")), filters=4, kernel_size=1)]
    return layers + [
        layer(class_name, f"l{number}", node(tensor(f"l{number - 1}")))
        for number in range(1, count)
    ]


def long_chain(folder: Path) -> Path:
    layers = _chain(19_000, "Add")
    layers.append(layer("BatchNormalization", "bn", node(tensor("l18999"))))
    return write_json(folder / "chain.json", functional(layers, ["bn", 0, 0]))


def many_layers(folder: Path) -> Path:
    return write_json(folder / "layers.json", functional(_chain(60_000, "ReLU"), ["l9", 0, 0]))


def many_calls(folder: Path) -> Path:
    layers = [input_layer(), layer("Dense", "d", *[node(tensor("in"))] * 60_000, units=4)]
    return write_json(folder / "calls.json", functional(layers, ["d", 0, 0]))


def many_operands(folder: Path) -> Path:
    layers = [input_layer(), layer("Add", "a", node([tensor("in")] * 150_000))]
    layers += [layer("BatchNormalization", "b", node(tensor("a")))]
    return write_json(folder / "operands.json", functional(layers, ["b", 0, 0]))


def everything_with_everything(folder: Path) -> Path:
    layers = [input_layer()]
    for number in range(500):
        before = [tensor(f"l{k}") for k in range(number)] or [tensor("in")]
        kind = ("Add", "BatchNormalization", "Conv2D")[number % 3]
        operands = before[-1:] if kind == "Conv2D" else [before]
        layers.append(layer(kind, f"l{number}", node(*operands), filters=4, kernel_size=1))
    return write_json(folder / "dense.json", functional(layers, ["l499", 0, 0]))


def self_nesting(folder: Path) -> Path:
    """Each model calls the one inside of it twice: 2 to the 22 calls of one layer."""
    inner = sequential(layer("BatchNormalization", "bn"), name="m0")
    for number in range(1, 22):
        inner = functional(
            [
                input_layer(),
                {
                    **inner,
                    "name": f"m{number - 1}",
                    "inbound_nodes": [node(tensor("in")), node(tensor(f"m{number - 1}"))],
                },
            ],
            [f"m{number - 1}", 1, 0],
            name=f"m{number}",
        )
    return write_json(folder / "nesting.json", inner)


def deep_nesting(folder: Path) -> Path:
    inner = sequential(layer("Dense", "d", units=1), name="m")
    for _ in range(60):
        inner = sequential(inner, name="m")
    return write_json(folder / "models.json", inner)


def circle(folder: Path) -> Path:
    layers = [
        input_layer(),
        layer("Add", "a", node([tensor("in"), tensor("b")])),
        layer("ReLU", "b", node(tensor("a"))),
    ]
    return write_json(folder / "circle.json", functional(layers, ["b", 0, 0]))


def itself(folder: Path) -> Path:
    layers = [input_layer(), layer("ReLU", "a", node(tensor("a")))]
    return write_json(folder / "itself.json", functional(layers, ["a", 0, 0]))


def far_results(folder: Path) -> Path:
    layers = [input_layer(), layer("ReLU", "a", node(tensor("in", 0, 10**9)))]
    return write_json(folder / "results.json", functional(layers, ["a", 0, 10**9]))


def absurd_shapes(folder: Path) -> Path:
    model = conv_and_norm()
    model["config"]["layers"][0]["config"]["batch_shape"] = [10**18] * 100_000
    model["config"]["layers"][1]["config"].update(filters=10**300, kernel_size=[10**9] * 50_000)
    return write_json(folder / "shapes.json", model)


def bytecode_of_keras_3(folder: Path) -> Path:
    code = {"class_name": "__lambda__", "config": {"code": "4wEAAAAA" * 100, "defaults": None}}
    model = conv_and_norm()
    model["config"]["layers"].append(layer("Lambda", "f", node(tensor("bn")), function=code))
    return write_keras(folder / "lambda.keras", model)


def bytecode_of_keras_2(folder: Path) -> Path:
    model = conv_and_norm()
    code = ["4wEAAAAA" * 100, None, None]
    model["config"]["layers"].append(
        layer("Lambda", "f", [["bn", 0, 0, {}]], function=code, function_type="lambda")
    )
    return write_h5(folder / "lambda.h5", model, {})


# HDF5


def _with_group(path: Path, fill: Callable[[Any, Path], None]) -> Path:
    """A ``.h5`` model whose ``bn`` has something odd where its weights are."""
    other = path.parent / "other.h5"
    with h5py.File(other, "w") as file:
        file["gamma"] = np.full(4, 12345.0)
        file.attrs["model_config"] = SECRET
    write_h5(path, conv_and_norm(), {})
    with h5py.File(path, "a") as file:
        group = file["model_weights"].create_group("bn")
        names = ["gamma:0", "beta:0", "moving_mean:0", "moving_variance:0"]
        group.attrs["weight_names"] = np.array([name.encode() for name in names])
        for name in names[1:]:
            group[name] = np.zeros(4)
        fill(group, other)
    return path


def external_link(folder: Path) -> Path:
    def fill(group: Any, other: Path) -> None:
        group["gamma:0"] = h5py.ExternalLink(str(other), "gamma")

    return _with_group(folder / "external_link.h5", fill)


def soft_link(folder: Path) -> Path:
    def fill(group: Any, other: Path) -> None:
        group["gamma:0"] = h5py.SoftLink("/model_weights/bn/gamma:0")

    return _with_group(folder / "soft_link.h5", fill)


def linked_group(folder: Path) -> Path:
    path = write_h5(folder / "linked_group.h5", conv_and_norm(), {})
    with h5py.File(folder / "weights_elsewhere.h5", "w") as other:
        other["bn/gamma"] = np.full(4, 12345.0)
    with h5py.File(path, "a") as file:
        del file["model_weights"]
        file["model_weights"] = h5py.ExternalLink("weights_elsewhere.h5", "/")
    return path


def external_data(folder: Path) -> Path:
    def fill(group: Any, other: Path) -> None:
        group.create_dataset("gamma:0", (4,), "f4", external=[("/etc/passwd", 0, 16)])

    return _with_group(folder / "external_data.h5", fill)


def virtual_data(folder: Path) -> Path:
    def fill(group: Any, other: Path) -> None:
        layout = h5py.VirtualLayout((4,), "f8")
        layout[:] = h5py.VirtualSource(str(other), "gamma", shape=(4,))
        group.create_virtual_dataset("gamma:0", layout)

    return _with_group(folder / "virtual.h5", fill)


def absurd_datasets(folder: Path) -> Path:
    def fill(group: Any, other: Path) -> None:
        group.create_dataset("gamma:0", (2**50,), "f8", chunks=(2**16,), compression="gzip")

    return _with_group(folder / "absurd.h5", fill)


def data_bomb(folder: Path) -> Path:
    def fill(group: Any, other: Path) -> None:
        group.create_dataset("gamma:0", data=np.zeros(60_000_000, "u1"), compression=9)

    return _with_group(folder / "data_bomb.h5", fill)


def large_attribute(folder: Path) -> Path:
    path = folder / "attribute.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = " " * 200_000_000
    return path


def numbers_for_a_config(folder: Path) -> Path:
    path = folder / "numbers.h5"
    with h5py.File(path, "w", track_order=True) as file:
        file.attrs["model_config"] = np.arange(1000)
    return path


def config_of_references(folder: Path) -> Path:
    path = folder / "references.h5"
    with h5py.File(path, "w") as file:
        file.attrs.create("model_config", file.ref, dtype=h5py.ref_dtype)
    return path


def metadata_of_nothing(folder: Path) -> Path:
    saved = folder / "saved_nothing"
    saved.mkdir()
    (saved / "saved_model.pb").write_bytes(b"\x08\x01")
    (saved / "keras_metadata.pb").write_bytes(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f")
    return saved


def metadata_of_many(folder: Path) -> Path:
    saved = folder / "saved_many"
    saved.mkdir()
    (saved / "saved_model.pb").write_bytes(b"\x08\x01")
    (saved / "keras_metadata.pb").write_bytes(b"\x0a\x00" * 2_000_000)
    return saved


CASES: tuple[Callable[[Path], Path], ...] = (
    zip_bomb,
    lying_zip_bomb,
    metadata_bombs,
    packed_weights,
    packed_weights_that_are_told,
    many_members,
    duplicate_member,
    encrypted_member,
    weights_beyond_the_end,
    deep_json,
    deep_objects,
    many_small_objects,
    huge_integers,
    integers_of_a_million_digits,
    odd_numbers,
    no_text,
    names_for_a_terminal,
    long_chain,
    many_layers,
    many_calls,
    many_operands,
    everything_with_everything,
    self_nesting,
    deep_nesting,
    circle,
    itself,
    far_results,
    absurd_shapes,
    bytecode_of_keras_3,
    bytecode_of_keras_2,
    external_link,
    soft_link,
    linked_group,
    external_data,
    virtual_data,
    absurd_datasets,
    data_bomb,
    large_attribute,
    numbers_for_a_config,
    config_of_references,
    metadata_of_nothing,
    metadata_of_many,
)


def write_all(folder: Path) -> Iterator[Path]:
    """All of them, each in a folder of its own."""
    for case in CASES:
        own = folder / case.__name__
        own.mkdir()
        yield case(own)
