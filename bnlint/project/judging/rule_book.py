"""The rule book: finds the rules in their folders and loads each one when it is first needed.

A rule is a folder called ``<CODE>-<name>`` with a page (``README.md``), the check (``rule.py``)
and its examples. Code and name are in the folder's name, so at start-up only the directory is
listed; ``rule.py`` is imported when the rule first runs. Built-in rules and a user's own rules are
found and loaded in the same way.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, NamedTuple

from bnlint.settings.reach import regular_files

if TYPE_CHECKING:
    from bnlint.findings import Severity
    from bnlint.rule import Rule

_FOLDER = re.compile(r"(?P<code>[A-Z]+[0-9]{3})-(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*)")
_PREVIEW = re.compile(rb"^    preview = True\s*$", re.MULTILINE)
# Old names of modules that a user's own rule may still import.
_MOVED = {
    "bnlint.events": "bnlint.graph.events",
    "bnlint.rulebook": "bnlint.project.judging.rule_book",
    **{
        f"bnlint.{name}": f"bnlint.queries.{name}"
        for name in ("arguments", "axes", "kinds", "passages", "trained_state", "training")
    },
}
_PREFIX = re.compile(r"(?P<letters>[A-Z]+)[0-9]*")


_SAID_BY_CODE = "(its code says what it finds; it was not run)"


class RuleBookError(Exception):
    """A rule's folder cannot be used; the message is one line for the user."""


class UnknownRule(RuleBookError):  # noqa: N818  (it names what was asked for)
    """A selector that matches no rule.

    Attributes:
        selector: as the user wrote it.
        suggestion: the most similar selector that exists, if there is one.
    """

    def __init__(self, selector: str, suggestion: str | None = None) -> None:
        self.selector = selector
        self.suggestion = suggestion
        hint = f"; did you mean {suggestion}?" if suggestion else ""
        super().__init__(f"unknown rule {selector!r}{hint}")


class RuleInfo:
    """A rule, as known from its folder; everything except code and name is read when needed.

    Attributes:
        code: ``"BN201"``.
        name: ``"redundant-bias"``.
        folder: the folder that holds the page, the check and the examples.
    """

    def __init__(self, code: str, name: str, folder: Path) -> None:
        self.code = code
        self.name = name
        self.folder = folder
        self._rule: Rule | None = None
        self._is_preview: bool | None = None

    @property
    def summary(self) -> str:
        """One line: what the rule finds. Reads the rule's file without importing it."""
        said = self._said.get("summary")
        return said if isinstance(said, str) else _SAID_BY_CODE

    @property
    def severity(self) -> Severity:
        """The default severity of its findings. Reads the rule's file without importing it."""
        from bnlint.findings import Severity

        name = str(self._said.get("severity"))
        return Severity[name] if name in Severity.__members__ else Severity.WARNING

    @property
    def is_preview(self) -> bool:
        """Whether it is off unless selected. Reads the rule's file without importing it."""
        if self._is_preview is None:
            self._is_preview = _PREVIEW.search(self._source()) is not None
        return self._is_preview

    @cached_property
    def _said(self) -> dict[str, object]:
        """The strings and names that are assigned to attributes of the class."""
        return _class_attributes(self._source())

    def _source(self) -> bytes:
        try:
            return regular_files.read(str(self.folder / "rule.py"))
        except OSError:
            return b""  # reported when it is imported

    def rule(self) -> Rule:
        """The one instance of the one rule class in ``rule.py``; imported on the first call.

        Raises:
            RuleBookError: the file is missing, raises, does not hold exactly one rule class, or
                its class has another code or name than the folder.
        """
        if self._rule is None:
            self._rule = _rule_in(self)
        return self._rule

    def page(self) -> str:
        """The text of ``README.md``, in Markdown.

        Raises:
            RuleBookError: there is no such file, or it cannot be read.
        """
        path = self.folder / "README.md"
        try:
            return regular_files.read(str(path)).decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RuleBookError(f"{path}: the rule's page cannot be read: {_line(error)}") from None


class RuleBook(NamedTuple):
    """All rules of a run.

    Attributes:
        rules: by code, in the order of the codes.
    """

    rules: Mapping[str, RuleInfo]

    def select(self, selectors: Iterable[str]) -> frozenset[str]:
        """The codes of the rules that ``selectors`` name.

        Args:
            selectors: each is ``"ALL"``, a code (``"BN201"``), the beginning of one with all its
                letters (``"BN2"``, ``"BN"``), or a rule's name (``"redundant-bias"``).

        Raises:
            UnknownRule: one of them names no rule.
        """
        codes: set[str] = set()
        for selector in selectors:
            codes.update(self._named_by(selector))
        return frozenset(codes)

    def _named_by(self, selector: str) -> list[str]:
        if selector == "ALL":
            return list(self.rules)
        if selector in self.rules:
            return [selector]
        if prefix := _PREFIX.fullmatch(selector):
            letters = prefix["letters"]
            found = [
                code
                for code in self.rules
                if code.startswith(selector) and code.rstrip("0123456789") == letters
            ]
        else:
            found = [code for code, info in self.rules.items() if info.name == selector]
        if not found:
            raise UnknownRule(selector, self._nearest(selector))
        return found

    def _nearest(self, selector: str) -> str | None:
        import difflib

        choices = {"all": "ALL"}
        for code, info in self.rules.items():
            choices[code.lower()] = code
            choices[info.name] = info.name
            choices.setdefault(code.rstrip("0123456789").lower(), code.rstrip("0123456789"))
        folded = selector.strip().lower().replace("_", "-").replace(" ", "-")
        near = difflib.get_close_matches(folded, choices, n=1, cutoff=0.6)
        return choices[near[0]] if near else None


def rules_folder() -> Path:
    """The folder of the built-in rules: inside the package in a wheel, beside it in a checkout.

    Raises:
        RuleBookError: neither place has them; the installation is broken.
    """
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise RuleBookError(f"{package}: the rule book is missing; install bnlint again")


def load(extra: Sequence[Path] = ()) -> RuleBook:
    """The built-in rules and those in ``extra``; lists directories and imports nothing.

    Args:
        extra: folders of a user's own, each holding rule folders.

    Raises:
        RuleBookError: a folder cannot be listed, or two rules share a code or a name.
    """
    by_code: dict[str, RuleInfo] = {}
    by_name: dict[str, RuleInfo] = {}
    for parent in (rules_folder(), *extra):
        for info in _rules_in(parent):
            for key, taken in ((info.code, by_code), (info.name, by_name)):
                if key in taken:
                    other = taken[key].folder
                    raise RuleBookError(f"{info.folder}: {key} is already the rule in {other}")
            by_code[info.code] = by_name[info.name] = info
    return RuleBook(MappingProxyType(dict(sorted(by_code.items()))))


def rule_table(book: RuleBook) -> str:
    """The table of rules in Markdown, for the README: code, name, summary, default severity."""
    rows = ["| code | name | what it finds | default |", "| --- | --- | --- | --- |"]
    for info in book.rules.values():
        link = f"[{info.code}](rules/{info.folder.name}/README.md)"
        summary = info.summary.replace("|", "\\|")
        rows.append(f"| {link} | {info.name} | {summary} | {_default(info)} |")
    return "\n".join(rows) + "\n"


def index(book: RuleBook) -> str:
    """``rules/README.md``: the rules by chapter, with the beginning of each page."""
    lines = ["# The rule book", "", _INTRODUCTION]
    chapter = ""
    for info in book.rules.values():
        if info.code[:3] != chapter:
            chapter = info.code[:3]
            lines += ["", f"## {chapter}xx: {_CHAPTERS.get(chapter, 'other rules')}"]
        _, _, what = info.page().partition("\n## What it does\n")
        beginning = what.strip().partition("\n\n")[0].replace("](../", "](")
        link = f"[{info.code}]({info.folder.name}/README.md)"
        lines += ["", f"**{link} {info.name}** ({_default(info)})", "", beginning]
    return "\n".join(lines) + "\n"


_INTRODUCTION = """\
Each rule is a folder: its page, its check (`rule.py`) and its examples, small programs in which the
line that is to be flagged says so. What follows is the beginning of each page, with the severity of
the findings; `python -m bnlint.project.judging.rule_book index` writes this file."""
_CHAPTERS = {
    "BN0": "the linting itself",
    "BN1": "not in the model, or in it twice",
    "BN2": "redundant",
    "BN3": "order",
    "BN4": "axis",
    "BN5": "training behaviour",
    "BN6": "arguments and versions",
    "BN7": "trained state",
}


def _default(info: RuleInfo) -> str:
    return info.severity.name.lower() + (", preview" if info.is_preview else "")


def _rules_in(parent: Path) -> list[RuleInfo]:
    try:
        names = sorted(entry.name for entry in parent.iterdir())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RuleBookError(f"{parent}: rules cannot be listed: {reason}") from None
    found: list[RuleInfo] = []
    for name in names:
        if parts := _FOLDER.fullmatch(name):
            found.append(RuleInfo(parts["code"], parts["name"], parent / name))
        elif (parent / name / "rule.py").is_file():
            raise RuleBookError(
                f"{parent / name}: a rule's folder is called CODE-name, as in XY101-my-rule"
            )
    return found


def _rule_in(info: RuleInfo) -> Rule:
    from bnlint.rule import Rule

    path = info.folder / "rule.py"
    module = _import(path)
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Rule)
        and value.__module__ == module.__name__
    ]
    if len(classes) != 1:
        names = ", ".join(sorted(cls.__name__ for cls in classes)) or "none"
        raise RuleBookError(f"{path}: exactly one Rule class is expected; found {names}")
    rule_class = classes[0]
    for attribute, expected in (("code", info.code), ("name", info.name)):
        actual = getattr(rule_class, attribute, None)
        if actual != expected:
            raise RuleBookError(
                f"{path}: the folder says {attribute} {expected!r}, the class says {actual!r}"
            )
    missing = [a for a in ("summary", "severity") if not hasattr(rule_class, a)]
    if missing:
        raise RuleBookError(f"{path}: {rule_class.__name__} lacks {' and '.join(missing)}")
    try:
        return rule_class()
    except Exception as error:  # noqa: BLE001  (whatever a user wrote there)
        raise RuleBookError(f"{path}: {_line(error)}") from None


def _class_attributes(source: bytes) -> dict[str, object]:
    """The attributes of the first class: strings, and the last part of dotted names."""
    import ast

    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[str, object] = {}
    for cls in [node for node in tree.body if isinstance(node, ast.ClassDef)][:1]:
        for statement in cls.body:
            match statement:
                case ast.Assign(targets=[ast.Name(name)], value=ast.Constant(value)):
                    found[name] = value
                case ast.Assign(targets=[ast.Name(name)], value=ast.Attribute(attr=value)):
                    found[name] = value
                case ast.AnnAssign(target=ast.Name(name), value=ast.Constant(value)):
                    found[name] = value
                case ast.AnnAssign(target=ast.Name(name), value=ast.Attribute(attr=value)):
                    found[name] = value
    return found


def _import(path: Path) -> ModuleType:
    """The module at ``path``, run once in a process, under a name that no other file has."""
    resolved = path.resolve()
    name = f"bnlint_rule_{os.fsencode(resolved).hex()}"
    if name in sys.modules:
        return sys.modules[name]
    if not resolved.is_file():
        raise RuleBookError(f"{path}: no such file; a rule's folder needs it")
    spec = importlib.util.spec_from_file_location(name, resolved)
    if spec is None or spec.loader is None:
        raise RuleBookError(f"{path}: cannot be imported")
    text = regular_files.read(str(resolved)).decode("utf-8", "replace")
    for old, new in _MOVED.items():
        if old.rpartition(".")[2] in text:
            sys.modules.setdefault(old, importlib.import_module(new))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look up their module while it runs
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise RuleBookError(f"{path}: {_line(error)}") from error
    except BaseException:
        del sys.modules[name]  # it is only half imported
        raise
    return module


def _line(error: BaseException) -> str:
    """The error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


if __name__ == "__main__":
    sys.stdout.write(index(load()) if sys.argv[1:] == ["index"] else rule_table(load()))
