"""How a notebook tells which Keras it runs with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

import pytest

from bnlint.readers.source.parsing.notebook import Notebook
from bnlint.settings.target_keras import Search
from bnlint.settings.target_keras.notebooks import required_by

Version = tuple[int, ...] | None

SUMMARY_OF_3: Final = 'Model: "functional"\n┏━━━━━━━┳━━━━━━━┓\n┃ Layer (type)   ┃ Output Shape ┃\n'
SUMMARY_OF_2: Final = (
    'Model: "model"\n______\n Layer (type)       Output Shape     Param #\n=====\n'
)


def target_of(source: str, *outputs: Mapping[str, object]) -> Version:
    cell = {"cell_type": "code", "source": source, "outputs": list(outputs), "metadata": {}}
    data = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4}).encode()
    notebook = Notebook("net.ipynb", data)
    found = Search(notebook.program, of_its_own=required_by(notebook.runs)).target
    return None if found is None else found.version


def stdout(*lines: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": list(lines)}


@pytest.mark.parametrize(
    ("source", "version"),
    [
        ("!pip install keras==3.5.0", (3, 5)),
        ("%pip install -q 'keras>=3.4'", (3,)),
        ("%pip install --upgrade keras>=3", (3,)),
        ("pip install keras==3.5.0", (3, 5)),
        ("!python -m pip install tensorflow==2.15.1", (2,)),
        ("import sys\n!{sys.executable} -m pip install tensorflow~=2.17.0", (3,)),
        ("!pip install numpy \\\n  'keras>=3'", (3,)),
        ("!apt install x && pip3 install keras-nightly", (3,)),
        ("%%capture\n!pip install keras-hub", (3,)),
        ("%%bash\npip install keras==3.1.0", (3, 1)),
        ("%conda install -c conda-forge keras=3.5", (3, 5)),
        ("!conda install -y tensorflow=2.17", (3,)),
        ("!uv pip install keras~=3.3", (3,)),
        ("out = !pip install keras==3.5.0", (3, 5)),
        ("%env KERAS_BACKEND=jax", (3,)),
        ("%env TF_USE_LEGACY_KERAS=1\n!pip install tensorflow==2.17.0", (2,)),
        ("import os\nos.environ['KERAS_BACKEND'] = 'torch'", (3,)),
        ("# !pip install keras==3.5.0", None),
        ("!pip install keras", None),
        ("!pip uninstall -y keras==3.5.0", None),
        ("!pip install -q keras-tuner==3.0 tensorflow-datasets==4.9", None),
        ("!pip install keras==3.5.0\n!pip install keras==2.15.0", None),
        ("print('pip install keras==3.5.0')", None),
        ("!pip install 'keras==3.5.0", None),
    ],
)
def test_commands_tell_what_is_installed(source: str, version: Version) -> None:
    assert target_of(source) == version


@pytest.mark.parametrize(
    ("source", "printed", "version"),
    [
        ("print(keras.__version__)", "3.5.0\n", (3, 5)),
        ("print(keras.__version__)", "2.15.0\n", (2, 15)),
        ("print('Keras', keras.__version__)", "Keras 3.3.3\n", (3, 3)),
        ("print(tf.__version__)", "2.17.0\n", (3,)),
        ("print(tf.__version__)", "2.9.2\n", (2,)),
        ("print(np.__version__, tf.__version__)", "1.26.4 2.17.0\n", (3,)),
        ("print(np.__version__)", "3.5.0\n", None),
        ("print(tf.keras.__version__)", "3.4.1\n", (3, 4)),
        ("print(tf.version.VERSION)", "2.18.0-rc1\n", (3,)),
        ("print(keras.version())", "3.6.0\n", (3, 6)),
        ("show_versions()", "Keras version: 3.5.0\nNumpy: 1.2.3\n", (3, 5)),
        ("!pip list", "h5py   3.11.0\nkeras     3.4.1\ntf_keras  2.17.0\n", (3, 4)),
        ("!pip freeze", "keras==3.5.0\nkeras-tuner==1.4.7\n", (3, 5)),
        ("!pip show keras", "Name: keras\nVersion: 3.5.0\nSummary: x\n", (3, 5)),
        ("!pip install -U keras", "Successfully installed h5py-3.1 keras-3.5.0 x-1\n", (3, 5)),
        ("!pip install keras", "Requirement already satisfied: keras in /usr (3.4.1)\n", (3, 4)),
        ("model.summary()", SUMMARY_OF_3, (3,)),
        ("model.summary()", SUMMARY_OF_2, (2,)),
        ("print(keras.__version__)", "", None),
        ("# keras.__version__\nprint(loss)", "3.5\n", None),
        ("print(keras.__version__)\nprint(loss)", "3.5.0\n0.25\n", None),
    ],
)  # fmt: skip
def test_saved_output_tells_what_it_ran_with(source: str, printed: str, version: Version) -> None:
    assert target_of(source, stdout(*printed.splitlines(keepends=True))) == version


def test_result_of_a_cell_is_an_output() -> None:
    result = {"output_type": "execute_result", "data": {"text/plain": ["'3.5.0'"]}}

    assert target_of("keras.__version__", result) == (3, 5)


@pytest.mark.parametrize(
    "outputs", [[3], [{"text": 3}], [{"data": []}], [{"name": "stderr", "text": "3.5.0"}], [{}]]
)
def test_malformed_output_tells_nothing(outputs: list[dict[str, object]]) -> None:
    assert target_of("keras.__version__", *outputs) is None
