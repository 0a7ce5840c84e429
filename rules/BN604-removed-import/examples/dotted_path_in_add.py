# target-keras: 3
# not runnable: there is no such module any more
import keras

model = keras.models.Sequential()
model.add(keras.layers.Dense(4, use_bias=False))
model.add(keras.layers.normalization.BatchNormalization())  # expect: BN604
model.add(keras.layers.Activation("relu"))
