"""Settings: ``[tool.bnlint]`` in ``pyproject.toml``, the command line, and the defaults.

Every run imports this module, even a run that has nothing to do. So it imports nothing slow
(dataclasses: 6 ms; tomllib: 8 ms; pathlib: 2 ms).
"""

from __future__ import annotations

import os
import re

from bnlint.settings.reach import home, regular_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bnlint.settings.patterns import Patterns

ORDERS = ("bn-first", "activation-first", "consistent", "off")
SEVERITIES = ("info", "warning", "error")
DRAWINGS = ("dot", "mermaid", "svg")
FORMATS = (
    "full", "concise", "json", "json-lines", "github", "gitlab", "sarif", "junit", "rdjson",
    "pylint", "azure", "html", *DRAWINGS,
)  # fmt: skip

# The folders that ruff excludes, for the same reasons, and our own cache.
DEFAULT_EXCLUDE = (
    ".bnlint_cache", ".bzr", ".direnv", ".eggs", ".git", ".git-rewrite", ".hg",
    ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d", ".pyenv", ".pytest_cache", ".pytype",
    ".ruff_cache", ".svn", ".tox", ".venv", ".vscode", "__pycache__", "__pypackages__", "_build",
    "buck-out", "build", "dist", "node_modules", "site-packages", "venv",
)  # fmt: skip

DEFAULT_MAX_FILE_SIZE = 10_000_000
"""Bytes. A larger file that mentions BatchNormalization is refused: it is likely generated data."""

_KINDS: dict[str, str | tuple[str, ...]] = {
    "select": "strings",
    "extend-select": "strings",
    "ignore": "strings",
    "exclude": "strings",
    "extend-exclude": "strings",
    "per-file-ignores": "table",
    "preview": "bool",
    "fix": "bool",
    "unsafe-fixes": "bool",
    "fix-only": "bool",
    "show-fixes": "bool",
    "fixable": "strings",
    "unfixable": "strings",
    "extend-safe-fixes": "strings",
    "extend-unsafe-fixes": "strings",
    "order": ORDERS,
    "target-keras": "version",
    "fail-on": SEVERITIES,
    "baseline": "string",
    "output-format": FORMATS,
    "respect-gitignore": "bool",
    "force-exclude": "bool",
    "rules": "strings",
    "src": "strings",
    "cache-dir": "string",
    "max-file-size": "int",
    "extend": "string",
    "required-version": "string",
}
FILES = (".bnlint.toml", "bnlint.toml", "pyproject.toml")
"""The settings files of a folder; if there are several, the first counts, as in ruff."""
FIX_SELECTORS = ("fixable", "unfixable", "extend-safe-fixes", "extend-unsafe-fixes")
_WORDS = {
    "strings": "a list of strings",
    "table": "a table from a path pattern to a list of rules",
    "bool": "true or false",
    "string": "a string",
    "int": "a number of bytes",
    "version": '1, 2, 3, or a version as a string such as "3.12"',
}


class SettingsError(ValueError):
    """A setting that cannot be used. The message is one line for the user."""


class Layer:
    """Settings from one place, checked.

    Attributes:
        values: by their names in ``pyproject.toml``.
        source: where they were written, for messages.
        folder: the folder that relative paths in them start from.
        found_in: the folder in which they, or the settings that extend them, were found; ``None``
            where the user named the place.
    """

    __slots__ = ("folder", "found_in", "source", "values")

    def __init__(
        self,
        values: Mapping[str, object],
        source: str,
        folder: str,
        text: str = "",
        *,
        found_in: str | None = None,
    ) -> None:
        """Check ``values``; ``text`` is their source, to report the line of a wrong one."""
        for key, value in values.items():
            wrong = _what_is_wrong(key, value)
            if wrong is not None:
                raise SettingsError(f"{source}{_line_of(key, text)}: {wrong}")
        self.found_in = found_in
        self.values = values
        self.source = source
        self.folder = folder


class Settings:
    """The settings for the files of one folder.

    Attributes:
        root: the folder whose ``pyproject.toml`` they come from; the working directory otherwise.
        selections: ``(source, select, extend-select, ignore)`` of each layer, the weaker first.
        preview: rules in preview are on.
        fix: apply safe fixes.
        unsafe_fixes: also apply fixes that may change what a model does.
        fix_only: apply fixes, and do not report the findings that are left.
        show_fixes: report what was fixed.
        fix_selections: the source of each layer, the weaker first, and its :data:`FIX_SELECTORS`.
        order: ``"bn-first"`` where the user did not choose.
        order_is_set: the user chose it.
        target_keras: the version of Keras that is set, ``"3.12"``; ``None`` where none is.
        finds_target: the version may be inferred from the project's requirements.
        baseline: the absolute path of the file of known findings; ``None`` where none is set.
        fail_on: the name of the lowest severity that makes the exit status 1.
        output_format: ``None`` where the user did not choose.
        exclude: patterns of what is skipped when a folder is walked.
        per_file_ignores: pairs: which files, and the selectors that are off in them.
        rules: absolute paths of those of the user's own rule folders that may run.
        has_idle_rules: other rule folders are named that may not run; selectors may name them.
        is_of_file: a settings file was found, and ``root`` is the project's.
        src: absolute paths of the folders from which imports start besides those that are found.
        cache_dir: the folder of the cache.
        outside: ``cache-dir`` and ``baseline``, where they lie outside of the project and only a
            settings file that the user did not name sets them.
        max_file_size: in bytes.
    """

    __slots__ = (
        "baseline",
        "cache_dir",
        "exclude",
        "fail_on",
        "finds_target",
        "fix",
        "fix_only",
        "fix_selections",
        "force_exclude",
        "has_idle_rules",
        "is_of_file",
        "max_file_size",
        "order",
        "order_is_set",
        "output_format",
        "outside",
        "per_file_ignores",
        "preview",
        "respect_gitignore",
        "root",
        "rules",
        "selections",
        "show_fixes",
        "src",
        "target_keras",
        "unsafe_fixes",
    )

    def __init__(
        self,
        layers: Sequence[Layer],
        root: str,
        *,
        isolated: bool = False,
        finder: SettingsFinder | None = None,
        is_of_file: bool = False,
    ) -> None:
        """Combine ``layers``; a later one overrides an earlier one.

        Args:
            layers: where settings come from.
            root: the folder that they are for.
            isolated: no settings file is read.
            finder: knows which rules may run, and whether places outside of the project count.
            is_of_file: a settings file was found.
        """
        from bnlint.settings.patterns import Patterns

        self.root = root
        self.is_of_file = is_of_file
        self.selections = tuple(
            (
                layer.source,
                _strings(layer, "select"),
                _strings(layer, "extend-select"),
                _strings(layer, "ignore"),
            )
            for layer in layers
            if layer.values.keys() & {"select", "extend-select", "ignore"}
        )
        self.fix_selections = tuple(
            (layer.source, tuple(_strings(layer, key) for key in FIX_SELECTORS))
            for layer in layers
            if layer.values.keys() & set(FIX_SELECTORS)
        )
        targets = [
            layer.values["target-keras"] for layer in layers if "target-keras" in layer.values
        ]
        self.target_keras = str(targets[-1]) if targets else None
        self.finds_target = not isolated
        order = _last(layers, "order")
        self.order = order or ORDERS[0]
        self.order_is_set = order is not None
        self.fail_on = _last(layers, "fail-on") or "warning"
        self.output_format = _last(layers, "output-format")
        self.baseline: str | None = None
        exclude: tuple[tuple[str, str], ...] = tuple((name, root) for name in DEFAULT_EXCLUDE)
        extended: list[tuple[str, str]] = []
        ignores: list[tuple[Patterns, tuple[str, ...]]] = []
        rules: list[str] = []
        self.has_idle_rules = False
        src: list[str] = []
        self.cache_dir = os.path.join(root, ".bnlint_cache")
        come_across: dict[str, str | None] = {"cache-dir": self.cache_dir}
        self.preview = False
        self.fix = self.unsafe_fixes = self.fix_only = self.show_fixes = False
        self.respect_gitignore = True
        self.force_exclude = False
        self.max_file_size = DEFAULT_MAX_FILE_SIZE
        for layer in layers:
            values = layer.values
            if "exclude" in values:
                exclude = tuple((glob, layer.folder) for glob in _strings(layer, "exclude") or ())
            extended += [(glob, layer.folder) for glob in _strings(layer, "extend-exclude") or ()]
            table = values.get("per-file-ignores")
            if isinstance(table, dict):
                ignores += [
                    (Patterns(((glob, layer.folder),)), tuple(selectors))
                    for glob, selectors in table.items()
                ]
            named = [_path(layer, folder) for folder in _strings(layer, "rules") or ()]
            running = [folder for folder in named if finder is None or finder.runs(layer, folder)]
            rules += running
            self.has_idle_rules |= len(running) < len(named)
            src += [_path(layer, folder) for folder in _strings(layer, "src") or ()]
            if isinstance(file := values.get("baseline"), str):
                self.baseline = _path(layer, file)
                come_across["baseline"] = None if layer.found_in is None else self.baseline
            if isinstance(folder := values.get("cache-dir"), str):
                self.cache_dir = _path(layer, folder)
                come_across["cache-dir"] = None if layer.found_in is None else self.cache_dir
            self.preview = bool(values.get("preview", self.preview))
            self.fix = bool(values.get("fix", self.fix))
            self.fix_only = bool(values.get("fix-only", self.fix_only))
            self.show_fixes = bool(values.get("show-fixes", self.show_fixes))
            self.unsafe_fixes = bool(values.get("unsafe-fixes", self.unsafe_fixes))
            self.respect_gitignore = bool(values.get("respect-gitignore", self.respect_gitignore))
            self.force_exclude = bool(values.get("force-exclude", self.force_exclude))
            if isinstance(size := values.get("max-file-size"), int):
                self.max_file_size = size
        self.exclude = Patterns((*exclude, *extended))
        self.per_file_ignores = tuple(ignores)
        self.rules = tuple(dict.fromkeys(rules))
        self.src = tuple(dict.fromkeys(src))
        stays = not (finder is not None and finder.allows_outside)
        self.outside = frozenset(
            key
            for key, path in come_across.items()
            if stays and path is not None and _leads_out(path, root)
        )

    def check_baseline(self) -> None:
        """Raise ``SettingsError`` where only a settings file puts the baseline outside."""
        if "baseline" in self.outside:
            raise SettingsError(
                f"baseline {self.baseline}: lies outside of the project;"
                " name it with --baseline, or give --allow-outside"
            )


class SettingsFinder:
    """Finds the settings of each folder: in the nearest ``.bnlint.toml``, ``bnlint.toml``, or
    ``pyproject.toml`` with ``[tool.bnlint]``.

    Args:
        flags: the settings from the command line, by name.
        config: the values of ``--config``: paths of TOML files, or ``key = value``.
        isolated: read no settings file.
        folder: the working directory.
        source: where the flags come from, for messages.
        runs_rules: a project's own rules may run. They are code, so they come only from the
            settings of the working directory's own project and from those that the user names.
        allows_outside: links and settings in the project may lead out of it.

    Attributes:
        allows_outside: see ``Args``.
        idle_rules: the settings files whose own rules do not run, as they are printed.
    """

    def __init__(
        self,
        flags: Mapping[str, object] | None = None,
        config: Iterable[str] = (),
        *,
        isolated: bool = False,
        folder: str | None = None,
        source: str = "command line",
        runs_rules: bool = True,
        allows_outside: bool = False,
    ) -> None:
        self.allows_outside = allows_outside
        self._cwd = folder or home.current()
        self._runs_rules = runs_rules
        self._own_rules: frozenset[str] | None = None
        self.idle_rules: dict[str, None] = {}
        self._top: list[Layer] = []
        self._fixed: list[Layer] = []
        for text in config:
            if os.path.isfile(text) or "=" not in text:
                if isolated:
                    raise SettingsError(f"--config {text}: --isolated allows no settings file")
                self._fixed = self._extended(os.path.abspath(text))
            else:
                self._top.append(Layer(parse_toml(text, "--config"), "--config", self._cwd))
        self._top.append(Layer(flags or {}, source, self._cwd))
        self._isolated = isolated
        self._by_folder: dict[str, Settings | None] = {}
        self._default: Settings | None = None
        self._unparsed: list[str] = []

    def for_folder(self, folder: str) -> Settings:
        """The settings for the files in the absolute ``folder``."""
        if self._isolated or self._fixed:
            return self._otherwise()
        return self._nearest(folder) or self._otherwise()

    def for_run(self, targets: Sequence[str]) -> Settings:
        """The settings that are not about one file: format, ``fail-on``, cache.

        They are those of the working directory; if it has none, those of the folder that contains
        all the absolute paths ``targets``.
        """
        if self._isolated or self._fixed:
            return self._otherwise()
        found = self._nearest(self._cwd)
        if found is None and targets:
            try:
                common = os.path.commonpath(targets)
            except ValueError:  # on two drives
                common = self._cwd
            found = self._nearest(common)
        return found or self._otherwise()

    def verify(self) -> None:
        """Parse the settings files that were skipped because they don't mention bnlint.

        They have no settings for bnlint, but a broken one is reported once there is real work.
        """
        for path in self._unparsed:
            _section(path, _bytes(path) or b"")
        self._unparsed.clear()

    def _nearest(self, folder: str) -> Settings | None:
        if folder in self._by_folder:
            return self._by_folder[folder]
        layers = self._layers_in(folder)
        if layers:
            found: Settings | None = Settings(
                [*layers, *self._top], folder, finder=self, is_of_file=True
            )
        else:
            parent = os.path.dirname(folder)
            found = self._nearest(parent) if parent != folder else None
        self._by_folder[folder] = found
        return found

    def _otherwise(self) -> Settings:
        if self._default is None:
            root = self._fixed[-1].folder if self._fixed else self._cwd
            layers = [*self._fixed, *self._top]
            self._default = Settings(layers, root, isolated=self._isolated, finder=self)
        return self._default

    def _layers_in(self, folder: str) -> list[Layer]:
        """The settings in ``folder``; the settings that they extend come before them."""
        for name in FILES:
            layers = self._extended(os.path.join(folder, name), found_in=folder)
            if layers:
                return layers
        return []

    def _extended(
        self, path: str, *, found_in: str | None = None, above: tuple[str, ...] = ()
    ) -> list[Layer]:
        """A settings file, and before it those that it extends: the weaker first.

        Args:
            path: of the file.
            found_in: the folder in which it, or the file that extends it, was found; ``None`` where
                the user named it.
            above: the files that extend it.
        """
        required = bool(above) or found_in is None
        layer = self._file_layer(path, required=required, found_in=found_in)
        if layer is None:
            return []
        _require_version(layer)
        base = layer.values.get("extend")
        if not isinstance(base, str) or not base:
            return [layer]
        if path in above:
            raise SettingsError(f"{layer.source}: extends itself")
        extended = _path(layer, base)
        if found_in is not None and not self.allows_outside and _leads_out(extended, found_in):
            raise SettingsError(
                f"{layer.source}: extends {base}, which lies outside of the project;"
                " --allow-outside allows it"
            )
        return [*self._extended(extended, found_in=found_in, above=(*above, path)), layer]

    def runs(self, layer: Layer, rules: str) -> bool:
        """Whether the rules in a folder that ``layer`` names may run."""
        if self._runs_rules and (layer.found_in is None or self._is_own(layer.found_in)):
            return True
        if self._runs_rules and rules in self._rules_of_own():
            return True
        self.idle_rules[layer.source] = None
        return False

    def _rules_of_own(self) -> frozenset[str]:
        """The rule folders that the working directory's own settings name."""
        if self._own_rules is None:
            self._own_rules = frozenset()  # stops the recursion while the set is computed
            own = self._nearest(self._cwd)
            self._own_rules = frozenset() if own is None else frozenset(own.rules)
        return self._own_rules

    def _is_own(self, folder: str) -> bool:
        """Whether settings in ``folder`` are those of the working directory's own project.

        They are not if a repository begins in between. Without a repository, they are not if
        somebody else put them in a folder above.
        """
        if not home.is_inside(self._cwd, folder):
            return False
        repository = home.repository(self._cwd)
        if repository is not None:
            return home.is_inside(folder, repository)
        return folder == self._cwd or _is_mine(folder)

    def _file_layer(self, path: str, *, required: bool, found_in: str | None) -> Layer | None:
        data = _bytes(path)
        name = _relative(path, self._cwd)
        if data is None:
            if required:
                raise SettingsError(f"{name}: no such settings file; --config takes key=value too")
            return None
        whole = required or not path.endswith("pyproject.toml")
        if not whole and b"bnlint" not in data:
            if _is_above(path, self._cwd):
                self._unparsed.append(path)
            return None
        values = _section(name, data, whole=whole)
        if values is None:
            return None
        return Layer(
            values, name, os.path.dirname(path), data.decode("utf-8-sig"), found_in=found_in
        )


def _require_version(layer: Layer) -> None:
    """Raise ``SettingsError`` where a settings file is for another version of bnlint."""
    wanted = layer.values.get("required-version")
    if not isinstance(wanted, str):
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    import bnlint

    try:
        fits = SpecifierSet(f"=={wanted}" if wanted[:1].isdigit() else wanted)
    except InvalidSpecifier:
        raise SettingsError(
            f"{layer.source}: required-version cannot be {wanted!r}; write one such as '>=0.2'"
        ) from None
    if not fits.contains(bnlint.__version__, prereleases=True):
        raise SettingsError(f"{layer.source}: needs bnlint {wanted}; this is {bnlint.__version__}")


def suggestion(word: str, choices: Iterable[str]) -> str:
    """``"; did you mean X?"``, or an empty string where no choice is similar to ``word``."""
    import difflib

    near = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _line_of(key: str, text: str) -> str:
    """``":12"``, the line that sets ``key`` in a settings file; empty if it is not found."""
    match = re.search(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", text, re.MULTILINE)
    return f":{text.count(chr(10), 0, match.start()) + 1}" if match else ""


def _what_is_wrong(key: str, value: object) -> str | None:
    """Why ``key`` cannot be ``value``; ``None`` where it can."""
    kind = _KINDS.get(key)
    if kind is None:
        hint = suggestion(key, _KINDS) or f"; there are {', '.join(_KINDS)}"
        return f"unknown setting {key!r}{hint}"
    if isinstance(kind, tuple):
        if value in kind:
            return None
        hint = suggestion(str(value), kind) or f"; choose one of {', '.join(kind)}"
        return f"{key} cannot be {value!r}{hint}"
    fits = {
        "strings": _is_strings(value),
        "table": isinstance(value, dict) and all(_is_strings(item) for item in value.values()),
        "bool": isinstance(value, bool),
        "string": isinstance(value, str),
        "version": _is_version(value),
        "int": isinstance(value, int) and not isinstance(value, bool) and value > 0,
    }
    return None if fits[kind] else f"{key} must be {_WORDS[kind]}, not {value!r}"


def _is_version(value: object) -> bool:
    """1, 2, 3 or a version of one of them as a string, because 3.10 as a number is 3.1."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return (is_whole or isinstance(value, str)) and bool(
        re.fullmatch(r"[123](\.\d{1,4}){0,2}", str(value))
    )


def _is_strings(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _strings(layer: Layer, key: str) -> tuple[str, ...] | None:
    value = layer.values.get(key)
    return tuple(value) if isinstance(value, list | tuple) else None


def _last(layers: Sequence[Layer], key: str) -> str | None:
    for layer in reversed(layers):
        if isinstance(value := layer.values.get(key), str):
            return value
    return None


def _path(layer: Layer, path: str) -> str:
    return os.path.normpath(os.path.join(layer.folder, os.path.expanduser(path)))


def _leads_out(path: str, root: str) -> bool:
    """Whether ``path`` lies outside of the project that settings in ``root`` are for."""
    if os.path.dirname(path) == root and not os.path.islink(path):
        return False  # the usual case; saves the walk up to the repository's root
    return home.leads_out(path, home.project(root, root))


def _is_mine(folder: str) -> bool:
    """Whether all settings in a folder are the user's; presumed where the system can't say."""
    if not hasattr(os, "geteuid"):
        return True
    paths = [os.path.join(folder, name) for name in FILES]
    return all(os.stat(path).st_uid == os.geteuid() for path in paths if os.path.exists(path))


def _bytes(path: str) -> bytes | None:
    """The content of the settings file at ``path``; ``None`` where there is none."""
    try:
        return regular_files.read(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        if isinstance(error, PermissionError) and not os.access(os.path.dirname(path), os.X_OK):
            return None  # no access to the folder: this is reported when the folder is walked
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None


def _section(name: str, data: bytes, *, whole: bool = False) -> Mapping[str, object] | None:
    """``[tool.bnlint]``; with ``whole``, a file without it is read as settings, like ruff.toml."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{name}:{line}: not UTF-8, which TOML must be") from None
    table = parse_toml(text, name)
    tool = table.get("tool", {})
    section = tool.get("bnlint") if isinstance(tool, dict) else None
    if section is None:
        return table if whole and "tool" not in table and "project" not in table else None
    if not isinstance(section, dict):
        raise SettingsError(f"{name}: [tool.bnlint] must be a table")
    return section


# The time that tomllib takes for a key grows with the square of the number of its parts.
_LONG_KEY = r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){100}"""


def parse_toml(text: str, name: str) -> dict[str, object]:
    import sys

    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    if long_key := re.search(_LONG_KEY, text):
        number = text.count("\n", 0, long_key.start()) + 1
        raise SettingsError(f"{name}:{number}: a key of more than a hundred parts")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = " ".join(str(error).split())
        if name == "--config":
            raise SettingsError(f"--config {text}: not a path, nor key=value in TOML") from None
        place = re.search(r" \(at line (\d+), column \d+\)$", said)
        line = place[1] if place else str(text.count("\n") + 1)
        what = said[: place.start()] if place else said.removesuffix(" (at end of document)")
        raise SettingsError(f"{name}:{line}: not valid TOML: {what}") from None


def _relative(path: str, folder: str) -> str:
    start = folder.rstrip(os.sep) + os.sep
    return path.removeprefix(start)


def _is_above(path: str, folder: str) -> bool:
    return (folder.rstrip(os.sep) + os.sep).startswith(
        os.path.dirname(path).rstrip(os.sep) + os.sep
    )
