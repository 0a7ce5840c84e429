"""The import statements of a text as short records, which the index keeps.

A record is ``module:name:alias``, with the leading dots of a relative import before the module.
``name`` is empty where the module itself is imported, or everything in it (then ``alias`` is
``*``). A record that begins with ``!`` is a folder that the text adds to ``sys.path``.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# The word is looked for first: a pattern that begins with a literal is ten times as fast.
_IMPORT = re.compile(r"import[ \t]+(\([^)]{0,8000}\)|[^\n#(;]+)")
_FROM = re.compile(r"[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+\Z")
_PLAIN = re.compile(r"[\w. \t,]+")
_NAMES = re.compile(r"([^\W\d]\w*)(?:[ \t]+as[ \t]+(\w+))?")
_COMMENTS = re.compile(r"#[^\n]*")
_PATHS = re.compile(r"sys\.path\.(?:append|insert|extend)\(([^\n]{0,400})")
_STRINGS = re.compile(r"""['"]([\w./-]{1,100})['"]""")


def records(text: str) -> str:
    """Each name that ``text`` imports anywhere, in order, separated by spaces."""
    if "\\\n" in text:
        text = text.replace("\\\n", " ")
    found = list(_records(text))
    if "sys.path" in text:
        found += _path_records(text)
    return " ".join(found)


def _records(text: str) -> Iterator[str]:
    for match in _IMPORT.finditer(text):
        start = match.start()
        head = text[text.rfind("\n", 0, start) + 1 : start]
        if head and not head.isspace():
            head = head[max(head.rfind(";"), head.rfind(":"), head.rfind('"')) + 1 :]
        if not head.strip():
            plain = _PLAIN.match(match[1])
            for dotted in plain[0].split(",") if plain else ():
                words = dotted.split()
                if words:
                    bound = words[2] if len(words) == 3 else ""
                    yield f"{words[0]}::{bound}"
        elif source := _FROM.match(head):
            where = source[1] + source[2]
            names = _COMMENTS.sub("", match[1]) if "#" in match[1] else match[1]
            for name, alias in _NAMES.findall(names):
                yield f"{where}:{name}:{alias or name}"
            if "*" in names:
                yield f"{where}::*"


def _path_records(text: str) -> Iterator[str]:
    for said in _PATHS.findall(text):
        parts = _STRINGS.findall(said)
        if parts:
            yield "!" + "/".join(parts)
            yield from (f"!{part}" for part in parts[1:])
