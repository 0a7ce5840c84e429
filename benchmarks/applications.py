"""A benchmark on ``keras.applications``: the BN201 findings in each model, saved and live.

The installed Keras builds each model without weights, a few models per process. The model's config
is saved as ``model.to_json()`` writes it, which is the content of a ``.keras`` file, and the live
model is inspected too. The expected counts were measured with gradients in Keras 3.15.1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bnlint.graph import Layer, LayerGraph
from bnlint.keras_api import APPLICATIONS
from bnlint.project.judging import rule_book
from bnlint.project.judging.graph_check import judge
from bnlint.queries import batch_normalizations, calls_of, is_batch_normalization
from bnlint.readers.model.saved.saved import read_saved
from bnlint.rule import Options

#: Redundant biases: directly before a BatchNormalization, and through other ops only.
EXPECTED: Final = {
    "ResNet50": (53, 0),
    "ResNet101": (104, 0),
    "ResNet152": (155, 0),
    "ResNet50V2": (0, 20),
    "ResNet101V2": (0, 37),
    "ResNet152V2": (0, 54),
}
#: One more is redundant there, after a custom layer of the model that is not understood.
BEHIND_A_LAYER_OF_ITS_OWN: Final = "InceptionResNetV2"
_AT_ONCE: Final = 10
_MISTAKES: Final = ("BN101", "BN102", "BN401", "BN402")


@dataclass(frozen=True, slots=True)
class Counts:
    """The counts for one model.

    Attributes:
        norms: its BatchNormalization layers.
        direct: redundant biases whose layer feeds only BatchNormalization.
        through: redundant biases that reach it through other ops.
        mistakes: findings of rules that should find nothing in these models.
    """

    norms: int
    direct: int
    through: int
    mistakes: int

    def shown(self) -> str:
        return f"{self.norms:>4} {self.direct:>6} {self.through:>7} {self.mistakes:>8}"


def counts_of(graph: LayerGraph) -> Counts:
    """Count what the rules find in a graph."""
    book = rule_book.load()
    rules = [book.rules[code].rule() for code in (*_MISTAKES, "BN201")]
    found = [(layer, code) for layer, code, finding in judge(graph, rules, Options()) if finding]
    redundant = [layer for layer, code in found if code == "BN201"]
    direct = sum(map(_is_direct, redundant))
    return Counts(
        len(batch_normalizations(graph)),
        direct,
        len(redundant) - direct,
        sum(code in _MISTAKES for _, code in found),
    )


def _is_direct(layer: Layer) -> bool:
    consumers = [
        consumer
        for call in calls_of(layer)
        for tensor in call.outputs
        for consumer in tensor.consumers
    ]
    return all(is_batch_normalization(consumer.layer) for consumer in consumers)


def build(names: Sequence[str], folder: Path) -> None:
    """Build models; write the config and the live counts of each."""
    from importlib import import_module

    from bnlint.readers.model.live.live import read_model

    keras: Any = import_module("keras")
    for name in names:
        model = getattr(keras.applications, name)(weights=None)
        (folder / f"{name}.json").write_text(model.to_json(), encoding="utf-8")
        live = counts_of(read_model(model))
        told = [live.norms, live.direct, live.through, live.mistakes]
        (folder / f"{name}.live").write_text(json.dumps(told), encoding="utf-8")
        del model
        keras.backend.clear_session()


def _built(names: Sequence[str], folder: Path) -> None:
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        left = [name for name in some if not (folder / f"{name}.live").exists()]
        if left:
            command = [sys.executable, "-m", "benchmarks.applications", "--build", str(folder)]
            subprocess.run([*command, *left], check=True, stderr=subprocess.DEVNULL)


def _available() -> list[str]:
    """The models of the installed Keras, listed in a separate process."""
    script = "import keras, json; print(json.dumps(dir(keras.applications)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return sorted(APPLICATIONS.intersection(json.loads(done.stdout.splitlines()[-1])))


def report(names: Iterable[str], folder: Path) -> int:
    """Print the table; returns the number of models with unexpected counts."""
    print(f"{'':<20} {'saved':^28}   {'live':^28}")
    columns = f"{'BN':>4} {'direct':>6} {'through':>7} {'mistakes':>8}"
    print(f"{'model':<20} {columns}   {columns}")
    verdicts: Counter[bool] = Counter()
    for name in names:
        with read_saved(str(folder / f"{name}.json"), f"{name}.json") as model:
            saved = counts_of(model.graph)
        live = Counts(*json.loads((folder / f"{name}.live").read_text(encoding="utf-8")))
        as_expected = all(_is_expected(name, each) for each in (saved, live))
        verdicts[as_expected] += 1
        note = "" if as_expected else f"   expected {_expected(name)}"
        print(f"{name:<20} {saved.shown()}   {live.shown()}{note}")
    print(f"{verdicts[True]} of {verdicts.total()} models as expected, saved and live")
    return verdicts[False]


def _expected(name: str) -> tuple[int, int]:
    return EXPECTED.get(name, (0, 0))


def _is_expected(name: str, counts: Counts) -> bool:
    found = (counts.direct, counts.through)
    understood_more = name == BEHIND_A_LAYER_OF_ITS_OWN and found == (0, 1)
    return counts.mistakes == 0 and (found == _expected(name) or understood_more)


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.applications", description=__doc__)
    parser.add_argument("models", nargs="*", help="names of models; all if there are none")
    parser.add_argument("--keep", metavar="DIR", type=Path, help="keep what was built here")
    parser.add_argument("--build", metavar="DIR", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build is not None:
        build(options.models, options.build)
        return 0
    names = options.models or _available()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        _built(names, folder)
        return int(report(names, folder) > 0)


if __name__ == "__main__":
    sys.exit(main())
