# not runnable: it is trained, not only built
import keras
from keras import layers


def build():
    base = keras.Sequential(
        [layers.Dense(32, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    )
    base.trainable = False
    model = keras.Sequential([keras.Input((8,)), base, layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse")
    return base, model


def warm_up(model):
    model.fit(x_train, y_train, epochs=2)


def fine_tune(base, model):
    base.trainable = True  # expect: BN504
    model.fit(x_train, y_train, epochs=10)


def main():
    base, model = build()
    warm_up(model)
    fine_tune(base, model)


main()
