"""The zip file that Keras 3 saves (``.keras``), read where it lies; nothing is extracted.

Source: ``saving_lib`` of Keras 3.15: members ``metadata.json``, ``config.json`` and
``model.weights.h5``, the last one stored without compression.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import BinaryIO, Final, NamedTuple

from bnlint.model.documents import MOST_BYTES
from bnlint.model.errors import ModelError

CONFIG: Final = "config.json"
METADATA: Final = "metadata.json"
WEIGHTS: Final = "model.weights.h5"
_MOST_DIRECTORY: Final = 1_000_000
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


class Part(NamedTuple):
    """Where a member that is not compressed lies in its file: offset and length, in bytes."""

    offset: int
    length: int


class Archive(NamedTuple):
    """What a ``.keras`` file says.

    Attributes:
        config: the JSON text that describes the model.
        metadata: the JSON text that says what saved it; empty if there is none that can be read.
        weights: where the HDF5 file with the weights lies; ``None`` if there is none that can be
            read in place.
    """

    config: bytes
    metadata: bytes
    weights: Part | None


class _BoundedReads:
    """A file of which no large piece can be read at once, as a forged directory would have it."""

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
            weights = _only(archive, WEIGHTS)
            part = _part(file, weights) if weights is not None else None
            return Archive(text, _metadata(archive), part)
    except _DAMAGED as error:
        said = " ".join(str(error).split())[:120]
        raise ModelError(f"is not a whole zip archive: {said or type(error).__name__}") from None


def _without_config(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if any(name.startswith("vars/") or name.endswith(".npy") for name in names):
        return "holds arrays only; pass the model that they belong to"
    return f"is a zip archive without {CONFIG}: not a model that Keras saved"


def _only(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo | None:
    """The member of that name; two of them would mean two things to two readers."""
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


def _part(file: BinaryIO, info: zipfile.ZipInfo) -> Part | None:
    """Where the member's bytes lie in the file, if they lie there as they are."""
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & _ENCRYPTED:
        return None
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) != _LOCAL_HEADER.size or not header.startswith(_SIGNATURE):
        return None
    name_length, extra_length = _LOCAL_HEADER.unpack(header)[-2:]
    offset = info.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    end = file.seek(0, 2)
    return Part(offset, info.file_size) if offset + info.file_size <= end else None
