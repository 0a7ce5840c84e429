"""The Keras version of one requirement (``tensorflow>=2.16``), and of all those of a project.

Bounds are those of PEP 440, and in addition those of poetry (``^3.4``, ``~3.4``, ``3.4``) and conda
(``=3.4``, ``3.4.*``). Only what is certain counts: ``keras>=2.4`` may be any Keras.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from bnlint.keras_api.versions.only_keras_3 import BACKENDS
from bnlint.keras_api.versions.target import Target, Version, version_of
from bnlint.settings.target_keras.told import CONFLICT, NOTHING, Told, agreed

_FIRST_WITH_KERAS_3: Final = (2, 16)  # of TensorFlow
_FIRST_KERAS_3: Final = (2, 16)  # of Keras: there is no version between 2.15 and 3.0

_SAME: Final[dict[str, str]] = {
    "keras": "keras",
    "keras-nightly": "keras",
    "tf-keras": "tf-keras",
    "tf-keras-nightly": "tf-keras",
    "tensorflow": "tensorflow",
    "tensorflow-base": "tensorflow",
    "intel-tensorflow": "tensorflow",
    "tf-nightly": "tensorflow",
    **{
        f"{name}-{build}": "tensorflow"
        for name in ("tensorflow", "tf-nightly")
        for build in ("cpu", "gpu", "intel", "macos", "rocm", "aarch64", "cpu-aws", "mkl", "eigen")
    },
    # These run only on Keras 3.
    "keras-hub": "keras-hub",
    "keras-hub-nightly": "keras-hub",
    "keras-rs": "keras-hub",
}
"""Normalized name of a distribution -> the distribution whose version it shows."""
_NEWEST: Final = frozenset({"keras-nightly", "tf-nightly", "tf-nightly-cpu"})
"""Distributions that are the newest version where no bound is given."""


class Requirement(NamedTuple):
    """The content of one requirement.

    Attributes:
        name: ``keras``, ``tensorflow``, ``tf-keras`` or ``keras-hub``, or a variable of the
            environment.
        target: the resulting version; ``None`` where it may be any Keras.
        is_conditional: it holds on some systems only.
        is_locked: it is from a lock file, so the project may not use it directly.
    """

    name: str
    target: Target | None
    is_conditional: bool = False
    is_locked: bool = False


class _Bounds(NamedTuple):
    """The versions that a requirement allows: from ``lowest`` on, before ``end``; or only one."""

    lowest: Version | None
    end: Version | None
    exact: Version | None


# Strings, because compiling is slow and many runs need none of them; `re` caches compiled patterns.
_REQUIREMENT: Final = (
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?"
    r"(?P<bounds>[^;#)@]*)(?:\)\s*)?(?P<marker>;)?"
)
_BOUND: Final = r"(===|==|~=|>=|<=|!=|=|<|>|\^|~)\s*v?(\d+(?:\.\d+)*)"
_RELEASE: Final = (  # a tag of a repository, or a built distribution
    r"/(?P<name>keras|tensorflow|tf-keras)(?:\.git)?@v?(?P<version>\d+(?:\.\d+)*)"
    r"|/(?P<built>keras|tensorflow(?:_[a-z]+)?|tf_keras)-(?P<number>\d+(?:\.\d+)*)[^/\s]*"
    r"\.(?:whl|tar\.gz)"
)
_VARIABLE: Final = r"\s*(?P<name>TF_USE_LEGACY_KERAS|KERAS_BACKEND)\s*[=:\s]\s*['\"]?(?P<value>\w+)"
_LONGEST: Final = 2_000  # characters; a longer line is no requirement


def requirement(line: str, place: str, *, is_locked: bool = False) -> Requirement | None:
    """The requirement for Keras in a line; ``None`` where the line is about something else.

    Args:
        line: a requirement as pip, poetry or conda take it, or ``NAME=value`` of an environment.
        place: where the line stands, for messages: ``"requirements.txt"``.
        is_locked: it is from a lock file.
    """
    if len(line) > _LONGEST:
        return None
    variable = re.match(_VARIABLE, line)
    if variable is not None:
        return _of_variable(variable["name"], variable["value"], place)
    release = re.search(_RELEASE, line) if "/" in line else None
    if release is not None:
        name = release["name"] or release["built"]
        line = f"{name}=={release['version'] or release['number']}"
    match = re.match(_REQUIREMENT, line)
    if match is None:
        return None
    written = re.sub(r"[-_.]+", "-", match["name"]).lower()
    name = _SAME.get(written, "")
    if not name:
        return None
    bounds = re.split(r"\s--|\\", match["bounds"])[0].strip().rstrip(",")
    head = line[: match.start("bounds")].strip()
    said = f"{head} {bounds}" if bounds[:1].isdigit() else f"{head}{bounds}".replace(" ", "")
    if not bounds and written in _NEWEST:
        bounds = ">=3"
    why = f"{said} in {place}"
    # `^2.15 || ^3.0`, and conda's `2.15|3.0`: all parts must give the same version.
    found = [_target(name, _bounds(part), why) for part in re.split(r"\|+", bounds)]
    target = found[0] if len({each and each.major for each in found}) == 1 else None
    return Requirement(name, target, bool(match["marker"]), is_locked)


def _of_variable(name: str, value: str, place: str) -> Requirement | None:
    why = f"{name}={value} in {place}"
    if name == "KERAS_BACKEND":
        is_3 = value.lower() in BACKENDS
        return Requirement("KERAS_BACKEND", Target((3,), why)) if is_3 else None
    return Requirement("tf-keras", Target((2,), why)) if value.lower() in ("1", "true") else None


def required(requirements: Iterable[Requirement]) -> Told:
    """The version that the requirements of one project give together."""
    by_name: dict[str, list[Requirement]] = {}
    for each in requirements:
        by_name.setdefault(each.name, []).append(each)
    told = {name: found for name, each in by_name.items() if (found := _of_one(each)).is_settled}
    legacy = told.pop("tf-keras", None)
    if legacy is not None:
        # tf-keras replaces the Keras of TensorFlow, not a Keras that is required in addition. And a
        # package in a lock file may be there only for another package that is not imported here.
        direct = any(not each.is_locked for each in by_name["tf-keras"])
        told.pop("tensorflow", None)
        others = [name for name in told if any(not each.is_locked for each in by_name[name])]
        if not direct or others:
            return agreed_all([legacy, *told.values()])
        return legacy
    return agreed_all(told.values())


def agreed_all(told: Iterable[Told]) -> Told:
    """The version that several sources give together."""
    settled = [each for each in told if each.is_settled]
    targets = [each.target for each in settled if each.target is not None]
    return agreed(targets) if len(targets) == len(settled) else CONFLICT


def _of_one(requirements: list[Requirement]) -> Told:
    """Combine the requirements of one name; those with a marker are for different systems."""
    told = agreed(each.target for each in requirements if each.target is not None)
    if not told.is_settled:
        return NOTHING
    always = any(each.target is not None and not each.is_conditional for each in requirements)
    is_open = any(each.target is None and each.is_conditional for each in requirements)
    return CONFLICT if is_open and not always else told


def _target(name: str, bounds: _Bounds, why: str) -> Target | None:
    if name == "tf-keras":
        return Target((2,), why)
    if name == "keras-hub":
        return Target((3,), why)
    if name == "keras" and bounds.exact is not None:
        return Target(bounds.exact[:2], why) if 1 <= bounds.exact[0] <= 3 else None
    first = _FIRST_KERAS_3 if name == "keras" else _FIRST_WITH_KERAS_3
    if bounds.lowest is not None and bounds.lowest >= first:
        return Target((3,), why)
    last = (3,) if name == "keras" else _FIRST_WITH_KERAS_3
    if bounds.end is not None and bounds.end <= last:
        return Target((1,) if name == "keras" and bounds.end <= (2,) else (2,), why)
    return None


def _bounds(text: str) -> _Bounds:
    lowest: Version | None = None
    end: Version | None = None
    exact: Version | None = None
    for operator, digits in re.findall(_BOUND, f"=={text}" if text[:1].isdigit() else text):
        version = version_of(digits)
        if operator not in ("<", "<=", "!="):
            lowest = version if lowest is None else max(lowest, version)
        if operator in ("==", "===", "=") and exact is None:
            exact = version
        upper = _end(operator, version)
        if upper is not None:
            end = upper if end is None else min(end, upper)
    return _Bounds(lowest, end, exact)


def _end(operator: str, version: Version) -> Version | None:
    """The first version that a bound no longer allows, without trailing zeros."""
    if operator in ("==", "===", "=", "<="):
        return (*version[:-1], version[-1] + 1)
    if operator == "~=":
        return (*version[:-2], version[-2] + 1) if len(version) > 1 else (version[0] + 1,)
    if operator == "~":
        return (version[0], version[1] + 1) if len(version) > 1 else (version[0] + 1,)
    if operator == "^":
        return (version[0] + 1,)
    if operator != "<":
        return None
    while len(version) > 1 and version[-1] == 0:
        version = version[:-1]
    return version
