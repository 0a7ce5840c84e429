# not runnable: it is trained, not only built
import keras
import tensorflow as tf
from keras import layers


class Trained(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(y=y, y_pred=self(x))  # expect: BN503
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"loss": loss}


inputs = keras.Input((8,))
x = layers.Dense(16, use_bias=False)(inputs)
x = layers.ReLU()(layers.BatchNormalization()(x))
model = Trained(inputs, layers.Dense(1)(x))
model.compile(optimizer="adam", loss="mse")
model.fit(x_train, y_train)
