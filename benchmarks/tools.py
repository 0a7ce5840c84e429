"""The compared linters, each with the command line that makes the comparison fair.

All of them use one process and no cache unless the name says otherwise; ruff has no switch for one
process, so the CPU seconds of its threads are counted. None of them reads a configuration file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import places
from benchmarks.environments import Environment, environment


@dataclass(frozen=True, slots=True)
class Tool:
    """One way to run one linter.

    Attributes:
        name: as in the table and in ``--tools``.
        what: one line about its task.
        command: the command line, to which the targets are added.
        variables: environment variables that it runs with.
        slow: measured only once, for any requested number of runs.
        warm: keeps a cache, which one unmeasured run fills.
        marker: text that must be in a file before the tool reads it fully; the tool gets copies of
            the files that end with this text as a comment.
    """

    name: str
    what: str
    command: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    warm: bool = False
    marker: str | None = None


#: The script that an installer writes for ``bnlint``; ``python -m`` would be unfairly slow.
_LAUNCHER = """\
import sys
from bnlint.__main__ import run
if __name__ == "__main__":
    sys.exit(run())
"""
_BNLINT = ("--output-format", "concise", "--isolated", "--exit-zero", "-q")
_BNLINT_VARIABLES = {"PYTHONPATH": str(places.REPOSITORY)}
_RUFF = ("check", "--isolated", "--quiet", "--exit-zero")
_FIXIT_RULE = "fixit.rules.use_fstring"
_PYLINT_CHECK = "unreachable"


def _bnlint_tools(scratch: Path) -> list[Tool]:
    launcher = scratch / "bnlint"
    launcher.write_text(_LAUNCHER, encoding="utf-8")
    bnlint = (sys.executable, str(launcher), *_BNLINT)
    cache = {**_BNLINT_VARIABLES, "XDG_CACHE_HOME": str(scratch / "bnlint-cache")}
    return [
        Tool(
            "bnlint",
            "all rules, cold, one process",
            (*bnlint, "--no-cache", "--jobs", "1"),
            _BNLINT_VARIABLES,
        ),
        Tool(
            "bnlint-jobs",
            "all rules, cold, default jobs",
            (*bnlint, "--no-cache"),
            _BNLINT_VARIABLES,
        ),
        Tool(
            "bnlint-warm",
            "all rules, nothing changed since",
            (*bnlint, "--jobs", "1"),
            cache,
            warm=True,
        ),
    ]


def _ruff_tools(scratch: Path) -> list[Tool]:
    ruff = environment("linters").executable("ruff")
    cache = str(scratch / "ruff-cache")
    return [
        Tool("ruff", "default rules, cold", (ruff, *_RUFF, "--no-cache")),
        Tool(
            "ruff-warm",
            "default rules, nothing changed since",
            (ruff, *_RUFF, "--cache-dir", cache),
            warm=True,
        ),
    ]


def _flake8_tools(_: Path) -> list[Tool]:
    flake8 = environment("linters").executable("flake8")
    return [Tool("flake8", "default checks, one process", (flake8, "--isolated", "--jobs", "1"))]


def _pylint_tools(scratch: Path) -> list[Tool]:
    pylint = environment("linters").executable("pylint")
    only = ("--rcfile=", "--jobs=1", "--disable=all", f"--enable={_PYLINT_CHECK}")
    home = {"PYLINTHOME": str(scratch / "pylint")}
    return [Tool("pylint", f"one check ({_PYLINT_CHECK})", (pylint, *only), home, slow=True)]


def _fixit_tools(_: Path) -> list[Tool]:
    fixit = environment("linters").executable("fixit")
    command = (fixit, "--quiet", "--rules", _FIXIT_RULE, "lint")
    return [Tool("fixit", f"one rule ({_FIXIT_RULE}), its own processes", command, slow=True)]


def _torchfix_tools(_: Path) -> list[Tool]:
    torchfix = environment("torchfix").executable("torchfix")
    return [
        Tool(
            "torchfix",
            "default rules, one process, every file looked at",
            (torchfix, "--jobs", "1"),
            slow=True,
            marker="torch",
        )
    ]


_MAKERS: Mapping[str, Callable[[Path], list[Tool]]] = {
    "bnlint": _bnlint_tools,
    "ruff": _ruff_tools,
    "flake8": _flake8_tools,
    "pylint": _pylint_tools,
    "fixit": _fixit_tools,
    "torchfix": _torchfix_tools,
}
FAMILIES = tuple(_MAKERS)


def tools(families: Sequence[str], scratch: Path) -> list[Tool]:
    """The tools of the named families; missing environments are created.

    Args:
        families: names from ``FAMILIES``.
        scratch: a folder for caches, empty at the start.
    """
    return [tool for family in families for tool in _MAKERS[family](scratch)]


def versions(families: Sequence[str]) -> dict[str, str]:
    """Which version of each family was measured; bnlint's is the checkout's."""
    found: dict[str, str] = {}
    for family in families:
        if family != "bnlint":
            where: Environment = environment("torchfix" if family == "torchfix" else "linters")
            installed = {name.lower(): version for name, version in where.versions().items()}
            found[family] = installed[family]
    return found
