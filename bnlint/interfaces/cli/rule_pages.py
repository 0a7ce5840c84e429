"""``--list-rules`` and ``--explain``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from bnlint.project.judging import selection
from bnlint.project.judging.rule_book import RuleBookError, RuleInfo
from bnlint.settings import Settings, SettingsError

_TO_FILES = re.compile(r"\[([^\]\n]+)\]\((?!https?:)[^)\s]*\)")
"""Links to files next to the page, which do not work in a terminal."""


def listed(settings: Settings, *, as_json: bool) -> Iterator[str]:
    """All rules, one per line: code, name, severity, summary."""
    try:
        rows = [
            (info.code, info.name, _default(info), info.summary)
            for info in selection.book(settings).rules.values()
        ]
    except RuleBookError as error:
        raise SettingsError(str(error)) from None
    if as_json:
        keys = ("code", "name", "severity", "summary")
        yield json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2) + "\n"
        return
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[3]]).rstrip() + "\n"


def _default(info: RuleInfo) -> str:
    return info.severity.name.lower() + (" (preview)" if info.is_preview else "")


def page(settings: Settings, selector: str, *, colour: bool) -> str:
    """The page of one rule, given by code or name; formatted for a terminal if ``colour``."""
    from bnlint.settings import suggestion

    rules = selection.book(settings).rules
    info = next((i for i in rules.values() if selector in (i.code, i.name)), None)
    if info is None:
        hint = suggestion(selector, [*rules, *(i.name for i in rules.values())])
        raise SettingsError(f"--explain: no rule {selector!r}{hint or '; see --list-rules'}")
    try:
        text = info.page()
    except RuleBookError as error:
        raise SettingsError(str(error)) from None
    if not colour:
        return text
    from io import StringIO

    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    from bnlint.reporters.terminal import columns

    # No background colours: they only suit either light or dark terminals.
    theme = Theme({"markdown.code": "bold cyan", "markdown.h1": "bold", "markdown.h2": "bold blue"})
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=min(columns(), 100), theme=theme)
    console.print(Markdown(_TO_FILES.sub(r"\1", text), code_theme="ansi_light"))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
