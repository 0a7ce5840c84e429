"""The model reader: a built model, or a saved one read as data, becomes the same layer graph.

`describe` makes graph layers of configs, `operations` of functions that are applied to tensors.
Both take plain data; neither imports Keras.
"""
