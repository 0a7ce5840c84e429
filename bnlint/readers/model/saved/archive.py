"""The zip file that Keras 3 saves (``.keras``), read where it lies; nothing is extracted.

Source: ``saving_lib`` of Keras 3.15: members ``metadata.json``, ``config.json`` and
``model.weights.h5``, the last one stored without compression. Whoever packs such a file again may
compress it too.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any, BinaryIO, Final, NamedTuple

from bnlint.readers.model.documents import MOST_BYTES
from bnlint.readers.model.errors import ModelError

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
WEIGHTS: Final = "model.weights.h5"
_MOST_DIRECTORY: Final = 1_000_000
_MOST_UNPACKED: Final = 110_000_000
_PIECE: Final = 1 << 18
_MOST_METADATA: Final = 10_000
_LOCAL_HEADER: Final = struct.Struct("<4s2B4HL2L2H")
_SIGNATURE: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
# What a damaged archive makes the standard library raise.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    LookupError,
    ValueError,
)


class Archive(NamedTuple):
    """What a ``.keras`` file says.

    Attributes:
        config: the JSON text that describes the model.
        metadata: the JSON text that says what saved it; empty if there is none that can be read.
        weights: the member that is the HDF5 file with the weights; ``None`` if there is none.
    """

    config: bytes
    metadata: bytes
    weights: zipfile.ZipInfo | None


class _BoundedReads:
    """A file that refuses to read a large piece at once, as a forged directory may request."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, _MOST_DIRECTORY + 1) if size >= 0 else _MOST_DIRECTORY + 1)
        if len(data) > _MOST_DIRECTORY:
            raise ModelError("the directory of its zip archive is too large; it may be damaged")
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def read_archive(file: BinaryIO) -> Archive:
    """Read the description of the model in a ``.keras`` file.

    Raises:
        ModelError: it is no such file, or is damaged.
        OSError: it can't be read.
    """
    try:
        with zipfile.ZipFile(_BoundedReads(file)) as archive:
            config = _only(archive, CONFIG)
            if config is None:
                raise ModelError(_without_config(archive))
            text = _text(archive, config)
            return Archive(text, _metadata(archive), _only(archive, WEIGHTS))
    except _DAMAGED as error:
        raise ModelError(f"is not a whole zip archive: {_said(error)}") from None


def open_weights(file: BinaryIO, weights: zipfile.ZipInfo | None) -> BinaryIO:
    """The HDF5 file in a ``.keras`` file, in place where it lies there as it is.

    Args:
        file: the ``.keras`` file, open.
        weights: its member, as :func:`read_archive` found it.

    Raises:
        ModelError: there is none, or it can't be read.
    """
    if weights is None:
        raise ModelError(f"the file has no {WEIGHTS}")
    if weights.flag_bits & _ENCRYPTED:
        raise ModelError(f"its {WEIGHTS} is encrypted")
    if weights.compress_type == zipfile.ZIP_STORED:
        return io.BufferedReader(_in_place(file, weights))
    if weights.compress_type != zipfile.ZIP_DEFLATED:
        raise ModelError(f"its {WEIGHTS} is compressed in a way that Keras does not write")
    if weights.file_size > _MOST_UNPACKED:
        raise ModelError(f"its {WEIGHTS} is compressed, and more than {_MOST_UNPACKED / 1e6:g} MB")
    unpacked = io.BytesIO()
    try:
        with zipfile.ZipFile(_BoundedReads(file)) as archive, archive.open(weights) as member:
            while piece := member.read(_PIECE):
                unpacked.write(piece)
    except _DAMAGED as error:
        raise ModelError(f"its {WEIGHTS} can't be unpacked: {_said(error)}") from None
    return unpacked


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _without_config(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if any(name.startswith("vars/") or name.endswith(".npy") for name in names):
        return "holds arrays only; pass the model that they belong to"
    return f"is a zip archive without {CONFIG}: not a model that Keras saved"


def _only(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    """The member of that name; if there were two, different readers could take different ones."""
    found = [info for info in archive.infolist() if info.filename == name]
    if len(found) > 1:
        raise ModelError(f"holds {len(found)} members called {name}: it may be forged")
    return found[0] if found else None


def _metadata(archive: zipfile.ZipFile) -> bytes:
    found = [info for info in archive.infolist() if info.filename == METADATA]
    if len(found) != 1 or found[0].file_size > _MOST_METADATA:
        return b""
    try:
        return _text(archive, found[0])
    except (ModelError, *_DAMAGED):
        return b""  # the model can be read without


def _text(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise ModelError(f"its {info.filename} is encrypted")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ModelError(f"its {info.filename} is compressed in a way that Keras does not write")
    if info.file_size > MOST_BYTES:
        raise ModelError(f"its {info.filename} is larger than {MOST_BYTES / 1e6:g} MB")
    with archive.open(info) as member:
        return member.read(MOST_BYTES + 1)


def _in_place(file: BinaryIO, info: zipfile.ZipInfo) -> _Inside:
    """The bytes of a member that is not compressed."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) != _LOCAL_HEADER.size or not header.startswith(_SIGNATURE):
        raise ModelError(f"its {WEIGHTS} is not where its directory says")
    name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
    offset = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    if offset + info.file_size > file.seek(0, io.SEEK_END):
        raise ModelError(f"its {WEIGHTS} is cut off")
    return _Inside(file, offset, info.file_size)


class _Inside(io.RawIOBase):
    """A part of a file as a file: from ``offset`` on, ``length`` bytes."""

    def __init__(self, file: BinaryIO, offset: int, length: int) -> None:
        super().__init__()
        self._file, self._offset, self._length, self._at = file, offset, length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  anything that has a buffer
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), max(self._length - self._at, 0))
        self._file.seek(self._offset + self._at)
        data = self._file.read(wanted)
        view[: len(data)] = data
        self._at += len(data)
        return len(data)
