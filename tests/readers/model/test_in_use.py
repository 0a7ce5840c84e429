"""What people hold in their hands: the callback, the assertion, reports that show themselves."""

from __future__ import annotations

import subprocess
import sys
import warnings
from html.parser import HTMLParser
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bnlint
from bnlint import Failure, Finding, Location, Related, Report, Severity
from bnlint.keras import BatchNormalizationWarning, LintCallback
from bnlint.project.files.source_lines import Texts

HOSTILE = "</td><script>alert('1')</script>&\"\x1b[31m\u202e"


# The report


def _report(text: str = "a message") -> Report:
    place = Location.of_layer("m.keras", 1, text)
    findings = tuple(
        Finding(
            f"BN{number}01", text, severity, place, text, help=text, when=text,
            related=(Related(place, text),),
        )
        for number, severity in enumerate(Severity, 1)
    )  # fmt: skip
    return Report(findings, (Failure(text, text),), models=1)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"


def _parsed(report: Report) -> _Tags:
    tags = _Tags()
    tags.feed(report._repr_html_())
    return tags


def test_a_notebook_shows_a_report_as_a_table() -> None:
    shown = _parsed(_report())

    assert {"table", "caption", "tr", "td", "th"} <= shown.tags
    assert "bnlint: 1 error, 1 warning, 1 for information, 1 failure in 1 model" in shown.text
    assert "warning BN201 a message" in shown.text
    assert "m.keras:a message" in shown.text


def test_nothing_in_the_table_is_taken_for_markup() -> None:
    shown = _parsed(_report(HOSTILE))

    assert shown.tags <= {"table", "caption", "thead", "tbody", "tr", "td", "th", "br"} | {
        "strong", "code", "small",
    }  # fmt: skip
    assert shown.attributes == {"style"}
    assert "<script>alert('1')</script>" in shown.text
    assert "\x1b" not in shown.text


def test_a_report_without_findings_says_so() -> None:
    report = Report(models=1)

    assert str(report) == "no problems in 1 model"
    assert repr(report) == "<Report: no problems in 1 model>"
    assert "no problems in 1 model" in _parsed(report).text


def test_a_report_prints_a_line_for_each_finding_and_what_to_do() -> None:
    report = bnlint.lint_source(
        "from keras import Sequential, layers\n"
        "Sequential([layers.Dense(4), layers.BatchNormalization()])\n",
        "net.py",
        isolated=True,
    )

    assert str(report).splitlines() == [
        f"net.py:2:13: warning BN201 {report.findings[0].message}",
        "    write `use_bias=False` (Keras 1: `bias=False`)",
        "1 warning in 1 file",
    ]


@pytest.mark.keras
def test_a_saved_model_is_never_read_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "net.keras"
    _model(_keras("keras")).save(path)

    def refused(self: Texts, filename: str) -> str:
        raise AssertionError(f"{filename} was read as text")

    monkeypatch.setattr(Texts, "_read", refused)
    report = bnlint.lint([path], isolated=True)

    assert [finding.code for finding in report.findings] == ["BN201"]


# The callback and the assertion


def test_importing_the_callback_imports_no_keras() -> None:
    program = (
        "import sys, bnlint; bnlint.keras.LintCallback();"
        "print(sorted({'keras', 'tf_keras', 'tensorflow', 'numpy'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert ran.stdout.decode().strip() == "[]"


def test_a_severity_that_does_not_exist_is_refused() -> None:
    with pytest.raises(bnlint.SettingsError, match="no severity 'fatal'; choose one of info"):
        LintCallback(fail_on="fatal")


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


def _keras(name: str) -> Any:
    return pytest.importorskip(name)


def _samples() -> tuple[Any, Any]:
    random = np.random.default_rng(1)
    return random.normal(size=(32, 4)), random.normal(size=(32, 3))


def _model(keras: Any, *, use_bias: bool = True) -> Any:
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, use_bias=use_bias, name="hidden")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    model = keras.Model(inputs, keras.layers.Dense(3)(keras.layers.ReLU()(x)))
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("name", KERAS)
def test_training_stops_before_its_first_step(name: str) -> None:
    model = _model(_keras(name))
    before = model.get_weights()

    with pytest.raises(bnlint.ProblemsFoundError, match=r":hidden: warning BN201") as raised:
        model.fit(*_samples(), verbose=0, callbacks=[LintCallback(fail_on="warning")])

    assert [finding.code for finding in raised.value.report.findings] == ["BN201"]
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("name", KERAS)
def test_training_goes_on_with_a_warning_below_that(name: str) -> None:
    model = _model(_keras(name))
    callback = LintCallback()

    with pytest.warns(BatchNormalizationWarning, match=r":hidden: warning BN201"):
        history = model.fit(
            *_samples(), epochs=2, verbose=0, callbacks=[callback], validation_data=_samples()
        )

    assert len(history.history["val_loss"]) == 2
    assert callback.report is not None
    assert len(callback.report.findings) == 1


@pytest.mark.parametrize("name", KERAS)
def test_a_clean_model_trains_silently(name: str) -> None:
    model = _model(_keras(name), use_bias=False)
    callback = LintCallback(fail_on="info")

    with warnings.catch_warnings():
        warnings.simplefilter("error", BatchNormalizationWarning)
        model.fit(*_samples(), verbose=0, callbacks=[callback])
        model.evaluate(*_samples(), verbose=0, callbacks=[callback])
        model.predict(_samples()[0], verbose=0, callbacks=[callback])

    assert callback.report is not None
    assert (callback.report.findings, callback.report.models) == ((), 1)


@pytest.mark.parametrize("name", KERAS)
def test_rules_can_be_chosen(name: str) -> None:
    model = _model(_keras(name))

    callback = LintCallback(fail_on="info", ignore=["BN201"], order="off")
    model.fit(*_samples(), verbose=0, callbacks=[callback])

    assert callback.report is not None
    assert (callback.report.findings, callback.report.models) == ((), 1)


@pytest.mark.parametrize("name", KERAS)
def test_a_subclassed_model_is_inspected_when_it_has_its_layers(name: str) -> None:
    keras = _keras(name)

    class Net(keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.hidden = keras.layers.Dense(8)
            self.norm = keras.layers.BatchNormalization()

        def call(self, x: Any, training: bool | None = None) -> Any:
            return self.norm(self.hidden(x), training=training)

    model = Net()
    model.compile("sgd", "mse")
    x, _ = _samples()

    with pytest.raises(bnlint.ProblemsFoundError, match="BN201"):
        model.fit(x, np.ones((32, 8)), verbose=0, callbacks=[LintCallback("warning")])


@pytest.mark.parametrize("name", KERAS)
def test_a_test_fails_with_the_findings(name: str) -> None:
    keras = _keras(name)

    bnlint.assert_clean(_model(keras, use_bias=False))
    bnlint.assert_clean(_model(keras), ignore=["redundant-bias"])
    bnlint.assert_clean(_model(keras), fail_on="error")
    with pytest.raises(AssertionError, match=r":hidden: warning BN201 the bias of Dense"):
        bnlint.assert_clean(_model(keras))
    with pytest.raises(bnlint.SettingsError, match="fail_on: no severity 'all'"):
        bnlint.assert_clean(_model(keras), fail_on="all")
    with pytest.raises(bnlint.InspectionError, match="is no Keras model"):
        bnlint.assert_clean("model.keras")


@pytest.mark.parametrize("top", ["keras", "tf_keras"])
def test_the_warning_of_a_deep_model_is_short_and_points_at_fit(top: str) -> None:
    library: Any = pytest.importorskip(top)
    inputs = library.Input((4,))
    x = inputs
    for _ in range(12):
        x = library.layers.Dense(4)(x)
        x = library.layers.ReLU()(library.layers.BatchNormalization()(x))
    model = library.Model(inputs, library.layers.Dense(1)(x))
    model.compile("sgd", "mse")

    with pytest.warns(BatchNormalizationWarning) as warned:
        model.fit(np.ones((4, 4)), np.ones((4, 1)), verbose=0, callbacks=[LintCallback()])

    (warning,) = warned
    assert warning.filename == __file__
    said = str(warning.message)
    assert "warning BN201 the bias of Dense is redundant, in 12 places" in said
    assert "    and 6 more" in said
    assert len(said.splitlines()) <= 12
