# The template that was copied from one repository to the next.
# runnable: build
from tensorflow.keras import layers
from tensorflow.keras.models import Sequential


def create_model(input_shape, num_classes):
    model = Sequential()
    model.add(layers.Input(input_shape))
    model.add(layers.Conv2D(8, (3, 3), padding='same'))
    layers.BatchNormalization()  # expect: BN101
    model.add(layers.Activation('relu'))
    model.add(layers.MaxPooling2D((2, 2)))
    model.add(layers.Conv2D(16, (3, 3), padding='same'))
    layers.BatchNormalization()  # expect: BN101
    model.add(layers.Activation('relu'))
    model.add(layers.Flatten())
    model.add(layers.Dense(num_classes, activation='softmax'))
    return model


def build():
    return create_model((8, 8, 3), 5)
