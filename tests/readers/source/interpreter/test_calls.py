"""Calls: arguments of every kind find their parameters."""

import pytest
from drawn import calls_of

NETWORK = ["Dense(input)", "BatchNormalization(Dense)"]


@pytest.mark.parametrize(
    ("parameters", "arguments"),
    [
        ("x, layer", "x, norm"),
        ("x, layer", "layer=norm, x=x"),
        ("x, *, layer", "x, layer=norm"),
        ("x, /, layer", "x, norm"),
        ("x, layer=None", "x, norm"),
        ("*both", "x, norm"),
        ("x, **more", "x, layer=norm"),
        ("x, layer", "*[x, norm]"),
        ("x, layer", "**{'x': x, 'layer': norm}"),
        ("x, layer", "x, *(norm,)"),
    ],
)
def test_arguments_find_their_parameters(parameters: str, arguments: str) -> None:
    start = {"*both": "x, layer = both", "x, **more": "layer = more['layer']"}.get(
        parameters, "pass"
    )
    program = f"""
    def apply({parameters}):
        {start}
        return layer(x)

    x = Dense(8)(Input((4,)))
    norm = BatchNormalization()
    apply({arguments})
    """

    assert sorted(calls_of(program)) == sorted(NETWORK)


def test_a_default_is_evaluated_once_at_the_definition() -> None:
    program = """
    def block(x, norm=BatchNormalization()):
        return norm(x)

    x = Dense(8)(Input((4,)))
    block(block(x))
    """

    assert sorted(calls_of(program)) == [
        "BatchNormalization(BatchNormalization)",
        "BatchNormalization(Dense)",
        "Dense(input)",
    ]


@pytest.mark.parametrize(
    "helper",
    [
        "block = lambda x: BatchNormalization()(x)",
        "from functools import partial\nblock = partial(lambda y, x: BatchNormalization()(x), 1)",
        "def block(x):\n    def go():\n        return BatchNormalization()(x)\n    return go()",
        "def make():\n    return BatchNormalization()\ndef block(x):\n    return make()(x)",
        "def make(kind):\n    return lambda x: kind()(x)\nblock = make(BatchNormalization)",
    ],
)
def test_functions_are_values(helper: str) -> None:
    assert sorted(calls_of(f"{helper}\nblock(Dense(8)(Input((4,))))")) == sorted(NETWORK)


def test_recursion_ends() -> None:
    program = """
    def deep(x, left):
        return x if left == 0 else deep(BatchNormalization()(x), left - 1)

    deep(Input((4,)), 2)
    """

    assert calls_of(program) == [
        "BatchNormalization(input)",
        "BatchNormalization(BatchNormalization)",
    ]
