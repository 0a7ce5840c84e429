"""``--show-settings`` and ``--clean``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from bnlint.project.judging import selection
from bnlint.reporters.terminal import printable
from bnlint.settings import Settings, SettingsError
from bnlint.settings.patterns import Patterns


def shown(settings: Settings) -> Iterator[str]:
    """The settings of a run as TOML, in lines; selectors are resolved to rule codes."""
    yield f"# settings of {printable(settings.root)}\n"
    trust = selection.fixes(settings)
    values: dict[str, object] = {
        "rules-that-run": sorted(selection.codes(settings)),
        "preview": settings.preview,
        "order": settings.order,
        "target-keras": settings.target_keras,
        "per-file-ignores": {
            " ".join(_globs(patterns)): list(selectors)
            for patterns, selectors in settings.per_file_ignores
        },
        "fix": settings.fix,
        "fix-only": settings.fix_only,
        "show-fixes": settings.show_fixes,
        "unsafe-fixes": settings.unsafe_fixes,
        "fixable": sorted(trust.fixable),
        "extend-safe-fixes": sorted(trust.safe),
        "extend-unsafe-fixes": sorted(trust.unsafe),
        "fail-on": settings.fail_on,
        "output-format": settings.output_format,
        "baseline": settings.baseline,
        "exclude": _globs(settings.exclude),
        "respect-gitignore": settings.respect_gitignore,
        "force-exclude": settings.force_exclude,
        "rules": list(settings.rules),
        "cache-dir": settings.cache_dir,
        "max-file-size": settings.max_file_size,
    }
    for key, value in values.items():
        yield f"{key} = {_toml(value)}\n" if value is not None else f"# {key} is not set\n"


def clean(settings: Settings) -> Iterator[str]:
    """Delete the cache; files that bnlint did not write stay, and then the folder stays too."""
    folder = settings.cache_dir
    if "cache-dir" in settings.outside:
        raise SettingsError(f"{folder}: lies outside of the project; nothing was deleted")
    if os.path.islink(folder) or not os.path.isdir(folder):
        yield "No cache to delete.\n"
        return
    for name in os.listdir(folder):
        if name == ".gitignore" or name.endswith(".cache"):
            os.remove(os.path.join(folder, name))
    if not os.listdir(folder):
        os.rmdir(folder)
    yield f"Deleted the cache in {printable(folder)}.\n"


def _globs(patterns: Patterns) -> list[str]:
    return [glob for glob, _ in patterns.globs]


def _toml(value: object) -> str:
    """A value in TOML syntax, on one line."""
    if isinstance(value, dict):
        inner = ", ".join(f"{json.dumps(k)} = {_toml(v)}" for k, v in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
