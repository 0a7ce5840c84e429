"""``--gap``, ``--recalibrate`` and ``--fuse``: commands for a saved, trained model."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final

from bnlint.interfaces.cli.streams import complain, write
from bnlint.settings import SettingsError

if TYPE_CHECKING:
    import argparse

FLAGS: Final = ("gap", "recalibrate", "fuse")


def run(options: argparse.Namespace) -> int:
    """Run the requested command; returns the exit status: 0, or 2 on failure."""
    from bnlint.readers.model.errors import ModelError

    flag = next(flag for flag in FLAGS if getattr(options, flag) is not None)
    target = _target(options, flag)
    try:
        lines = _measured(options, target) if flag == "gap" else _written(options, flag, target)
    except ModelError as error:
        if options.debug:
            raise
        complain(f"{target}: {error}")
        return 2
    if not options.silent:
        write(lines, options.output_file if flag == "gap" else None)
    return 0


def _target(options: argparse.Namespace, flag: str) -> str:
    """The path of the one model to process."""
    targets: list[str] = options.targets
    if flag == "fuse":
        if targets:
            raise SettingsError("--fuse takes one saved model and nothing else to read")
        targets = [options.fuse]
    usage = "in.keras" if flag == "fuse" else "data.npz in.keras"
    if len(targets) != 1:
        raise SettingsError(f"--{flag} takes one saved model: bnlint --{flag} {usage}")
    if options.besides or (flag != "gap" and options.output_file is None):
        raise SettingsError(
            f"--{flag} needs one file to write to: bnlint --{flag} {usage} -o out.keras"
        )
    return targets[0]


def _measured(options: argparse.Namespace, target: str) -> list[str]:
    from bnlint.readers.model.folding.loading import load
    from bnlint.readers.model.measuring.gap import measure_gap
    from bnlint.reporters import gap_table

    found = measure_gap(load(target), _data(options.gap))
    if options.output_format in ("json", "json-lines"):
        return [json.dumps(gap_table.plain(found)), "\n"]
    return [gap_table.text(found), "\n"]


def _written(options: argparse.Namespace, flag: str, target: str) -> list[str]:
    from bnlint.project.folded_models import require_paths, save_whole
    from bnlint.readers.model.folding.loading import load
    from bnlint.readers.model.fusing import fuse
    from bnlint.readers.model.measuring.recalibrating import recalibrate
    from bnlint.reporters import gap_table
    from bnlint.reporters.terminal import printable

    require_paths(target, options.output_file)
    model: Any
    if flag == "fuse":
        fused = fuse(load(target))
        model, said = fused.model, gap_table.fused(fused)
    else:
        done = recalibrate(load(target), _data(options.recalibrate))
        model, said = done.model, gap_table.recalibrated(done)
    save_whole(model, options.output_file)
    name, written = printable(target), printable(options.output_file)
    return [f"{name}: {said}\n", f"{name}: wrote {written}\n"]


def _data(path: str) -> Any:  # noqa: ANN401  arrays
    """The arrays in a ``.npz`` or ``.npy`` file; nothing in it is unpickled.

    Raises:
        InspectionError: the file can't be read.
    """
    import numpy as np

    from bnlint.readers.model.errors import InspectionError, in_one_line
    from bnlint.readers.model.measuring.batches import by_name

    if not os.path.isfile(path):
        raise InspectionError(f"{path}: no such file of data")
    try:
        loaded = np.load(path, allow_pickle=False)
        return loaded if isinstance(loaded, np.ndarray) else by_name(dict(loaded))
    except (OSError, ValueError, EOFError) as error:
        raise InspectionError(f"{path}: is no .npz or .npy file: {in_one_line(error)}") from error
