"""Which Keras code is for: as set, as required, as the file shows; and that findings say why."""

# ruff: noqa: E501  # a line for each form

from __future__ import annotations

from pathlib import Path

import pytest

import bnlint
from bnlint.keras_api.removed import Removed
from bnlint.keras_api.versions.target import Target
from bnlint.settings import Layer, SettingsError
from bnlint.settings.target_keras import shown_by
from bnlint.settings.target_keras.code import legacy_shown_by
from bnlint.settings.target_keras.requirements import required, requirement

PROGRAM = """\
from tensorflow.keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(fused=True)(x)
model = Model(inputs, layers.ReLU()(x))
"""


def told_by(lines: list[str]) -> Target | None:
    found = (requirement(line, "requirements.txt") for line in lines)
    return required(each for each in found if each is not None).target


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("keras>=3.0", (3,)),
        ("keras==3.12.0", (3, 12)),
        ("keras~=3.5", (3,)),
        ("keras[extra] >= 3 ; python_version > '3.9'", (3,)),
        ("keras<3", (2,)),
        ("keras==2.15.0", (2, 15)),
        ("Keras<2", (1,)),
        ("keras>=2.4", None),
        ("keras", None),
        ("tensorflow>=2.16", (3,)),
        ("tensorflow-cpu==2.15.*", (2,)),
        ("tensorflow>=2.0,<2.16", (2,)),
        ("tensorflow>=2.4", None),
        ("tf_keras", (2,)),
        ("keras-tuner==3.0", None),
        ("# keras>=3", None),
        ("keras>=3,<4", (3,)),
        ("keras<4,>=3", (3,)),
        ("keras~=3.3", (3,)),
        ("keras==3.*", (3,)),
        ("keras===3.5.0", (3, 5)),
        ("keras (>=3.4)", (3,)),
        ("keras>=3.0.0rc1", (3,)),
        ("keras<3.0.0", (2,)),
        ("keras<=2.15", (2,)),
        ("keras==2.*", (2,)),
        ("keras>=2.16", (3,)),
        ("keras>=2,<4", None),
        ("keras!=3.0.1", None),
        ("keras>=2.4,!=2.7", None),
        ("keras @ git+https://github.com/keras-team/keras.git@v3.5.0", (3, 5)),
        ("git+https://github.com/keras-team/keras@v3.4.1#egg=keras", (3, 4)),
        ("git+https://github.com/keras-team/keras", None),
        ("https://files.example/keras-3.6.0-py3-none-any.whl", (3, 6)),
        ("keras-nightly", (3,)),
        ("keras-nightly==2.14.0.dev2023080107", (2, 14)),
        ("tf-nightly", (3,)),
        ("tf-nightly>=2.17.0.dev20240301", (3,)),
        ("tf_nightly_cpu>=2.18.0.dev20240901", (3,)),
        ("tensorflow-cpu>=2.17", (3,)),
        ("tensorflow_cpu~=2.16.1", (3,)),
        ("tensorflow[and-cuda]==2.17.0", (3,)),
        ("tensorflow[and-cuda]~=2.15.0", (2,)),
        ("tensorflow~=2.15", None),
        ("tensorflow==2.*", None),
        ("tensorflow>=2,<3", None),
        ("tensorflow>2.15", None),
        ("tensorflow<2.17", None),
        ("tensorflow-gpu==1.15", (2,)),
        ("tensorflow-datasets>=4.9", None),
        ("tensorflow-hub==0.16", None),
        ("tensorflow-probability==0.24", None),
        ("keras-cv>=0.9", None),
        ("keras-applications==1.0.8", None),
        ("keras-hub", (3,)),
        ("tf-keras==2.17.0", (2,)),
        (
            "keras==3.5.0 --hash=sha256:53ae4f9472ec9d9c6941c82a3fda86969724ace3b7630a94ba0a1f17ba1065c3",
            (3, 5),
        ),
        ("keras==3.5.0 \\", (3, 5)),
        (f"keras=={'9' * 5000}", None),
        (f"keras>={'9' * 1500}", (3,)),
        ("KERAS_BACKEND=jax", (3,)),
        ("KERAS_BACKEND=tensorflow", None),
        ("TF_USE_LEGACY_KERAS=1", (2,)),
        ("TF_USE_LEGACY_KERAS=0", None),
    ],
)
def test_requirement_tells_the_target(line: str, version: tuple[int, ...] | None) -> None:
    found = told_by([line])

    assert (None if found is None else found.version) == version


def test_tf_keras_beside_a_new_tensorflow_is_keras_2() -> None:
    found = told_by(["tensorflow>=2.16", "tf-keras>=2.16"])

    assert found == Target((2,), "tf-keras>=2.16 in requirements.txt")


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        (["keras>=3; python_version>='3.9'", "keras<3; python_version<'3.9'"], None),
        (["tensorflow>=2.16; python_version>='3.9'", "tensorflow; python_version<'3.9'"], None),
        (["tensorflow-cpu==2.18; sys_platform!='darwin'", "tensorflow-macos>=2.16"], (3,)),
        (["keras", "tensorflow>=2.16"], (3,)),
        (["keras>=3", "keras"], (3,)),
        (["keras>=3", "keras==3.5.0"], (3, 5)),
        (["keras==3.5.0; python_version>='3.9'", "keras==3.1.1; python_version<'3.9'"], (3,)),
        (["keras>=3", "tensorflow<2.16"], None),
        (["keras==2.15.0", "tensorflow==2.15.1"], (2, 15)),
        (["keras>=3", "tf-keras"], None),
        (["KERAS_BACKEND=torch", "keras"], (3,)),
        (["TF_USE_LEGACY_KERAS=1", "tensorflow==2.17.0"], (2,)),
    ],
)
def test_requirements_for_several_systems_tell_what_they_agree_on(
    lines: list[str], version: tuple[int, ...] | None
) -> None:
    found = told_by(lines)

    assert (None if found is None else found.version) == version


@pytest.mark.parametrize(
    "line",
    [
        "import tf_keras as keras",
        'os.environ["TF_USE_LEGACY_KERAS"] = "1"',
        'os.environ.setdefault("TF_USE_LEGACY_KERAS", "True")',
    ],
)
def test_file_asks_for_keras_2_itself(line: str) -> None:
    assert legacy_shown_by(f"import os\n{line}\n") == Target((2,), f"`{line}` in line 2")


@pytest.mark.parametrize(
    "line", ['os.environ["TF_USE_LEGACY_KERAS"] = "0"', "import tensorflow", "# import tf_keras"]
)
def test_file_that_does_not_ask_for_keras_2_is_not_taken_to(line: str) -> None:
    assert legacy_shown_by(f"import os\n{line}\n") is None


def test_file_that_asks_for_keras_2_counts_more_than_requirements(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("tensorflow>=2.16\n", encoding="utf-8")
    file = tmp_path / "net.py"
    file.write_text(PROGRAM, encoding="utf-8")
    assert _messages(file)

    file.write_text(
        'import os\n\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n' + PROGRAM, encoding="utf-8"
    )

    assert not _messages(file)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("from keras import layers, ops\n", (3,)),
        ("import keras\ny = keras.ops.relu(x)\n", (3,)),
        ("import tf_keras as keras\n", (2,)),
        ("from tensorflow.python.keras import layers\n", (2,)),
        ("from keras.layers import Dense\nDense(3, W_regularizer=l2)\n", (1,)),
        ("from keras.layers.core import Dense\nmodel.fit(x, nb_epoch=3)  # keras\n", (1,)),
        ("from keras import layers\n", None),
        ("from keras import ops\nimport tf_keras\n", None),
        ("import keras\nx = 1  # not keras.ops.relu\n", None),
        ('import keras\n"""Like keras.ops.relu, and `keras.ops.abs`."""\n', None),
        ("import keras\nreturn keras.ops.relu(x)\n", (3,)),
        ("import tensorflow\nwith tf.Session() as session:\n", (2,)),
        ("import tensorflow\n# x = tf.placeholder(tf.float32)\n", None),
        ("import keras\nkeras.random.normal((2,))\n", (3,)),
        ("import keras as k\nk.tree.map_structure(f, x)\n", (3,)),
        ("import tensorflow as tf\ntf.keras.config.set_floatx('float32')\n", (3,)),
        ("from tensorflow import keras\nkeras.dtype_policies.get('float32')\n", (3,)),
        ("import tensorflow.keras as k\nk.ops.relu(x)\n", (3,)),
        ("from keras.layers import (\n    Dense,\n    TFSMLayer,\n)\n", (3,)),
        ("from tensorflow.keras import layers as L\nL.TFSMLayer('a')\n", (3,)),
        ("import keras\nclass Data(keras.utils.PyDataset): ...\n", (3,)),
        ("import keras_hub\n", (3,)),
        ("from keras_hub.models import Backbone\n", (3,)),
        ("import keras_hub_extras\n", None),
        ("from keras import Layer\n", (3,)),
        ("import os\nos.environ['KERAS_BACKEND'] = 'jax'\n", (3,)),
        ("import os\nos.environ.setdefault('KERAS_BACKEND', 'torch')\n", (3,)),
        ("import os\nos.environ.update(KERAS_BACKEND='jax')\n", (3,)),
        ("import os\nos.environ.update({'KERAS_BACKEND': 'jax'})\n", (3,)),
        ("from os import environ\nenviron['KERAS_BACKEND'] = 'torch'\n", (3,)),
        ("import os\nos.environ['KERAS_BACKEND'] = 'tensorflow'\n", None),
        ("import os\nos.environ['KERAS_BACKEND'] = 'theano'\n", None),
        ("import os\nos.environ['BACKEND'] = 'jax'\n", None),
        ("try:\n    from keras import ops\nexcept ImportError:\n    ops = None\n", None),
        ("import keras\nif hasattr(keras, 'ops'):\n    f = keras.ops.relu\n", None),
        ("import keras\nif IS_KERAS_3:\n    f = keras.ops.relu\n", None),
        ("import keras\nif keras.__version__ > '3':\n    keras.ops.abs(x)\n", None),
        ("import keras\nif fast:\n    keras.ops.abs(x)\n", (3,)),
        ("import numpy\nimport keras\nnumpy.random.normal()\n", None),
        ("from tensorflow import random, config\nimport keras\nrandom.normal(())\n", None),
        ("import tensorflow as tf\ntf.random.set_seed(1)\ntf.keras.Input(())\n", None),
        ("from keras.wrappers.scikit_learn import KerasClassifier\n", None),
    ],
)
def test_file_shows_its_target(text: str, version: tuple[int, ...] | None) -> None:
    found = shown_by(text)

    assert (None if found is None else found.version) == version


def _messages(path: Path, **settings: object) -> list[str]:
    report = bnlint.lint([path], select=["BN603"], **settings)  # type: ignore[arg-type]
    return [finding.message for finding in report.findings]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "keras>=3.2\n"),
        ("requirements-dev.txt", "keras>=3.2\n"),
        ("pyproject.toml", '[project]\nname = "x"\ndependencies = ["keras>=3.2"]\n'),
        ("pyproject.toml", '[tool.poetry.dependencies]\nkeras = ">=3.2"\n'),
        ("setup.cfg", "[options]\ninstall_requires =\n    numpy\n    keras>=3.2\n"),
    ],
)
def test_requirements_of_the_project_are_found_and_named(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "src").mkdir()
    file = tmp_path / "src" / "net.py"
    file.write_text(PROGRAM, encoding="utf-8")

    (message,) = _messages(file)

    assert message.endswith(f"in Keras 3 (keras>=3.2 in {name})")
    assert not _messages(file, isolated=True)


def test_setting_counts_more_than_requirements(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("keras>=3\n", encoding="utf-8")
    file = tmp_path / "net.py"
    file.write_text(PROGRAM, encoding="utf-8")

    assert not _messages(file, target_keras=2)
    assert _messages(file, target_keras="3.12")[0].endswith("in Keras 3.12 (target-keras)")


def test_changed_requirements_are_read_again(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("keras<3\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.bnlint]\n", encoding="utf-8")
    file = tmp_path / "net.py"
    file.write_text(PROGRAM, encoding="utf-8")
    assert not _messages(file, cache=True)

    requirements.write_text("keras>=3.0\n", encoding="utf-8")

    assert _messages(file, cache=True)


@pytest.mark.parametrize("value", ["4", "three", 3.1, True, "3.x", 0])
def test_setting_that_is_no_version_is_refused(value: object) -> None:
    with pytest.raises(SettingsError, match="target-keras must be 1, 2, 3, or a version"):
        Layer({"target-keras": value}, "the test", ".")


def test_only_what_is_certain_is_refused() -> None:
    again = Removed((3,), until=(3, 14))

    assert Target((3, 12), "").refuses(again)
    assert not Target((3,), "").refuses(again)
    assert not Target((3, 14), "").refuses(again)
    assert not Target((2,), "").refuses(Removed((2, 4)))
    assert Target((2, 15), "").refuses(Removed((2, 4)))
