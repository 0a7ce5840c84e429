"""The version of Keras that code is written for: as set, as required, or as the code shows.

Four sources, in this order: ``target-keras`` in the settings; a file that asks for Keras 2 whatever
TensorFlow has (``tf_keras``, ``TF_USE_LEGACY_KERAS``); what the nearest
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
_BUILDS_OF_TENSORFLOW: Final = frozenset(
    f"tensorflow-{build}" for build in ("cpu", "gpu", "intel", "macos", "rocm")
)
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
    found: dict[str, list[Target | None]] = {}
    for line in lines:
        match = re.match(_REQUIREMENT, line)
        if match is not None:
            name = re.sub(r"[-_.]+", "-", match["name"]).lower()
            if name in _BUILDS_OF_TENSORFLOW:
                name = "tensorflow"
            said = match[0].strip().rstrip(",").replace(" ", "")
            why = f"{said} in {filename}"
            found.setdefault(name, []).append(_required_by(name, _bounds(match["bounds"]), why))
    for name in ("tf-keras", "keras", "tensorflow"):
        # Several requirements of one name are for several systems or Pythons.
        told = found.get(name, [None])
        first = told[0]
        if first is not None and all(each and each.version == first.version for each in told):
            return first
    return None


def _required_by(name: str, bounds: _Bounds, why: str) -> Target | None:
    if name == "tf-keras":
        return Target((2,), why)
    if name == "keras" and bounds.exact is not None:
        return Target(bounds.exact[:2], why)
    first = (3,) if name == "keras" else _FIRST_WITH_KERAS_3
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
            r"|\b(?:tf\.)?(?:keras\.)?layers\.experimental\.[A-Z]\w*"
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


_LEGACY: Final = (
    r"(?m)^[ \t]*(?:(?:import tf_keras|from tf_keras)\b"
    r"|[^#\n]*\bTF_USE_LEGACY_KERAS\b['\"]?\]?\s*[=,]\s*['\"]?(?:1|[Tt]rue)\b)[^\n]*"
)


def shown_by(text: str) -> Target | None:
    """The Keras that a file is written for, where its imports and calls show one alone."""
    if "keras" not in text and "tensorflow" not in text and "nb_" not in text:
        return None
    found = [
        (major, match)
        for major, words, shows in _SHOWN
        if any(word in text for word in words) and (match := _first_in_code(shows, text))
    ]
    # Code of Keras 1 also has imports that Keras 2 still knew.
    if len(found) == 2 and (found[0][0], found[1][0]) == (1, 2):
        found = found[:1]
    if len(found) != 1:
        return None
    return _shown(*found[0])


def legacy_shown_by(text: str) -> Target | None:
    """Keras 2, where a file asks for it whatever TensorFlow's own Keras is."""
    if "tf_keras" not in text and "TF_USE_LEGACY_KERAS" not in text:
        return None
    match = re.search(_LEGACY, text)
    return None if match is None else _shown(2, match)


def _shown(major: int, match: re.Match[str]) -> Target:
    line = match.string.count("\n", 0, match.start()) + 1
    return Target((major,), f"`{' '.join(match[0].split())}` in line {line}")


def _first_in_code(shows: str, text: str) -> re.Match[str] | None:
    """The first match that stands where an expression may: not in a comment or a sentence."""
    for match in re.finditer(shows, text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()].rstrip()
        if re.fullmatch(r"|[^#]*(?:[-=(\[,:{+*/%@<>~|&]|\b(?:return|yield|with|else))", before):
            return match
    return None
