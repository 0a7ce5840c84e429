# target-keras: 3
# not runnable: it is trained, not only built
import keras
from keras import layers


def block(units):
    return keras.Sequential(
        [layers.Dense(units, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
    )


class Net(keras.Model):
    def __init__(self, widths):
        super().__init__()
        self.blocks = [block(width) for width in widths]
        self.head = layers.Dense(10)

    def call(self, x):  # expect: BN501
        for each in self.blocks:
            x = each(x)
        return self.head(x)


net = Net([64, 32])
net.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
net.fit(images, labels, batch_size=32)
