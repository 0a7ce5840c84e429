"""What each piece of a module binds and uses, found in its text.

The text is cut at each line without indentation. It is not parsed: a name counts wherever it
stands, even where it means another thing of that name. This finds the files that *may* reach a
name; the reader finds out which do.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PROSE = re.compile(
    r"""\"{3}[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"{3}"""
    r"""|'{3}[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'{3}|\#[^\n]*"""
    r"""|("[^"\\\n]*(?:\\.[^"\\\n]*)*"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*'?)""",
    re.DOTALL,
)
_IMPORTS = re.compile(
    r"^[ \t]*(?:from[ \t]+[.\w]+[ \t]+)?import[ \t]+(?:\([^)]{0,8000}\)|[^\n;]*)", re.MULTILINE
)
_PIECES = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)
_DEFINES = re.compile(r"\A(?:(?:async )?def|class)[ \t]+([^\W\d]\w*)")
_BINDS = re.compile(r"\A([^\W\d]\w*)[ \t]*(?:\[[^\n]*\][ \t]*)?(?::[^=\n]*)?[-+*/|]?=(?!=)")
_BOUND_TOGETHER = re.compile(r"\A([^\W\d]\w*(?:[ \t]*[,=][ \t]*[^\W\d]\w*)+)[ \t]*=[^=]")
_BRANCHES = re.compile(r"\A(?:if|elif|else|try|except|finally|with|for|while)\b")
_BOUND_INSIDE = re.compile(
    r"^[ \t]+(?:(?:async )?def[ \t]+|class[ \t]+)([^\W\d]\w*)"
    r"|^[ \t]+([^\W\d]\w*)[ \t]*(?::[^=\n]*)?=(?!=)",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d]\w*")
_CHAINS = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_LOOKED_UP = re.compile(r"\b(?:getattr|vars)\([ \t]*([^\W\d][\w.]*)|\b([^\W\d][\w.]*)\.__dict__")
_CONSTRUCTS = re.compile(r"BatchNorm(?!\w*[123][dD]\b)|layers\.batch_norm(?:alization)?\(")
_LISTING = ("__all__", "__version__", "__author__")


class Piece:
    """A top-level statement, and what is indented below it.

    Attributes:
        names: the globals that it binds.
        uses: the names that it uses, with the attributes of each: ``"layers.conv_bn"``, or
            ``"layers.*"`` where they are looked up; only names that the module imports or binds.
        builds: it constructs a BatchNormalization.
    """

    __slots__ = ("builds", "names", "uses")

    def __init__(self, names: list[str], uses: list[str], *, builds: bool) -> None:
        self.names = names
        self.uses = uses
        self.builds = builds


class Flow:
    """The pieces of a module, found by what they read.

    Args:
        pieces: in the order of the module.

    Attributes:
        pieces: the same.
        by_chain: the pieces that use a name, as ``"layers"`` and ``"layers.conv_bn"``; also those
            that use more of it.
        by_lookup: the pieces that look up an attribute of a name, by ``"layers."``.
    """

    __slots__ = ("by_chain", "by_lookup", "pieces")

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.by_chain: dict[str, list[Piece]] = {}
        self.by_lookup: dict[str, list[Piece]] = {}
        for piece in pieces:
            for chain in {c for use in piece.uses for c in _beginnings(use.removesuffix(".*"))}:
                self.by_chain.setdefault(chain, []).append(piece)
            for use in piece.uses:
                if use[-1] == "*":
                    self.by_lookup.setdefault(use[:-1], []).append(piece)

    def reading(self, name: str) -> list[Piece]:
        """The pieces that may read the value called ``name``, which may have dots."""
        found = self.by_chain.get(name, [])
        if not self.by_lookup or "." not in name:
            return found
        looked_up = [
            piece
            for owner in _beginnings(name.rpartition(".")[0])
            for piece in self.by_lookup.get(f"{owner}.", ())
        ]
        return [*found, *(piece for piece in looked_up if piece not in found)]


def _beginnings(chain: str) -> Iterator[str]:
    """``a``, ``a.b`` and ``a.b.c`` of ``a.b.c``."""
    end = chain.find(".")
    while end >= 0:
        yield chain[:end]
        end = chain.find(".", end + 1)
    yield chain


def flow_of(text: str, imported: Iterable[str], constructors: Iterable[str] = ()) -> list[Piece]:
    """The pieces of a module that use anything.

    Args:
        text: of the module.
        imported: the names that its imports bind; with ``"*"`` among them any name may be one.
        constructors: those of them that are the class by another name.
    """
    own_names = frozenset(constructors)
    code = _IMPORTS.sub("", _PROSE.sub(r"\1", text))
    pieces = list(_cut(code))
    heads = {name for names, _ in pieces for name in names}
    heads.update(imported)
    any_name = "*" in heads
    found = []
    for names, piece in pieces:
        chains = set(_CHAINS.findall(piece))
        chains.update(f"{one or other}.*" for one, other in _LOOKED_UP.findall(piece))
        uses = sorted(each for each in chains if any_name or each.partition(".")[0] in heads)
        # Code that uses a class of that name contains the name.
        builds = _CONSTRUCTS.search(piece) is not None and not any("BatchNorm" in n for n in names)
        builds = builds or not own_names.isdisjoint(use.partition(".")[0] for use in uses)
        if uses or builds or names:
            found.append(Piece(names, uses, builds=builds))
    return found


def _cut(code: str) -> Iterator[tuple[list[str], str]]:
    """For each piece of a module: the globals that it binds, and its text without the names that it
    begins with.
    """
    decorators = ""
    for piece in _PIECES.split(code):
        if piece.startswith("@"):
            decorators += piece
            continue
        names, start = _bound(piece)
        if piece.strip() and not (names and names[0] in _LISTING):
            yield names, decorators + piece[start:]
        decorators = ""


def _bound(piece: str) -> tuple[list[str], int]:
    """The globals that a piece binds, and the position after them."""
    if _BRANCHES.match(piece):
        found = _BOUND_INSIDE.findall(piece)
        return list(dict.fromkeys(first or second for first, second in found)), 0
    if together := _BOUND_TOGETHER.match(piece):
        return _WORD.findall(together[1]), together.end(1)
    one = _DEFINES.match(piece) or _BINDS.match(piece)
    return ([one[1]], one.end(1)) if one else ([], 0)


def encoded(flow: list[Piece]) -> str:
    """``flow`` as one line."""
    import json  # start-up counts, and most runs have none

    pieces = [[p.names, p.uses, int(p.builds)] for p in flow]
    return json.dumps(pieces, separators=(",", ":"))


def decoded(text: str) -> list[Piece]:
    """The inverse of :func:`encoded`.

    Raises:
        ValueError: :func:`encoded` did not make ``text``.
        TypeError: likewise.
    """
    import json

    return [Piece(names, uses, builds=bool(builds)) for names, uses, builds in json.loads(text)]
