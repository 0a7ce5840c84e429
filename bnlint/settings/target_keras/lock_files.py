"""Lock files: the version that a tool has chosen for each package.

They are large, and written by machines: a search for one package by lines is enough, and much
faster than parsing everything (``tomllib`` takes a second for a ``uv.lock`` of 5 MB).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

_NEAR: Final = 2_000  # characters between the name of a package and its version
_MOST_PACKAGES: Final = 100
_NAMES: Final = r"(?:keras|tf[-_.]keras|tensorflow|tf[-_.]nightly)[\w.-]*"


def of_toml_lock(text: str) -> Iterator[str]:
    """``poetry.lock``, ``uv.lock``, ``pdm.lock`` and ``pylock.toml``: tables of packages."""
    named = re.finditer(rf'(?m)^name\s*=\s*["\']({_NAMES})["\']\s*$', text)
    for found in islice(named, _MOST_PACKAGES):
        before = text[max(found.start() - _NEAR, 0) : found.start()].rpartition("\n[[")[2]
        behind = text[found.end() : found.end() + _NEAR].partition("\n[")[0]
        version = re.search(r'(?m)^version\s*=\s*["\']([^"\']+)["\']', before + behind)
        if version is not None:
            yield f"{found[1]} {version[1]}"


def of_pipfile_lock(text: str) -> Iterator[str]:
    """``Pipfile.lock``: all its categories."""
    import json

    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError):
        return
    for category, packages in loaded.items() if isinstance(loaded, dict) else ():
        for name, entry in packages.items() if isinstance(packages, dict) else ():
            version = entry.get("version") if isinstance(entry, dict) else None
            if category != "_meta" and isinstance(version, str):
                yield f"{name} {version}"
