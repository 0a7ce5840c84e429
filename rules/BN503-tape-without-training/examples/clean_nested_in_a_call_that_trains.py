# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.backbone = keras.Sequential(
            [layers.Dense(32, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
        )
        self.head = layers.Dense(1)

    def call(self, inputs, training=None):
        return self.head(self.backbone(inputs))


model = Net()
optimizer = keras.optimizers.Adam()
for x, y in dataset:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x, training=True) - y) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
