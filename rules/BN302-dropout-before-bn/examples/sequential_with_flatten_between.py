# runnable: build
from keras import Input, Sequential, layers


def build():
    return Sequential(
        [
            Input((8, 8, 3)),
            layers.Conv2D(4, 3),
            layers.Dropout(0.2),  # expect: BN302
            layers.Flatten(),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Dense(2),
        ]
    )
