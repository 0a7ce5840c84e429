"""A reader's answer as JSON, and back.

Only the named tuples and enumerations of the package and the plain values in them exist here:
what comes from a cache file can be wrong, but it can't be anything else. A named tuple is
``{index of its class: fields}``, with the index of the file in the place of a location's
``filename``, a member of an enumeration ``{index of its class: name}``.
"""

from __future__ import annotations

import enum
import os
import sys

from bnlint.findings import Location
from bnlint.project.judging.file_check import FileResult


def encode(result: FileResult) -> dict[str, object]:
    """``result`` in lists, dicts and plain values; file names become absolute.

    Raises:
        TypeError: it holds something that is neither a named tuple of ours nor a plain value.
    """
    encoder = _Encoder()
    value = encoder.encoded(result)
    return {"classes": list(encoder.classes), "files": list(encoder.files), "value": value}


def decode(loaded: dict[str, object], name: str) -> FileResult:
    """What :func:`encode` made, for the file that is now printed as ``name``.

    Raises:
        ValueError: it is not what :func:`encode` makes.
        TypeError: likewise.
        LookupError: likewise.
    """
    classes, files = loaded["classes"], loaded["files"]
    if not isinstance(classes, list) or not isinstance(files, list):
        raise TypeError("no tables")
    result = _Decoder(classes, files).decoded(loaded["value"])
    if not isinstance(result, FileResult):
        raise TypeError("not a result")
    return result._replace(filename=name)


class _Encoder:
    def __init__(self) -> None:
        self.classes: dict[str, int] = {}
        self.files: dict[str, int] = {}

    def encoded(self, value: object) -> object:
        if value is None or isinstance(value, str | bool | float):
            return value
        if isinstance(value, enum.Enum):
            return {self._class(type(value)): value.name}
        if isinstance(value, int):
            return value
        if isinstance(value, Location):
            number = self.files.setdefault(os.path.abspath(value.filename), len(self.files))
            return {self._class(Location): [number, *value[1:]]}
        if isinstance(value, tuple) and hasattr(value, "_fields"):
            return {self._class(type(value)): [self.encoded(field) for field in value]}
        if isinstance(value, tuple | list):
            return [self.encoded(item) for item in value]
        raise TypeError(f"{type(value).__name__} cannot be kept")

    def _class(self, cls: type) -> str:
        return str(self.classes.setdefault(_tag(cls), len(self.classes)))


class _Decoder:
    def __init__(self, classes: list[object], files: list[object]) -> None:
        self._classes = {str(index): _class(tag) for index, tag in enumerate(classes)}
        self._files = [_shown(path) for path in files]

    def decoded(self, value: object) -> object:
        if isinstance(value, list):
            return tuple(map(self.decoded, value))
        if not isinstance(value, dict):
            return value
        ((index, said),) = value.items()
        cls = self._classes[index]
        if cls is Location:
            return Location(self._files[said[0]], *said[1:])
        if issubclass(cls, enum.Enum):
            return cls[said]
        return cls(*map(self.decoded, said))


def _tag(cls: type) -> str:
    if not cls.__module__.startswith("bnlint."):
        raise TypeError(f"{cls.__module__}.{cls.__qualname__} cannot be kept")
    return f"{cls.__module__}:{cls.__qualname__}"


_known: dict[object, type] = {}


def _class(tag: object) -> type:
    """The class that ``tag`` names, of a module of ours that the reader has imported already."""
    if not isinstance(tag, str):
        raise TypeError("not a class")
    found = _known.get(tag)
    if found is None:
        module, _, name = tag.partition(":")
        cls = getattr(sys.modules.get(module), name, None)
        if not isinstance(cls, type) or cls.__module__ != module or _tag(cls) != tag:
            raise ValueError(f"no class {tag!r}")
        if not hasattr(cls, "_fields") and not issubclass(cls, enum.Enum):
            raise ValueError(f"{tag!r} is no data")
        found = _known[tag] = cls
    return found


def _shown(path: object) -> str:
    """The file as it is printed now: relative to the working directory if it lies inside."""
    return str(path).removeprefix(os.getcwd().rstrip(os.sep) + os.sep)
