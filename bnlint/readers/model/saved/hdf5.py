"""Reads untrusted HDF5 files: the use of libhdf5 is bounded, and no link is followed.

Every component of a path must be a hard link: soft and external ones lead elsewhere, even into
other files. Datasets must have their numbers in the file itself, in the layout that Keras writes.
Files are closed explicitly: one over a Python file object that is open at the end of the process
makes libhdf5 crash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bnlint.project.processes.isolation import at_most, hurried
from bnlint.readers.model.documents import MOST_BYTES
from bnlint.readers.model.errors import ModelError

if TYPE_CHECKING:
    import h5py
    import numpy as np

_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_STARTS: Final = (0, *(512 << doubled for doubled in range(12)))
"""Where an HDF5 file may begin: what comes before, up to 1 MB, is its user's own (File Format
Specification 3.0, II.A)."""
INSTALL: Final = "needs h5py: pip install 'bnlint[models]'"

_MOST_NUMBERS: Final = 64_000_000
"""Bytes of one array: the largest kernels that people save have some 100 MB, and no rule of ours
needs one of those whole."""
_MOST_EXPANSION: Final = 200
_DEEPEST: Final = 40
_MOST_MEMORY: Final = 220_000_000
_MOST_NAMES: Final = 5_000_000


def is_hdf5(file: BinaryIO) -> bool:
    """Whether it is an HDF5 file; the file is at its beginning afterwards."""
    found = False
    for start in _STARTS:
        file.seek(start)
        signature = file.read(len(_SIGNATURE))
        found = signature == _SIGNATURE
        if found or len(signature) < len(_SIGNATURE):
            break
    file.seek(0)
    return found


class Hdf5File:
    """An HDF5 file that is opened at the first query and must be closed.

    Args:
        source: gives the file, open, or raises a :class:`ModelError`.
        part: its name in the user's file: ``"its model.weights.h5"``; empty for the whole file.

    Attributes:
        troubles: why queries could not be answered, a line for each reason.
    """

    def __init__(self, source: Callable[[], BinaryIO], part: str = "") -> None:
        self._source, self._part = source, part
        self._handle: h5py.File | None = None
        self._failed: ModelError | None = None
        self.troubles: list[str] = []
        self._groups: dict[tuple[str, ...], h5py.Group | h5py.Dataset | None] = {}

    def open(self) -> h5py.File:
        """Open it now.

        Raises:
            ModelError: h5py is not there, or it is no HDF5 file; one of :attr:`troubles` then.
        """
        if self._handle is None:
            if self._failed is None:
                try:
                    self._handle = self._opened()
                except ModelError as error:
                    self._failed = error
                    self.troubles.append(str(error))
            if self._failed is not None:
                raise self._failed
        return self._handle

    def close(self) -> None:
        """Close it; no query is possible afterwards."""
        self._groups.clear()
        if self._handle is not None:
            with hurried():
                self._handle.close()

    def _opened(self) -> h5py.File:
        try:
            import h5py
        except ImportError:
            raise ModelError(INSTALL) from None
        at_most(_MOST_MEMORY)
        try:
            file = self._source()
            with hurried():
                return h5py.File(file, "r")
        except MemoryError:
            raise ModelError(f"{self._part} takes too much memory".lstrip()) from None
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            said = " ".join(str(error).split())[:120]
            raise ModelError(f"{self._part} is not a whole HDF5 file: {said}".lstrip()) from None

    def has(self, path: Sequence[str]) -> bool:
        """Whether there is something at ``path``, reached by hard links alone."""
        return self._object(path) is not None

    def text(self, name: str, path: Sequence[str] = ()) -> bytes | None:
        """An attribute that holds text; ``None`` where there is none.

        Raises:
            ModelError: it holds something else.
        """
        values = self._strings(name, path)
        if values is None:
            return None
        if len(values) != 1:
            raise ModelError(f"its attribute `{name}` is no text")
        return values[0]

    def names(self, name: str, path: Sequence[str] = ()) -> list[str]:
        """An attribute that holds a list of names, which Keras cuts up where it is long."""
        found = self._strings(name, path)
        if found is None:
            found = []
            for number in range(1000):
                chunk = self._strings(f"{name}{number}", path)
                if chunk is None:
                    break
                found += chunk
        return [item.decode("utf-8", "replace") for item in found]

    def shape(self, path: Sequence[str]) -> tuple[int, ...] | None:
        """The shape of the dataset at ``path``; ``None`` where there is none that may be read."""
        with hurried():
            dataset = self._dataset(path)
        return None if dataset is None else tuple(int(axis) for axis in dataset.shape)

    def read(self, path: Sequence[str]) -> np.ndarray[Any, Any]:
        """The numbers of the dataset at ``path``.

        Raises:
            OSError: there is none, or it can't be read.
        """
        with hurried():
            dataset = self._dataset(path)
        if dataset is None:
            raise OSError(f"there are no numbers at {'/'.join(path)}")
        import numpy as np

        try:
            with hurried():
                found = np.asarray(dataset[()])
            # bfloat16 is the first half of a float32.
            is_bfloat16 = found.dtype.kind == "V"
            return (found.view("<u2").astype("<u4") << 16).view("<f4") if is_bfloat16 else found
        except (RuntimeError, ValueError, TypeError, KeyError, MemoryError) as error:
            raise OSError(f"{'/'.join(path)} can't be read: {error}") from None

    def _object(self, path: Sequence[str]) -> h5py.Group | h5py.Dataset | None:
        """The object at ``path``. Groups are cached: the next query is mostly in the same one."""
        place = tuple(path)
        if not place:
            try:
                return self.open()
            except ModelError:
                return None
        if place in self._groups:
            return self._groups[place]
        if len(place) > _DEEPEST:
            return None
        found = self._member(self._object(place[:-1]), place[-1])
        if not hasattr(found, "shape"):
            self._groups[place] = found
        return found

    def _member(
        self, group: h5py.Group | h5py.Dataset | None, name: str
    ) -> h5py.Group | h5py.Dataset | None:
        import h5py

        if not isinstance(group, h5py.Group) or "/" in name or name in ("", "."):
            return None
        try:
            with hurried():
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    return None
                return group[name]
        except (KeyError, RuntimeError, ValueError, OSError):
            return None

    def _dataset(self, path: Sequence[str]) -> h5py.Dataset | None:
        """A dataset of numbers that lie in this file, in a reasonable amount."""
        import h5py

        found = self._object(path)
        try:
            if not isinstance(found, h5py.Dataset) or not self._is_numeric(found, path):
                return None
            if found.is_virtual or found.external or found.shape is None:
                return None
            stored, size = found.id.get_storage_size(), found.nbytes
        except (ModelError, RuntimeError, ValueError, OSError, KeyError, TypeError):
            return None
        packed = found.chunks is not None
        if size > _MOST_NUMBERS or size > (stored * _MOST_EXPANSION if packed else stored):
            return None
        return found

    def _is_numeric(self, dataset: h5py.Dataset, path: Sequence[str]) -> bool:
        """Whether it holds numbers: of a type of HDF5's own, or bfloat16 as Keras writes it.

        bfloat16 is two bytes without a type; only ``.keras`` files mark it by an attribute.
        """
        kept = dataset.dtype
        if kept.kind in "fiub":
            return True
        two_bytes = kept.kind == "V" and kept.itemsize == 2 and kept.names is None
        return two_bytes and self.text("dtype", path) in (None, b"bfloat16")

    def _strings(self, name: str, path: Sequence[str]) -> list[bytes] | None:
        import h5py

        holder = self._object(path)
        if holder is None:
            return None
        try:
            with hurried():
                if name not in holder.attrs:
                    return None
                kept = holder.attrs.get_id(name)
                limit = MOST_BYTES if not path else _MOST_NAMES
                if kept.dtype.kind not in "SO" or kept.get_storage_size() > limit:
                    return None
                if kept.dtype.kind == "O" and h5py.check_string_dtype(kept.dtype) is None:
                    return None
                value = holder.attrs[name]
        except (KeyError, RuntimeError, ValueError, OSError, TypeError, MemoryError) as error:
            raise ModelError(f"its attribute `{name}` can't be read: {error}") from None
        items = value.ravel().tolist() if hasattr(value, "ravel") else [value]
        return [
            item.encode("utf-8", "surrogateescape") if isinstance(item, str) else bytes(item)
            for item in items
        ]
