# not runnable: Keras refuses a class
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([  # expect: BN102
    layers.Dense(16),
    layers.BatchNormalization,
    layers.ReLU(),
])
