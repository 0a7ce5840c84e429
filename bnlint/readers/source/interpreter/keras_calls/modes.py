"""The ``training`` that the `call` of a project's own layer passes on."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bnlint.graph import Call
from bnlint.readers.source.interpreter.frames import Frame
from bnlint.readers.source.interpreter.values import Value
from bnlint.readers.source.parsing import program as ir

if TYPE_CHECKING:
    from bnlint.readers.source.interpreter.interpreter import Interpreter

_MODES: Final = frozenset({"training", "learning_phase", "is_training"})


def fix(interpreter: Interpreter, made: Call, training: Value, frame: Frame) -> None:
    """Note the mode that a call in a project's ``call`` receives each time, or by default.

    Not where a method around it asks for the mode: of that, one side alone is read.
    """
    methods = [body for body, _ in interpreter.stack if isinstance(body, ir.FunctionDef)]
    if any(map(_asks_for_mode, methods)):
        return
    if isinstance(training, bool):
        made.fixed_mode = training
    elif frame.function is not None:
        default = frame.function.defaults.get("training")
        made.default_mode = default if isinstance(default, bool) else None


@lru_cache(maxsize=2048)
def _asks_for_mode(method: ir.FunctionDef) -> bool:
    tests = (
        node.test
        for node in ir.walk(method.body)
        if isinstance(node, (ir.If, ir.IfExp, ir.While, ir.Assert))
    )
    return any(not _MODES.isdisjoint(ir.mentioned((test,))) for test in tests)
