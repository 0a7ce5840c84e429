"""Trained models without their redundant biases predict the same, and the given ones are kept."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint.project.folded_models import fold_file, fold_model, told

ROOT = Path(__file__).resolve().parents[3]
KERAS = [
    pytest.param(
        name,
        marks=[
            pytest.mark.keras,
            pytest.mark.skipif(util.find_spec(name) is None, reason=f"{name} is not installed"),
        ],
    )
    for name in ("keras", "tf_keras")
]


def _randomise(model: Any, seed: int = 0) -> None:
    """Give biases, gammas, betas and moving statistics numbers as after training."""
    random = np.random.default_rng(seed)
    for weight in model.weights:
        name = weight.name.rpartition("/")[2].partition(":")[0]
        shape = tuple(weight.shape)
        if name in ("bias", "beta", "moving_mean"):
            weight.assign(random.normal(size=shape) * 0.3)
        elif name in ("gamma", "moving_variance"):
            weight.assign(random.uniform(0.5, 1.5, size=shape))


def _train(model: Any) -> None:
    """A few steps, from biases that are not zero."""
    _randomise(model)
    random = np.random.default_rng(3)
    x = random.normal(size=(32, *model.input_shape[1:])).astype("float32")
    y = random.normal(size=(32, *model.output_shape[1:])).astype("float32")
    model.compile("adam", "mse")
    model.fit(x, y, batch_size=8, epochs=2, verbose=0)


def _apart(model: Any, other: Any) -> float:
    shape = model.input_shape[1:]
    x = np.random.default_rng(7).normal(size=(5, *shape)).astype("float32")
    before, after = model(x, training=False).numpy(), other(x, training=False).numpy()
    return float(np.abs(before - after).max() / np.abs(before).max())


def _values(model: Any) -> list[Any]:
    return [np.array(weight.numpy()) for weight in model.weights]


def _redundant(model: Any) -> list[str | None]:
    found = bnlint.inspect(model, isolated=True, select=["BN201"]).findings
    return [finding.location.path for finding in found]


def _nested(keras: Any) -> Any:
    layers = keras.layers
    inner = keras.Sequential(
        [
            layers.Conv2D(6, 3, padding="same", name="conv"),
            layers.MaxPooling2D(2),
            layers.BatchNormalization(name="norm"),
            layers.ReLU(),
        ],
        name="inner",
    )
    inputs = keras.Input((12, 12, 3))
    x = inner(inputs)
    x = layers.Conv2D(4, 3, name="last")(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    return keras.Model(inputs, layers.Dense(3, name="head")(layers.Flatten()(x)))


def _concatenated(keras: Any) -> Any:
    layers = keras.layers
    inputs = keras.Input((10, 10, 3))
    a = layers.AveragePooling2D(2)(layers.Conv2D(4, 3, padding="same", name="a")(inputs))
    b = layers.SeparableConv2D(5, 3, strides=2, padding="same", name="b")(inputs)
    x = layers.Concatenate()([a, b])
    y = layers.Add()([layers.Conv2D(6, 1, name="c")(x), layers.Conv2D(6, 1, name="d")(x)])
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.Conv2D(2, 5, name="e")(y)
    y = layers.BatchNormalization()(layers.Flatten()(y))
    return keras.Model(inputs, layers.Dense(2, name="head")(layers.Activation("tanh")(y)))


def _shared(keras: Any) -> Any:
    layers = keras.layers
    inputs = keras.Input((8,))
    twice = layers.Dense(8, name="twice")
    x = layers.ReLU()(layers.BatchNormalization(name="first")(twice(inputs)))
    doubled = layers.Add()([twice(x), layers.Dense(8, name="beside")(x)])
    x = layers.ReLU()(layers.BatchNormalization(name="second")(doubled))
    return keras.Model(inputs, layers.Dense(3, name="head")(x))


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize(
    ("build", "paths", "parameters"),
    [
        (_nested, {"inner/conv", "last"}, 10),
        (_concatenated, {"a", "b", "c", "d", "e"}, 23),
        (_shared, {"twice", "beside"}, 16),
    ],
)
def test_a_trained_model_predicts_the_same_without_its_redundant_biases(
    name: str, build: Any, paths: set[str], parameters: int
) -> None:
    model = build(pytest.importorskip(name))
    _train(model)
    before = _values(model)
    assert set(_redundant(model)) == paths

    folded = fold_model(model)

    assert set(folded.removed) == paths
    assert folded.left == {}
    assert folded.parameters == parameters
    assert model.count_params() - folded.model.count_params() == parameters
    assert folded.size == 4 * parameters
    assert _apart(model, folded.model) <= 1e-5
    assert _redundant(folded.model) == []
    for value, kept in zip(before, _values(model), strict=True):
        np.testing.assert_array_equal(value, kept)
    assert set(_redundant(model)) == paths


@pytest.mark.parametrize("name", KERAS)
@pytest.mark.parametrize(
    ("network", "biases", "parameters"),
    [
        pytest.param("ResNet50", 53, 26_560, marks=pytest.mark.exhaustive),
        ("ResNet50V2", 20, 18_944),
    ],
)
def test_resnets_lose_all_their_redundant_biases(
    name: str, network: str, biases: int, parameters: int
) -> None:
    keras: Any = pytest.importorskip(name)
    build = getattr(keras.applications, network)
    model = build(weights=None, input_shape=(64, 64, 3), classes=10, classifier_activation="linear")
    _randomise(model)

    folded = fold_model(model)

    assert (len(folded.removed), folded.parameters, folded.left) == (biases, parameters, {})
    assert model.count_params() - folded.model.count_params() == parameters
    assert _apart(model, folded.model) <= 1e-5
    assert _redundant(folded.model) == []


@pytest.mark.parametrize("name", KERAS)
def test_a_shared_normalization_that_sees_different_biases_keeps_them(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    layers = keras.layers
    inputs = keras.Input((8,))
    norm = layers.BatchNormalization(name="norm")
    a = layers.ReLU()(norm(layers.Dense(4, name="a")(inputs)))
    b = layers.ReLU()(norm(layers.Dense(4, name="b")(inputs)))
    c = layers.BatchNormalization()(layers.Dense(4, name="c")(a))
    model = keras.Model(inputs, layers.Dense(3)(layers.Concatenate()([b, layers.ReLU()(c)])))
    _train(model)
    assert set(_redundant(model)) == {"a", "b", "c"}

    folded = fold_model(model)

    assert folded.removed == ("c",)
    reason = "norm is shared and its calls see different biases"
    assert folded.left == {"a": reason, "b": reason}
    assert folded.model.get_layer("a").use_bias
    assert _apart(model, folded.model) <= 1e-5


@pytest.mark.parametrize("name", KERAS)
def test_a_normalization_shared_by_equal_biases_takes_them(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    layers = keras.layers
    block = keras.Sequential(
        [keras.Input((8,)), layers.Dense(8, name="dense"), layers.BatchNormalization()],
        name="block",
    )
    inputs = keras.Input((8,))
    model = keras.Model(inputs, layers.Dense(2)(layers.ReLU()(block(layers.ReLU()(block(inputs))))))
    _train(model)

    folded = fold_model(model)

    assert folded.removed == ("block/dense",)
    assert _apart(model, folded.model) <= 1e-5


@pytest.mark.parametrize("name", KERAS)
def test_a_layer_that_a_users_code_makes_keeps_its_bias(name: str) -> None:
    keras: Any = pytest.importorskip(name)

    class Block(keras.layers.Layer):  # type: ignore[misc]
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.hidden = keras.layers.Dense(4, name="hidden")
            self.norm = keras.layers.BatchNormalization(name="norm")

        def build(self, shape: Any) -> None:
            self.hidden.build(shape)
            self.norm.build((None, 4))
            self.built = True

        def call(self, x: Any, training: Any = None) -> Any:
            return self.norm(self.hidden(x), training=training)

    inputs = keras.Input((8,))
    x = keras.layers.ReLU()(Block(name="block")(inputs))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(3, name="own")(x))
    model = keras.Model(inputs, keras.layers.ReLU()(x))
    _randomise(model)
    assert _redundant(model) == ["block/hidden", "own"]

    folded = fold_model(model)

    assert folded.removed == ("own",)
    assert list(folded.left) == ["block/hidden"]
    assert "is not in the config" in folded.left["block/hidden"]
    assert _apart(model, folded.model) <= 1e-5


@pytest.mark.parametrize("name", KERAS)
def test_what_varies_within_a_channel_is_not_folded(name: str) -> None:
    """Half precision rounds the shift differently from number to number."""
    keras: Any = pytest.importorskip(name)
    inputs = keras.Input((8, 8, 3))
    x = keras.layers.Conv2D(4, 3, dtype="mixed_float16", name="half")(inputs)
    model = keras.Model(inputs, keras.layers.BatchNormalization(name="norm")(x))
    _randomise(model)

    folded = fold_model(model)

    assert folded.removed == ()
    assert folded.left["half"].startswith("what norm gets of it is not one number per channel")
    assert list(told(folded))[-1] == "nothing folded"


@pytest.mark.parametrize("name", KERAS)
def test_the_api_tells_what_it_did_and_gives_a_new_model(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keras: Any = pytest.importorskip(name)
    inputs = keras.Input((4,))
    x = keras.layers.Lambda(lambda value: value * 2)(inputs)
    x = keras.layers.Dense(8, name="absorbed")(x)
    x = keras.layers.ReLU()(keras.layers.BatchNormalization(name="norm")(x))
    model = keras.Model(inputs, keras.layers.Dense(3, name="head")(x))
    _train(model)

    new = bnlint.fold(model)

    said = capsys.readouterr().out
    assert said.startswith("folded 1 bias: 8 parameters and 32 bytes fewer; outputs differ by at")
    assert new is not model
    assert isinstance(new, type(model))
    assert _apart(model, new) <= 1e-5
    bias = model.get_layer("absorbed").bias.numpy()
    moved = model.get_layer("norm").moving_mean.numpy() - new.get_layer("norm").moving_mean.numpy()
    np.testing.assert_allclose(moved, bias, atol=1e-6)
    assert new.get_layer("head").use_bias
    assert bnlint.fold(new, verbose=False).count_params() == new.count_params()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", KERAS)
def test_frozen_layers_stay_frozen_and_branches_fold_alike(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    layers = keras.layers
    base = keras.Sequential(
        [keras.Input((8,)), layers.Dense(6, name="dense"), layers.BatchNormalization()],
        name="base",
    )
    base.trainable = False
    inputs = keras.Input((8,))
    x = layers.Dense(4, name="own")(base(inputs))
    both = [layers.ReLU()(layers.BatchNormalization()(x)), layers.BatchNormalization()(x)]
    model = keras.Model(inputs, layers.Concatenate()(both))
    _randomise(model)

    folded = fold_model(model)

    assert "own" in folded.removed
    assert not folded.model.get_layer("base").trainable
    assert not any(layer.trainable for layer in folded.model.get_layer("base").layers)
    assert len(folded.model.trainable_weights) == len(model.trainable_weights) - 1
    assert _apart(model, folded.model) <= 1e-5


@pytest.mark.parametrize("name", KERAS)
def test_models_without_all_layers_in_their_config_are_refused(name: str) -> None:
    keras: Any = pytest.importorskip(name)
    unbuilt = keras.Sequential([keras.layers.Dense(4), keras.layers.BatchNormalization()])

    with pytest.raises(bnlint.InspectionError, match="only Functional and built Sequential"):
        bnlint.fold(unbuilt)
    with pytest.raises(bnlint.InspectionError, match="no Keras model"):
        bnlint.fold("net.keras")


# Files


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    keras: Any = pytest.importorskip("keras")
    model = _nested(keras)
    _train(model)
    model.save(tmp_path / "in.keras")
    return tmp_path / "in.keras"


@pytest.mark.keras
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_file_is_folded_into_another(saved: Path, ending: str) -> None:
    keras: Any = pytest.importorskip("keras")
    target = saved.parent / f"out.{ending}"

    lines, written = fold_file(str(saved), str(target))

    assert written
    assert lines[0].startswith("folded 2 biases: 10 parameters and 40 bytes fewer; outputs differ")
    model, new = (keras.models.load_model(path, compile=False) for path in (saved, target))
    assert _apart(model, new) <= 1e-5
    assert model.count_params() - new.count_params() == 10
    lines, written = fold_file(str(target), str(saved.parent / "again.keras"))
    assert (lines[0], written) == ("nothing to fold", True)


@pytest.mark.keras
def test_a_file_may_be_replaced_and_nothing_else_is_left(saved: Path) -> None:
    saved.chmod(0o640)

    _, written = fold_file(str(saved), str(saved))

    assert written
    assert [path.name for path in saved.parent.iterdir()] == ["in.keras"]
    assert stat.S_IMODE(saved.stat().st_mode) == 0o640


@pytest.mark.keras
def test_a_failed_write_leaves_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = saved.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(bnlint.InspectionError, match="it cannot be written: No space"):
        fold_file(str(saved), str(saved))

    assert saved.read_bytes() == old
    assert [path.name for path in saved.parent.iterdir()] == ["in.keras"]


@pytest.mark.keras
@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes")
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_full_disk_is_one_line_and_leaves_the_old_file(saved: Path, ending: str) -> None:
    target = saved.parent / f"out.{ending}"
    target.write_bytes(b"old")
    limited = "import resource, runpy, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    limited += "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000));"
    limited += "runpy.run_module('bnlint', run_name='__main__')"

    ran = subprocess.run(
        [sys.executable, "-c", limited, "--fold", "in.keras", "-o", target.name],
        cwd=saved.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=180,
    )

    assert ran.returncode == 2
    assert ran.stderr.splitlines()[-1] == (
        f"bnlint: in.keras: {target.name}: it cannot be written: File too large"
    )
    assert "Traceback" not in ran.stderr
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in saved.parent.iterdir()) == ["in.keras", target.name]


@pytest.mark.keras
def test_a_file_with_code_in_it_is_not_loaded(tmp_path: Path) -> None:
    keras: Any = pytest.importorskip("keras")
    inputs = keras.Input((4,))
    x = keras.layers.Lambda(lambda value: value * 2)(inputs)
    x = keras.layers.BatchNormalization()(keras.layers.Dense(3)(x))
    keras.Model(inputs, x).save(tmp_path / "code.keras")

    with pytest.raises(bnlint.InspectionError, match="Keras can't load it"):
        fold_file(str(tmp_path / "code.keras"), str(tmp_path / "out.keras"))

    assert not (tmp_path / "out.keras").exists()


@pytest.mark.keras
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_a_file_that_needs_code_of_its_author_names_it(tmp_path: Path, ending: str) -> None:
    keras: Any = pytest.importorskip("keras")

    class Scale(keras.layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x * 2

    inputs = keras.Input((4,))
    x = keras.layers.BatchNormalization()(keras.layers.Dense(3)(Scale()(inputs)))
    source = tmp_path / f"own.{ending}"
    keras.Model(inputs, x).save(source)

    with pytest.raises(bnlint.InspectionError) as raised:
        fold_file(str(source), str(tmp_path / "out.keras"))

    assert str(raised.value) == (
        "Keras can't load it: it holds 'Scale', which is code of your own; load it in Python, and"
        " hand the model to bnlint there"
    )


# The command


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bnlint", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=180,
    )


@pytest.mark.keras
def test_the_command_folds_and_says_so(saved: Path) -> None:
    ran = _run(saved.parent, "--fold", "in.keras", "-o", "out.keras")

    assert ran.returncode == 0, ran.stderr
    first, second = ran.stdout.splitlines()
    assert first.startswith("in.keras: folded 2 biases: 10 parameters and 40 bytes fewer;")
    assert second == "in.keras: wrote out.keras"
    assert (saved.parent / "out.keras").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fold", "a.keras"], "--fold needs one file to write to: --fold in.keras -o out.keras"),
        (
            ["--fold", "a.keras", "src", "-o", "b.keras"],
            "--fold takes one saved model and nothing else to read",
        ),
        (["--fold", "a.keras", "-o", "b.keras"], "a.keras: no such file"),
        (["--fold", "a.keras", "-o", "b.txt"], "a.keras: b.txt: a model is written to .keras or"),
    ],
)
def test_a_wrong_command_is_told_in_one_line(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    ran = _run(tmp_path, *arguments)

    assert ran.returncode == 2
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"bnlint: {said}")


def test_without_keras_one_line_says_that_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'keras'\", name='keras')\n", encoding="utf-8"
    )
    (tmp_path / "in.keras").write_bytes(b"")

    ran = _run(tmp_path, "--fold", "in.keras", "-o", "out.keras")

    assert ran.returncode == 2
    assert ran.stderr == "bnlint: in.keras: loading it needs Keras: No module named 'keras'\n"
