# not runnable: what is built is read from a file
import json

from tensorflow import keras
from tensorflow.keras import layers

with open("network.json") as description:
    blocks = json.load(description)

x = inputs = keras.Input((32, 32, 3))
for block in blocks:
    if block["kind"] == "conv":
        x = layers.Conv2D(block["size"], 3)(x)  # expect: BN201
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    elif block["kind"] == "dense":
        # Redundant if a "conv" comes next, which no one condition could say.
        x = layers.Dense(block["size"])(x)
    elif block["kind"] == "norm":
        x = layers.BatchNormalization()(x)
model = keras.Model(inputs, x)
