# not runnable: it is trained, not only built
from tensorflow.keras import Sequential, layers
from tensorflow.keras.preprocessing.image import ImageDataGenerator

model = Sequential()
model.add(layers.Conv2D(16, 3, activation="relu", input_shape=(64, 64, 3)))
model.add(layers.Flatten())
model.add(layers.Dense(32, use_bias=False))
model.add(layers.BatchNormalization())
model.add(layers.Activation("relu"))
model.add(layers.Dense(2, activation="softmax"))
model.compile("adam", "categorical_crossentropy")

images = ImageDataGenerator(rescale=1 / 255).flow_from_directory("train", batch_size=1)
model.fit_generator(images, steps_per_epoch=100)  # expect: BN508
