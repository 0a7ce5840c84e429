# not runnable: it is trained, not only built
import keras
from keras import layers

inputs = keras.Input((64, 64, 3))
x = layers.Conv2D(16, 3, padding="same", activation="relu")(inputs)
pooled = layers.GlobalAveragePooling2D(keepdims=True)(x)
pooled = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(4, 1, use_bias=False)(pooled)))
gate = layers.Conv2D(16, 1, activation="sigmoid")(pooled)
model = keras.Model(inputs, layers.Conv2D(2, 1)(layers.Multiply()([x, gate])))
model.compile("adam", "mse")
model.fit(images, masks, batch_size=8)
