"""The options of the command line."""

from __future__ import annotations

import argparse
import os
import sys

import bnlint
from bnlint import settings as settings_
from bnlint.interfaces.cli.streams import complain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn


class _Formatter(argparse.HelpFormatter):
    """argparse's own formatter reads the width at every start (2 ms), not only for help."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=96)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print one line; argparse would print its usage first."""
        complain(f"{message}; `bnlint --help` shows what there is")
        raise SystemExit(2)


def _list(text: str) -> list[str]:
    return [item for item in (part.strip() for part in text.split(",")) if item]


def _pairs(text: str) -> list[tuple[str, str]]:
    """``GLOB:RULE,GLOB:RULE``."""
    parts = [part.rpartition(":") for part in _list(text)]
    pairs = [(glob, rule) for glob, _, rule in parts]
    if not all(glob and rule for glob, rule in pairs):
        raise argparse.ArgumentTypeError(f"{text!r} is not GLOB:RULE, such as tests/**:BN101")
    return pairs


def _job_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes")
    return int(text)


def _argument(text: str) -> tuple[str, object]:
    """``NAME=VALUE``: a Python literal, or else a string."""
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, _literal(value, value)


def _shape(text: str) -> object:
    """A shape, or a list or dictionary of shapes, as a Python literal."""
    shape = _literal(text, None)
    if not isinstance(shape, (tuple, list, dict)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a shape such as None,32,32,3")
    return shape


def _literal(text: str, otherwise: object) -> object:
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return otherwise


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    words = sys.argv[1:] if arguments is None else arguments
    # As in ruff, a reason follows an equals sign: `--add-noqa src` is about `src`.
    words = ["--add-noqa=" if word == "--add-noqa" else word for word in words]
    end = words.index("--") if "--" in words else len(words)
    options, rest = parser.parse_known_args(words[:end])
    unknown = [word for word in rest if word.startswith("-") and word != "-"]
    if unknown:
        known = [name for action in parser._actions for name in action.option_strings]
        name = unknown[0].partition("=")[0]
        hint = settings_.suggestion(name, known)
        if os.path.lexists(unknown[0]):
            hint = "; to read the file of that name write `--` before it"
        parser.error(f"unknown option {name}{hint}")
    # After `--` everything is a file, even if it looks like an option, `-` or a callable.
    named = [os.path.join(os.curdir, word) for word in words[end + 1 :]]
    options.targets = [*options.targets, *rest, *named]
    options.besides = []
    if options.output_file:
        from bnlint.reporters.outputs import parse

        options.output_file, options.besides = parse(
            options.output_file, anywhere=options.allow_outside
        )
    return options


_RULES: dict[str, Any] = {"action": "extend", "type": _list, "metavar": "RULE,..."}
_GLOBS: dict[str, Any] = {"action": "extend", "type": _list, "metavar": "GLOB,..."}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="bnlint",
        usage="bnlint [OPTION ...] [TARGET ...]",
        description="Find BatchNormalization mistakes in Keras code.",
        epilog="Exit status: 0 no problem, 1 problems, 2 something could not be done.",
        formatter_class=_Formatter,
        allow_abbrev=False,
        add_help=False,
    )
    add = parser.add_argument
    add(
        "targets",
        nargs="*",
        metavar="TARGET",
        help="files, folders, package.module:callable, or - (default: .)",
    )

    switch = argparse.BooleanOptionalAction
    group = parser.add_argument_group("rules")
    add = group.add_argument
    add("--select", **_RULES, help="the only rules to run: code, prefix, name or ALL")
    add("--ignore", **_RULES, help="rules not to run")
    add("--extend-select", **_RULES, help="rules to run besides")
    add(
        "--per-file-ignores",
        action="extend",
        type=_pairs,
        metavar="GLOB:RULE,...",
        help="rules not to run in such files",
    )
    add("--ignore-noqa", action="store_true", help="also report what a comment suppresses")
    add("--preview", action=switch, help="run rules in preview too")
    add("--order", choices=settings_.ORDERS, help="where the activation belongs (BN301)")
    add("--target-keras", metavar="VERSION", help="1, 2, 3 or one such as 3.12; else looked for")
    add("--explain", metavar="RULE", help="show the page of a rule")
    add("--list-rules", action="store_true", help="list all rules")

    group = parser.add_argument_group("fixes")
    add = group.add_argument
    add("--fix", action=switch, help="repair what can be repaired safely, in the files")
    add("--unsafe-fixes", action=switch, help="also fixes that may change what a model does")
    add("--fix-only", action=switch, help="repair, and report nothing that is left")
    add("--show-fixes", action=switch, help="list what was repaired")
    add("--fixable", **_RULES, help="the only rules whose findings may be repaired")
    add("--unfixable", **_RULES, help="rules whose findings are not repaired")
    add("--diff", action="store_true", help="show what --fix would change, and change nothing")

    add(
        "--fold",
        metavar="MODEL",
        help="write a saved model without its redundant biases to -o FILE; needs Keras",
    )
    add("--fuse", metavar="MODEL", help="write it to -o FILE with fewer layers, for inference")
    add("--gap", metavar="DATA", help="how a saved model differs from training on x (y) of a .npz")
    add("--recalibrate", metavar="DATA", help="write it with the statistics of x to -o FILE")

    group = parser.add_argument_group("findings of today")
    add = group.add_argument
    add("--add-noqa", metavar="[=REASON]", help="write a `# noqa` comment for each")
    add("--baseline", metavar="FILE", help="say nothing of the findings that stand there")
    add(
        "--write-baseline", action="store_true", help="write them there, or to bnlint-baseline.json"
    )

    group = parser.add_argument_group("output")
    add = group.add_argument
    add("--output-format", choices=settings_.FORMATS, help="default: full on a terminal")
    add(
        "-o",
        "--output-file",
        action="append",
        metavar="[FORMAT:]FILE",
        help="write there, not to standard output; with a format: write that besides",
    )
    add("--statistics", action="store_true", help="counts, and what could not be understood")
    add("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")
    add("-q", "--quiet", action="store_true", help="findings only, no summary, no progress")
    add("-s", "--silent", action="store_true", help="nothing but the exit status")
    add("--fail-on", choices=settings_.SEVERITIES, help="exit 1 from here (default: warning)")
    add("-e", "--exit-zero", action="store_true", help="exit 0 also when there are findings")
    add("--exit-non-zero-on-fix", action="store_true", help="exit 1 also when all was repaired")

    group = parser.add_argument_group("files")
    add = group.add_argument
    add("--stdin-filename", metavar="FILE", help="where standard input would lie")
    add("--exclude", **_GLOBS, help="what not to look at, instead of the default")
    add("--extend-exclude", **_GLOBS, help="what not to look at besides")
    add("--respect-gitignore", action=switch, help="leave out what git ignores (default)")
    add("--force-exclude", action=switch, help="exclude files named on the command line too")
    add("--show-files", action="store_true", help="list the files that would be looked at")

    group = parser.add_argument_group("models that are built (package.module:callable)")
    add = group.add_argument
    add(
        "--arg",
        action="append",
        type=_argument,
        default=[],
        metavar="NAME=VALUE",
        help="call it with this argument; may be repeated",
    )
    add(
        "--input-shape",
        type=_shape,
        metavar="SHAPE",
        help="what a subclassed model is called with: None,32,32,3",
    )
    add("--prove", action="store_true", help="run each model once: are these biases redundant?")

    group = parser.add_argument_group("settings and the rest")
    add = group.add_argument
    add("--config", action="append", default=[], metavar="FILE|KEY=VALUE", help="TOML settings")
    add("--init", action="store_true", help="add a commented [tool.bnlint] to pyproject.toml")
    add("--pre-commit", action="store_true", help="with --init: and a hook for pre-commit")
    add("--show-settings", action="store_true", help="print the settings of the run")
    add("--clean", action="store_true", help="delete the cache of the project")
    add("--isolated", action="store_true", help="look at no pyproject.toml")
    add(
        "--no-rules",
        action="store_false",
        dest="rules",
        help="run no rules of the project's own, which are code",
    )
    add(
        "--allow-outside",
        action="store_true",
        help="follow links, and settings, that lead out of the project",
    )
    add(
        "--only-named",
        action="store_true",
        help="judge each file by itself and what it imports, not with the rest of its project",
    )
    add("-n", "--no-cache", action="store_true", help="read every file anew")
    add("--cache-dir", metavar="DIR", help="default: .bnlint_cache in the project")
    add("-j", "--jobs", type=_job_count, metavar="N", help="default: the number of processors")
    add("--lsp", action="store_true", help="be a language server, on standard input and output")
    # Many clients add these to the command of every server; no other choice is supported.
    add("--stdio", action="store_true", help=argparse.SUPPRESS)
    add("--clientProcessId", help=argparse.SUPPRESS)
    add("--debug", action="store_true", help="show tracebacks")
    add("-V", "--version", action="version", version=f"bnlint {bnlint.__version__}")
    add("-h", "--help", action="help", help="show this")
    return parser
