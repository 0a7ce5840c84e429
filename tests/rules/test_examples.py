"""Every example of the rule book is a test: of the rules, and of the labels by the real Keras."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from example_worlds import holds, worlds

import bnlint
from bnlint.project.judging.rule_book import load

Expected: TypeAlias = tuple[str, int, int, str, str]
"""File name, notebook cell (0 outside notebooks), line, code, condition (``""``: always)."""

_EXPECT = re.compile(
    r"# expect: (?P<codes>[A-Z]+\d{3}(?:, [A-Z]+\d{3})*)(?: when (?P<when>.*\S))?\s*$"
)
_SETTING = re.compile(
    r"# (?P<key>order|target-keras|runnable|not runnable|entry)(?:: (?P<value>.*\S))?\s*$"
)


@dataclass(frozen=True)
class Example:
    """One program of the rule book.

    Attributes:
        path: the file, or the folder where the program has several.
        files: all its files; the first is the one to build from.
    """

    path: Path
    files: tuple[Path, ...]

    @property
    def code(self) -> str:
        """The code of the rule that it is about."""
        return self.path.parent.parent.name[:5]

    def __str__(self) -> str:
        return f"{self.code}/{self.path.stem}"

    def settings(self) -> Mapping[str, str]:
        """What the comments at the top say: ``order``, ``runnable``, ``not runnable``."""
        found: dict[str, str] = {}
        for line in self.files[0].read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                break
            if match := _SETTING.match(line):
                found[match["key"]] = match["value"] or ""
        return found

    def expected(self) -> set[Expected]:
        return {
            (file.name, cell, line, code, when)
            for file in self.files
            for cell, line, text in _lines(file)
            for code, when in _labels(text)
        }


def _lines(file: Path) -> Iterator[tuple[int, int, str]]:
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".ipynb":
        yield from ((0, number, line) for number, line in enumerate(text.splitlines(), 1))
        return
    cells = json.loads(text)["cells"]
    for number, cell in enumerate(cells, 1):
        if cell["cell_type"] == "code":
            source = "".join(cell["source"]).splitlines()
            yield from ((number, row, line) for row, line in enumerate(source, 1))


def _labels(line: str) -> Iterator[tuple[str, str]]:
    if "# expect" not in line:
        return
    match = _EXPECT.search(line)
    assert match, f"not understood: {line.strip()}"
    for code in match["codes"].split(", "):
        yield code, match["when"] or ""


def _examples() -> Iterator[Example]:
    for info in load().rules.values():
        for path in sorted((info.folder / "examples").iterdir()):
            if path.is_file() and path.suffix in {".py", ".ipynb"}:
                yield Example(path, (path,))
            elif path.is_dir() and path.name != "__pycache__":
                files = sorted(path.glob("*.py"), key=lambda file: (not _is_entry(file), file.name))
                yield Example(path, tuple(files))


def _is_entry(file: Path) -> bool:
    return file.read_text(encoding="utf-8").startswith("# entry\n")


EXAMPLES = list(_examples())
RUNNABLE = [example for example in EXAMPLES if "runnable" in example.settings()]
OF_WEIGHTS = frozenset(code for code, info in load().rules.items() if info.rule().reads_weights)
"""Rules about trained state: their labels hold for the model that the program builds."""

SUPPRESSING = "BN002-unused-suppression"  # its labels are silent about what is suppressed


def _written(items: set[Expected]) -> list[str]:
    return [
        f"{name}{f':cell {cell}' if cell else ''}:{line}: {code}{f' when {when}' if when else ''}"
        for name, cell, line, code, when in sorted(items)
    ]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_findings_are_those_that_the_comments_announce(
    example: Example, lint: Callable[..., set[Expected]]
) -> None:
    found = lint(
        example.path,
        order=example.settings().get("order"),
        target_keras=example.settings().get("target-keras"),
        extend_select=[example.code],
    )

    expected = {label for label in example.expected() if label[3] not in OF_WEIGHTS}
    difference = [f"  missing:    {item}" for item in _written(expected - found)]
    difference += [f"  unexpected: {item}" for item in _written(found - expected)]
    if difference:
        pytest.fail("\n".join([f"{example.path}", *difference]), pytrace=False)


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_example_is_labelled_in_full(example: Example) -> None:
    settings = example.settings()
    code = example.path.parent.parent.name[:5]
    codes = {label for *_, label, _ in example.expected()}

    if example.path.suffix == ".py":
        assert ("runnable" in settings) != ("not runnable" in settings)
        assert settings.get("not runnable", "a reason")
        assert settings.get("runnable", "build") == "build"
    assert settings.get("order", "off") in {"bn-first", "activation-first", "consistent", "off"}
    assert codes <= set(load().rules)
    if example.path.name.startswith("clean_"):
        assert code not in codes
    else:
        assert code in codes


def test_every_rule_has_findings_and_clean_programs() -> None:
    clean: dict[str, set[bool]] = defaultdict(set)
    for example in EXAMPLES:
        clean[example.path.parent.parent.name].add(example.path.name.startswith("clean_"))

    assert set(clean) == {info.folder.name for info in load().rules.values()}
    assert all(kinds == {True, False} for kinds in clean.values())


# The labels against the real Keras.
#
# BN201 claims that a bias has no effect in training. One backward pass with random cotangents
# decides it: the gradient of an absorbed bias is zero up to rounding and that of any other is not.
# KERAS_FACTS §1 measured the gap: at most 1e-6 of the kernel's gradient against at least 1e-3.

BIASED = frozenset(
    f"{kind}{rank}D{suffix}"
    for kind in ("Conv", "SeparableConv", "DepthwiseConv")
    for rank in (1, 2, 3)
    for suffix in ("", "Transpose")
) | {"Dense", "EinsumDense"}

ABSORBED = 1e-6
LIVE = 1e-3


@dataclass(frozen=True)
class Built:
    """A model and the layers that the example's own lines constructed."""

    model: Any
    layers: Mapping[tuple[str, int], list[Any]]


@contextlib.contextmanager
def _recorded(folder: Path) -> Iterator[dict[tuple[str, int], list[Any]]]:
    """Every Keras layer constructed meanwhile by a line below ``folder``, by file and line."""
    keras = pytest.importorskip("keras")

    layers: dict[tuple[str, int], list[Any]] = defaultdict(list)
    original = keras.layers.Layer.__init__

    def record(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        frame = sys._getframe(1)
        while frame.f_back and _constructs(frame.f_code.co_name, frame.f_locals, self):
            frame = frame.f_back
        file = Path(frame.f_code.co_filename)
        if file.parent == folder:
            layers[file.name, frame.f_lineno].append(self)

    keras.layers.Layer.__init__ = record
    try:
        yield layers
    finally:
        keras.layers.Layer.__init__ = original


def _constructs(function: str, names: Mapping[str, object], layer: object) -> bool:
    """Whether a frame is part of the construction of ``layer`` rather than its caller."""
    if function == "__new__":
        return True
    return function in {"__init__", "wrapper"} and (
        names.get("self") is layer or next(iter(names.get("args") or ()), None) is layer  # type: ignore[call-overload]
    )


def _build(example: Example, **arguments: object) -> Built:
    """Import the example's entry afresh and call its ``build``."""
    keras = pytest.importorskip("keras")

    entry = example.files[0]
    beside = {file.stem for file in example.files}
    keras.utils.set_random_seed(7)
    spec = importlib.util.spec_from_file_location("example_" + entry.stem, entry)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(entry.parent))
    try:
        with _recorded(entry.parent) as layers:
            spec.loader.exec_module(module)
            model = module.build(**arguments)
    finally:
        sys.path.remove(str(entry.parent))
        for name in beside:
            sys.modules.pop(name, None)
    assert isinstance(model, keras.Model)
    return Built(model, layers)


def _bias_gradients(built: Built) -> Mapping[tuple[str, int], list[float]]:
    """Size of each bias's gradient relative to its kernel's, by the line that made the layer.

    Layers without a bias, or that the model does not use, are left out.
    """
    import numpy as np

    random = np.random.default_rng(5)
    at: list[tuple[tuple[str, int], Any, Any]] = []
    for line, layers in built.layers.items():
        for layer in layers:
            kernel = getattr(layer, "pointwise_kernel", None)
            kernel = getattr(layer, "kernel", None) if kernel is None else kernel
            bias = getattr(layer, "bias", None)
            if type(layer).__name__ in BIASED and bias is not None and kernel is not None:
                bias.assign(random.normal(size=bias.shape))
                at.append((line, kernel, bias))
    gradients = iter(_gradients(built.model, [v for _, *pair in at for v in pair]))
    sizes: dict[tuple[str, int], list[float]] = defaultdict(list)
    for line, *_ in at:
        kernel, bias = (_size(next(gradients)) for _ in range(2))
        if kernel:
            sizes[line].append((bias or 0.0) / kernel)
    return sizes


def _gradients(model: Any, variables: list[Any]) -> list[Any]:
    """One backward pass in training mode with random inputs and cotangents."""
    import numpy as np

    tf = pytest.importorskip("tensorflow")
    random = np.random.default_rng(3)
    inputs = [tf.constant(random.normal(size=(16, *shape))) for shape in _input_shapes(model)]
    watched = [variable.value for variable in variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(watched)
        outputs = model(inputs if len(inputs) > 1 else inputs[0], training=True)
        total = sum(
            tf.reduce_sum(output * random.normal(size=output.shape))
            for output in tf.nest.flatten(outputs)
        )
        # A penalty on the output sees the bias; one on the bias itself gives it no effect.
        total += sum(model.losses) - sum(model._get_regularization_losses())
    return list(tape.gradient(total, watched))


def _input_shapes(model: Any) -> list[tuple[int, ...]]:
    if getattr(model, "inputs", None):
        return [tuple(tensor.shape[1:]) for tensor in model.inputs]
    (shape,) = model._build_shapes_dict.values()
    return [tuple(shape[1:])]


def _size(gradient: Any) -> float:
    import numpy as np

    return 0.0 if gradient is None else float(np.abs(np.asarray(gradient)).max())


@pytest.fixture(scope="module")
def float64() -> Iterator[None]:
    """Double precision, so that rounding is far from what the labels say."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    keras = pytest.importorskip("keras")
    assert keras.version().startswith("3.")
    before, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(before)
    keras.config.set_dtype_policy(policy)


@pytest.mark.keras
@pytest.mark.parametrize("example", RUNNABLE, ids=str)
@pytest.mark.usefixtures("float64")
def test_biases_are_labelled_as_their_gradients_say(example: Example) -> None:
    redundant: dict[tuple[str, int], str] = {
        (file, line): when for file, _, line, code, when in example.expected() if code == "BN201"
    }
    measured: set[tuple[str, int]] = set()
    for world in worlds(example.files[0], [when for *_, when in example.expected()]):
        built = _build(example, **world)
        if example.path.parent.parent.name == SUPPRESSING:
            continue
        if any("channels_first" in str(layer.get_config()) for layer in _convolutions(built)):
            continue  # TensorFlow cannot run it on a CPU; building it is the test
        gradients = _bias_gradients(built)
        measured.update(gradients)
        for line, sizes in gradients.items():
            place = f"{line[0]}:{line[1]} {world or ''}"
            when = redundant.get(line)
            held = holds(when, world) if when else when == ""
            assert held is not None, f"{place}: not understood: {when}"
            if held:
                assert max(sizes) <= ABSORBED, f"{place}: flagged, but its gradient is {sizes}"
            else:
                assert max(sizes) >= LIVE, f"{place}: not flagged, but its gradient is {sizes}"
    assert set(redundant) <= measured, "flagged, but no layer of that line is in the model"


def _convolutions(built: Built) -> list[Any]:
    return [
        layer
        for layers in built.layers.values()
        for layer in layers
        if type(layer).__name__ in BIASED - {"Dense", "EinsumDense"}
    ]


@pytest.mark.keras
@pytest.mark.parametrize("example", RUNNABLE, ids=str)
@pytest.mark.usefixtures("float64")
def test_normalizations_labelled_as_absent_are_those_without_a_gradient(example: Example) -> None:
    if example.path.parent.parent.name == SUPPRESSING:
        pytest.skip("what is suppressed has no label")
    absent = {(file, line) for file, _, line, code, _ in example.expected() if code == "BN101"}
    built = _build(example)
    if any("channels_first" in str(layer.get_config()) for layer in _convolutions(built)):
        pytest.skip("TensorFlow cannot run it on a CPU")
    present: set[tuple[str, int]] = set()
    unused: set[tuple[str, int]] = set()
    for line, layers in built.layers.items():
        scales = [
            layer.gamma if layer.built else None
            for layer in layers
            if type(layer).__name__ == "BatchNormalization" and layer.scale
        ]
        known = [scale for scale in scales if scale is not None]
        if any(gradient is not None for gradient in _gradients(built.model, known)):
            present.add(line)
        elif scales:
            unused.add(line)

    assert unused == absent
    assert not present & absent


@pytest.mark.keras
@pytest.mark.parametrize(
    "example", [e for e in RUNNABLE if e.path.parent.parent.name[:5] in OF_WEIGHTS], ids=str
)
def test_labels_of_trained_state_hold_for_the_built_model(example: Example) -> None:
    built = _build(example)
    lines = {layer.name: line for line, layers in built.layers.items() for layer in layers}

    report = bnlint.inspect(built.model, isolated=True, select=sorted(OF_WEIGHTS))

    found = {
        (*lines[(finding.location.path or "").rpartition("/")[2]], finding.code)
        for finding in report.findings
    }
    assert found == {
        (file, line, code) for file, _, line, code, _ in example.expected() if code in OF_WEIGHTS
    }


# Rules about what a built model shows as well as its source does.
OF_MODELS = {"BN103", "BN302", "BN303", "BN506", "BN507", "BN601", "BN602"}


@pytest.mark.keras
@pytest.mark.parametrize("example", [e for e in RUNNABLE if e.code in OF_MODELS], ids=str)
def test_built_and_saved_model_have_the_findings_of_the_source(
    example: Example, tmp_path: Path
) -> None:
    built = _build(example)
    lines = {layer.name: line for line, layers in built.layers.items() for layer in layers}

    built.model.save(tmp_path / "net.keras")
    target = example.settings().get("target-keras")
    asked: dict[str, Any] = {"isolated": True, "select": [example.code], "target_keras": target}
    reports = [
        bnlint.inspect(built.model, **asked),
        bnlint.lint([tmp_path / "net.keras"], **asked),
    ]

    expected = {line for _, _, line, code, _ in example.expected() if code == example.code}
    for report in reports:
        paths = {(finding.location.path or "").rpartition("/")[2] for finding in report.findings}
        assert {lines[name][1] for name in paths} == expected


@pytest.mark.keras
@pytest.mark.usefixtures("float64")
def test_a_learned_bias_before_mean_subtraction_has_no_gradient() -> None:
    """x = u + b, x_hat = x - E[x]: the derivative of x_hat by b is 1 - 1 (issue 2, case 15)."""
    import numpy as np

    tf = pytest.importorskip("tensorflow")

    random = np.random.default_rng(0)
    u, target = tf.constant(random.normal(size=(2, 64, 8)))
    b = tf.Variable(random.normal(size=8))
    with tf.GradientTape(persistent=True) as tape:
        x = u + b
        with_mean = tf.reduce_sum((x - tf.reduce_mean(x, axis=0)) * target)
        without = tf.reduce_sum(x * target)

    assert _size(tape.gradient(with_mean, b)) < 1e-13
    assert _size(tape.gradient(without, b)) > 1
