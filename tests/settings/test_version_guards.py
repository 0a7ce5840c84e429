"""What a program asserts of its version, and which Keras the code under a guard is judged for."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent
from typing import Final

import pytest

import bnlint

IMPORTS: Final = "import keras\nimport tensorflow as tf\n"
NET: Final = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = keras.layers.BatchNormalization()

    def call(self, x):
        return self.norm(x)

"""
FIT: Final = 'model = Net()\nmodel.compile("adam", "mse")\nmodel.fit(x_train, y_train)\n'
IN_MODULE: Final = NET + FIT
IN_FUNCTION: Final = NET + "def main(x_train, y_train):\n" + indent(FIT, "    ")

KERAS_3: Final = [
    'assert keras.__version__.startswith("3")',
    'assert keras.__version__ >= "3"',
    'assert keras.__version__ >= "3.0.0", "too old"',
    'assert int(keras.__version__.split(".")[0]) >= 3',
    'assert keras.__version__[0] == "3"',
    'assert keras.__version__ == "3.5.0"',
    'assert not keras.__version__.startswith(("1", "2"))',
    'assert keras.__version__.split(".")[0] not in ("1", "2")',
    'assert keras.version() >= "3.0"',
    'assert hasattr(keras, "ops")',
    'assert tf.__version__ >= "2.16"',
    'assert tf.keras.__version__.startswith("3")',
    'assert tf.version.VERSION >= "2.16"',
    'assert float(".".join(keras.__version__.split(".")[:2])) >= 3.0',
    'assert tuple(map(int, tf.__version__.split(".")[:2])) >= (2, 17)',
    'assert [int(v) for v in keras.__version__.split(".")][0] == 3',
    'major, minor = map(int, tf.__version__.split(".")[:2])\nassert (major, minor) >= (2, 16)',
    (
        "from packaging import version\n"
        'assert version.parse(keras.__version__) >= version.parse("3.0")'
    ),
    "from packaging import version\nassert version.parse(keras.__version__).major == 3",
    "from packaging.version import Version\nassert Version(tf.__version__) >= Version('2.16')",
    (
        "from packaging.version import parse\n"
        'if parse(tf.__version__) < parse("2.16.0"):\n    raise RuntimeError("old")'
    ),
    'if not keras.__version__.startswith("3."):\n    raise ImportError("too old")',
    'if int(keras.__version__.split(".")[0]) < 3:\n    print("too old")\n    sys.exit(1)',
    'if keras.__version__ >= "3":\n    print("fine")\nelse:\n    raise ImportError("too old")',
    'from distutils.version import LooseVersion\nassert LooseVersion(keras.__version__) >= "3.1"',
    (
        "import pkg_resources\nparse = pkg_resources.parse_version\n"
        'assert pkg_resources.parse_version(tf.__version__) >= pkg_resources.parse_version("2.16")'
    ),
    'from importlib.metadata import version\nassert version("keras").startswith("3")',
    (
        'KERAS = tuple(int(part) for part in keras.__version__.split(".")[:2])\n'
        "if KERAS < (3, 0):\n    raise SystemExit"
    ),
    'IS_3 = keras.__version__.startswith("3")\nassert IS_3',
]
ANY_KERAS: Final = [
    'assert keras.__version__ >= "2"',
    'assert keras.__version__.startswith("2")',
    'assert tf.__version__ >= "2.9"',
    'assert tf.__version__.startswith("2.")',
    'assert version.parse(tf.__version__) < version.parse("2.16")',
    "print(keras.__version__)",
    "version = keras.__version__\nassert version",
    'if keras.__version__ >= "3":\n    raise RuntimeError("too new")',
    'if keras.__version__ < "3":\n    print("old")',
    'try:\n    assert keras.__version__ >= "3"\nexcept AssertionError:\n    pass',
    'def save():\n    assert keras.__version__ >= "3"',
    'assert other.__version__ >= "3"',
    f'assert keras.__version__ >= "{"9" * 5000}"',
    f"assert keras.__version__ < {'(' * 50}3{')' * 50}",
]


def found(text: str, **settings: object) -> list[tuple[str, str | None]]:
    """The codes that are told, with their conditions."""
    report = bnlint.lint_source(text, isolated=True, **settings)  # type: ignore[arg-type]
    return [(finding.code, finding.when) for finding in report.findings]


@pytest.mark.parametrize("program", [IN_MODULE, IN_FUNCTION], ids=["module", "function"])
@pytest.mark.parametrize("lines", KERAS_3)
def test_what_refuses_an_older_keras_is_for_keras_3(lines: str, program: str) -> None:
    assert found(f"{IMPORTS}{lines}\n{program}") == [("BN501", None)]


@pytest.mark.parametrize("program", [IN_MODULE, IN_FUNCTION], ids=["module", "function"])
@pytest.mark.parametrize("lines", ANY_KERAS)
def test_what_does_not_refuse_it_tells_nothing(lines: str, program: str) -> None:
    assert found(f"{IMPORTS}{lines}\n{program}") == []


def test_check_that_is_called_is_heard() -> None:
    check = "def check():\n    if keras.__version__ < '3':\n        raise ImportError\n\ncheck()\n"

    assert found(IMPORTS + check + IN_MODULE) == [("BN501", None)]


NORM: Final = """
def norm(x):
    if {test}:
        return keras.layers.BatchNormalization({new})(x)
    return keras.layers.BatchNormalization({old})(x)

inputs = keras.Input((8, 8, 3))
x = keras.layers.Conv2D(4, 3, use_bias=False)(inputs)
model = keras.Model(inputs, keras.layers.ReLU()(norm(x)))
"""


@pytest.mark.parametrize("target", [None, 2, 3])
@pytest.mark.parametrize(
    "test",
    [
        'keras.__version__ >= "3"',
        'int(tf.__version__.split(".")[1]) >= 16',
        "not keras.__version__.startswith('2')",
        "hasattr(keras, 'ops')",
    ],
)
def test_each_side_is_judged_for_the_keras_that_gets_there(test: str, target: int | None) -> None:
    right = NORM.format(test=test, new="epsilon=1e-5", old="fused=True")
    wrong = NORM.format(test=test, new="fused=True", old="epsilon=1e-5")

    assert found(IMPORTS + right, target_keras=target) == []
    assert found(IMPORTS + wrong, target_keras=target) == [("BN603", None)]


def test_flag_may_be_in_another_file(tmp_path: Path) -> None:
    (tmp_path / "compat.py").write_text(
        f"{IMPORTS}IS_KERAS_3 = keras.__version__.startswith('3.')\n"
        "def is_keras_2():\n    return not IS_KERAS_3\n",
        encoding="utf-8",
    )
    for test in ("compat.IS_KERAS_3", "not compat.is_keras_2()"):
        file = tmp_path / "net.py"
        text = NORM.format(test=test, new="epsilon=1e-5", old="fused=True")
        file.write_text(f"{IMPORTS}import compat\n{text}", encoding="utf-8")
        for target in (None, 2, 3):
            assert not bnlint.lint([file], isolated=True, target_keras=target).findings


def test_guard_elsewhere_in_the_file_takes_no_finding_back() -> None:
    guard = 'if tf.__version__ >= "2.16":\n    rate = 1e-3\nelse:\n    rate = 1e-4\n'

    assert found(IMPORTS + guard + IN_MODULE, target_keras=3) == [("BN501", None)]
    assert found(IMPORTS + guard + IN_MODULE, target_keras=2) == []


def test_finding_of_one_side_is_told_under_the_guard() -> None:
    old = NET.replace("self, x)", "self, x, training=None)")
    text = f'if tf.__version__ >= "2.16":\n{indent(NET, "    ")}else:\n{indent(old, "    ")}{FIT}'

    assert found(IMPORTS + text) == [("BN501", "`tf.__version__ >= '2.16'` is true")]
    assert found(IMPORTS + text, target_keras=3) == [("BN501", None)]
    assert found(IMPORTS + text, target_keras=2) == []


def test_what_the_target_never_runs_is_read_all_the_same() -> None:
    text = NORM.format(test='keras.__version__ >= "3"', new="", old="")
    report = bnlint.lint_source(IMPORTS + text, isolated=True, target_keras=3)

    assert {site.outcome.name for site in report.sites} == {"UNDERSTOOD"}
