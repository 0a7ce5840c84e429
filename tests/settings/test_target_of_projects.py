"""How a project tells which Keras it is for: one file each, and files that contradict each other."""

# ruff: noqa: E501  # a line for each form

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from bnlint.settings.target_keras import Search, forget, project

Files = dict[str, str]

PEP_621: Final = '[project]\nname = "net"\nversion = "1"\n'
GROUPS: Final = (
    '[dependency-groups]\ntrain = ["numpy", {include-group = "x"}, "keras>=3.2"]\nx = []\n'
)
UV_LOCK: Final = 'version = 1\n\n[[package]]\nname = "keras"\nversion = "{}"\nsource = {{}}\n'
PDM_LOCK: Final = (
    '[metadata]\n\n[[package]]\nname = "tensorflow"\nversion = "2.17.0"\nsummary = "x"\n'
)
POETRY_LOCK: Final = (
    '[[package]]\nname = "absl-py"\nversion = "2.1.0"\n\n[[package]]\nname = "keras"\n'
    'version = "3.4.1"\noptional = false\n\n[package.dependencies]\nnumpy = "*"\n'
)
PYLOCK: Final = 'lock-version = "1.0"\n[[packages]]\nname = "keras"\nversion = "3.8.0"\n'
PIPFILE_LOCK: Final = json.dumps(
    {"_meta": {"hash": {}}, "default": {"keras": {"version": "==3.5.0", "hashes": []}}}
)
SETUP: Final = "from setuptools import setup\n"

ONE_FILE: Final[list[tuple[Files, tuple[int, ...] | None]]] = [
    ({"pyproject.toml": PEP_621 + 'dependencies = ["numpy", "keras >= 3.2"]\n'}, (3,)),
    ({"pyproject.toml": PEP_621 + "[project.optional-dependencies]\ntf = ['tensorflow>=2.16']\n"}, (3,)),
    ({"pyproject.toml": PEP_621 + GROUPS}, (3,)),
    ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = "^3.2"\n'}, (3,)),
    ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = "3.5"\n'}, (3, 5)),
    ({"pyproject.toml": '[tool.poetry.dependencies]\ntensorflow = {version = "~2.17", extras = ["and-cuda"]}\n'}, (3,)),
    ({"pyproject.toml": '[tool.poetry.dev-dependencies]\nkeras = ">=3"\n'}, (3,)),
    ({"pyproject.toml": '[tool.poetry.group.train.dependencies]\nkeras = "^3"\n'}, (3,)),
    ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = {git = "https://github.com/keras-team/keras.git", tag = "v3.5.0"}\n'}, (3, 5)),
    ({"pyproject.toml": '[tool.pdm.dev-dependencies]\ntrain = ["keras>=3"]\n'}, (3,)),
    ({"pyproject.toml": '[tool.uv]\ndev-dependencies = ["tensorflow>=2.18"]\n'}, (3,)),
    ({"pyproject.toml": '[tool.hatch.envs.default]\ndependencies = ["keras>=3"]\n'}, (3,)),
    ({"pyproject.toml": '[tool.pixi.pypi-dependencies]\nkeras = ">=3.4"\n'}, (3,)),
    ({"pixi.toml": '[feature.gpu.dependencies]\ntensorflow = ">=2.17,<3"\n'}, (3,)),
    ({"setup.py": SETUP + 'setup(name="net", install_requires=["numpy", "keras>=3.4"])\n'}, (3,)),
    ({"setup.py": SETUP + 'REQUIRED = ["keras>=3.4"]\nsetup(install_requires=REQUIRED + ["numpy"])\n'}, (3,)),
    ({"setup.py": SETUP + 'setup(extras_require={"tf": ["tensorflow>=2.16"]})\n'}, (3,)),
    ({"setup.py": SETUP + 'extras = {}\nextras["tf"] = ["tensorflow~=2.17.0"]\nsetup(extras_require=extras)\n'}, (3,)),
    ({"setup.py": SETUP + 'setup(**{"install_requires": ["keras<3"]})\n'}, (2,)),
    ({"setup.cfg": "[options]\ninstall_requires =\n    numpy\n    keras>=3\n"}, (3,)),
    ({"setup.cfg": "[options.extras_require]\ntf = tensorflow>=2.16\n"}, (3,)),
    ({"requirements.txt": "numpy\nKeras==3.5.0\n"}, (3, 5)),
    ({"requirements.txt": "-r requirements/train.txt\n", "requirements/train.txt": "keras>=3\n"}, (3,)),
    ({"requirements.txt": "-c pins.txt\nkeras\n", "pins.txt": "keras==3.6.0\n"}, (3, 6)),
    ({"requirements.txt": "-r a.txt\n", "a.txt": "--requirement=deep/b.txt\n", "deep/b.txt": "keras>=3\n"}, (3,)),
    ({"requirements.txt": "-r requirements.txt\nkeras>=3\n"}, (3,)),
    ({"requirements/base.txt": "keras==3.5.0\nnumpy\n"}, (3, 5)),
    ({"requirements/train.in": "tensorflow>=2.16\n"}, (3,)),
    ({"requirements-gpu.txt": "tensorflow[and-cuda]==2.16.1\n"}, (3,)),
    ({"requirements.in": "keras~=3.0\n"}, (3,)),
    ({"dev-requirements.txt": "keras>=3\n"}, (3,)),
    ({"Pipfile": '[packages]\nkeras = ">=3.0"\n[requires]\npython_version = "3.11"\n'}, (3,)),
    ({"Pipfile": '[dev-packages]\ntensorflow = {version = "==2.17.0", markers = "x"}\n'}, (3,)),
    ({"Pipfile": '[packages]\nkeras = "*"\n', "Pipfile.lock": PIPFILE_LOCK}, (3, 5)),
    ({"poetry.lock": POETRY_LOCK}, (3, 4)),
    ({"uv.lock": UV_LOCK.format("3.5.0")}, (3, 5)),
    ({"uv.lock": UV_LOCK.format("2.15.0")}, (2, 15)),
    ({"pdm.lock": PDM_LOCK}, (3,)),
    ({"pylock.toml": PYLOCK}, (3, 8)),
    ({"pylock.train.toml": PYLOCK}, (3, 8)),
    ({"environment.yml": "name: x\ndependencies:\n  - python=3.11\n  - keras=3.5\n"}, (3, 5)),
    ({"environment.yaml": "dependencies:\n- conda-forge::keras>=3.4  # new\n"}, (3,)),
    ({"environment.yml": "dependencies:\n  - pip:\n      - 'keras==3.5.0'\n"}, (3, 5)),
    ({"environment.yml": "dependencies:\n  - tensorflow=2.17.0=cuda120py311h1\n"}, (3,)),
    ({"environment.yml": "dependencies: [python=3.11, 'keras 3.5.*', pip]\n"}, (3, 5)),
    ({"environment.yml": "dependencies:\n  - keras\nvariables:\n  KERAS_BACKEND: torch\n"}, (3,)),
    ({"environment-gpu.yml": "dependencies:\n  - tensorflow-gpu >=2.16\n"}, (3,)),
    ({"Dockerfile": "FROM python:3.11\nRUN pip install --no-cache-dir numpy keras==3.5.0\n"}, (3, 5)),
    ({"Dockerfile": 'RUN apt-get update && \\\n    pip3 install -U "keras>=3,<4" \\\n    && rm -rf x\n'}, (3,)),
    ({"Dockerfile": 'RUN ["pip", "install", "tensorflow==2.17.0"]\n'}, (3,)),
    ({"Dockerfile": "RUN python -m pip install -c pins.txt tensorflow==2.16.1; pip install x\n"}, (3,)),
    ({"Dockerfile": "FROM tensorflow/tensorflow:2.17.0-gpu\nRUN pip install numpy\n"}, (3,)),
    ({"Dockerfile": "FROM python\nENV KERAS_BACKEND=jax\n"}, (3,)),
    ({"Dockerfile": "FROM tensorflow/tensorflow:2.17.0\nENV TF_USE_LEGACY_KERAS 1\n"}, (2,)),
    ({"Dockerfile.gpu": "RUN uv pip install --system keras==3.7.0\n"}, (3, 7)),
    ({"Dockerfile": "RUN conda install -c conda-forge -n tf keras=3.5 -y\n"}, (3, 5)),
    ({"tox.ini": "[testenv]\ndeps =\n    pytest\n    keras>=3\n"}, (3,)),
    ({"tox.ini": "[testenv]\ndeps =\n    keras>=3\nsetenv =\n    KERAS_BACKEND = jax\n"}, (3,)),
]  # fmt: skip

TELLS_NOTHING: Final[list[Files]] = [
    {},
    {"requirements.txt": "keras\ntensorflow\n"},
    {"requirements.txt": "keras>=2.4\ntensorflow>=2.0\n"},
    {"requirements.txt": "# keras>=3\nnumpy==3.0  # as keras>=3 wants it\n"},
    {"requirements.txt": "-r missing.txt\n-r /etc/hostname\n-e .\n"},
    {"pyproject.toml": PEP_621 + 'dependencies = ["keras"]\nkeywords = ["keras-hub", "keras>=3"]\n'},
    {"pyproject.toml": PEP_621 + 'dependencies = "keras>=3"\n'},
    {"pyproject.toml": '[build-system]\nrequires = ["keras>=3"]\n'},
    {"pyproject.toml": '[project\ndependencies = ["keras>=3"]\n'},
    {"pyproject.toml": f'[tool.poetry.dependencies]\nkeras = "*"\n[tool.x]\nn = {"9" * 5000}\n'},
    {"setup.py": SETUP + 'setup(name="keras-hub", keywords=["keras-hub"], packages=["keras_rs"])\n'},
    {"setup.py": SETUP + 'raise SystemExit("keras>=3 is needed")\n'},
    {"setup.py": SETUP + 'setup(install_requires=open("requirements.txt").read().split())\n'},
    {"setup.py": "setup(install_requires=['keras>=3'\n"},
    {"setup.py": SETUP + 'new = ["keras>=3"] if x else ["keras<3"]\nsetup(install_requires=new)\n'},
    {"setup.cfg": "install_requires = keras>=3\n"},
    {"uv.lock": UV_LOCK.format("2.15.0") + '\n[[package]]\nname = "keras"\nversion = "3.5.0"\n'},
    {"uv.lock": '[[package]]\nname = "net"\nversion = "3.5.0"\ndependencies = [{ name = "keras" }]\n'},
    {"Pipfile.lock": "[" * 100_000},
    {"Pipfile.lock": '{"default": {"keras": 3}, "develop": [], "x": {"keras": {"version": 3}}}'},
    {"environment.yml": "name: keras=3.5\nchannels:\n  - keras>=3\n"},
    {"environment.yml": "\tdependencies\n - keras>=3\n::: keras>=3"},
    {"Dockerfile": "# RUN pip install keras==3.5\nRUN pip uninstall -y keras==3.5.0\nRUN echo keras==3.5\n"},
    {"Dockerfile": "RUN pip install keras==$VERSION -n keras==3\n"},
    {"tox.ini": "[testenv]\ndeps =\n    tf215: tensorflow==2.15.*\n    tf217: tensorflow==2.17.*\n"},
    {"README.md": "Needs keras>=3.\n", "notes.txt": "keras>=3\n"},
]  # fmt: skip

CONTRADICTIONS: Final[list[Files]] = [
    {"requirements.txt": "keras>=3\n", "pyproject.toml": PEP_621 + 'dependencies = ["keras<3"]\n'},
    {"requirements.txt": "keras>=3\n", "uv.lock": UV_LOCK.format("2.15.0")},
    {"requirements-new.txt": "tensorflow>=2.16\n", "requirements-old.txt": "tensorflow<2.16\n"},
    {"pyproject.toml": PEP_621 + "[project.optional-dependencies]\na = ['tensorflow==2.15.0']\nb = ['tensorflow==2.17.0']\n"},
    {"environment.yml": "dependencies:\n  - keras=3.5\n", "Dockerfile": "RUN pip install keras==2.15\n"},
]  # fmt: skip

SEVERAL: Final[list[tuple[Files, tuple[int, ...] | None]]] = [
    ({"pyproject.toml": PEP_621 + 'dependencies = ["keras>=3"]\n', "uv.lock": UV_LOCK.format("3.5.0")}, (3, 5)),
    ({"requirements.txt": "tensorflow==2.17.0\ntf-keras==2.17.0\n", "uv.lock": UV_LOCK.format("3.5.0")}, (2,)),
    ({"uv.lock": UV_LOCK.format("3.5.0") + '\n[[package]]\nname = "tf-keras"\nversion = "2.17.0"\n'}, None),
    ({"a/requirements.txt": "keras<3\n", "requirements.txt": "keras>=3\n"}, (3,)),
]  # fmt: skip


def target_of(root: Path, files: Files, folder: str = "") -> tuple[int, ...] | None:
    """The version that code in ``folder`` is for, in a repository with ``files``."""
    (root / ".git").mkdir()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    forget()
    found = project.of_project(str(root / folder))[0].target
    return None if found is None else found.version


@pytest.mark.parametrize(("files", "version"), [*ONE_FILE, *SEVERAL], ids=str)
def test_files_of_a_project_tell_the_target(
    tmp_path: Path, files: Files, version: tuple[int, ...] | None
) -> None:
    assert target_of(tmp_path, files) == version


@pytest.mark.parametrize(("files", "version"), ONE_FILE, ids=str)
def test_folders_below_are_told_by_the_project(
    tmp_path: Path, files: Files, version: tuple[int, ...] | None
) -> None:
    inside = {"src/net/pyproject.toml": PEP_621 + 'dependencies = ["keras"]\n'}

    assert target_of(tmp_path, {**files, **inside}, "src/net") == version


@pytest.mark.parametrize("files", [*TELLS_NOTHING, *CONTRADICTIONS], ids=str)
def test_what_is_open_contradictory_or_malformed_tells_nothing(
    tmp_path: Path, files: Files
) -> None:
    assert target_of(tmp_path, files) is None


def test_contradiction_ends_the_search(tmp_path: Path) -> None:
    files = {f"net/{name}": text for name, text in CONTRADICTIONS[0].items()}

    assert target_of(tmp_path, {**files, "requirements.txt": "keras>=3\n"}, "net") is None


def test_reason_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("Keras == 3.5.0\n", encoding="utf-8")

    target = Search("import keras\n", str(tmp_path)).target

    assert target is not None
    assert str(target) == "Keras 3.5 (Keras==3.5.0 in requirements/base.txt)"


def test_only_regular_files_of_bounded_size_are_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    (tmp_path / "setup.py").symlink_to("/dev/zero")
    (tmp_path / "requirements.txt").write_text("keras>=3\n" + " " * 1_000_001, encoding="utf-8")

    assert target_of(tmp_path, {}) is None


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ('# /// script\n# dependencies = ["keras>=3.5"]\n# ///\n', (3,)),
        ('# /// script\n# requires-python = ">=3.10"\n#\n# dependencies = [\n#   "tensorflow==2.15.1",\n# ]\n# ///\n', (2,)),
        ('# /// script\n# dependencies = ["keras"]\n# ///\nimport keras\n', None),
        ('# /// pyproject\n# dependencies = ["keras>=3.5"]\n# ///\n', None),
        ('# /// script\n# dependencies = ["keras>=3.5"\n# ///\n', None),
        ("import os\nos.environ['KERAS_BACKEND'] = 'jax'\n", (3,)),
    ],
)  # fmt: skip
def test_script_tells_of_its_own_environment(text: str, version: tuple[int, ...] | None) -> None:
    found = Search(text).target

    assert (None if found is None else found.version) == version


@pytest.mark.parametrize(
    ("text", "requirement", "version"),
    [
        ("from keras import ops\n", "keras>=3", (3,)),
        ("from keras import ops\n", "keras==3.5.0", (3, 5)),
        ("from keras import ops\n", "keras<3", None),
        ("from keras.layers.core import Dense\n", "keras>=3", (3,)),
        ("from keras.layers.core import Dense\n", "keras", (2,)),
        ('# /// script\n# dependencies = ["keras>=3.5"]\n# ///\n', "keras<3", (3,)),
        ("import tf_keras\n", "tensorflow>=2.16", (2,)),
    ],
)
def test_file_and_project_together(
    tmp_path: Path, text: str, requirement: str, version: tuple[int, ...] | None
) -> None:
    target_of(tmp_path, {"requirements.txt": requirement})
    found = Search(text, str(tmp_path)).target

    assert (None if found is None else found.version) == version
