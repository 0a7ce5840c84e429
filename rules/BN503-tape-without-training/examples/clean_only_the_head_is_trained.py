# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

base = keras.applications.ResNet50(include_top=False, pooling="avg")
base.trainable = False
head = keras.Sequential([layers.Dense(10, input_shape=(2048,))])
optimizer = keras.optimizers.Adam()
norm = layers.BatchNormalization  # not used

for x, y in dataset:
    with tf.GradientTape() as tape:
        logits = head(base(x))
        loss = keras.losses.sparse_categorical_crossentropy(y, logits, from_logits=True)
    gradients = tape.gradient(loss, head.trainable_variables)
    optimizer.apply_gradients(zip(gradients, head.trainable_variables))
