"""Which files are read at all, told from their bytes."""

from __future__ import annotations

import time

import pytest
from running import Write

import bnlint
from bnlint.project.files import prefilter


@pytest.mark.parametrize(
    "text",
    [
        "x = BatchNormalization()\n",
        "x = getattr(layers, 'BatchNormalization')\n",
        'x = {"class_name": "BatchNormalization"}  # here\n',
        "x = '#'; y = batch_norm\n",
        "x = '''#'''; y = batch_norm\n",
        'x = r"\\"; y = batch_norm; z = "\\""\n',
        "'''an unfinished docstring\ny = batch_norm\n",
    ],
)
def test_code_that_names_it_is_read(text: str) -> None:
    assert prefilter.flags(text.encode()) & prefilter.MENTIONS


@pytest.mark.parametrize(
    "text",
    [
        "x = Dense(1)  # no BatchNormalization()\n",
        '"""Like BatchNormalization,\nwith "quotes" and \\""" an escape."""\nx = Dense(1)\n',
        "def f():\n    r'''BatchNormalization() isn't here'''\n",
        'x = \'"""\'  # batch_norm\ny = \'"""\'\n',
    ],
)
def test_prose_that_names_it_is_not(text: str) -> None:
    assert not prefilter.flags(text.encode()) & (prefilter.MENTIONS | prefilter.BUILDS)


@pytest.mark.parametrize("piece", [b'"""', b"'''", b'"\\', b"'", b"#", b'""', b'"""\\"'])
def test_unfinished_strings_cost_no_more_than_their_length(piece: bytes) -> None:
    data = b"batch_norm " + piece * 100_000
    start = time.process_time()
    prefilter.flags(data)
    assert time.process_time() - start < 5


def test_findings_in_a_helper_that_never_names_it_are_told(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = (
        "from keras.layers import Conv2D\n\n\n"
        "def block(x, norm):\n"
        "    x = Conv2D(8, 3)(x)\n"
        "    return norm()(x)\n"
        "\n\n"
        "def other(x, norm):\n"
        "    x = Conv2D(8, 3)(x)  # bnlint: ignore[BN201]\n"
        "    return norm()(x)\n"
    )
    model = (
        "from keras import Input, Model\n"
        "from keras.layers import BatchNormalization\n"
        "from helper import block, other\n\n"
        "x = inputs = Input((8, 8, 3))\n"
        "x = other(block(x, BatchNormalization), BatchNormalization)\n"
        "model = Model(inputs, x)\n"
    )
    write("helper.py", helper)
    write("model.py", model)
    report = bnlint.lint(["."])
    places = [(f.location.filename, f.location.line, f.code) for f in report.findings]
    assert places == [("helper.py", 5, "BN201")]
