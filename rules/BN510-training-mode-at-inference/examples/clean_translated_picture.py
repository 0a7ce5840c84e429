# not runnable: it is trained, not only built
import matplotlib.pyplot as plt
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

translator = keras.Sequential(
    [
        keras.Input((64, 64, 3)),
        layers.Conv2D(16, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.Dropout(0.5),
        layers.Conv2D(3, 3, padding="same"),
    ]
)
optimizer = keras.optimizers.Adam()


def show(model, test_input):
    plt.imshow(model(test_input, training=True)[0])


for step, (given, wanted) in enumerate(pairs):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(abs(wanted - translator(given, training=True)))
    gradients = tape.gradient(loss, translator.trainable_variables)
    optimizer.apply_gradients(zip(gradients, translator.trainable_variables))
    if step % 100 == 0:
        show(translator, example)
