"""Measure the cost of reading a saved model and of loading it with Keras; print the ratios.

ResNet50's ``.keras`` file has 103 MB of weights. CPU seconds, user and system, of whole processes:
the start of the interpreter and all imports count on both sides. Medians of interleaved runs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.measure import Cost, measure, median

_GRAPH: Final = "BN1,BN2,BN3,BN4"
_MOST_MEGABYTES: Final = 150
_BUILD: Final = """
import keras, sys
sys.setrecursionlimit(50_000)  # Keras walks a model along its layers
keras.applications.ResNet50(weights=None).save(sys.argv[1])
x = inputs = keras.Input((16, 16, 4))
for _ in range(333):
    x = keras.layers.Conv2D(4, 3, padding="same")(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.ReLU()(x)
open(sys.argv[2], "w").write(keras.Model(inputs, x).to_json())
"""
_LOAD: Final = "import keras, sys; keras.models.load_model(sys.argv[1], compile=False)"


def run(folder: Path, runs: int) -> int:
    """Measure and print; returns the number of missed targets."""
    resnet, layers = folder / "resnet50.keras", folder / "thousand.json"
    build = [sys.executable, "-c", _BUILD, str(resnet), str(layers)]
    subprocess.run(build, check=True, stderr=subprocess.DEVNULL)
    bnlint = [sys.executable, "-m", "bnlint", "--isolated", "--no-cache", "--exit-zero"]
    commands = {
        "import keras, load_model": [sys.executable, "-c", _LOAD, str(resnet)],
        "description and rules": [*bnlint, "--select", _GRAPH, str(resnet)],
        "with all statistics": [*bnlint, str(resnet)],
        "1,000 layers": [*bnlint, str(layers)],
    }
    samples: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            samples[name].append(measure(command, folder=folder))
    costs = {name: median(each) for name, each in samples.items()}
    load = costs["import keras, load_model"].cpu
    targets = {"description and rules": 0.02 * load, "with all statistics": 0.08 * load}
    targets["1,000 layers"] = 1.0
    missed = 0
    print(f"{'':<26} {'CPU s':>7} {'ratio':>7} {'MB':>6}")
    for name, cost in costs.items():
        failed = cost.cpu > targets.get(name, load)
        failed |= name in targets and cost.peak > _MOST_MEGABYTES
        missed += failed
        target = f"   at most {targets[name]:.2f} CPU s" if name in targets else ""
        note = ": missed" if failed else ""
        print(
            f"{name:<26} {cost.cpu:>7.2f} {cost.cpu / load:>7.3f} {cost.peak:>6.0f}{target}{note}"
        )
    return missed


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.saved_models", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each command (default 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        return int(run(Path(scratch), options.runs) > 0)


if __name__ == "__main__":
    sys.exit(main())
