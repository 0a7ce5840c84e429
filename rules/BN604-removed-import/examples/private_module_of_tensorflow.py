# target-keras: 3
# not runnable: there is no such class any more
from tensorflow.keras import Input, Model
from tensorflow.python.keras.layers import BatchNormalization, Dense, ReLU  # expect: BN604

inputs = Input((8,))
x = Dense(4, use_bias=False)(inputs)
x = BatchNormalization()(x)
model = Model(inputs, ReLU()(x))
