# not runnable: the configuration is somebody else's
from tensorflow.keras import Input, Model, layers


class Head(Model):
    def __init__(self, config):
        super().__init__()
        self.config = config
        if self.config.add_bn:
            self.bn = layers.BatchNormalization()
        self.dense = layers.Dense(3)  # expect: BN201 when config.add_bn is true

    def call(self, x):
        x = self.dense(x)
        if self.config.add_bn:
            x = self.bn(x)
        return x


def build(config):
    head = Head(config)
    head(Input((3,)))
    return head
