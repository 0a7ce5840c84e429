"""A reader's answer as JSON, and back.

It holds only named tuples and enumerations of the package, and plain values in them: data from a
cache file can be wrong, but it can't be of another type. A named tuple is
``{index of its class: fields}``; the index of a file replaces a location's ``filename``. A member
of an enumeration is ``{index of its class: name}``.
"""

from __future__ import annotations

import enum
import os
import sys
from typing import NamedTuple, get_args, get_origin, get_type_hints

from bnlint import findings, repair
from bnlint.findings import Location
from bnlint.project.judging.file_check import FileResult
from bnlint.settings.reach import home


def encode(result: FileResult) -> dict[str, object]:
    """``result`` in lists, dicts and plain values; file names become absolute.

    Raises:
        TypeError: it holds something that is neither a named tuple of ours nor a plain value.
    """
    encoder = _Encoder()
    value = encoder.encoded(result)
    return {"classes": list(encoder.classes), "files": list(encoder.files), "value": value}


def decode(loaded: dict[str, object], name: str) -> FileResult:
    """The inverse of :func:`encode`, for the file that is now shown as ``name``.

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
            fields = (self._files[said[0]], *said[1:])
        elif issubclass(cls, enum.Enum):
            return cls[said]
        else:
            fields = tuple(map(self.decoded, said))
        if not all(map(_fits, fields, _kinds_of(cls))):
            raise TypeError(f"no {cls.__name__}")
        return cls(*fields)


def _tag(cls: type) -> str:
    if not cls.__module__.startswith("bnlint."):
        raise TypeError(f"{cls.__module__}.{cls.__qualname__} cannot be kept")
    return f"{cls.__module__}:{cls.__qualname__}"


_known: dict[object, type] = {}


def _class(tag: object) -> type:
    """The class that ``tag`` names, in a bnlint module that the reader has already imported."""
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


class _Kind(NamedTuple):
    """What a field may hold.

    Attributes:
        types: of the value.
        items: for a tuple, what each item may be; a single entry counts for all items.
        is_open: for a tuple: it may have any length.
    """

    types: frozenset[type]
    items: tuple[_Kind, ...] = ()
    is_open: bool = False


def _fits(value: object, kind: _Kind) -> bool:
    types, items, is_open = kind
    if type(value) not in types:
        return int in types and isinstance(value, enum.IntEnum)
    if not items or not isinstance(value, tuple):
        return True
    if is_open:
        return all(_fits(item, items[0]) for item in value)
    return len(value) == len(items) and all(map(_fits, value, items))


_kinds: dict[type, tuple[_Kind, ...]] = {}


def _kinds_of(cls: type) -> tuple[_Kind, ...]:
    """What the fields of a named tuple may hold, from its annotations."""
    found = _kinds.get(cls)
    if found is None:
        names = {**vars(findings), **vars(repair), **vars(sys.modules[cls.__module__])}
        found = _kinds[cls] = tuple(map(_kind, get_type_hints(cls, names).values()))
    return found


def _kind(hint: object) -> _Kind:
    origin, inside = get_origin(hint), get_args(hint)
    if origin is tuple:
        is_open = inside[-1] is Ellipsis
        items = tuple(_kind(item) for item in inside if item is not Ellipsis)
        return _Kind(frozenset({tuple}), items, is_open)
    if inside:  # one of several
        kinds = [_kind(each) for each in inside]
        items, is_open = next(((k.items, k.is_open) for k in kinds if k.items), ((), False))
        return _Kind(frozenset().union(*(kind.types for kind in kinds)), items, is_open)
    assert isinstance(hint, type)
    return _Kind(frozenset({hint}))


def _shown(path: object) -> str:
    """The file as it is shown now: relative to the working directory if it lies inside."""
    return str(path).removeprefix(home.current().rstrip(os.sep) + os.sep)
