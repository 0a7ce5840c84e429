# not runnable: it is trained, not only built
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

value = keras.Sequential([keras.Input((4,)), layers.Dense(16, use_bias=False)])
value.add(layers.BatchNormalization())
value.add(layers.ReLU())
value.add(layers.Dense(1))
value.compile("adam", "mse")
for state, reward in episode:
    state = np.expand_dims(state, axis=0)
    value.train_on_batch(state, np.array([[reward]]))  # expect: BN508
