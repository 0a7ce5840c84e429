"""The model reader: a built model, or a saved one read as data, becomes the same layer graph.

`describe` makes graph layers from configs, `operations` from functions applied to tensors.
Both take plain data; neither imports Keras.
"""
