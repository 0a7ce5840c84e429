# not runnable: it is trained, not only built
import numpy as np
import keras
from keras import layers

encoder = keras.Sequential([keras.Input((8,)), layers.Dense(4, use_bias=False)])
encoder.add(layers.BatchNormalization())
encoder.add(layers.Dropout(0.1))
judge = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
judge.compile("adam", "mse")
both = keras.Sequential([keras.Input((8,)), encoder, judge])
both.compile("adam", "mse")
for step in range(100):
    codes = encoder(batch, training=True)
    judge.train_on_batch(codes, np.zeros((32, 1)))
    both.train_on_batch(batch, np.ones((32, 1)))
