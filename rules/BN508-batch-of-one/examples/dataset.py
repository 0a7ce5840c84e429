# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers

BATCH = 1


def load():
    dataset = tf.data.Dataset.from_tensor_slices((features, targets))
    return dataset.shuffle(1000).batch(BATCH).prefetch(tf.data.AUTOTUNE)


def build():
    inputs = keras.Input((32, 32, 3))
    x = layers.Conv2D(16, 3, activation="relu")(inputs)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(64, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(10)(x))


model = build()
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(load(), epochs=5)  # expect: BN508
