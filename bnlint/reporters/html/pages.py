"""The pages of the rules that found something, as sections of the report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bnlint.project.judging.rule_book import RuleBookError
from bnlint.reporters.view import View

_DEEPER: Final = 2
_TITLE: Final = re.compile(r"\A# .*\n+")
_RULE: Final = re.compile(r"([A-Z]+[0-9]{3})-[a-z0-9-]+/(?:README\.md)?$")


def page_sections(codes: Sequence[str], view: View) -> Iterator[str]:
    """A section for each rule in ``codes``, closed at first."""
    rules = view.book().rules
    yield "<section aria-labelledby=rules>\n<h2 id=rules>Rules</h2>\n"
    for code in codes:
        info = rules.get(code)
        if info is None:
            continue
        yield f'<section id="{escape(code)}" aria-labelledby="{escape(code)}-name">\n'
        yield f'<h3 id="{escape(code)}-name">{escape(code)} {escape(info.name)}</h3>\n'
        yield f"<p>{escape(info.summary)}</p>\n"
        try:
            page = rendered(info.page(), frozenset(codes))
        except RuleBookError:
            page = ""
        if page:
            yield f"<details><summary>The page of {escape(code)}</summary>\n<div class=page>\n"
            yield f"{page}</div>\n</details>\n"
        yield "</section>\n"
    yield "</section>\n"


def rendered(markdown: str, codes: frozenset[str]) -> str:
    """A page as HTML without its title; HTML inside the page is shown as text.

    Args:
        markdown: the page.
        codes: the rules whose pages are in the same report, so that links to them lead there.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(_TITLE.sub("", markdown, count=1))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _DEEPER, 6)}"
        if token.children:
            token.children = list(_linked(token.children, codes))
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html


def _linked(tokens: Sequence[Token], codes: frozenset[str]) -> Iterator[Token]:
    """Keep the links that work in the report; replace links to other files by their text."""
    dropped = 0
    for token in tokens:
        if token.type == "link_open":
            target = _target(str(token.attrGet("href") or ""), codes)
            if target is None:
                dropped += 1
                continue
            token.attrSet("href", target)
        elif token.type == "link_close" and dropped:
            dropped -= 1
            continue
        elif token.type == "image":
            token.type, token.tag, token.nesting = "text", "", 0
        yield token


def _target(href: str, codes: frozenset[str]) -> str | None:
    if href.startswith(("https://", "http://")):
        return href
    match = _RULE.search(href.partition("#")[0])
    return f"#{match[1]}" if match and match[1] in codes else None
