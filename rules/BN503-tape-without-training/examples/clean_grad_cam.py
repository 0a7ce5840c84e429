# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers


def make_model():
    return keras.Sequential(
        [
            layers.Dense(32, use_bias=False, input_shape=(8,)),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(1),
        ]
    )


model = make_model()
optimizer = keras.optimizers.Adam()
loss_fn = keras.losses.MeanSquaredError()


def heatmap(image, name):
    grad_model = keras.Model(model.inputs, [model.get_layer(name).output, model.output])
    with tf.GradientTape() as tape:
        features, predictions = grad_model(image)
        channel = predictions[:, tf.argmax(predictions[0])]
    grads = tape.gradient(channel, features)
    return tf.reduce_mean(grads, axis=(0, 1, 2)) * features


heatmap(picture, "dense")
