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

    def call(self, inputs, training=None):
        x = self.norm(self.hidden(inputs), training=training)
        return self.head(tf.nn.relu(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x)  # expect: BN503
            loss = self.compute_loss(y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss}


model = Net()
model.compile(optimizer="adam", loss="mse")
model.fit(x_train, y_train)
