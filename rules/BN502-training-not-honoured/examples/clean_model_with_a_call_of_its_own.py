# target-keras: 3
# not runnable: the model has to be given data
import keras
from keras import layers


class Classifier(keras.Model):
    def __init__(self):
        super().__init__()
        self.base = keras.applications.ResNet50(include_top=False, pooling="avg")
        self.norm = layers.BatchNormalization()
        self.head = layers.Dense(10)

    def call(self, x, training=None):
        x = self.base(x, training=False)
        x = self.norm(x, training=training)
        return self.head(x)


model = Classifier()
outputs = model(keras.Input((224, 224, 3)))
