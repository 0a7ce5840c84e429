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


class GAN:
    def __init__(self):
        self.critic = make_judge()
        self.critic.compile(loss="mse", optimizer="adam")
        self.maker = keras.Sequential([keras.Input((4,)), layers.Dense(16, activation="tanh")])
        self.critic.trainable = False  # expect: BN504
        z = keras.Input((4,))
        self.combined = keras.Model(z, self.critic(self.maker(z)))
        self.combined.compile(loss="mse", optimizer="adam")

    def train(self, steps):
        for _ in range(steps):
            self.critic.train_on_batch(real, ones)
            self.combined.train_on_batch(noise, ones)


if __name__ == "__main__":
    GAN().train(1000)
