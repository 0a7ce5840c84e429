# A snippet from a page: nothing is imported.
# not runnable: no import lines
model = Sequential([layers.Input((4,)), layers.Dense(3)])
layers.BatchNormalization()  # expect: BN101
model.add(layers.Dense(1))
