# Every position has a bias of its own.
# not runnable: LocallyConnected2D left Keras with version 3
from tensorflow.keras import Sequential
from tensorflow.keras.layers import BatchNormalization, LocallyConnected2D, ReLU

model = Sequential([
    LocallyConnected2D(8, 3, input_shape=(8, 8, 3)),
    BatchNormalization(),
    ReLU(),
])
