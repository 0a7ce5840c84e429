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
judge.trainable = False  # expect: BN504
noise = keras.Input((4,))
both = keras.Model(noise, judge(maker(noise)))
both.compile("adam", "binary_crossentropy")
for real, fake, seeds in batches:
    judge.train_on_batch(real, ones)
    judge.train_on_batch(fake, zeros)
    both.train_on_batch(seeds, ones)
