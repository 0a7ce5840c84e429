"""Measure bnlint and other linters, interleaved in one run, and print the ratios.

CPU seconds are compared: user and system time of the process and of all its children. Every round
runs every tool on every input once, so that a slower machine affects all tools.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import corpus
from benchmarks.inputs import SETS, Input, inputs
from benchmarks.measure import Cost, measure, median
from benchmarks.targets import TARGETS, Costs, Ratio, net_of_startup
from benchmarks.tools import FAMILIES, Tool, tools, versions

Samples = dict[tuple[str, str], list[Cost]]


def run(
    measured: Sequence[Tool], given: Sequence[Input], runs: int, scratch: Path, timeout: float
) -> Samples:
    """Measure every tool on every input, ``runs`` times (slow tools once), interleaved."""
    samples: Samples = {}
    for round_number in range(runs):
        for given_input in given:
            for tool in measured:
                if tool.slow and round_number > 0:
                    continue
                key = (tool.name, given_input.name)
                say = f"round {round_number + 1}/{runs}: {tool.name} on {given_input.name}"
                print(f"\r\033[K{say}" if sys.stderr.isatty() else say, end="", file=sys.stderr)
                cost = _run_one(tool, given_input, round_number == 0, scratch, timeout)
                print(f": {cost.cpu:.2f} CPU s", file=sys.stderr)
                samples.setdefault(key, []).append(cost)
    return samples


def _run_one(tool: Tool, given: Input, first: bool, scratch: Path, timeout: float) -> Cost:
    if tool.marker is not None:
        given = given.marked(tool.marker, scratch)
    command = [*tool.command, *map(str, given.targets)]
    if first and (tool.warm or given.name == "nothing"):
        # Fills the cache, and makes Python write its bytecode before the measurements.
        measure(command, folder=scratch, environment=tool.variables, timeout=timeout)
    return measure(command, folder=scratch, environment=tool.variables, timeout=timeout)


def input_table(given: Input, measured: Sequence[Tool], costs: Costs) -> str:
    """One input's Markdown table: the cost of each tool, also relative to ruff and flake8."""
    lines = [
        f"### {given.name}: {given.what}",
        "",
        "| tool | CPU s | x ruff | x flake8 | bnlint / it | wall s | peak MB | exit |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    bnlint = costs.get(("bnlint", given.name))
    for tool in measured:
        cost = costs.get((tool.name, given.name))
        if cost is None:
            continue
        against = [_over(cost, costs.get((name, given.name))) for name in ("ruff", "flake8")]
        share = _over(bnlint, cost) if bnlint and bnlint.status == 0 else "-"
        status = "timeout" if cost.status is None else str(cost.status)
        cells = [tool.name, f"{cost.cpu:.3f}", *against, share]
        cells += [f"{cost.wall:.3f}", f"{cost.peak:.0f}", status]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _over(cost: Cost, other: Cost | None) -> str:
    if other is None or not other.cpu or other.status is None or cost.status is None:
        return "-"
    return f"{cost.cpu / other.cpu:.3g}"


def target_table(costs: Costs) -> str:
    """The Markdown table of the targets: the measured values, and whether they meet the limit."""
    lines = ["### targets", "", "| target | measured | limit | |", "|---|--:|--:|---|"]
    for target in TARGETS:
        figure = target.figure(costs)
        if figure is None:
            verdict, shown = "not measured", "-"
        else:
            broken = _broken(target.of, costs)
            verdict = broken or ("met" if figure <= target.limit else "**missed**")
            shown = f"{figure:.3g}"
        times = "x " if isinstance(target, Ratio) else ""
        lines.append(f"| {target.what} | {shown} | {times}{target.limit:g} | {verdict} |")
    for name in ("script", "resnet"):
        net = net_of_startup(costs, name)
        if net is not None:
            lines.append(f"| (50 x {name} / one, start-up taken off) | {net:.3g} | | |")
    return "\n".join(lines)


def _broken(key: tuple[str, str], costs: Costs) -> str | None:
    """Why a figure of bnlint is invalid (bnlint failed); ``None`` if it is valid."""
    status = costs[key].status
    return None if status == 0 else f"**failed, exit status {status}**"


def describe_machine() -> str:
    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cores"


def as_json(samples: Samples, found: Mapping[str, str]) -> dict[str, object]:
    """Everything that was measured, for a file."""
    return {
        "machine": describe_machine(),
        "versions": dict(found),
        "samples": [
            {"tool": tool, "set": given, "runs": [dataclasses.asdict(cost) for cost in costs]}
            for (tool, given), costs in samples.items()
        ],
    }


def _choice(known: Sequence[str], text: str) -> list[str]:
    chosen = text.split(",")
    for name in chosen:
        if name not in known:
            raise argparse.ArgumentTypeError(f"no {name!r}; choose from {','.join(known)}")
    return [name for name in known if name in chosen]


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    corpus.add_corpus_option(parser)
    parser.add_argument("--runs", type=int, default=5, help="runs of each tool (default: 5)")
    parser.add_argument(
        "--tools",
        type=lambda text: _choice(FAMILIES, text),
        default=list(FAMILIES),
        metavar="A,B",
        help=f"out of {','.join(FAMILIES)} (default: all)",
    )
    parser.add_argument(
        "--sets",
        type=lambda text: _choice(SETS, text),
        default=list(SETS),
        metavar="A,B",
        help=f"out of {','.join(SETS)} (default: all)",
    )
    parser.add_argument(
        "--slow-sets",
        type=lambda text: _choice(SETS, text),
        default=[name for name in SETS if name not in ("whole", "concatenated")],
        metavar="A,B",
        help="the sets that pylint, fixit and torchfix run on (default: all but whole and "
        "concatenated; they need many minutes for the whole corpus)",
    )
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample to FILE")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    try:
        folders = corpus.fetch(options.corpus, corpus.packages())
    except corpus.CorpusError as error:
        print(f"speed: {error}", file=sys.stderr)
        return 2
    found = versions(options.tools)
    with tempfile.TemporaryDirectory(prefix="bnlint-speed-") as folder:
        scratch = Path(folder)
        measured = tools(options.tools, scratch)
        quick = [tool for tool in measured if not tool.slow]
        samples: Samples = {}
        given = inputs(options.sets, folders, scratch)
        slow_names = {made.name for made in inputs(options.slow_sets, folders, scratch)}
        for one in given:
            taken = measured if one.name in slow_names else quick
            samples |= run(taken, [one], options.runs, scratch, options.timeout)
    costs = {key: median(runs) for key, runs in samples.items()}
    print(f"{describe_machine()}; " + ", ".join(f"{k} {v}" for k, v in found.items()))
    print(f"medians of {options.runs} runs (pylint, fixit and torchfix: one)\n")
    for tool in measured:
        print(f"- {tool.name}: {tool.what}")
    for one in given:
        print(f"\n{input_table(one, measured, costs)}")
    print(f"\n{target_table(costs)}")
    if options.json:
        options.json.write_text(json.dumps(as_json(samples, found), indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
