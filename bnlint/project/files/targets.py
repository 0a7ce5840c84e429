"""Finds the files to read from the targets on the command line."""

from __future__ import annotations

import os
import re
import stat

from bnlint.project.files import gitignore
from bnlint.settings.reach import home, regular_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bnlint.project.files.gitignore import GitIgnore
    from bnlint.settings import Settings, SettingsFinder

_NOTEBOOK = ".ipynb"
_SUFFIXES = (".py", ".pyw", _NOTEBOOK)
_MODELS = (".keras", ".h5", ".hdf5", ".json")
_SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt")
_BETTER = "pass the `.keras` file, or the source that builds the model"
_ONNX = f"an ONNX graph, whose BatchNormalization nodes are not layers of Keras; {_BETTER}"
_CONVERTED = f"a converted model, which has no BatchNormalization of its own left; {_BETTER}"
_WEIGHTS = f"weights without the model that they belong to; {_BETTER}"
_PICKLE = f"a pickle, which could run anything and is not opened; {_BETTER}"
_NO_KERAS = "not a model that Keras saved; name the source file that builds it"
_YAML = f"YAML, which Keras has not read since 2.6; {_BETTER}"
_NO_MODELS = {
    ".weights.h5": _WEIGHTS,
    ".weights.json": _WEIGHTS,
    ".tflite": _CONVERTED,
    ".onnx": _ONNX,
    ".pb": "a graph of TensorFlow; pass the folder that a Keras 2 SavedModel lies in,"
    " the `.keras` file, or the source",
    ".npz": _WEIGHTS,
    ".npy": _WEIGHTS,
    ".ckpt": _WEIGHTS,
    ".index": _WEIGHTS,
    ".pkl": _PICKLE,
    ".pickle": _PICKLE,
    ".joblib": _PICKLE,
    ".pt": _NO_KERAS,
    ".pth": _NO_KERAS,
    ".safetensors": _NO_KERAS,
    ".yaml": _YAML,
    ".yml": _YAML,
}
_LEADS_OUT = (
    "a link that leads out of the project; it was not read: name it, or give --allow-outside"
)
_UNPACKED = ("config.json", "metadata.json", "model.weights.h5")
_BEGINNINGS = (b"PK\x03\x04", b"\x89HDF\r\n\x1a\n")  # of a `.keras` file, and of HDF5
_NOTEBOOK_FACTOR = 10
_CALLABLE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")


class SourceFile:
    """A file to look at.

    Attributes:
        name: as it is printed: relative to the working directory if it lies inside.
        path: absolute.
        settings: the settings for it.
        data: its bytes, if they differ from the disk (stdin, an editor's buffer).
        is_model: it is a saved model, not source.
    """

    __slots__ = ("data", "is_model", "name", "path", "settings")

    def __init__(
        self,
        name: str,
        path: str,
        settings: Settings,
        data: bytes | None = None,
        *,
        is_model: bool = False,
    ) -> None:
        self.is_model = is_model
        self.name = name
        self.path = path
        self.settings = settings
        self.data = data

    @property
    def limit(self) -> int:
        """The most bytes that are read of it. Most of a notebook is printed and drawn output."""
        limit = self.settings.max_file_size
        return limit * _NOTEBOOK_FACTOR if is_notebook(self.path) else limit


def is_notebook(path: str) -> bool:
    """Whether the name says that a file is a Jupyter notebook."""
    return path.endswith(_NOTEBOOK)


class Names:
    """How paths are printed: relative to the working directory if they lie inside."""

    __slots__ = ("_start",)

    def __init__(self) -> None:
        self._start = home.current().rstrip(os.sep) + os.sep

    def shown(self, path: str) -> str:
        return path.removeprefix(self._start)


class Discovery:
    """Finds the files under some targets.

    Saved models are read only if they are named, not if a walk finds them: they are large, and a
    project's folder may hold hundreds of them.

    Links to folders are not followed below a target, each folder is visited once, and nothing
    but regular files is ever opened.

    Attributes:
        files: sorted by name, each real file once.
        failures: ``(name, message)`` of what could not be opened.
        callables: ``package.module:callable`` targets, which build models.
    """

    def __init__(self, finder: SettingsFinder) -> None:
        self._finder = finder
        self._names = Names()
        self._by_real_path: dict[str, SourceFile] = {}
        self._visited: set[str] = set()
        self._failures: set[tuple[str, str]] = set()
        self._home = ""
        self.callables: list[str] = []

    @property
    def files(self) -> list[SourceFile]:
        return sorted(self._by_real_path.values(), key=lambda file: file.name)

    @property
    def failures(self) -> list[tuple[str, str]]:
        return sorted(self._failures)

    def add(self, targets: Iterable[str]) -> None:
        """Add ``targets``: named files, and all files inside named folders."""
        folders = []
        for target in targets:
            path = os.path.abspath(target)
            try:
                mode = os.stat(path).st_mode
            except (OSError, ValueError) as error:
                if _CALLABLE.fullmatch(target) and not os.path.lexists(path):
                    self.callables.append(target)
                else:
                    self._fail(path, _why_missing(path, error))
                continue
            is_folder = stat.S_ISDIR(mode)
            if is_folder and _holds(path, *_UNPACKED):
                self._fail(path, f"an unpacked model, which is not read; {_BETTER}")
            elif is_folder and not _is_saved_model(path):
                folders.append(path)
            elif message := _why_no_model(path):
                self._fail(path, message)
            elif not (is_folder or stat.S_ISREG(mode)):
                self._fail(path, f"{regular_files.kind(mode)}, not a file; it was not opened")
            elif not self._excluded(path):
                is_model = is_folder or _is_model_file(path)
                self._add_file(path, os.path.realpath(path), is_model=is_model)
        # A folder inside of another is walked first, as a target itself. A folder that is reached
        # by a link is walked last, because its files may already have a better name then.
        for folder in sorted(set(folders), key=lambda f: (os.path.realpath(f) != f, -len(f), f)):
            if not self._excluded(folder):
                self._walk_target(folder)

    def add_project(self, folder: str, is_ours: Callable[[str], bool], most: int) -> bool:
        """Take the files below the root of a project, which no settings exclude.

        Args:
            folder: the root.
            is_ours: whether a given folder below the root belongs to the same project.
            most: the most files that it may have.

        Returns:
            Whether all were taken; if not, there are too many.
        """
        rules = (
            gitignore.above(folder) if self._finder.for_folder(folder).respect_gitignore else None
        )
        pending = [(folder, os.path.realpath(folder), rules)]
        while pending and len(self._by_real_path) <= most and len(self._visited) <= most:
            inside = self._look_into(*pending.pop())
            pending += [each for each in inside if is_ours(each[0])]
        return not pending

    def _excluded(self, path: str) -> bool:
        """Whether ``--force-exclude`` excludes a path that the user named."""
        settings = self._finder.for_folder(os.path.dirname(path))
        if not settings.force_exclude:
            return False
        return settings.exclude.covers(path) or (
            settings.respect_gitignore and gitignore.is_ignored(path, is_folder=os.path.isdir(path))
        )

    def _walk_target(self, folder: str) -> None:
        settings = self._finder.for_folder(folder)
        self._home = home.project(folder, settings.root)
        rules = gitignore.above(folder) if settings.respect_gitignore else None
        pending = [(folder, os.path.realpath(folder), rules)]
        while pending:
            pending += self._look_into(*pending.pop())

    def _look_into(
        self, folder: str, real: str, rules: GitIgnore | None
    ) -> list[tuple[str, str, GitIgnore | None]]:
        """Take the files of one folder; return the folders in it that are to be walked."""
        if real in self._visited:
            return []
        self._visited.add(real)
        try:
            with os.scandir(folder) as found:
                entries = list(found)
        except OSError as error:
            self._fail(folder, f"cannot be listed: {error.strerror}")
            return []
        settings = self._finder.for_folder(folder)
        exclude = settings.exclude
        if not settings.respect_gitignore:
            rules = None
        elif any(entry.name in (".gitignore", ".git") for entry in entries):
            rules = gitignore.extended(rules, folder)
        inside: list[tuple[str, str, GitIgnore | None]] = []
        for entry in entries:
            name, path = entry.name, entry.path
            is_folder = entry.is_dir(follow_symlinks=False)
            if not is_folder and not name.endswith(_SUFFIXES):
                continue
            if exclude.match(path, name):
                continue
            if rules is not None and rules.ignores(path, is_folder=is_folder):
                continue
            real_path = os.path.join(real, name)
            if is_folder:
                inside.append((path, real_path, rules))
            elif entry.is_file(follow_symlinks=False):
                self._add_file(path, real_path, settings)
            else:
                self._add_odd(path, name, settings)
        return inside

    def _add_odd(self, path: str, name: str, settings: Settings) -> None:
        """A link, or something that only looks like a Python file."""
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            if not name.startswith(".#"):  # Emacs marks files that are being edited with this
                self._fail(path, _why_missing(path, error))
            return
        if stat.S_ISREG(mode):
            if self._finder.allows_outside or not home.leads_out(path, self._home):
                self._add_file(path, os.path.realpath(path), settings)
            else:
                self._fail(path, _LEADS_OUT)
        elif not stat.S_ISDIR(mode):
            self._fail(path, f"{regular_files.kind(mode)}, not a file; it was not opened")

    def _add_file(
        self, path: str, real: str, settings: Settings | None = None, *, is_model: bool = False
    ) -> None:
        name = self._names.shown(path)
        known = self._by_real_path.get(real)
        if known is None or name < known.name:
            settings = settings or self._finder.for_folder(os.path.dirname(path))
            self._by_real_path[real] = SourceFile(name, path, settings, is_model=is_model)

    def _fail(self, path: str, message: str) -> None:
        self._failures.add((self._names.shown(path), message))


def _is_saved_model(folder: str) -> bool:
    """Whether a folder is what TensorFlow calls a SavedModel."""
    return any(_holds(folder, name) for name in _SAVED_MODEL)


def _holds(folder: str, *names: str) -> bool:
    return all(os.path.isfile(os.path.join(folder, name)) for name in names)


def _is_model_file(path: str) -> bool:
    """Whether a file that was named is a saved model: its name says so, or its first bytes do."""
    if path.lower().endswith((*_MODELS, *_SUFFIXES)):
        return path.lower().endswith(_MODELS)
    try:
        descriptor, _ = regular_files.open_regular(path)
    except OSError:
        return False  # reported when it is read
    try:
        return os.read(descriptor, 8).startswith(_BEGINNINGS)
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _why_no_model(path: str) -> str | None:
    """Why a file that has the name of a model file can't be read as a model."""
    name = path.lower()
    return next((why for suffix, why in _NO_MODELS.items() if name.endswith(suffix)), None)


def _why_missing(path: str, error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        if os.path.islink(path):
            return "a link to nothing"
        if os.path.basename(path).startswith("-"):
            return "no such file or folder; behind `--` everything is a file"
        return "no such file or folder"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return f"cannot be read: {error}"
