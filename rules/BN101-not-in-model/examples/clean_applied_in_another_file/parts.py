from keras import layers


class Parts:
    def __init__(self):
        self.dense = layers.Dense(4, use_bias=False)
        self.norm = layers.BatchNormalization()
