# not runnable: it is trained, not only built
# target-keras: 3
import keras
from keras import layers


def make_judge():
    return keras.Sequential(
        [
            keras.Input((16,)),
            layers.Dense(8, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


judge = make_judge()
judge.compile("adam", "binary_crossentropy")
maker = keras.Sequential([keras.Input((4,)), layers.Dense(16, activation="tanh")])
frozen = keras.Model(judge.inputs, judge.outputs)
judge.trainable = False
noise = keras.Input((4,))
both = keras.Model(noise, judge(maker(noise)))
both.compile("adam", "binary_crossentropy")
judge.trainable = True
for real, fake, seeds in batches:
    judge.train_on_batch(real, ones)
