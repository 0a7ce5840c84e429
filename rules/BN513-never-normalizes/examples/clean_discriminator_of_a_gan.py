# not runnable: it is trained, not only built
import keras
from keras import layers

judge = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
judge.add(layers.Dense(1, activation="sigmoid"))
judge.compile("adam", "binary_crossentropy")
maker = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="tanh")])
judge.trainable = False
both = keras.Sequential([keras.Input((4,)), maker, judge])
both.compile("adam", "binary_crossentropy")
both.fit(noise, ones)
