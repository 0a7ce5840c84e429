"""Where the page of a rule can be read on the web.

Nothing in the code knows that: whoever publishes bnlint says it, as the URL called ``Rules`` among
``project.urls`` in ``pyproject.toml``. Where that is missing, no links are made up.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from bnlint.project.judging.rule_book import rules_folder

if TYPE_CHECKING:
    from bnlint.project.judging.rule_book import RuleInfo

_LABEL: Final = "rules"


def link(info: RuleInfo) -> str | None:
    """The address of a rule's page; ``None`` for a user's own, and where there is none."""
    base = _base()
    if base is None or info.folder.parent != rules_folder():
        return None
    return f"{base}/{info.folder.name}"


@cache
def _base() -> str | None:
    """The address of the folder of the built-in rules, from what is installed."""
    from importlib import metadata  # costs 10 ms, so only where a link is wanted

    try:
        urls = metadata.metadata("bnlint").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:  # a checkout that was not installed
        return None
    for url in urls:
        label, _, address = url.partition(",")
        if label.strip().lower() == _LABEL and address.strip().startswith("https://"):
            return str(address.strip().rstrip("/"))
    return None
