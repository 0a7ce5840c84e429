"""BN002: a comment that silences nothing. The linter itself reports it, after all other rules."""

from bnlint.findings import Severity
from bnlint.rule import LintingRule


class UnusedSuppression(LintingRule):
    code = "BN002"
    name = "unused-suppression"
    summary = "A suppression comment names a rule that has nothing to say there"
    severity = Severity.WARNING
