"""Values: constants, containers and unpacking, as the interpreter evaluates them."""

import pytest
from drawn import calls_of

NETWORK = ["Dense(input)", "BatchNormalization(Dense)"]


@pytest.mark.parametrize(
    "units",
    ["8", "2 * 4", "16 // 2", "[4, 8][1]", "(4, 8)[-1]", "{'a': 8}['a']", "max(4, 8)", "int('8')"],
)
def test_a_constant_expression_is_evaluated(units: str) -> None:
    program = f"""
    sizes = {{8: Dense(1)}}
    x = Dense({units})(Input((4,)))
    x = BatchNormalization()(x) if {units} == 8 else x
    """

    assert sorted(calls_of(program)) == sorted(NETWORK)


@pytest.mark.parametrize(
    "lines",
    [
        "a, b = Dense(8), BatchNormalization()",
        "(a, b) = [Dense(8), BatchNormalization()]",
        "a, *rest = Dense(8), BatchNormalization(); b = rest[0]",
        "both = {'a': Dense(8), 'b': BatchNormalization()}; a = both['a']; b = both['b']",
        "both = [Dense(8)]; both.append(BatchNormalization()); a, b = both",
        "both = [Dense(8)] + [BatchNormalization()]; a = both[0]; b = both[-1]",
        "a = Dense(8); b = None; b = b or BatchNormalization()",
        "if (a := Dense(8)): b = BatchNormalization()",
    ],
)
def test_a_layer_keeps_its_identity_in_names_and_containers(lines: str) -> None:
    assert sorted(calls_of(f"{lines}\nb(a(Input((4,))))".replace("; ", "\n"))) == sorted(NETWORK)


def test_text_is_formatted() -> None:
    program = """
    kinds = {"bn_1": BatchNormalization()}
    number = 1
    x = Dense(8)(Input((4,)))
    x = kinds[f"bn_{number}"](x)
    x = kinds["bn_%d" % number](x)
    x = kinds["bn_{}".format(number)](x)
    """

    assert calls_of(program) == [
        "BatchNormalization(Dense)",
        "BatchNormalization(BatchNormalization)",
        "BatchNormalization(BatchNormalization)",
        "Dense(input)",
    ]


def test_what_is_not_known_stays_unknown() -> None:
    assert calls_of("BatchNormalization()(somewhere.tensor())") == ["BatchNormalization(unknown)"]
