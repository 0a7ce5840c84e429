# not runnable: it is trained, not only built
from tensorflow.keras import Sequential, applications, layers


class Classifier:
    def __init__(self, classes):
        self.base = applications.MobileNetV2(include_top=False, pooling="avg")
        self.base.trainable = False
        self.model = Sequential(
            [
                self.base,
                layers.Dense(256, use_bias=False),
                layers.BatchNormalization(),
                layers.ReLU(),
                layers.Dense(classes, activation="softmax"),
            ]
        )
        self.model.compile("adam", "categorical_crossentropy")

    def train(self, data):
        self.model.fit(data, epochs=5)
        self.base.trainable = True  # expect: BN504
        self.model.fit(data, epochs=20)


Classifier(10).train(load_data())
