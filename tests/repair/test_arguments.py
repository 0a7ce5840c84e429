"""One argument is changed; the rest of the call stays as its author wrote it."""

from __future__ import annotations

import pytest

from bnlint.repair.editing.arguments import CallText, Layout, changed


def add(code: str, layout: Layout | None = None, value: str = "False") -> str | None:
    return changed(code, layout or Layout(), lambda call: call.add("use_bias", value))


def remove(code: str, keyword: str) -> str | None:
    def change(call: CallText) -> None:
        place = call.index(keyword)
        assert place is not None
        call.remove(place)

    return changed(code, Layout(), change)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dense(4)", "Dense(4, use_bias=False)"),
        ("Dense()", "Dense(use_bias=False)"),
        ("Dense(4,)", "Dense(4, use_bias=False,)"),
        ("Dense( 4 )", "Dense( 4, use_bias=False )"),
        ("Dense(units = 4)", "Dense(units = 4, use_bias = False)"),
        ("Dense(4, **options)", "Dense(4, use_bias=False, **options)"),
        ("Dense(\n  4,\n  **options\n)", "Dense(\n  4,\n  use_bias=False,\n  **options\n)"),
        ("L.Conv2D(\n    64,\n    3,\n)", "L.Conv2D(\n    64,\n    3,\n    use_bias=False,\n)"),
        ("L.Conv2D(\n    64,\n    3\n)", "L.Conv2D(\n    64,\n    3,\n    use_bias=False\n)"),
        ("L.Conv2D(\n    64, 3\n)", "L.Conv2D(\n    64, 3, use_bias=False\n)"),
        ("Conv2D(64,\n       name='a')", "Conv2D(64,\n       name='a',\n       use_bias=False)"),
        ("layers\n.Dense(4)", "layers\n.Dense(4, use_bias=False)"),
    ],
)  # fmt: skip
def test_new_argument_is_placed_as_the_call_is_written(before: str, after: str) -> None:
    assert add(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Dense(\n    64  # units\n)",
            "Dense(\n    64,  # units\n    use_bias=False\n)",
        ),
        (
            "Conv2D(\n    64,  # filters\n    3  # size\n)",
            "Conv2D(\n    64,  # filters\n    3,  # size\n    use_bias=False\n)",
        ),
        (
            "Conv2D(\n    64,\n    3,  # size\n    # more to come\n)",
            "Conv2D(\n    64,\n    3,  # size\n    use_bias=False,\n    # more to come\n)",
        ),
    ],
)
def test_comments_stay_with_their_arguments(before: str, after: str) -> None:
    assert add(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Conv2D(64, 3, padding='same', init='he',\n       name='a')",
            "Conv2D(64, 3, padding='same', init='he',\n       name='a', use_bias=False)",
        ),
        (
            "Conv2D(64, 3,\n       padding='same',\n       name='a')",
            "Conv2D(64, 3,\n       padding='same',\n       name='a',\n       use_bias=False)",
        ),
        ("Dense(\n    4)", "Dense(\n    4, use_bias=False)"),
    ],
)
def test_lines_are_filled_where_the_author_fills_them(before: str, after: str) -> None:
    assert add(before) == after


def test_what_has_no_room_goes_below_the_first_argument() -> None:
    layout = Layout(column=4, behind=3, width=40)

    assert add("Conv2D(64, (3, 3), name='c1')", layout) == (
        "Conv2D(64, (3, 3), name='c1',\n           use_bias=False)"
    )


def test_call_is_broken_behind_its_parenthesis_where_the_file_does_so() -> None:
    layout = Layout(column=8, behind=3, width=50, indent="    ", hanging=True)

    assert add("Conv2D(64, (3, 3), name='conv1')", layout) == (
        "Conv2D(\n        64, (3, 3), name='conv1', use_bias=False\n    )"
    )


def test_line_between_parentheses_that_gets_too_long_is_taken_apart() -> None:
    assert add("Conv2D(\n    64, 3, name='conv1'\n)", Layout(width=30)) == (
        "Conv2D(\n    64,\n    3,\n    name='conv1',\n    use_bias=False,\n)"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_stay(end: str) -> None:
    before = f"Dense({end}    4,{end}    name='a',{end})"

    assert add(before, Layout(newline=end)) == (
        f"Dense({end}    4,{end}    name='a',{end}    use_bias=False,{end})"
    )


def test_mixed_line_ends_stay() -> None:
    assert add("Dense(\r\n  4,\n  name='a'\r\n)") == (
        "Dense(\r\n  4,\n  name='a',\n  use_bias=False\r\n)"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dense(4, b='zeros', name='a')", "Dense(4, name='a')"),
        ("Dense(4, b='zeros')", "Dense(4)"),
        ("Dense(4, b='zeros',)", "Dense(4,)"),
        ("Dense(b='zeros')", "Dense()"),
        ("Dense(b='zeros', units=4)", "Dense(units=4)"),
        ("Dense(\n    4,\n    b='zeros',  # 0\n    c=1,\n)", "Dense(\n    4,\n    c=1,\n)"),
        ("Dense(\n    4,  # units\n    b='zeros',\n)", "Dense(\n    4,  # units\n)"),
        ("Dense(4, b='zeros',\n      name='a')", "Dense(4,\n      name='a')"),
        ("Dense(4,\n      b='zeros')", "Dense(4)"),
    ],
)  # fmt: skip
def test_argument_is_removed_with_its_comment(before: str, after: str) -> None:
    assert remove(before, "b") == after


@pytest.mark.parametrize("code", ["4", "Dense(4", "lambda: Dense(4)", "x = Dense(4)"])
def test_what_is_no_call_is_left_alone(code: str) -> None:
    assert add(code) is None
