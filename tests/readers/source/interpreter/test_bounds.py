"""No program makes the reader build something huge, and what stands behind it is still read."""

from __future__ import annotations

import pytest

from bnlint.project.judging.file_check import check_file
from bnlint.rule import Options

DOUBLINGS = {
    "extend": ("a = [1]", "a.extend(a)"),
    "augmented list": ("a = [1]", "a += a"),
    "list": ("a = [1]", "a = a + a"),
    "tuple": ("a = (1,)", "a = a + a"),
    "repeated list": ("a = [1]", "a = a * 2"),
    "repeated from the left": ("a = [1]", "a = 2 * a"),
    "huge list": ("a = 10**15 * [0]", "a = a"),
    "star in list": ("a = [1]", "a = [*a, *a]"),
    "star in tuple": ("a = (1,)", "a = (*a, *a)"),
    "star in call": ("def f(*a): return a + a\na = (1,)", "a = f(*a, *a)"),
    "chain": ("import itertools\na = [1]", "a = list(itertools.chain(a, a))"),
    "sum": ("a = [1]", "a = sum([a, a], [])"),
    "comprehension": ("a = [1]", "a = [x for x in a for _ in (0, 1)]"),
    "nested list": ("a = [1]", "a = [a, a]"),
    "nested tuple": ("a = (1,)", "a = (a, a)\n{a: 1}\na == (a[0], a[1])"),
    "list in itself": ("a = []", "a.append(a)\nstr(a)\nprint(a)"),
    "text": ("a = 'ab'", "a = a + a"),
    "f-string": ("a = 'ab'", "a = f'{a}{a}'"),
    "percent": ("a = 'ab'", "a = '%s%s' % (a, a)"),
    "percent with a width": ("a = 1", "a = '%999999999d' % 1"),
    "percent with a star": ("a = 1", "a = '%*d' % (10**9, 1)"),
    "format": ("a = 'ab'", "a = '{0}{0}'.format(a)"),
    "format by keyword": ("a = 'ab'", "a = '{x}{x}'.format(x=a)"),
    "format with a width": ("a = 1", "a = '{:>99999999999}'.format(1)"),
    "join": ("a = 'ab'", "a = a.join([a, a, a])"),
    "replace": ("a = 'ab'", "a = a.replace('', a)"),
    "zfill": ("a = '1'", "a = '1'.zfill(10**12)"),
    "path": ("import os\na = 'ab'", "a = os.path.join(a, a)"),
    "text of a list": ("a = 'ab'", "a = str([a, a])"),
    "bytes": ("a = b'ab'", "a = a + a"),
    "number": ("a = 3", "a = a * a"),
    "digits": (f"a = 0x{'f' * 6000}", "f'{a}'\nstr(a)\n'%d' % a"),
}


@pytest.mark.parametrize("kind", DOUBLINGS)
def test_what_doubles_is_not_built_and_the_rest_is_read(kind: str) -> None:
    start, step = DOUBLINGS[kind]
    program = [
        "from keras import layers",
        start,
        *[step] * 60,
        "layers.BatchNormalization()",
    ]
    text = "\n".join(program)

    result = check_file("doubled.py", text.encode(), Options(), frozenset({"BN101"}))

    last = len(text.splitlines())
    found = [(v.code, v.location.line) for v in result.verdicts if v.finding is not None]
    assert found == [("BN101", last)]
