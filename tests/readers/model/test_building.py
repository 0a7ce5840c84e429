"""``package.module:callable`` on the command line."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.keras
pytest.importorskip("tensorflow")

APP = """import keras
from keras import layers


def block(x, filters):
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def build(depth=1, name="net"):
    print("said by the user's code")
    layers.BatchNormalization()
    inputs = keras.Input((8, 8, 3))
    x = block(inputs, 4)
    for _ in range(depth):
        x = block(x, 8)
    return keras.Model(inputs, x, name=name)


def broken():
    raise ValueError("no\\nway")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    return tmp_path


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-m", "bnlint", "--isolated", "--no-cache", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_findings_name_the_line_and_the_layer_and_output_stays_json(folder: Path) -> None:
    ran = _run(folder, "app:build", "app.py", "--arg", "depth=2", "--output-format", "json")

    found = {
        (finding["code"], finding["location"]["row"], finding["location"]["column"])
        for finding in json.loads(ran.stdout)
    }
    assert found == {("BN201", 6, 9), ("BN101", 12, 5)}
    assert "said by the user's code" in ran.stderr
    assert ran.returncode == 1


def test_what_fails_is_one_line_with_the_users_line(folder: Path) -> None:
    ran = _run(folder, "app:broken")

    assert "bnlint: app:broken: failed at app.py:21: ValueError: no way\n" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.returncode == 2


def test_closing_words_count_the_models_and_layers_that_were_built(folder: Path) -> None:
    (folder / "clean.py").write_text(
        "import keras\n"
        "def build():\n"
        "    inputs = keras.Input((6,))\n"
        "    x = keras.layers.BatchNormalization()(inputs)\n"
        "    return keras.Model(inputs, keras.layers.BatchNormalization()(x * 2.0))\n"
    )
    understood = "2 of 2 BatchNormalization layers understood.\n"

    assert _run(folder, "clean:build").stdout == f"No problems in 1 model; {understood}"
    both = _run(folder, "clean:build", "clean.py", "--statistics").stdout
    assert both.splitlines()[0].endswith("; 2 BatchNormalization layers")
    alone = _run(folder, "clean:build", "--statistics").stdout
    assert alone.splitlines()[0] == "0 files, 0 read; 1 model; 2 BatchNormalization layers"


def test_model_that_a_wrapper_holds_is_drawn_once(folder: Path) -> None:
    from bnlint.readers.model.building.building import build

    (folder / "held.py").write_text(
        "import keras\n"
        "from keras import layers\n"
        "def build():\n"
        "    frame = keras.Sequential([keras.Input((6,)), layers.Dense(4),\n"
        "                              layers.BatchNormalization()])\n"
        "    inputs = keras.Input((3, 6))\n"
        "    return keras.Model(inputs, layers.TimeDistributed(frame)(inputs))\n",
        encoding="utf-8",
    )
    before = Path.cwd()
    os.chdir(folder)
    try:
        built = build("held:build")
    finally:
        os.chdir(before)
        sys.modules.pop("held", None)

    calls = [len(layer.calls) for layer in built.graph.layers if layer.kind == "Dense"]
    assert calls == [1]


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_model_that_was_cut_at_a_layer_drops_nothing(folder: Path, library: str) -> None:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"{library} is not installed")
    (folder / "cut.py").write_text(
        f"from {library} import Input, Model, layers\n"
        """

def backbone():
    x = i = Input((8, 8, 3))
    x = layers.BatchNormalization()(layers.Conv2D(4, 3, use_bias=False)(x))
    x = layers.Activation("relu", name="middle")(x)
    x = layers.BatchNormalization()(layers.Conv2D(4, 3, use_bias=False)(x))
    return Model(i, layers.Activation("relu")(x))


def build():
    base = backbone()
    return Model(base.input, layers.Conv2D(2, 1)(base.get_layer("middle").output))
""",
        encoding="utf-8",
    )

    ran = _run(folder, "cut:build")

    assert (ran.returncode, "BN101" in ran.stdout) == (0, False)
