"""Source text: from bytes to characters, and from the parser's positions to a person's.

Lines are counted as Python counts them: a line feed, a carriage return or both end one, a form feed
does not. So nothing here may use :meth:`str.splitlines`.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from bnlint.findings import Location

if TYPE_CHECKING:
    from bnlint.readers.source.parsing.program import Span

# PEP 263: the cookie stands in the first or the second line, and in the second only where the
# first is blank or a comment.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_LINE_END = re.compile(r"\r\n|\r|\n")
_LINE_END_BYTES = re.compile(rb"\r\n|\r|\n")


class Undecodable(ValueError):  # noqa: N818
    """The bytes are no Python source. ``str()`` is one line for a person.

    Attributes:
        line: the line where reading stopped, from 1.
        message: what is wrong there.
    """

    column = 1

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def decode(data: bytes) -> str:
    """The text of a Python file, its line ends as they are and its byte order mark removed.

    Raises:
        Undecodable: binary data, an unknown encoding, or bytes that are invalid in theirs.

    Reference: PEP 263; https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations
    """
    nul = data.find(b"\0")
    if nul >= 0:
        raise Undecodable(_line_at(data, nul), "binary data (a NUL byte), not Python source")
    has_mark = data.startswith(codecs.BOM_UTF8)
    if has_mark:
        data = data[len(codecs.BOM_UTF8) :]
    cookie = _cookie(data)
    encoding = "utf-8" if cookie is None else _codec(cookie[0], cookie[1])
    if has_mark and encoding != "utf-8":
        raise Undecodable(cookie[1] if cookie else 1, f"a UTF-8 mark, but declared as {encoding}")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_at(data, error.start)
        raise Undecodable(line, _invalid(data, error, encoding, cookie is None)) from None
    except (UnicodeError, ValueError) as error:  # codecs such as idna, punycode
        raise Undecodable(1, f"not valid {encoding}: {error}") from None
    if "\0" in text:  # utf-7 and its like can write one without a NUL byte
        raise Undecodable(1, "binary data (a NUL character), not Python source")
    return text


def encode(text: str) -> bytes:
    """The bytes of a file that holds ``text``, in the encoding that it declares.

    What that can't hold, or nothing can (half of a surrogate pair), becomes a question mark, so
    that columns in characters stay what they are.
    """
    cookie = _cookie(text[:4096].encode("utf-8", "replace"))
    if cookie is not None:
        try:
            return text.encode(_codec(*cookie), "replace")
        except (Undecodable, UnicodeError, ValueError):
            pass
    return text.encode("utf-8", "replace")


def declared_encoding(data: bytes) -> str:
    """The codec that :func:`decode` reads ``data`` with.

    Raises:
        Undecodable: an unknown encoding is declared.
    """
    cookie = _cookie(data.removeprefix(codecs.BOM_UTF8))
    return "utf-8" if cookie is None else _codec(cookie[0], cookie[1])


def _invalid(data: bytes, error: UnicodeDecodeError, encoding: str, undeclared: bool) -> str:
    message = f"byte 0x{data[error.start]:02x} is not valid {encoding}"
    return message + ", and no encoding is declared" if undeclared else message


def _line_at(data: bytes, offset: int) -> int:
    return len(_LINE_END_BYTES.findall(data, 0, offset)) + 1


def _cookie(data: bytes) -> tuple[str, int] | None:
    for number, line in enumerate(_LINE_END_BYTES.split(data[:4096], maxsplit=2)[:2], 1):
        found = _COOKIE.match(line)
        if found:
            return found.group(1).decode("ascii", "replace"), number
        if not _BLANK.match(line):
            return None
    return None


def _codec(name: str, line: int) -> str:
    """The codec's normal name. Only codecs from bytes to text count: not ``rot13``, not ``zip``."""
    try:
        codec = codecs.lookup(name)
        b" ".decode(name)
    except (LookupError, ValueError):
        raise Undecodable(line, f"unknown encoding {name!r}") from None
    return "utf-8" if codec.name in ("utf-8", "utf-8-sig") else codec.name


def split_lines(text: str) -> list[str]:
    """The lines without their ends. A text that ends in a line end has an empty last line."""
    if "\r" in text:
        return _LINE_END.split(text)
    return text.split("\n")


class Lines:
    """The lines of a text, for turning spans into locations.

    Attributes:
        texts: each line without its end; line ``n`` is ``texts[n - 1]``.
    """

    __slots__ = ("texts",)

    def __init__(self, text: str) -> None:
        self.texts = split_lines(text)

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, number: int) -> str:
        """The line with this number, from 1; empty beyond the end of the text."""
        return self.texts[number - 1] if 0 < number <= len(self.texts) else ""

    def number(self, location: Location) -> int:
        """The line of the program that a location starts on."""
        return location.line

    def character(self, line: int, offset: int) -> int:
        """The character, from 0, that stands at this UTF-8 byte ``offset`` of a line."""
        text = self[line]
        if text.isascii():
            return offset
        return len(text.encode("utf-8", "replace")[:offset].decode("utf-8", "ignore"))

    def location(self, filename: str, span: Span) -> Location:
        """Where a span of the program stands: rows and columns from 1, in Unicode characters."""
        line, column, end_line, end_column = span
        return Location(
            filename,
            line,
            self.character(line, column) + 1,
            end_line,
            self.character(end_line, end_column) + 1,
        )
