"""BN001: a file, or a part of it, that Python cannot parse. The linter itself reports it."""

from bnlint.findings import Severity
from bnlint.rule import LintingRule


class SyntaxErrorRule(LintingRule):
    code = "BN001"
    name = "syntax-error"
    summary = "Python cannot parse this place; the rest of the file is still read"
    severity = Severity.ERROR
