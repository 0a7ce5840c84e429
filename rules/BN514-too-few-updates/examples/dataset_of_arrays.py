# not runnable: it is trained, not only built
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def build():
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(8, 3, use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(2)(x))


def main():
    images = np.zeros((40, 8, 8, 1), "float32")
    labels = np.zeros((40,), "int32")
    data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(40).batch(4)
    model = build()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(data, epochs=2)  # expect: BN514
    print(model.evaluate(data))


main()
