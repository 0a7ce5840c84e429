"""Whatever a model file holds: a line or a report, soon, in little memory, and nothing else read.

A bounded sample runs always; ``-m exhaustive`` runs truncations at every 1 % and 500 random
corruptions of each format.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import hostile_files
import numpy as np
import pytest
from saved_files import (
    conv_and_norm,
    weights_of_keras_3,
    write_h5,
    write_json,
    write_keras,
    write_saved_model,
)

from bnlint.readers.model.saved.saved import read_saved

READER = Path(__file__).with_name("reading_apart.py")
# Five times what the costliest file takes (2.2 CPU s), so that a busy machine does not fail it.
MOST_SECONDS = 11.0
MOST_MEGABYTES = 300.0


def read_apart(paths: Iterable[Path], folder: Path) -> list[dict[str, Any]]:
    """What a process of its own says of each file, within bounds, or the test fails."""
    listed = folder / "list"
    listed.write_text("\n".join(map(str, paths)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(READER), str(listed)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(told) == len(listed.read_text(encoding="utf-8").splitlines())
    for one in told:
        assert one["seconds"] <= MOST_SECONDS, one
        assert one["megabytes"] <= MOST_MEGABYTES, one
        assert (one["status"] == 2) == (len(one["failures"]) == 1), one
        for message in one["failures"]:
            assert "\n" not in message
            assert "internal error" not in message, one
            assert len(message) < 400, one
    return told


def test_files_that_are_meant_to_hurt(tmp_path: Path) -> None:
    told = read_apart(hostile_files.write_all(tmp_path), tmp_path)
    assert hostile_files.SECRET not in json.dumps(told)
    read = {Path(one["path"]).parent.name for one in told if one["status"] != 2}
    # Where all is well but for what nobody has to read.
    assert read >= {"bytecode_of_keras_2", "bytecode_of_keras_3", "external_link", "virtual_data"}
    assert "metadata_bombs" in read


@pytest.mark.parametrize(
    "case",
    [
        hostile_files.external_link,
        hostile_files.soft_link,
        hostile_files.linked_group,
        hostile_files.external_data,
        hostile_files.virtual_data,
        hostile_files.absurd_datasets,
        hostile_files.data_bomb,
    ],
)
def test_numbers_that_lie_elsewhere_are_not_read(
    case: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = case(tmp_path)
    with read_saved(str(path), path.name) as model:
        norm = next(la for la in model.graph.layers if la.location.path == "bn")
        assert norm.weights is None or "gamma" not in norm.weights


# Damage


def _models(folder: Path) -> dict[str, Path]:
    """A sound model in each format, with the file that is to be damaged."""
    arrays: dict[str, object] = {
        f"layers/batch_normalization/vars/{number}": np.ones(4, "float32") for number in range(4)
    }
    named: dict[str, object] = {
        f"bn/{name}": np.ones(4) for name in ("gamma", "beta", "moving_mean")
    }
    stored = weights_of_keras_3(folder, arrays)
    return {
        "keras": write_keras(folder / "m.keras", conv_and_norm(), weights=stored),
        "h5": write_h5(folder / "m.h5", conv_and_norm(), {"bn": named}),
        "json": write_json(folder / "m.json", conv_and_norm()),
        "saved": write_saved_model(folder / "m", conv_and_norm()) / "keras_metadata.pb",
    }


def _damaged(folder: Path, kind: str, sound: Path, number: object, data: bytes) -> Path:
    if kind != "saved":
        path = folder / f"{number}.{kind}"
        path.write_bytes(data)
        return path
    copy = folder / f"{number}"
    shutil.copytree(sound.parent, copy)
    (copy / sound.name).write_bytes(data)
    return copy


def _truncated(folder: Path, percents: Iterable[int]) -> list[Path]:
    return [
        _damaged(folder, kind, sound, f"{kind}-cut-{percent}", data[: len(data) * percent // 100])
        for kind, sound in _models(folder).items()
        for data in [sound.read_bytes()]
        for percent in percents
    ]


def _corrupted(folder: Path, count: int) -> list[Path]:
    """Files with some bytes replaced, some removed, or a piece of them written twice."""
    paths = []
    for kind, sound in _models(folder).items():
        original = sound.read_bytes()
        for number in range(count):
            chance = random.Random(f"{kind} {number}")
            data = bytearray(original)
            for _ in range(chance.choice((1, 1, 2, 5, 50))):
                at = chance.randrange(len(data))
                match chance.randrange(4):
                    case 0:
                        data[at] ^= 1 << chance.randrange(8)
                    case 1:
                        data[at] = chance.choice((0x00, 0x7F, 0x80, 0xFF))
                    case 2:
                        del data[at : at + chance.randrange(1, 9)]
                    case _:
                        data[at:at] = data[at : at + chance.randrange(1, 40)]
            paths.append(_damaged(folder, kind, sound, f"{kind}-{number}", bytes(data)))
    return paths


def test_truncated_files(tmp_path: Path) -> None:
    read_apart(_truncated(tmp_path, range(0, 100, 12)), tmp_path)


def test_corrupted_files(tmp_path: Path) -> None:
    read_apart(_corrupted(tmp_path, 12), tmp_path)


@pytest.mark.slow
@pytest.mark.exhaustive
def test_files_truncated_at_every_percent(tmp_path: Path) -> None:
    read_apart(_truncated(tmp_path, range(100)), tmp_path)


@pytest.mark.slow
@pytest.mark.exhaustive
def test_500_corruptions_of_each_format(tmp_path: Path) -> None:
    read_apart(_corrupted(tmp_path, 500), tmp_path)
