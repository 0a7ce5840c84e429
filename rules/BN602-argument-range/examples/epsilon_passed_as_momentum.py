# not runnable: a built model does not show which name was passed
from keras import Input, Model, layers


class Block(layers.Layer):
    def __init__(self, batch_norm_momentum=0.99, batch_norm_epsilon=0.001):
        super().__init__()
        self.batch_norm_momentum = batch_norm_momentum
        self.batch_norm_epsilon = batch_norm_epsilon
        self.dense = layers.Dense(4, use_bias=False)
        self.norm = layers.BatchNormalization(  # expect: BN602
            momentum=self.batch_norm_epsilon,
            epsilon=self.batch_norm_epsilon,
        )

    def call(self, x, training=None):
        return self.norm(self.dense(x), training=training)


def build():
    inputs = Input((8,))
    return Model(inputs, layers.ReLU()(Block()(inputs)))
