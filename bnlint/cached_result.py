"""A reader's answer as JSON, and back.

Only the frozen dataclasses of the package and the plain values in them exist here: what comes from
a cache file can be wrong, but it can't be anything else.
"""

from __future__ import annotations

import dataclasses
import enum
import os
import sys

from bnlint.check import FileResult
from bnlint.findings import Location


def encode(result: FileResult) -> object:
    """``result`` in lists and plain values; file names become absolute.

    Raises:
        TypeError: it holds something that is not a dataclass of ours or a plain value.
    """
    return _encoded(result)


def decode(loaded: object, name: str) -> FileResult:
    """What :func:`encode` made, for the file that is now printed as ``name``.

    Raises:
        ValueError: it is not what :func:`encode` makes.
        TypeError: likewise.
    """
    result = _decoded(loaded)
    if not isinstance(result, FileResult):
        raise TypeError("not a result")
    return dataclasses.replace(result, filename=name)


def _encoded(value: object) -> object:
    if value is None or isinstance(value, str | bool | float):
        return value
    if isinstance(value, enum.Enum):
        return {"enum": _tag(type(value)), "name": value.name}
    if isinstance(value, int):
        return value
    if isinstance(value, tuple | list):
        return [_encoded(item) for item in value]
    if isinstance(value, frozenset):
        return {"set": sorted((_encoded(item) for item in value), key=repr)}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [_encoded(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init]
        if isinstance(value, Location):
            fields[0] = os.path.abspath(value.filename)
        return {_tag(type(value)): fields}
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _decoded(value: object) -> object:
    if isinstance(value, list):
        return tuple(_decoded(item) for item in value)
    if not isinstance(value, dict):
        return value
    if "enum" in value:
        cls = _class(value["enum"])
        if not issubclass(cls, enum.Enum):
            raise TypeError("not an enumeration")
        return cls[value["name"]]
    if "set" in value:
        return frozenset(_decoded(item) for item in value["set"])
    ((tag, fields),) = value.items()
    cls = _class(tag)
    if not dataclasses.is_dataclass(cls):
        raise TypeError("not a dataclass")
    arguments = [_decoded(item) for item in fields]
    if cls is Location:
        arguments[0] = _shown(str(arguments[0]))
    return cls(*arguments)


def _tag(cls: type) -> str:
    if not cls.__module__.startswith("bnlint."):
        raise TypeError(f"{cls.__module__}.{cls.__qualname__} cannot be kept")
    return f"{cls.__module__}:{cls.__qualname__}"


_classes: dict[str, type] = {}
_names: dict[str, str] = {}


def _class(tag: object) -> type:
    """The class that ``tag`` names, of a module of ours that the reader has imported already."""
    found = _classes.get(str(tag))
    if found is None:
        module, _, name = str(tag).partition(":")
        cls = getattr(sys.modules.get(module), name, None)
        if not isinstance(cls, type) or cls.__module__ != module or _tag(cls) != tag:
            raise ValueError(f"no class {tag!r}")
        found = _classes[str(tag)] = cls
    return found


def _shown(path: str) -> str:
    found = _names.get(path)
    if found is None:
        start = os.getcwd().rstrip(os.sep) + os.sep
        found = _names[path] = path.removeprefix(start)
    return found
