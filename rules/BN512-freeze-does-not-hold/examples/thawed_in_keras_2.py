# not runnable: it is trained, not only built
# target-keras: 2
from tensorflow import keras
from tensorflow.keras.layers import BatchNormalization, Dense

base = keras.applications.DenseNet121(include_top=False, pooling="avg")
model = keras.Sequential([keras.Input((224, 224, 3)), base, Dense(2, activation="softmax")])


def freeze_statistics(network):
    for layer in network.layers:
        if isinstance(layer, BatchNormalization):
            layer.trainable = False


freeze_statistics(base)
model.trainable = True  # expect: BN512
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(data, epochs=4)
