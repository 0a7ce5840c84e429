# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow.keras import Input, Model, layers


class Scale(layers.Layer):
    def __init__(self):
        super().__init__()
        self.bn = layers.BatchNormalization()

    def call(self, inputs):
        return tf.nn.relu(self.bn(inputs, True))  # expect: BN515


inputs = Input((32, 32, 3))
x = Scale()(layers.Conv2D(8, 3, use_bias=False)(inputs))
model = Model(inputs, layers.Dense(1)(layers.GlobalAveragePooling2D()(x)))
model.compile("adam", "mse")
model.fit(images, labels, validation_data=(other_images, other_labels))
