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


def objective(weights, others, x, y):
    outputs, others = model.stateless_call(weights, others, x, training=True)
    return ((outputs - y) ** 2).mean(), others


differentiate = jax.value_and_grad(objective, has_aux=True)


def step(state, x, y):
    weights, others, slots = state
    (loss, others), grads = differentiate(weights, others, x, y)
    weights, slots = optimizer.stateless_apply(slots, grads, weights)
    return loss, (weights, others, slots)
