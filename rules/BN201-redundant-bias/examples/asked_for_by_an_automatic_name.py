# Keras calls an Activation without a name so, and no convolution.
# not runnable: the name depends on what was built before
import keras
from keras import layers

inputs = keras.Input((8, 8, 3))
x = layers.Conv2D(4, 3)(inputs)  # expect: BN201
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
x = layers.Conv2D(4, 3)(x)  # expect: BN201
x = layers.BatchNormalization()(x)
model = keras.Model(inputs, layers.Activation("relu")(x))
features = keras.Model(inputs, model.get_layer("activation_1").output)
