# target-keras: 3
# not runnable: a whole network takes long to build
from keras import Input, Model, layers
from keras.applications import ResNet50


def extractor():
    inputs = Input((224, 224, 3))
    x = ResNet50(include_top=False, pooling="avg")(inputs, training=False)
    return Model(inputs, x)


def build():
    features = extractor()
    features.trainable = False
    inputs = Input((224, 224, 3))
    x = layers.Dense(32, use_bias=False)(features(inputs))
    x = layers.BatchNormalization()(x)
    return Model(inputs, layers.ReLU()(x))


def fine_tuned():
    inputs = Input((224, 224, 3))
    x = ResNet50(include_top=False, pooling="avg")(inputs, training=False)
    model = Model(inputs, layers.Dense(10)(x))
    for layer in model.layers[:-1]:
        layer.trainable = False
    return model


def by_name():
    inputs = Input((224, 224, 3))
    x = ResNet50(include_top=False, pooling="avg", name="base")(inputs, training=False)
    model = Model(inputs, layers.Dense(10)(x))
    model.get_layer("base").trainable = False
    return model
