"""Changes the arguments of one call through its LibCST nodes: the rest stays as it is written.

Only the call itself is parsed: the time of LibCST grows faster than the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

_Space = cst.SimpleWhitespace | cst.ParenthesizedWhitespace
_LINE_END = re.compile(r"\r\n|\r|\n")
_NOTHING = cst.SimpleWhitespace("")
_INDENT = 4
_ONE = cst.SimpleWhitespace(" ")


@dataclass(frozen=True, slots=True)
class Layout:
    """The properties of the file that decide how a call may be written.

    Attributes:
        newline: the line end of the file.
        column: how many characters stand before the call on its line.
        behind: how many characters stand after the call on its last line.
        width: how long a line may be.
        indent: the indentation of the line of the call.
        hanging: a call with no room on its line is broken after its opening parenthesis.
    """

    newline: str = "\n"
    column: int = 0
    behind: int = 0
    width: int = 88
    indent: str = ""
    hanging: bool = False


class CallText:
    """The text of a call, changed argument by argument.

    Args:
        code: the call as it is written, from its first to its last character.
        layout: the layout of the text around it.

    Raises:
        ValueError: LibCST does not read the code as a call.
    """

    def __init__(self, code: str, layout: Layout) -> None:
        self._layout = layout
        ends = _LINE_END.findall(code)
        newline = ends[0] if ends else layout.newline
        self._module = cst.Module([], default_newline=newline)
        config = cst.PartialParserConfig(default_newline=newline)
        try:
            # In parentheses, so that a line end before a dot does not end the expression.
            node = cst.parse_expression(f"({code})", config)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise ValueError("not an expression") from error
        if not isinstance(node, cst.Call) or self._module.code_for_node(node) != f"({code})":
            raise ValueError("not a call that can be written again as it is")
        self._node = node

    @property
    def code(self) -> str:
        """The call as it is now."""
        return self._module.code_for_node(self._node)[1:-1]

    @property
    def args(self) -> list[cst.Arg]:
        return list(self._node.args)

    def index(self, keyword: str) -> int | None:
        """The index of the argument ``keyword=…``."""
        for index, arg in enumerate(self._node.args):
            if arg.keyword is not None and arg.keyword.value == keyword:
                return index
        return None

    def value(self, index: int) -> str:
        """The text of an argument's value."""
        return self._module.code_for_node(self._node.args[index].value)

    def replace(self, index: int, value: str) -> None:
        """Give the argument at ``index`` another value."""
        args = self.args
        args[index] = args[index].with_changes(value=cst.parse_expression(value))
        self._set(args)

    def rename(self, index: int, keyword: str) -> None:
        """Give the keyword argument at ``index`` another keyword."""
        args = self.args
        args[index] = args[index].with_changes(keyword=cst.Name(keyword))
        self._set(args)

    def remove(self, index: int) -> None:
        """Remove an argument, with the comment that stands after it."""
        args = self.args
        removed = args.pop(index)
        if not args:
            self._set([], before=_NOTHING)
        elif index == len(args):
            args[-1] = _as_last(args[-1], removed)
            self._set(args)
        elif index:
            behind = _behind(removed)
            if _is_broken(behind) and not _is_broken(_behind(args[index - 1])):
                args[index - 1] = _with_behind(args[index - 1], behind)
            self._set(args)
        else:
            before = self._node.whitespace_before_args
            behind = _behind(removed)
            keeps = _is_broken(before) or not _is_broken(behind)
            self._set(args, before=before if keeps else behind)

    def add(self, keyword: str, value: str) -> None:
        """Add ``keyword=value`` after the last argument, before any ``**``, in the same style."""
        args = self.args
        new = cst.Arg(
            cst.parse_expression(value),
            keyword=cst.Name(keyword),
            equal=self._equal(),
        )
        place = len(args)
        while place and args[place - 1].star == "**":
            place -= 1
        if not args:
            end = self._node.whitespace_before_args
            self._set([new.with_changes(whitespace_after_arg=end)], before=_NOTHING)
        elif place == len(args):
            self._append(args, new)
        else:
            before = self._before(place)
            comma = cst.Comma(whitespace_after=before if _is_broken(before) else _ONE)
            self._set([*args[:place], new.with_changes(comma=comma), *args[place:]])

    def _append(self, args: list[cst.Arg], new: cst.Arg) -> None:
        last = args[-1]
        broken = None if self._fills_lines() else self._own_line(len(args) - 1)
        has_comma = isinstance(last.comma, cst.Comma)
        end = _behind(last)
        if broken is None and not _has_comment(end) and self._fits(last, new):
            between: _Space = _ONE
        elif broken is None and self._on_one_line() and self._may_hang():
            self._hang([*args, new])
            return
        elif broken is None and not _has_comment(end) and not self._has_room_below(new):
            between = _ONE  # an own line would not help: a formatter decides
        else:
            between = _line_break(broken or self._continuation(), end)
            end = _without_comment(end)
        last = _with_behind(last, between)
        if has_comma:
            new = new.with_changes(comma=cst.Comma(whitespace_after=end))
        else:
            new = new.with_changes(whitespace_after_arg=end)
        self._set([*args[:-1], last, new])

    def _fills_lines(self) -> bool:
        """Whether its lines hold as many arguments as fit, not one each: true if a keyword stands
        after another argument, or if there is only one argument and no comma.
        """
        args = self._node.args
        if len(args) == 1:
            return not isinstance(args[0].comma, cst.Comma) and not _has_comment(_behind(args[0]))
        return any(
            arg.keyword is not None and self._own_line(place) is None
            for place, arg in enumerate(args)
            if place
        )

    def _on_one_line(self) -> bool:
        """Whether all arguments stand on one line: that of the parentheses or one between."""
        args = self._node.args
        breaks = [self._own_line(place) for place in range(1, len(args))]
        outer = (_is_broken(self._before(0)), _is_broken(_behind(args[-1])))
        inside = [self._module.code_for_node(arg.value) for arg in args]
        return (
            not any(breaks)
            and outer[0] == outer[1]
            and not any(_LINE_END.search(code) for code in inside)
        )

    def _may_hang(self) -> bool:
        before = self._before(0)
        return not _has_comment(before) and (self._layout.hanging or _is_broken(before))

    def _hang(self, args: list[cst.Arg]) -> None:
        """Break the call after its parenthesis: all arguments on one line, or each on its own."""
        before = self._own_line(0)
        if before is None:
            before = _new_line(self._layout.indent + " " * _INDENT)
        inner = self._module.code_for_node(before.last_line)
        outer = _new_line(self._layout.indent)
        if isinstance(end := _behind(args[-2]), cst.ParenthesizedWhitespace):
            outer = end
        plain = [_without_space(arg) for arg in args]
        length = sum(len(self._module.code_for_node(arg)) + 2 for arg in plain) - 2
        if len(inner) + length <= self._layout.width:
            placed = [_with_behind(arg, _ONE) for arg in plain[:-1]]
            placed.append(plain[-1].with_changes(whitespace_after_arg=outer))
        else:
            placed = [_with_behind(arg, before) for arg in plain[:-1]]
            placed.append(_with_behind(plain[-1], outer))
        self._set(placed, before=before)

    def _fits(self, last: cst.Arg, new: cst.Arg) -> bool:
        """Whether ``new`` has room on the line of ``last``."""
        lines = _LINE_END.split(self.code)
        added = len(self._module.code_for_node(new)) + 2
        end = _behind(last)
        if _is_broken(end):
            lines = _LINE_END.split(self.code[: -len(self._module.code_for_node(end)) - 1])
            start = 0 if len(lines) > 1 else self._layout.column
            return start + len(lines[-1]) + added + 1 <= self._layout.width
        start = 0 if len(lines) > 1 else self._layout.column
        return start + len(lines[-1]) + added + self._layout.behind <= self._layout.width

    def _has_room_below(self, new: cst.Arg) -> bool:
        indent = self._module.code_for_node(self._continuation().last_line)
        return len(indent) + len(self._module.code_for_node(new)) + 1 <= self._layout.width

    def _continuation(self) -> cst.ParenthesizedWhitespace:
        """A line break as before other arguments, or one that aligns with the first argument."""
        for place in range(len(self._node.args) - 1, -1, -1):
            found = self._own_line(place)
            if found is not None:
                return found
        opening = _LINE_END.split(self._module.code_for_node(self._node.func) + "(")
        column = len(opening[-1]) + (0 if len(opening) > 1 else self._layout.column)
        return _new_line(" " * column)

    def _own_line(self, place: int) -> cst.ParenthesizedWhitespace | None:
        """The line break before the argument at ``place``; ``None`` where there is none."""
        before = self._before(place)
        return before if isinstance(before, cst.ParenthesizedWhitespace) else None

    def _before(self, place: int) -> _Space:
        if place:
            return _behind(self._node.args[place - 1])
        return _space(self._node.whitespace_before_args)

    def _equal(self) -> cst.AssignEqual:
        """How this call writes the ``=`` of its keywords."""
        written = [arg.equal for arg in self._node.args if isinstance(arg.equal, cst.AssignEqual)]
        texts = {self._module.code_for_node(equal) for equal in written}
        if texts == {" = "}:
            return cst.AssignEqual(_ONE, _ONE)
        return cst.AssignEqual(_NOTHING, _NOTHING)

    def _set(
        self, args: list[cst.Arg], before: cst.BaseParenthesizableWhitespace | None = None
    ) -> None:
        changes: dict[str, object] = {"args": args}
        if before is not None:
            changes["whitespace_before_args"] = before
        self._node = self._node.with_changes(**changes)


def changed(code: str, layout: Layout, change: Callable[[CallText], None]) -> str | None:
    """``code`` after ``change``; ``None`` where it can't be read or written."""
    try:
        call = CallText(code, layout)
        change(call)
    except (ValueError, cst.ParserSyntaxError):
        return None
    return call.code


def _space(space: cst.BaseParenthesizableWhitespace) -> _Space:
    assert isinstance(space, (cst.SimpleWhitespace, cst.ParenthesizedWhitespace))
    return space


def _new_line(indent: str) -> cst.ParenthesizedWhitespace:
    return cst.ParenthesizedWhitespace(
        first_line=cst.TrailingWhitespace(newline=cst.Newline()),
        last_line=cst.SimpleWhitespace(indent),
    )


def _without_space(arg: cst.Arg) -> cst.Arg:
    """``arg`` with neither a comma nor white space after it."""
    return arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=_NOTHING)


def _is_broken(space: cst.BaseParenthesizableWhitespace) -> bool:
    return isinstance(space, cst.ParenthesizedWhitespace)


def _has_comment(space: _Space) -> bool:
    return isinstance(space, cst.ParenthesizedWhitespace) and space.first_line.comment is not None


def _behind(arg: cst.Arg) -> _Space:
    """The white space after an argument and its comma."""
    if isinstance(arg.comma, cst.Comma):
        return _space(arg.comma.whitespace_after)
    return _space(arg.whitespace_after_arg)


def _with_behind(arg: cst.Arg, space: _Space) -> cst.Arg:
    """``arg`` with a comma and ``space`` after it."""
    if isinstance(arg.comma, cst.Comma):
        return arg.with_changes(comma=arg.comma.with_changes(whitespace_after=space))
    return arg.with_changes(comma=cst.Comma(whitespace_after=space), whitespace_after_arg=_NOTHING)


def _as_last(arg: cst.Arg, removed: cst.Arg) -> cst.Arg:
    """``arg`` as the last argument, in the place of ``removed``."""
    end = _behind(removed)
    own = _behind(arg)
    if isinstance(own, cst.ParenthesizedWhitespace) and own.first_line.comment is not None:
        end = own.with_changes(
            last_line=end.last_line
            if isinstance(end, cst.ParenthesizedWhitespace)
            else own.last_line
        )
    elif isinstance(end, cst.ParenthesizedWhitespace):
        end = _without_comment(end)
    if isinstance(removed.comma, cst.Comma):
        return _with_behind(arg, end)
    return arg.with_changes(comma=cst.MaybeSentinel.DEFAULT, whitespace_after_arg=end)


def _without_comment(space: _Space) -> _Space:
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return space
    first = space.first_line.with_changes(whitespace=_NOTHING, comment=None)
    return space.with_changes(first_line=first)


def _line_break(like: cst.ParenthesizedWhitespace, end: _Space) -> cst.ParenthesizedWhitespace:
    """A line break with the indentation of ``like`` and the comment that ``end`` begins with."""
    first = like.first_line.with_changes(whitespace=_NOTHING, comment=None)
    if isinstance(end, cst.ParenthesizedWhitespace) and end.first_line.comment is not None:
        first = end.first_line
    return like.with_changes(first_line=first, empty_lines=[])
