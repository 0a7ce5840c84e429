"""Where a report goes: ``--output-file FILE`` and ``--output-file FORMAT:FILE``."""

from __future__ import annotations

import os

from bnlint.project.files import temporaries
from bnlint.settings import FORMATS, SettingsError
from bnlint.settings.reach import home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def parse(
    values: Sequence[str], *, anywhere: bool = False
) -> tuple[str | None, list[tuple[str, str]]]:
    """Parse all values of ``--output-file``.

    Args:
        values: the values of the option.
        anywhere: allow a link in the working folder that leads out of its project.

    Returns:
        The file that is written instead of standard output, if any; and the formats and files that
        are written in addition.

    Raises:
        SettingsError: two files for one output, a file without a name, or one outside.
    """
    instead: str | None = None
    besides: list[tuple[str, str]] = []
    taken: set[str] = set()
    for value in values:
        name, _, path = value.partition(":")
        if name in FORMATS:
            besides.append((name, path))
        elif instead is None:
            instead = path = value
        else:
            raise SettingsError(
                f"--output-file {value}: there is {instead} already; write FORMAT:FILE for a"
                " second one, as in sarif:report.sarif"
            )
        if not path:
            raise SettingsError(f"--output-file {value}: names no file")
        if os.path.abspath(path) in taken:
            raise SettingsError(f"--output-file {value}: {path} is written already")
        if not anywhere and _leads_out(path):
            raise SettingsError(
                f"--output-file {path}: a link that leads out of the project;"
                " name what it leads to, or give --allow-outside"
            )
        taken.add(os.path.abspath(path))
    return instead, besides


def _leads_out(path: str) -> bool:
    """Whether a link in the project makes ``path`` leave the project."""
    here = home.current()
    project = home.project(here, here)
    where = os.path.abspath(path)
    return home.is_inside(where, project) and home.leads_out(where, project)


def write_file(pieces: Iterable[str], path: str) -> None:
    """Write a whole file or nothing; write directly to anything else, such as ``/dev/null``.

    Raises:
        SettingsError: the file can't be written.
    """
    try:
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.writelines(pieces)
            return
        path = os.path.realpath(path)
        temporaries.sweep([os.path.dirname(path)])
        with temporaries.replacing(path, syncs=False) as whole:
            for piece in pieces:
                whole.write(piece.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise SettingsError(f"--output-file {path}: {error.strerror}") from None
