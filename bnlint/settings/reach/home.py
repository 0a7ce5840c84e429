"""The working folder of a run, and the project that the run may read and write.

A repository from somebody else may contain links that lead out of it, and settings that name places
outside. Neither is followed unless the user named the place.
"""

from __future__ import annotations

import os

GONE = os.path.join(os.devnull, "gone")
"""Represents a working folder that was removed: nothing exists or can be created there."""


def current() -> str:
    """The working folder."""
    try:
        return os.getcwd()
    except OSError:
        return GONE


def repository(folder: str) -> str | None:
    """The root of the git repository that contains the absolute ``folder``."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def project(folder: str, root: str) -> str:
    """The project around the absolute ``folder``.

    Args:
        folder: the folder to find the project of.
        root: the folder that its settings come from.
    """
    return repository(folder) or (root if is_inside(folder, root) else folder)


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path is ``folder`` or inside it, by names only (links not followed)."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def leads_out(path: str, folder: str) -> bool:
    """Whether ``path`` is outside of ``folder`` after all links are followed."""
    return not is_inside(os.path.realpath(path), os.path.realpath(folder))
