# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers

encoder = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(64, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
    ]
)
inputs = keras.Input((784,))
model = keras.Model(inputs, layers.Dense(10)(encoder(inputs)))
optimizer = keras.optimizers.Adam()

for x, y in dataset:
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
        loss += penalty(encoder(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
