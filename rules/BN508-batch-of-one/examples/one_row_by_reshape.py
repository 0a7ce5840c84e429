# not runnable: it is trained, not only built
import keras
import numpy as np
from keras import layers

value = keras.Sequential([keras.Input((4,)), layers.Dense(16, use_bias=False)])
value.add(layers.BatchNormalization())
value.add(layers.Dense(1))
value.compile("adam", "mse")


def learn(state, reward):
    row = np.asarray(state).reshape(1, -1)
    value.fit(row, np.array([reward]), verbose=0)  # expect: BN508


for state, reward in episode:
    learn(state, reward)
