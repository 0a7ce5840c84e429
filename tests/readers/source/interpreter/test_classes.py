"""Classes: attributes, inheritance, `super()`, properties, and Keras's own protocol."""

import pytest
from drawn import calls_of

NETWORK = ["Dense(input)", "BatchNormalization(Dense)"]


def test_a_layer_in_an_attribute_is_applied_by_another_method() -> None:
    program = """
    class Block(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dense = Dense(8)
            self.norm = BatchNormalization()

        def call(self, x):
            return self.norm(self.dense(x))

    Block()(Input((4,)))
    """

    assert sorted(calls_of(program)) == sorted(NETWORK)


@pytest.mark.parametrize(
    "body",
    [
        "norm = BatchNormalization()",
        "def __init__(self):\n        self.norm = BatchNormalization()",
        "@property\n    def norm(self):\n        return BatchNormalization()",
        "@staticmethod\n    def norm(x):\n        return BatchNormalization()(x)",
        "@classmethod\n    def norm(cls, x):\n        return BatchNormalization()(x)",
        "def __init__(self):\n        setattr(self, 'norm', BatchNormalization())",
    ],
)
def test_an_attribute_is_found_where_it_was_set(body: str) -> None:
    program = f"class Net:\n    {body}\n\nNet().norm(Dense(8)(Input((4,))))"

    assert sorted(calls_of(program)) == sorted(NETWORK)


def test_a_method_of_the_base_class_sees_what_the_subclass_overrides() -> None:
    program = """
    class Base:
        def build(self):
            return self.norm(Dense(8)(Input((4,))))

        def norm(self, x):
            return x

    class Normalized(Base):
        def norm(self, x):
            return BatchNormalization()(super().norm(x))

    Normalized().build()
    """

    assert sorted(calls_of(program)) == sorted(NETWORK)


def test_build_runs_before_the_first_call() -> None:
    program = """
    class Block(layers.Layer):
        def build(self, input_shape):
            self.norm = BatchNormalization()

        def call(self, x):
            return self.norm(x)

    Block()(Dense(8)(Input((4,))))
    """

    assert sorted(calls_of(program)) == sorted(NETWORK)
