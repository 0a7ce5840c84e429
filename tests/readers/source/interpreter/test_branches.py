"""Branches: known ones are taken, and each answer to an unknown one is a world."""

import pytest
from drawn import calls_of, worlds_of

WITH = ["Dense(input)", "BatchNormalization(Dense)"]


@pytest.mark.parametrize(
    "test", ["True", "1 < 2", "not False", "'a' in 'abc'", "None is None", "[1]"]
)
def test_a_known_test_has_one_side(test: str) -> None:
    program = f"""
    x = Dense(8)(Input((4,)))
    if {test}:
        x = BatchNormalization()(x)
    else:
        x = Dropout(0.5)(x)
    """

    assert [calls for _, calls in worlds_of(program)] == [WITH]


@pytest.mark.parametrize(
    ("branch", "question"),
    [
        ("if use_bn:\n        x = BatchNormalization()(x)", "use_bn is true"),
        ("x = BatchNormalization()(x) if use_bn else x", "use_bn is true"),
        ("if not use_bn:\n        return x\n    x = BatchNormalization()(x)", "use_bn is true"),
        ("if use_bn is None:\n        return x\n    x = BatchNormalization()(x)", "use_bn is None"),
        ("if use_bn == 'batch':\n        x = BatchNormalization()(x)", "use_bn is 'batch'"),
    ],
)
def test_an_open_question_is_asked_in_words(branch: str, question: str) -> None:
    program = f"""
def build(use_bn):
    x = Dense(8)(Input((4,)))
    {branch}
    return x
"""

    worlds = {answers[question]: calls for answers, calls in worlds_of(program)}
    assert WITH in worlds.values()
    assert all(calls in (WITH, WITH[:1]) for calls in worlds.values())


def test_the_same_question_is_answered_once() -> None:
    program = """
    def build(use_bn):
        x = Dense(8, use_bias=not use_bn)(Input((4,)))
        if use_bn:
            x = BatchNormalization()(x)
        if use_bn == False:
            x = Dropout(0.5)(x)
        return x
    """

    assert sorted(calls for _, calls in worlds_of(program)) == [
        WITH,
        ["Dense(input)", "Dropout(Dense)"],
    ]


def test_a_world_that_raises_is_none() -> None:
    program = """
    def build(kind):
        x = Dense(8)(Input((4,)))
        if kind == "batch":
            return BatchNormalization()(x)
        raise ValueError(kind)
    """

    assert calls_of(program) == WITH
