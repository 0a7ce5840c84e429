# A layer where a tensor belongs: the Dense was never applied itself.
# not runnable: Keras refuses the layer
from keras.layers import BatchNormalization, Dense, Input

inputs = Input((8,))
x = BatchNormalization()(Dense(4))  # expect: BN102
