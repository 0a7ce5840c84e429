# target-keras: 3
# not runnable: a whole network takes long to build
import keras
from keras import layers


def load(path):
    base = keras.applications.EfficientNetB3(include_top=False, weights=None)
    inputs = keras.Input((300, 300, 3))
    x = base(inputs, training=False)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(32, use_bias=False)(x)
    x = layers.BatchNormalization()(x, training=False)
    model = keras.Model(inputs, layers.ReLU()(x))
    model.load_weights(path)
    return model


model = load("model.weights.h5")
print(model.predict(images))
