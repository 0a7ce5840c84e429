# not runnable: it is trained, not only built
import os

os.environ["KERAS_BACKEND"] = "jax"
import jax
import keras
from keras import layers

model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(16, use_bias=False), layers.BatchNormalization()]
)
model.add(layers.Dense(1))
optimizer = keras.optimizers.SGD(0.1)
optimizer.build(model.trainable_variables)


def predict(weights, others, x):
    outputs, _ = model.stateless_call(weights, others, x)
    return outputs


jax.jit(predict)(model.trainable_variables, model.non_trainable_variables, x)
