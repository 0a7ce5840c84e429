# target-keras: 3
# not runnable: a whole network takes long to build
import tensorflow as tf
from tensorflow.keras import layers

base_model = tf.keras.applications.MobileNetV2(input_shape=(160, 160, 3), include_top=False)
base_model.trainable = False

inputs = tf.keras.Input(shape=(160, 160, 3))
x = tf.keras.applications.mobilenet_v2.preprocess_input(inputs)
x = base_model(x, training=False)
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(32, use_bias=False)(x)
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
model = tf.keras.Model(inputs, layers.Dense(1)(x))
model.compile(optimizer="adam", loss="binary_crossentropy")
model.fit(train_dataset, epochs=10)
