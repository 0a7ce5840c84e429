from keras import layers


def normalize(x, norm="batch"):
    if norm == "batch":
        return layers.BatchNormalization()(x)
    return x
