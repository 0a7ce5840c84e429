"""The sets of files that speed is measured on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import mentions_batchnorm, python_files

_ONE_FILE = "keras-3.12.0/keras/src/applications/resnet.py"
_NO_BATCHNORM = "keras-3.12.0/keras/src/utils/file_utils.py"
COPIES = 50

#: One model as people write it in a script; its names are bound again by the next copy.
_SCRIPT = """\
import keras
from keras import layers

inputs = keras.Input(shape=(64, 64, 3))
x = inputs
for filters in (32, 64, 128):
    shortcut = layers.Conv2D(filters, 1, strides=2)(x)
    x = layers.Conv2D(filters, 3, padding="same", strides=2)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(layers.add([x, shortcut]))
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dense(128)(x)
x = layers.BatchNormalization()(x)
x = layers.Activation("relu")(x)
model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
model.compile("adam", "sparse_categorical_crossentropy")
"""


@dataclass(frozen=True, slots=True)
class Input:
    """The input of a tool in one measurement.

    Attributes:
        name: as in the tables and in ``--sets``.
        what: a description in one line.
        targets: the files and folders on the command line.
    """

    name: str
    what: str
    targets: tuple[Path, ...]

    def files(self) -> list[Path]:
        """Every Python file below the targets."""
        found: list[Path] = []
        for target in self.targets:
            found += python_files(target) if target.is_dir() else [target]
        return found

    def marked(self, marker: str, scratch: Path) -> Input:
        """The same input, with copies of the files that end with the comment ``marker``."""
        folder = scratch / f"marked-{marker}" / self.name
        if not folder.is_dir():
            folder.mkdir(parents=True)
            for number, file in enumerate(self.files()):
                ending = f"\n# {marker}\n".encode()
                (folder / f"{number:05}_{file.name}").write_bytes(file.read_bytes() + ending)
        return Input(self.name, self.what, (folder,))


def _whole(folders: Sequence[Path], _: Path) -> list[Input]:
    return [Input("whole", "the whole corpus", tuple(folders))]


def _mention(folders: Sequence[Path], _: Path) -> list[Input]:
    files = [
        file for folder in folders for file in python_files(folder) if mentions_batchnorm(file)
    ]
    return [Input("mention", f"the {len(files)} files that mention BatchNorm", tuple(files))]


def _one(folders: Sequence[Path], _: Path) -> list[Input]:
    return [Input("one", f"one file ({_ONE_FILE})", (folders[0].parent / _ONE_FILE,))]


def _none(folders: Sequence[Path], _: Path) -> list[Input]:
    what = f"one file without BatchNorm ({_NO_BATCHNORM})"
    return [Input("none", what, (folders[0].parent / _NO_BATCHNORM,))]


def _nothing(_: Sequence[Path], scratch: Path) -> list[Input]:
    folder = scratch / "empty"
    folder.mkdir(exist_ok=True)
    return [Input("nothing", "an empty folder: the start-up", (folder,))]


def _concatenated(folders: Sequence[Path], scratch: Path) -> list[Input]:
    found = []
    applications = (folders[0].parent / _ONE_FILE).read_text(encoding="utf-8")
    for name, text in (("script", _SCRIPT), ("resnet", applications)):
        for copies in (1, COPIES):
            folder = scratch / f"{name}-{copies}"
            folder.mkdir(exist_ok=True)
            file = folder / f"{name}.py"
            file.write_text((text + "\n") * copies, encoding="utf-8")
            found.append(Input(f"{name}x{copies}", f"{copies} x {name}.py in one file", (file,)))
    return found


_MAKERS: Mapping[str, Callable[[Sequence[Path], Path], list[Input]]] = {
    "nothing": _nothing,
    "none": _none,
    "one": _one,
    "concatenated": _concatenated,
    "mention": _mention,
    "whole": _whole,
}
SETS = tuple(_MAKERS)


def inputs(sets: Sequence[str], folders: Sequence[Path], scratch: Path) -> list[Input]:
    """The inputs of the named sets.

    Args:
        sets: names from ``SETS``.
        folders: the unpacked packages.
        scratch: an empty folder for files that must be written.
    """
    return [made for name in sets for made in _MAKERS[name](folders, scratch)]
