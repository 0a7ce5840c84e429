# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = layers.Dense(32, use_bias=False)
        self.norm = layers.BatchNormalization()
        self.head = layers.Dense(1)

    def call(self, inputs):
        x = self.norm(self.hidden(inputs), training=True)
        return self.head(tf.nn.relu(x))


model = Net()
optimizer = keras.optimizers.Adam()
for x, y in dataset:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(x) - y) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
