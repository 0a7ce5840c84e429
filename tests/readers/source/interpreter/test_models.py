"""Models: Sequential, Functional, and models in models."""

import pytest
from drawn import calls_of

NETWORK = ["Dense(input)", "BatchNormalization(Dense)"]


@pytest.mark.parametrize(
    "lines",
    [
        "Sequential([Dense(8), BatchNormalization()])(Input((4,)))",
        "m = Sequential()\nm.add(Dense(8))\nm.add(BatchNormalization())\nm(Input((4,)))",
        "m = Sequential(layers=[Dense(8)])\nm.add(BatchNormalization())\nm(Input((4,)))",
        "i = Input((4,))\nm = Model(i, BatchNormalization()(Dense(8)(i)))",
    ],
)
def test_layers_of_a_model_are_applied_in_their_order(lines: str) -> None:
    assert sorted(set(calls_of(lines))) == sorted(NETWORK)


def test_a_model_is_applied_again_to_other_tensors() -> None:
    program = """
    inner_input = Input((8,))
    inner = Model(inner_input, BatchNormalization()(inner_input))
    inner(Dense(8)(Input((4,))))
    """

    assert "BatchNormalization(Dense)" in calls_of(program)


@pytest.mark.parametrize("merge", ["Add()([x, y])", "x + y", "layers.add([x, y])"])
def test_a_merge_takes_all_its_tensors(merge: str) -> None:
    program = f"""
    i = Input((4,))
    x, y = BatchNormalization()(i), BatchNormalization()(i)
    z = {merge}
    """

    assert calls_of(program)[-1] == "Add(BatchNormalization, BatchNormalization)"
