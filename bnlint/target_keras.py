"""The version of Keras that code is written for: as set, as required, or as the code shows.

Three sources, in this order: ``target-keras`` in the settings; what the nearest
``pyproject.toml``, ``setup.cfg`` or ``requirements*.txt`` requires; what the file itself imports
and how it calls. What none of them tells is unknown, and rules that depend on it are silent.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from bnlint.keras_api.removed import Removed

Version: TypeAlias = tuple[int, ...]

_FIRST_WITH_KERAS_3: Final = (2, 16)  # of TensorFlow
_MOST_BYTES: Final = 1_000_000


class Target(NamedTuple):
    """A version of Keras and why it is taken to be the one.

    Attributes:
        version: ``(3,)`` or ``(3, 12)``.
        why: what shows it, for messages: ``"keras>=3.12 in requirements.txt"``.
    """

    version: Version
    why: str

    @property
    def major(self) -> int:
        return self.version[0]

    def is_from(self, version: Version) -> bool:
        """Whether it is certain to be ``version`` or later: ``(2,)`` may be any Keras 2."""
        return self.version >= version

    def is_before(self, version: Version) -> bool:
        """Whether it is certain to be earlier than ``version``."""
        return self.version < version[: len(self.version)]

    def may_lie_in(self, first: Version, end: Version) -> bool:
        """Whether it may be a version from ``first`` on and before ``end``: ``(3,)`` may be any
        Keras 3.
        """
        return not self.is_before(first) and not self.is_from(end)

    def refuses(self, removed: Removed) -> bool:
        """Whether it is certain to refuse something."""
        again = removed.until is not None and not self.is_before(removed.until)
        return self.is_from(removed.since) and not again

    def __str__(self) -> str:
        return f"Keras {'.'.join(map(str, self.version))} ({self.why})"


def set_to(text: str) -> Target:
    """The target that a setting names: ``"1"``, ``"2"``, ``"3"`` or ``"3.12"``."""
    return Target(_version(text), "target-keras")


# What is required


class _Bounds(NamedTuple):
    """The versions that a requirement allows: from ``lowest`` on, before ``end``; or one alone."""

    lowest: Version | None
    end: Version | None
    exact: Version | None


# Strings, as compiling takes a while and many runs need none of them; `re` keeps what it compiled.
_REQUIREMENT: Final = (
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?(?P<bounds>[^;#)]*)"
)
_BOUND: Final = r"(===|==|~=|>=|<=|!=|<|>|\^|~)\s*v?(\d+(?:\.\d+)*)(\.\*)?"


def of_project(folder: str) -> tuple[Target | None, tuple[str, ...]]:
    """What the project around ``folder`` requires.

    The nearest folder upwards that has a requirement which tells counts; the search ends at the
    root of a repository.

    Returns:
        The target, and the files that were looked for, whether they exist or not.
    """
    looked_at: list[str] = []
    while True:
        names = _files_in(folder)
        for name in names:
            path = os.path.join(folder, name)
            looked_at.append(path)
            found = _required_in(path)
            if found is not None:
                return found, tuple(looked_at)
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return None, tuple(looked_at)
        folder = parent


def forget() -> None:
    """Read the files anew; they may have changed since the last run of this process."""
    _files_in.cache_clear()
    _required_in.cache_clear()


@lru_cache(maxsize=4096)
def _files_in(folder: str) -> tuple[str, ...]:
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    requirements = sorted(n for n in names if n.startswith("requirements") and n.endswith(".txt"))
    usual = [n for n in requirements if n != "requirements.txt"]
    return ("pyproject.toml", "setup.cfg", "requirements.txt", *usual)


@lru_cache(maxsize=4096)
def _required_in(path: str) -> Target | None:
    try:
        if os.path.getsize(path) > _MOST_BYTES:
            return None
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        return None
    if "keras" not in text and "tensorflow" not in text:
        return None
    name = os.path.basename(path)
    if name == "pyproject.toml":
        return required(_of_pyproject(text), name)
    if name == "setup.cfg":
        return required(_of_setup_cfg(text), name)
    return required(text.splitlines(), name)


def _of_pyproject(text: str) -> Iterator[str]:
    from bnlint.settings import SettingsError, parse_toml

    try:
        table = parse_toml(text, "pyproject.toml")
    except SettingsError:
        return  # said where the settings are read
    project = table.get("project")
    listed = project.get("dependencies") if isinstance(project, Mapping) else None
    if isinstance(listed, list):
        yield from (entry for entry in listed if isinstance(entry, str))
    tool = table.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, Mapping) else None
    wanted = poetry.get("dependencies") if isinstance(poetry, Mapping) else None
    for name, entry in wanted.items() if isinstance(wanted, Mapping) else ():
        bounds = entry.get("version") if isinstance(entry, Mapping) else entry
        if isinstance(bounds, str):
            yield f"{name} {'==' if bounds[:1].isdigit() else ''}{bounds}"


def _of_setup_cfg(text: str) -> list[str]:
    import configparser

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
        return parser.get("options", "install_requires", fallback="").splitlines()
    except configparser.Error:
        return []


def required(lines: Iterable[str], filename: str) -> Target | None:
    """The Keras that requirements ask for.

    Args:
        lines: one requirement each, as pip takes them.
        filename: where they stand, for messages.
    """
    found: dict[str, tuple[str, _Bounds]] = {}
    for line in lines:
        match = re.match(_REQUIREMENT, line)
        if match is not None:
            name = re.sub(r"[-_.]+", "-", match["name"]).lower()
            name = {"tensorflow-cpu": "tensorflow", "tensorflow-gpu": "tensorflow"}.get(name, name)
            said = match[0].strip().rstrip(",").replace(" ", "")
            found.setdefault(name, (said, _bounds(match["bounds"])))
    if "tf-keras" in found:
        return Target((2,), f"{found['tf-keras'][0]} in {filename}")
    for name, first in (("keras", (3,)), ("tensorflow", _FIRST_WITH_KERAS_3)):
        if name not in found:
            continue
        said, bounds = found[name]
        why = f"{said} in {filename}"
        if name == "keras" and bounds.exact is not None:
            return Target(bounds.exact[:2], why)
        if bounds.lowest is not None and bounds.lowest >= first:
            return Target((3,), why)
        if bounds.end is not None and bounds.end <= first:
            is_first = name == "keras" and bounds.end <= (2,)
            return Target((1,) if is_first else (2,), why)
    return None


def _bounds(text: str) -> _Bounds:
    lowest: Version | None = None
    end: Version | None = None
    exact: Version | None = None
    for operator, digits, _ in re.findall(_BOUND, text):
        version = _version(digits)
        if operator in ("==", "===", "~=", ">=", ">", "^", "~"):
            lowest = version
        if operator in ("==", "==="):
            exact = version
        if operator in ("==", "===", "<="):
            end = (*version[:-1], version[-1] + 1)
        elif operator == "<":
            end = version
        elif operator in ("~=", "^", "~"):
            end = (version[0] + 1,)
    return _Bounds(lowest, end, exact)


def _version(text: str) -> Version:
    return tuple(int(part) for part in text.split("."))


# What a file shows

# What each is shown by, behind words that it can't be without: they are much faster to look for.
_SHOWN: Final = (
    (
        1,
        ("nb_", "_mode", "_ordering", "_regularizer", "samples_per_epoch"),
        (
            r"\b(?:nb_filter|nb_row|nb_col|nb_epoch|border_mode|dim_ordering|image_dim_ordering"
            r"|W_regularizer|b_regularizer|samples_per_epoch)\b"
        ),
    ),
    (
        2,
        (
            *("tf_keras", "from keras.engine", "from keras.layers.", "from keras.utils."),
            *("from keras.legacy", "from tensorflow.python.keras", "from tensorflow.contrib"),
            *("tf.contrib", "tf.layers", "tf.placeholder", "tf.Session", "tf.get_variable"),
            "layers.experimental.",
        ),
        (
            r"(?m)^[ \t]*(?:import tf_keras|from tf_keras|from keras\.(?:engine|layers\.\w+|utils\."
            r"np_utils|legacy)[. ]|from tensorflow\.python\.keras|from tensorflow\.contrib)[^\n]*"
            r"|\btf\.(?:contrib|layers|placeholder|Session|get_variable)\b"
            r"|\blayers\.experimental\.[A-Z]\w*"
        ),
    ),
    (
        3,
        ("from keras import ", "keras.ops", "from keras."),
        (
            r"(?m)^[ \t]*(?:from keras import [^\n#]*\bops\b|from keras\.(?:ops|distribution|tree"
            r"|export)\b|import keras\.ops)[^\n]*|\bkeras\.ops\.\w+"
        ),
    ),
)


def shown_by(text: str) -> Target | None:
    """The Keras that a file is written for, where its imports and calls show one alone."""
    if "keras" not in text and "tensorflow" not in text and "nb_" not in text:
        return None
    found = [
        (major, match)
        for major, words, shows in _SHOWN
        if any(word in text for word in words) and (match := re.search(shows, text))
    ]
    # Code of Keras 1 also has imports that Keras 2 still knew.
    if len(found) == 2 and (found[0][0], found[1][0]) == (1, 2):
        found = found[:1]
    if len(found) != 1:
        return None
    major, match = found[0]
    line = text.count("\n", 0, match.start()) + 1
    return Target((major,), f"`{' '.join(match[0].split())}` in line {line}")
