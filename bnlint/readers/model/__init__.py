"""The model reader: a built model, or a saved one read as data, becomes the same layer graph.

:mod:`~bnlint.readers.model.describe` makes graph layers of configs, :mod:`~bnlint.readers.model.operations` of
functions that are applied to tensors. Both take plain data; neither imports Keras.
"""
