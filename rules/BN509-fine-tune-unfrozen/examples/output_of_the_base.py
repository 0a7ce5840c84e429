# not runnable: it is trained, not only built
from keras.applications import ResNet50
from keras.layers import BatchNormalization, Dense, GlobalAveragePooling2D, ReLU
from keras.models import Model


def build():
    base = ResNet50(weights="imagenet", include_top=False, input_shape=(224, 224, 3))
    base.trainable = True  # expect: BN509
    x = GlobalAveragePooling2D()(base.output)
    x = Dense(512, use_bias=False)(x)
    x = ReLU()(BatchNormalization()(x))
    return Model(base.input, Dense(5, activation="softmax")(x))


def main():
    model = build()
    model.compile("adam", "categorical_crossentropy")
    model.fit(load_train(), epochs=30)


main()
