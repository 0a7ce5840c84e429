"""``--gap`` and ``--recalibrate``: a saved model and data."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from bnlint.interfaces.cli.streams import complain, write
from bnlint.settings import SettingsError

if TYPE_CHECKING:
    import argparse


def run(options: argparse.Namespace) -> int:
    """Do what was asked; returns the exit status: 0, or 2 where it can't be done."""
    from bnlint.readers.model.errors import ModelError

    flag = "--gap" if options.gap is not None else "--recalibrate"
    if len(options.targets) != 1:
        raise SettingsError(f"{flag} takes one saved model: bnlint {flag} data.npz model.keras")
    (target,) = options.targets
    writes = options.recalibrate is not None
    if options.besides or (writes and options.output_file is None):
        raise SettingsError(
            f"{flag} needs one file to write to: {flag} data.npz in.keras -o out.keras"
        )
    try:
        lines = _recalibrated(options, target) if writes else _measured(options, target)
    except ModelError as error:
        if options.debug:
            raise
        complain(f"{target}: {error}")
        return 2
    if not options.silent:
        write(lines, None if writes else options.output_file)
    return 0


def _measured(options: argparse.Namespace, target: str) -> list[str]:
    from bnlint.interfaces.trained_models import gap
    from bnlint.readers.model.folding.loading import load

    found = gap(load(target), _data(options.gap))
    if options.output_format in ("json", "json-lines"):
        return [json.dumps(found.as_dict()), "\n"]
    return [str(found), "\n"]


def _recalibrated(options: argparse.Namespace, target: str) -> list[str]:
    from bnlint.project.folded_models import require_paths, save_whole
    from bnlint.readers.model.folding.loading import load
    from bnlint.readers.model.measuring.recalibrating import recalibrate
    from bnlint.reporters.gap_table import recalibrated
    from bnlint.reporters.terminal import printable

    require_paths(target, options.output_file)
    done = recalibrate(load(target), _data(options.recalibrate))
    save_whole(done.model, options.output_file)
    name, written = printable(target), printable(options.output_file)
    return [f"{name}: {recalibrated(done)}\n", f"{name}: wrote {written}\n"]


def _data(path: str) -> Any:  # noqa: ANN401  arrays
    """The arrays in a ``.npz`` or ``.npy`` file; nothing in it is unpickled.

    Raises:
        InspectionError: it can't be read.
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
