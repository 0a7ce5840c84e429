"""The Keras that a project requires, from the nearest folder upwards that states it.

All files of that folder count equally; if they contradict each other, the version is unknown. The
result is kept for the run, so each folder is read only once.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import Final, NamedTuple

from bnlint.settings.reach import regular_files
from bnlint.settings.target_keras import lock_files, project_files, setup_py
from bnlint.settings.target_keras.requirements import Requirement, required, requirement
from bnlint.settings.target_keras.told import NOTHING, Told

_MOST_BYTES: Final = 1_000_000
_MOST_BYTES_OF_A_LOCK: Final = 20_000_000
_MOST_INCLUDED: Final = 20
_MOST_FILES: Final = 50
_WORDS: Final = r"(?i)keras|tensorflow|tf[-_.]nightly"

_READERS: Final[dict[str, project_files.Reader]] = {
    "pyproject.toml": project_files.of_pyproject,
    "setup.py": setup_py.of_setup_py,
    "setup.cfg": project_files.of_setup_cfg,
    "requirements.txt": project_files.of_requirements,
    "Pipfile": project_files.of_pipfile,
    "environment.yml": project_files.of_environment,
    "environment.yaml": project_files.of_environment,
    "pixi.toml": project_files.of_pixi,
    "Dockerfile": project_files.of_dockerfile,
    "tox.ini": project_files.of_tox,
}
_LOCKS: Final[dict[str, project_files.Reader]] = {
    "poetry.lock": lock_files.of_toml_lock,
    "uv.lock": lock_files.of_toml_lock,
    "pdm.lock": lock_files.of_toml_lock,
    "pylock.toml": lock_files.of_toml_lock,
    "Pipfile.lock": lock_files.of_pipfile_lock,
}
_OTHER_NAMES: Final[tuple[tuple[str, project_files.Reader], ...]] = (
    (r"(?i)[\w.-]*requirements[\w.-]*\.(?:txt|in)", project_files.of_requirements),
    (r"(?i)(?:conda|environment)[\w.-]*\.ya?ml", project_files.of_environment),
    (r"(?i)Dockerfile[\w.-]*|[\w.-]+\.dockerfile|Containerfile", project_files.of_dockerfile),
    (r"pylock\.[\w-]+\.toml", lock_files.of_toml_lock),
)


class _Folder(NamedTuple):
    """The requirements from the files of one folder, and the files that were looked for."""

    told: Told
    looked_at: tuple[str, ...]


def of_project(folder: str) -> tuple[Told, tuple[str, ...]]:
    """The Keras that the project of ``folder`` requires; the search ends at a repository's root.

    Returns:
        The version, and the files that were looked for, whether they exist or not.
    """
    looked_at: list[str] = []
    while True:
        found = _of_folder(folder)
        looked_at += found.looked_at
        parent = os.path.dirname(folder)
        if found.told.is_settled:
            return found.told, tuple(looked_at)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return NOTHING, tuple(looked_at)
        folder = parent


def forget() -> None:
    """Read the files again; they may have changed since the last run of this process."""
    _of_folder.cache_clear()


@lru_cache(maxsize=4096)
def _of_folder(folder: str) -> _Folder:
    names = _names_in(folder)
    looked_at = [os.path.join(folder, name) for name in (*_READERS, *_LOCKS)]
    found: list[Requirement] = []
    for name in (*_READERS, *_LOCKS):
        if name in names:
            found += _required_in(folder, name, looked_at)
    others = [name for name in names if _reader_of(name) and name not in _READERS][:_MOST_FILES]
    if "requirements" in names:
        inner = os.path.join(folder, "requirements")
        texts = [name for name in _names_in(inner) if name.endswith((".txt", ".in"))]
        others += [f"requirements/{name}" for name in texts[:_MOST_FILES]]
    for name in others:
        looked_at.append(os.path.join(folder, name))
        found += _required_in(folder, name, looked_at)
    return _Folder(required(found), tuple(looked_at))


def _names_in(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _reader_of(name: str) -> project_files.Reader | None:
    known = _READERS.get(name) or _LOCKS.get(name)
    if known is not None:
        return known
    return next((reader for names, reader in _OTHER_NAMES if re.fullmatch(names, name)), None)


def _required_in(folder: str, name: str, looked_at: list[str]) -> list[Requirement]:
    """The requirements of one file and of the files that it includes."""
    reader = _reader_of(name) or project_files.of_requirements
    is_locked = name in _LOCKS or name.startswith("pylock.")
    found: list[Requirement] = []
    waiting, seen = [name], {name}
    while waiting:
        name = waiting.pop(0)
        path = os.path.normpath(os.path.join(folder, name))
        text = _text(path, _MOST_BYTES_OF_A_LOCK if is_locked else _MOST_BYTES)
        if re.search(_WORDS, text):
            lines = (requirement(line, name, is_locked=is_locked) for line in reader(text))
            found += [each for each in lines if each is not None]
        if reader is project_files.of_requirements:
            for included in project_files.included_by(text):
                inside = os.path.normpath(os.path.join(os.path.dirname(name), included))
                if inside in seen or os.path.isabs(inside) or len(seen) > _MOST_INCLUDED:
                    continue
                seen.add(inside)
                waiting.append(inside)
                looked_at.append(os.path.normpath(os.path.join(folder, inside)))
    return found


def _text(path: str, most_bytes: int) -> str:
    """The text of a file that may be somebody else's; empty if it is no file, or too large."""
    try:
        return regular_files.read(path, most_bytes).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ""
