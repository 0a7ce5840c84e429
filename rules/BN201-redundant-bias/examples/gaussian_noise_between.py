# runnable: build
import keras
from keras.layers import BatchNormalization, Dense, GaussianNoise, Input, ReLU


def build():
    return keras.Sequential([Input((6,)), Dense(8), GaussianNoise(0.1), BatchNormalization(), ReLU()])  # expect: BN201
