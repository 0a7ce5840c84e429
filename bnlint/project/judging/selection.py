"""Resolves selectors, as the user writes them, to the codes of the rules that are on."""

from __future__ import annotations

import os

from bnlint.settings import Settings, SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from bnlint.findings import Finding
    from bnlint.project.judging.rule_book import RuleBook
    from bnlint.rule import Rule

_books: dict[tuple[str, ...], RuleBook] = {}


def book(settings: Settings) -> RuleBook:
    """The built-in rules and the user's own.

    Raises:
        SettingsError: a folder of rules cannot be used.
    """
    found = _books.get(settings.rules)
    if found is None:
        from pathlib import Path

        from bnlint.project.judging.rule_book import RuleBookError, load

        try:
            found = load([Path(folder) for folder in settings.rules])
        except RuleBookError as error:
            raise SettingsError(str(error)) from None
        _books[settings.rules] = found
    return found


def codes(settings: Settings) -> frozenset[str]:
    """The codes of the selected rules.

    By default, every rule that is not in preview is on. In each layer of settings the more specific
    selector counts more (``--ignore BN2 --select BN201`` runs BN201), and a ``select`` replaces
    earlier selections, as in ruff. A rule in preview is on if it is selected by its own code or
    name, or if ``preview`` is set and it is selected like any other.

    Raises:
        SettingsError: a selector names no rule.
    """
    rules = book(settings).rules
    enabled, exact = _selected(settings)
    if settings.preview:
        return frozenset(enabled)
    return frozenset(c for c in enabled if c in exact or not rules[c].is_preview)


class FixSelection:
    """The settings for fixes, as codes.

    Attributes:
        fixable: rules whose findings may be repaired.
        safe: rules whose unsafe fixes count as safe.
        unsafe: rules whose safe fixes count as unsafe.
    """

    __slots__ = ("fixable", "safe", "unsafe")

    def __init__(
        self, fixable: frozenset[str], safe: frozenset[str], unsafe: frozenset[str]
    ) -> None:
        self.fixable = fixable
        self.safe = safe
        self.unsafe = unsafe

    def trusted(self, finding: Finding) -> Finding:
        """The finding, with its fix as far as the user trusts it."""
        fix = finding.fix
        if fix is None:
            return finding
        if finding.code not in self.fixable:
            return finding._replace(fix=None)
        level = fix.applicability.value
        moved = {"unsafe": "safe" if finding.code in self.safe else level}
        moved["safe"] = "unsafe" if finding.code in self.unsafe else "safe"
        return finding._replace(
            fix=fix._replace(applicability=type(fix.applicability)(moved.get(level, level)))
        )


def fixes(settings: Settings) -> FixSelection:
    """Which findings may be repaired, and which fixes the user trusts more or less.

    Raises:
        SettingsError: a selector names no rule.
    """
    rules = book(settings)
    fixable, safe, unsafe = frozenset(rules.rules), frozenset[str](), frozenset[str]()
    for source, selectors in settings.fix_selections:
        named = [
            None
            if some is None
            else frozenset().union(*(_named(settings, s, source) for s in some))
            for some in selectors
        ]
        fixable = (fixable if named[0] is None else named[0]) - (named[1] or frozenset())
        safe |= named[2] or frozenset()
        unsafe |= named[3] or frozenset()
    return FixSelection(fixable, safe - unsafe, unsafe)


def check(settings: Settings) -> None:
    """Raise ``SettingsError`` where a selector names no rule."""
    _selected(settings)
    fixes(settings)
    check_per_file_ignores(settings)


def _selected(settings: Settings) -> tuple[set[str], set[str]]:
    """All selected rules, in preview or not; and those that are selected by code or name."""
    rules = book(settings)
    enabled = set(rules.rules)
    exact: set[str] = set()
    for source, select, extend_select, ignore in settings.selections:
        named = {
            selector: _named(settings, selector, source)
            for selector in (*(select or ()), *(extend_select or ()), *(ignore or ()))
        }
        if select is not None:
            enabled.clear()
            exact.clear()
        wanted = {*(select or ()), *(extend_select or ())}
        for selector in sorted(named, key=lambda s: (_specificity(s, named[s]), s)):
            if selector in wanted:
                enabled |= named[selector]
                exact |= {c for c in named[selector] if selector in (c, rules.rules[c].name)}
            if selector in (ignore or ()):
                enabled -= named[selector]
    return enabled, exact


def codes_in(settings: Settings, path: str, selected: frozenset[str]) -> frozenset[str]:
    """``selected`` without the codes that ``per-file-ignores`` turns off for the file ``path``."""
    off: set[str] = set()
    for patterns, selectors in settings.per_file_ignores:
        if patterns.match(path, os.path.basename(path)):
            for selector in selectors:
                off |= _named(settings, selector, "per-file-ignores")
    return selected - off if off else selected


def check_per_file_ignores(settings: Settings) -> None:
    """Raise ``SettingsError`` where ``per-file-ignores`` names no rule."""
    for _, selectors in settings.per_file_ignores:
        for selector in selectors:
            _named(settings, selector, "per-file-ignores")


def own_rules(settings: Settings) -> list[Rule]:
    """The user's own rules that are selected; imported here, to find a broken rule early.

    Raises:
        SettingsError: one of them can't be used.
    """
    from bnlint.project.judging.rule_book import RuleBookError

    selected = codes(settings)
    try:
        return [
            info.rule()
            for code, info in book(settings).rules.items()
            if code in selected and str(info.folder.parent) in settings.rules
        ]
    except RuleBookError as error:
        raise SettingsError(str(error)) from None


def _named(settings: Settings, selector: str, source: str) -> frozenset[str]:
    from bnlint.project.judging.rule_book import UnknownRule

    try:
        return book(settings).select([selector])
    except UnknownRule as error:
        if settings.has_idle_rules:  # it may name one of those
            return frozenset()
        hint = "" if error.suggestion else "; --list-rules shows them all"
        raise SettingsError(f"{source}: {error}{hint}") from None


def _specificity(selector: str, named: frozenset[str]) -> int:
    if selector == "ALL":
        return 0
    return len(selector) if len(named) > 1 else 1000
