"""The rank that is told without shapes is the one that Keras computes, or unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.keras
keras = pytest.importorskip("keras")
pytest.importorskip("tensorflow")

from bnlint.graph import UNKNOWN  # noqa: E402
from bnlint.queries.axes import rank  # noqa: E402
from bnlint.readers.model.live.live import read_model  # noqa: E402

layers, ops = keras.layers, keras.ops

Chain = Callable[[Any], Any]

# Of a vector, a sequence, an image, a film.
VECTOR: list[Chain] = [
    layers.Dense(4),
    layers.RepeatVector(3),
    layers.Reshape((2, 4)),
    lambda x: ops.expand_dims(x, 1),
    lambda x: ops.stack([x, x], axis=1),
    lambda x: layers.Dot(1)([x, x]),
    layers.Normalization(mean=0.0, variance=1.0),
    layers.Rescaling(2.0),
    layers.EinsumDense("ab,bc->ac", output_shape=3),
    layers.EinsumDense("ab,bcd->acd", output_shape=(3, 2)),
    lambda x: x[:, 1:3],
    lambda x: x[:, 1],
    lambda x: x[:, None],
    lambda x: layers.Add()([x, layers.Reshape((1, 8))(x)]),
]
SEQUENCE: list[Chain] = [
    layers.Dense(4),
    layers.Conv1D(4, 2),
    layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
    layers.Bidirectional(layers.LSTM(3)),
    layers.GRU(3, return_sequences=True),
    layers.GRU(3),
    lambda x: layers.MultiHeadAttention(2, 2)(x, x),
    lambda x: layers.Attention()([x, x]),
    layers.TimeDistributed(layers.Dense(3)),
    layers.GlobalMaxPooling1D(),
    layers.GlobalMaxPooling1D(keepdims=True),
    layers.MaxPooling1D(2),
    layers.Permute((2, 1)),
    layers.Masking(),
    layers.Flatten(),
    lambda x: layers.Embedding(9, 4)(ops.cast(x, "int32")),
    lambda x: x[:, 0],
    lambda x: ops.matmul(x, ops.transpose(x, (0, 2, 1))),
    lambda x: ops.squeeze(x[:, :1], 1),
    lambda x: ops.mean(x, axis=1),
    lambda x: ops.einsum("abc->ac", x),
    layers.EinsumDense("...b,bc->...c", output_shape=3),
]
IMAGE: list[Chain] = [
    layers.Conv2D(4, 3),
    layers.SeparableConv2D(4, 3),
    layers.SpectralNormalization(layers.Conv2D(4, 3)),
    layers.TimeDistributed(layers.Conv1D(4, 2)),
    layers.TimeDistributed(layers.LSTM(4)),
    layers.TimeDistributed(layers.Flatten()),
    layers.TimeDistributed(layers.GlobalAveragePooling1D()),
    lambda x: layers.TimeDistributed(layers.Embedding(9, 3))(ops.cast(x[..., 0], "int32")),
    layers.UpSampling2D(),
    layers.ZeroPadding2D(1),
    lambda x: layers.Concatenate()([x, x]),
    lambda x: layers.Add()([x, x[:, :1, :1]]),
    layers.Reshape((-1, 3)),
    lambda x: ops.reshape(x, (-1, 64, 3)),
    lambda x: ops.concatenate([x, x], axis=1),
    lambda x: ops.split(x, 3, axis=-1)[0],
    lambda x: ops.unstack(x, axis=1)[0],
    lambda x: ops.flip(x, axis=1),
    lambda x: ops.roll(x, 1, axis=1),
    lambda x: ops.tile(x, (1, 1, 1, 2)),
    lambda x: ops.where(x > 0, x, 0.0),
    lambda x: ops.max(x, axis=(1, 2), keepdims=True),
    lambda x: x * 2.0 + 1.0,
]
FILM: list[Chain] = [
    layers.Conv3D(4, 2),
    layers.ConvLSTM2D(3, 2),
    layers.ConvLSTM2D(3, 2, return_sequences=True),
    layers.TimeDistributed(layers.Conv2D(4, 3)),
    layers.TimeDistributed(layers.GlobalAveragePooling2D()),
    layers.GlobalAveragePooling3D(),
]
SORTS = [((8,), VECTOR), ((6, 8), SEQUENCE), ((8, 8, 3), IMAGE), ((5, 8, 8, 3), FILM)]


@pytest.mark.parametrize(("shape", "chains"), SORTS, ids=["vector", "sequence", "image", "film"])
def test_rank_without_shapes_is_that_of_keras(shape: tuple[int, ...], chains: list[Chain]) -> None:
    known = 0
    for number, chain in enumerate(chains):
        inputs = keras.Input(shape)
        outputs = layers.Activation("tanh")(layers.ReLU()(chain(inputs)))
        graph = read_model(keras.Model(inputs, outputs))
        produced = [t for layer in graph.layers for call in layer.calls for t in call.outputs]
        true = {t: len(t.shape) for t in produced if t.shape is not UNKNOWN}
        for tensor in produced:
            tensor.shape = UNKNOWN
        graph.memo.clear()

        told = {tensor: rank(tensor, graph) for tensor in produced}

        assert {t: r for t, r in told.items() if r is not UNKNOWN and r != true.get(t)} == {}, (
            number
        )
        known += all(r is not UNKNOWN for r in told.values())
    assert known >= len(chains) / 3
