"""Loops: how many turns are taken, and what they leave behind."""

import pytest
from drawn import calls_of


@pytest.mark.parametrize(
    "loop",
    [
        "for i in range(2):",
        "for i in (4, 8):",
        "for i, j in enumerate('ab'):",
        "for i, j in zip([4, 8], 'ab'):",
        "for key in {'a': 1, 'b': 2}:",
        "for key, value in {'a': 1, 'b': 2}.items():",
        "n = 0\nwhile n < 2:\n    n += 1",
    ],
)
def test_a_known_loop_takes_its_turns(loop: str) -> None:
    program = f"x = Input((4,))\n{loop}\n    x = BatchNormalization()(x)"

    assert calls_of(program) == [
        "BatchNormalization(input)",
        "BatchNormalization(BatchNormalization)",
    ]


def test_a_loop_of_unknown_length_takes_two_turns() -> None:
    program = """
    x = Input((4,))
    for size in sizes_of(somebody):
        x = BatchNormalization()(x)
    """

    assert calls_of(program) == [
        "BatchNormalization(input)",
        "BatchNormalization(BatchNormalization)",
    ]


def test_break_and_continue_are_obeyed() -> None:
    program = """
    x = Input((4,))
    for i in range(9):
        if i == 0:
            continue
        if i == 2:
            break
        x = BatchNormalization()(x)
    else:
        x = Dropout(0.5)(x)
    """

    assert calls_of(program) == ["BatchNormalization(input)"]


def test_turns_that_bring_nothing_new_are_left_out() -> None:
    program = """
    x = Input((4,))
    for i in range(100):
        x = BatchNormalization()(x)
    ReLU()(x)
    """

    calls = calls_of(program)
    assert calls[-1] == "ReLU(BatchNormalization)"
    assert len(calls) < 10


@pytest.mark.parametrize(
    "made",
    [
        "[BatchNormalization() for _ in range(2)]",
        "list(BatchNormalization() for _ in range(2))",
        "[layer for layer in (BatchNormalization(), None, BatchNormalization()) if layer]",
        "[BatchNormalization(name=str(n)) for n in (4, 8) for _ in range(1)]",
    ],
)
def test_comprehensions_make_lists(made: str) -> None:
    program = f"x = Input((4,))\nfor layer in {made}:\n    x = layer(x)"

    assert calls_of(program) == [
        "BatchNormalization(input)",
        "BatchNormalization(BatchNormalization)",
    ]
