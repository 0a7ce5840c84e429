"""How a report is to be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bnlint.findings import Applicability, Finding, Severity
from bnlint.project.files.source_lines import Texts
from bnlint.project.judging.rule_book import load
from bnlint.reporters.terminal import painter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bnlint.project.judging.rule_book import RuleBook
    from bnlint.reporters.drawing.picture import Picture
    from bnlint.reporters.terminal import Paint

COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}


class View:
    """How to show a report to a person.

    Attributes:
        texts: the source text of the findings.
        paint: styles text.
        width: the width of the terminal, in columns.
        summary: end with the summary line.
        unsafe_fixes: also count fixes that ``--unsafe-fixes`` allows as fixable.
        fixed: how many findings were fixed in this run; ``None`` if no fixes were requested.
        book: the rules of the run, for formats that carry their pages.
        pictures: the models of the run, for formats that draw them.
    """

    def __init__(
        self,
        texts: Texts,
        paint: Paint | None = None,
        width: int = 100,
        *,
        summary: bool = True,
        unsafe_fixes: bool = False,
        fixed: int | None = None,
        book: Callable[[], RuleBook] = load,
        pictures: Callable[[], Sequence[Picture]] = tuple,
    ) -> None:
        self.texts = texts
        self.paint = paint or painter(colour=False)
        self.width = width
        self.summary = summary
        self.unsafe_fixes = unsafe_fixes
        self.fixed = fixed
        self.book = book
        self.pictures = pictures

    def links(self, findings: Sequence[Finding]) -> Mapping[str, str]:
        """The addresses of the rule pages for these findings, by code, if there are any."""
        if not findings:
            return {}
        from bnlint.project.judging.rule_links import link

        rules = self.book().rules
        codes = dict.fromkeys(finding.code for finding in findings)
        found = {code: link(rules[code]) for code in codes if code in rules}
        return {code: address for code, address in found.items() if address is not None}

    def is_fixable(self, finding: Finding) -> bool:
        """Whether ``--fix`` would fix ``finding`` with the current options."""
        level = finding.fix.applicability if finding.fix is not None else Applicability.DISPLAY
        return level is Applicability.SAFE or (self.unsafe_fixes and level is Applicability.UNSAFE)
