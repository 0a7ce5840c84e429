"""Which Keras code is for: as set, as required, as the file shows; and that findings say why."""

from __future__ import annotations

from pathlib import Path

import pytest

import bnlint
from bnlint.keras_api.removed import Removed
from bnlint.settings import Layer, SettingsError
from bnlint.settings.target_keras import Target, legacy_shown_by, required, shown_by

PROGRAM = """\
from tensorflow.keras import Input, Model, layers

inputs = Input((8,))
x = layers.Dense(4, use_bias=False)(inputs)
x = layers.BatchNormalization(fused=True)(x)
model = Model(inputs, layers.ReLU()(x))
"""


@pytest.mark.parametrize(
    ("requirement", "version"),
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
    ],
)
def test_requirement_tells_the_target(requirement: str, version: tuple[int, ...] | None) -> None:
    found = required([requirement], "requirements.txt")

    assert (None if found is None else found.version) == version


def test_tf_keras_beside_a_new_tensorflow_is_keras_2() -> None:
    found = required(["tensorflow>=2.16", "tf-keras>=2.16"], "requirements.txt")

    assert found == Target((2,), "tf-keras>=2.16 in requirements.txt")


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        (["keras>=3; python_version>='3.9'", "keras<3; python_version<'3.9'"], None),
        (["tensorflow>=2.16; python_version>='3.9'", "tensorflow; python_version<'3.9'"], None),
        (["tensorflow-cpu==2.18; sys_platform!='darwin'", "tensorflow-macos>=2.16"], (3,)),
        (["keras", "tensorflow>=2.16"], (3,)),
    ],
)
def test_requirements_for_several_systems_tell_what_they_agree_on(
    lines: list[str], version: tuple[int, ...] | None
) -> None:
    found = required(lines, "requirements.txt")

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
