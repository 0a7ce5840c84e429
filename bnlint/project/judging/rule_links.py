"""The web address of a rule's page.

The code contains no address: the publisher of bnlint sets it, as the URL called ``Rules`` among
``project.urls`` in ``pyproject.toml``. If it is missing, there are no links.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from bnlint.project.judging.rule_book import rules_folder

if TYPE_CHECKING:
    from bnlint.project.judging.rule_book import RuleInfo

_LABEL: Final = "rules"


def link(info: RuleInfo) -> str | None:
    """The address of a rule's page; ``None`` for a user's own rule, and where there is none."""
    base = _base()
    if base is None or info.folder.parent != rules_folder():
        return None
    return f"{base}/{info.folder.name}"


@cache
def _base() -> str | None:
    """The address of the folder of the built-in rules, from the installed distribution."""
    from importlib import metadata  # takes 10 ms, so only where a link is needed

    try:
        urls = metadata.metadata("bnlint").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:  # a checkout that was not installed
        return None
    for url in urls:
        label, _, address = url.partition(",")
        if label.strip().lower() == _LABEL and address.strip().startswith("https://"):
            return str(address.strip().rstrip("/"))
    return None
