from __future__ import annotations

import pytest

from bnlint.readers.source.parsing.text import Lines, Undecodable, decode, split_lines


def test_utf8_is_the_default_encoding() -> None:
    assert decode("x = 'é'\n".encode()) == "x = 'é'\n"


def test_byte_order_mark_is_removed() -> None:
    assert decode(b"\xef\xbb\xbfx = 1\n") == "x = 1\n"


@pytest.mark.parametrize(
    "cookie",
    ["# -*- coding: latin-1 -*-", "#!/usr/bin/python\n# vim: set fileencoding=latin-1 :"],
)
def test_cookie_in_the_first_two_lines_is_honoured(cookie: str) -> None:
    assert decode(f"{cookie}\nx = 'é'\n".encode("latin-1")).endswith("x = 'é'\n")


def test_cookie_after_a_line_of_code_is_a_comment() -> None:
    with pytest.raises(Undecodable):
        decode("x = 1\n# coding: latin-1\ny = 'é'\n".encode("latin-1"))


def test_line_ends_are_kept() -> None:
    assert decode(b"a\r\nb\rc\n") == "a\r\nb\rc\n"


def test_invalid_bytes_are_reported_with_their_line() -> None:
    with pytest.raises(Undecodable) as caught:
        decode(b"a = 1\r\nb = 2\rc = '\xff'\n")
    assert caught.value.line == 3
    assert str(caught.value) == "byte 0xff is not valid utf-8, and no encoding is declared"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a = 1\nb = '\0'\n", 2),
        (b"# coding: no-such-codec\n", 1),
        (b"\n# coding: rot13\n", 2),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1),
        (b"# coding: utf-7\n+AAA-\n", 1),
        ("# coding: ascii\nx = 'é'\n".encode(), 2),
    ],
)
def test_what_is_no_source_is_undecodable_in_one_line(data: bytes, line: int) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(data)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_form_feeds_and_unicode_separators_do_not_end_a_line() -> None:
    assert split_lines("a\x0cb\u2028c\x85d\r\ne\rf\ng") == ["a\x0cb\u2028c\x85d", "e", "f", "g"]


def test_location_counts_characters_from_one() -> None:
    lines = Lines("x = 1\né = f('ü', g())\n")

    # `g()` starts at byte 14 (12 characters before it) and ends at byte 17
    location = lines.location("a.py", (2, 13, 2, 16))

    assert (location.filename, location.line, location.end_line) == ("a.py", 2, 2)
    assert lines[2][location.column - 1 : location.end_column - 1] == "g()"


def test_location_beyond_the_text_does_not_raise() -> None:
    assert Lines("").location("a.py", (7, 0, 9, 2)).line == 7
