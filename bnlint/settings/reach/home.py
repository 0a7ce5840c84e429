"""Where a run is at home: the working folder, and the project that it may read and write.

A repository of somebody else's may hold links that lead out of it, and settings that name places
outside. Neither is followed unless the user named the place.
"""

from __future__ import annotations

import os

GONE = os.path.join(os.devnull, "gone")
"""Stands for a working folder that somebody removed: nothing lies there, or can be made there."""


def current() -> str:
    """The working folder."""
    try:
        return os.getcwd()
    except OSError:
        return GONE


def repository(folder: str) -> str | None:
    """The root of the git repository that the absolute ``folder`` lies in."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def project(folder: str, root: str) -> str:
    """The project around the absolute ``folder``.

    Args:
        folder: where the work is.
        root: where the settings that hold for it come from.
    """
    return repository(folder) or (root if is_inside(folder, root) else folder)


def is_inside(path: str, folder: str) -> bool:
    """Whether an absolute path is ``folder`` or lies in it, going by the names alone."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def leads_out(path: str, folder: str) -> bool:
    """Whether ``path`` lies outside of ``folder`` once all links are followed."""
    return not is_inside(os.path.realpath(path), os.path.realpath(folder))
