# not runnable: it is trained, not only built
import numpy as np
import keras
from keras import layers

model = keras.Sequential([keras.Input((8,)), layers.BatchNormalization(), layers.Dropout(0.5)])
for _ in range(3):
    print(np.std(model(np.ones((4, 8)), training=True)))
