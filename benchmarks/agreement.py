"""Compare the two readers and the gradients: ``python -m benchmarks.agreement``.

Each model is written as source (:mod:`benchmarks.random_models`), linted, built, inspected, and
differentiated once in training mode with random inputs and cotangents. Two things must agree:

- the places that the source reader reports, and those that the model reader reports;
- "this bias is redundant" and a gradient of at most 1e-6 of the kernel's; any other bias and a
  gradient of at least 1e-3. Between these, or if the kernel has no gradient either, a bias is
  undecided: a ReLU after it may be dead, or an average very wide. One gradient proves that a bias
  is used; redundancy needs several, with other biases, because a ReLU may pass all values.

``--keep FOLDER`` writes the models that disagree there. ``--applications`` compares the readers on
the models and sources of ``keras.applications`` instead.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from benchmarks.random_models import source
from bnlint.findings import Finding, Location
from bnlint.graph import LayerGraph
from bnlint.readers.model.building.building import Built

Place: TypeAlias = tuple[str, int, int, str]

Live: TypeAlias = Any
"""A model, layer or tensor of Keras, which mypy does not know."""

ABSORBED: Final = 1e-6
LIVE: Final = 1e-3
_DRAWS: Final = 40
_SCALES: Final = (0.1, 1.0, 3.0)  # of biases, relative to activations of about 1
_NOT_BOTH: Final = ("BN0", "BN6", "BN7")
_OF_WHOLE_MODELS: Final = "BN303"
"""This rule needs the end of a model. A user's class may be a whole model or a part of another,
and its text does not show which, so the rule is not compared there."""
_LINEAR_WITH_BIAS: Final = "BN201"


@dataclass
class Comparison:
    """The result for one model.

    Attributes:
        seed: the seed of the model.
        disagreements: one line each.
        counts: the number of biases by verdict, and of findings.
    """

    seed: int
    disagreements: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


def compare(seed: int, folder: Path) -> Comparison:
    """Write, lint, build and differentiate the model of a seed; ``folder`` is the current one."""
    import bnlint
    from bnlint.project.judging.graph_check import judge
    from bnlint.project.judging.rule_book import load
    from bnlint.readers.model.building.building import build
    from bnlint.readers.model.errors import ModelError
    from bnlint.rule import Options

    name = f"random_model_{seed}"
    file = folder / f"{name}.py"
    file.write_text(source(seed), encoding="utf-8")
    importlib.invalidate_caches()
    comparison = Comparison(seed)
    read = bnlint.lint([file.name], isolated=True)
    try:
        built = build(f"{name}:build")
    except ModelError as error:
        comparison.disagreements.append(str(error))
        return comparison
    finally:
        sys.modules.pop(name, None)
    comparison.counts["findings"] += len(read.findings)
    not_both = _NOT_BOTH if _is_graph(built.live[0]) else (*_NOT_BOTH, _OF_WHOLE_MODELS)
    comparison.disagreements += places_that_differ(read.findings, built, not_both)
    rule = load().rules[_LINEAR_WITH_BIAS].rule()
    redundant = {
        layer: finding is not None for layer, _, finding in judge(built.graph, [rule], Options())
    }
    with_bias = [(layer, live) for layer, live in built.layers if layer in redundant]
    measured = _ratios(built.live[0], [live for _, live in with_bias], seed)
    for (layer, live), first in zip(with_bias, measured, strict=True):
        ratio = first
        for draw in range(1, _DRAWS):
            if redundant[layer] or _decided(ratio) == "used":
                break
            (again,) = _ratios(built.live[0], [live], seed, draw)
            ratio = max((known for known in (ratio, again) if known is not None), default=None)
        decided = _decided(ratio)
        comparison.counts[decided] += 1
        if decided == "undecided":
            continue
        if decided == "redundant" and not redundant[layer] and _normalizes_images(built.graph):
            comparison.counts["redundant"] -= 1
            comparison.counts["absorbed otherwise"] += 1
        elif redundant[layer] != (decided == "redundant"):
            said = "redundant" if redundant[layer] else "used"
            comparison.disagreements.append(
                f"line {layer.location.line}: {layer.kind} is said to be {said},"
                f" its gradient is {ratio:.1e}"
            )
    return comparison


def places_that_differ(
    read: Iterable[Finding], built: Built, not_both: tuple[str, ...] = _NOT_BOTH
) -> list[str]:
    """The places that only one reader reports, one line each.

    A conditional source finding ("when `use_bn` is true") must hold for some of the layers that
    were built there; a definite one for all.
    """
    from bnlint.project.judging.graph_check import judge
    from bnlint.project.judging.rule_book import load
    from bnlint.rule import Options

    rules = [info.rule() for code, info in load().rules.items() if not code.startswith(not_both)]
    places: dict[Place, set[bool]] = {}
    for layer, code, finding in judge(built.graph, rules, Options()):
        places.setdefault(_place(code, layer.location), set()).add(finding is not None)
    always = {place for place, holds in places.items() if holds == {True}}
    some = {place for place, holds in places.items() if True in holds}
    said = {
        _place(f.code, f.location): f.when is not None
        for f in read
        if not f.code.startswith(not_both) and f.location.filename in built.files
    }
    missed = {place for place, when in said.items() if place not in (some if when else always)}
    return [
        *(f"only in the source: {place}" for place in sorted(missed)),
        *(f"only when built: {place}" for place in sorted(always - said.keys())),
    ]


def applications_that_differ() -> list[str]:
    """The places in the sources of ``keras.applications`` that only one reader reports.

    A place is judged over the layers of all models: a definite source finding must hold for every
    layer that any of them constructs there.
    """
    import bnlint
    from bnlint.keras_api import APPLICATIONS
    from bnlint.project.judging.graph_check import judge
    from bnlint.project.judging.rule_book import load
    from bnlint.readers.model.building.building import build
    from bnlint.rule import Options

    keras: Live = importlib.import_module("keras")
    home = Path(keras.src.applications.__file__).parent
    read = bnlint.lint([home], isolated=True)
    rules = [info.rule() for code, info in load().rules.items() if _is_of_both(code)]
    places: dict[Place, set[bool]] = {}
    names = sorted(APPLICATIONS.intersection(dir(keras.applications)))
    for name in names:
        built = build(f"keras.applications:{name}", {"weights": None})
        for layer, code, finding in judge(built.graph, rules, Options()):
            places.setdefault(_place(code, layer.location), set()).add(finding is not None)
        print(f"{name}: {len(built.graph.layers)} layers and ops", flush=True)
        del built
        keras.backend.clear_session()
    always = {place for place, holds in places.items() if holds == {True}}
    some = {place for place, holds in places.items() if True in holds}
    said = {_place(f.code, f.location): f.when for f in read.findings if _is_of_both(f.code)}
    for place in sorted(always | some | said.keys()):
        told = "not said" if place not in said else said[place] or "always"
        shown = "always" if place in always else "sometimes" if place in some else "never"
        print(f"{place}: in the source {told}, when built {shown}")
    built_there = {place: when for place, when in said.items() if place in places}
    missed = [
        place for place, when in built_there.items() if place not in (some if when else always)
    ]
    return [
        *(f"only in the source: {place}" for place in sorted(missed)),
        *(f"only when built: {place}" for place in sorted(always - said.keys())),
    ]


def _normalizes_images(graph: LayerGraph) -> bool:
    """Whether another layer subtracts a mean per channel: BN201 is about BatchNormalization."""
    return any(
        layer.kind in ("GroupNormalization", "LayerNormalization")
        and (layer.arguments.get("axis") not in (-1, None) or layer.arguments.get("groups") != 1)
        for layer in graph.layers
    )


def _is_of_both(code: str) -> bool:
    return not code.startswith(_NOT_BOTH)


def _place(code: str, where: Location) -> Place:
    return where.filename, where.line, where.column, code


def _decided(ratio: float | None) -> str:
    if ratio is None:
        return "undecided"
    return "redundant" if ratio <= ABSORBED else "used" if ratio >= LIVE else "undecided"


def _ratios(model: Live, layers: list[Live], seed: int, draw: int = 0) -> list[float | None]:
    """The largest gradient of each bias, relative to that of its kernel, in one backward pass with
    random inputs, cotangents and biases; each ``draw`` gives other values.
    """
    import numpy as np

    tf: Live = importlib.import_module("tensorflow")
    random = np.random.default_rng((seed, draw))
    scale = _SCALES[draw % len(_SCALES)]
    kernels, biases = zip(*map(_weights, layers), strict=True) if layers else ((), ())
    for bias in biases:
        bias.assign(random.normal(scale=scale, size=bias.shape))
    shapes = (
        [tuple(tensor.shape[1:]) for tensor in model.inputs]
        if _is_graph(model)
        else [tuple(next(iter(model._build_shapes_dict.values()))[1:])]
    )
    inputs = [tf.constant(random.normal(size=(8, *shape))) for shape in shapes]
    watched = [variable.value for variable in (*kernels, *biases)]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(watched)
        outputs = model(inputs[0] if len(inputs) == 1 else inputs, training=True)
        total = sum(
            tf.reduce_sum(output * random.normal(size=output.shape))
            for output in tf.nest.flatten(outputs)
        )
    sizes = [_size(gradient) for gradient in tape.gradient(total, watched)]
    half = len(layers)
    return [
        bias / kernel if kernel else None
        for kernel, bias in zip(sizes[:half], sizes[half:], strict=True)
    ]


def _is_graph(model: Live) -> bool:
    return bool(getattr(model, "inputs", None))


def _weights(layer: Live) -> tuple[Live, Live]:
    kernel = getattr(layer, "pointwise_kernel", None)
    return getattr(layer, "kernel", None) if kernel is None else kernel, layer.bias


def _size(gradient: Live) -> float:
    import numpy as np

    return 0.0 if gradient is None else float(np.abs(np.asarray(gradient)).max())


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A new folder as the current folder, and Keras in double precision."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    keras: Live = importlib.import_module("keras")
    before, floatx, policy = Path.cwd(), keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)
            keras.config.set_floatx(floatx)
            keras.config.set_dtype_policy(policy)


def main() -> int:
    """Compare the requested number of models; exit status 1 if any disagrees."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement", description=__doc__)
    parser.add_argument("--models", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument(
        "--applications", action="store_true", help="compare keras.applications instead"
    )
    parser.add_argument("--keep", type=Path, help="write models that disagree to this folder")
    options = parser.parse_args()
    keep = None if options.keep is None else options.keep.absolute()
    if options.applications:
        found = applications_that_differ()
        print(*found, f"keras.applications: {len(found)} disagreements", sep="\n")
        return int(bool(found))
    totals: Counter[str] = Counter()
    disagreeing = 0
    with workplace() as folder:
        keras: Live = importlib.import_module("keras")
        for seed in range(options.first, options.first + options.models):
            comparison = compare(seed, folder)
            keras.backend.clear_session()
            totals += comparison.counts
            if comparison.disagreements:
                disagreeing += 1
                print(f"model {seed}:", *comparison.disagreements, sep="\n    ", flush=True)
                if keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / f"model_{seed}.py").write_text(source(seed), encoding="utf-8")
    print(
        f"{options.models} models, {disagreeing} of them with disagreements;"
        f" {totals['findings']} places with findings;"
        f" biases: {totals['redundant']} redundant, {totals['used']} used,"
        f" {totals['absorbed otherwise']} absorbed by another normalization,"
        f" {totals['undecided']} undecided"
    )
    return int(disagreeing > 0)


if __name__ == "__main__":
    sys.exit(main())
