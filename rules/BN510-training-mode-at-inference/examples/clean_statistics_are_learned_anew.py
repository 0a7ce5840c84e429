# not runnable: it is trained, not only built
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

classifier = keras.Sequential(
    [
        keras.Input((20,)),
        layers.Dense(32, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.Dense(5),
    ]
)
optimizer = keras.optimizers.SGD(0.1)
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def learn(x, y):
    with tf.GradientTape() as tape:
        loss = criterion(y, classifier(x, training=True))
    gradients = tape.gradient(loss, classifier.trainable_variables)
    optimizer.apply_gradients(zip(gradients, classifier.trainable_variables))
    return loss


for x, y in train_set:
    learn(x, y)
for x, _ in train_set:
    classifier(x, training=True)
