"""Models without their redundant biases: what ``bnlint.fold`` and ``bnlint --fold`` do.

Only BN201's verdict on the layer graph decides which biases are redundant.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bnlint.project.files import temporaries
from bnlint.readers.model.errors import InspectionError
from bnlint.rule import Options, Rule

if TYPE_CHECKING:
    from bnlint.readers.model.folding.folding import Folded
    from bnlint.readers.model.keras_objects import Live

_RULE: Final = "BN201"
_FORMATS: Final = (".keras", ".h5", ".hdf5")


def fold_model(
    model: Live, inputs: object = None, *, seed: int = 0, trusted: bool = False
) -> Folded:
    """Fold the redundant biases of a live model; see :func:`.folding.fold`.

    Raises:
        InspectionError: the model can't be read, rebuilt or run, or its outputs would change.
    """
    from bnlint.project.judging.graph_check import judge
    from bnlint.queries import absorbers
    from bnlint.readers.model.folding.folding import RedundantBias, fold
    from bnlint.readers.model.live.live import walk_model

    walker = walk_model(model)
    live_of = {layer: live for live, layer in walker.drawn.values()}
    redundant = [
        RedundantBias(
            layer.location.path or layer.name or layer.kind,
            live_of[layer],
            tuple(live_of[norm] for norm in absorbers(layer, walker.graph)),
        )
        for layer, _, finding in judge(walker.graph, [_rule()], Options())
        if finding is not None
    ]
    return fold(model, redundant, inputs, seed=seed, trusted=trusted)


def _rule() -> Rule:
    from bnlint.project.judging import selection
    from bnlint.settings import SettingsFinder

    settings = SettingsFinder({}, (), isolated=True).for_run([os.path.abspath(os.curdir)])
    return selection.book(settings).rules[_RULE].rule()


def told(folded: Folded) -> Iterator[str]:
    """What was folded in a model, line by line; biases that were left come first, with reasons."""
    for path, reason in folded.left.items():
        yield f"left: {path}: {reason}"
    if not folded.removed:
        yield "nothing to fold" if not folded.left else "nothing folded"
        return
    count = len(folded.removed)
    yield (
        f"folded {count} {'bias' if count == 1 else 'biases'}:"
        f" {folded.parameters:,} parameters and {folded.size:,} bytes fewer;"
        f" outputs differ by at most {folded.difference:.1e} of the largest"
    )


def fold_file(source: str, target: str) -> tuple[list[str], bool]:
    """Fold a saved model into another file, which is written completely or not at all.

    Args:
        source: a ``.keras`` or ``.h5`` file; loaded in Keras's safe mode.
        target: likewise; may be the same file. It contains neither compile settings nor the state
            of an optimizer. A model with nothing to fold is written unchanged.

    Returns:
        The lines to report, and whether the file was written: it is not written if there are
        redundant biases and all of them had to be left.

    Raises:
        InspectionError: folding is not possible; one line that says why.
    """
    from bnlint.readers.model.folding.loading import load

    require_paths(source, target)
    folded = fold_model(load(source))
    lines = list(told(folded))
    if folded.left and not folded.removed:
        return lines, False
    save_whole(folded.model, target)
    return [*lines, f"wrote {target}"], True


def require_paths(source: str, target: str) -> None:
    """Check early that the files can be read and written, before the slow work.

    Raises:
        InspectionError: one line that says why.
    """
    if not target.lower().endswith(_FORMATS):
        raise InspectionError(f"{target}: a model is written to .keras or .h5")
    if not os.path.exists(source):
        raise InspectionError("no such file")
    if not os.path.isdir(os.path.dirname(os.path.abspath(target))):
        raise InspectionError(f"{target}: there is no such folder")


def save_whole(model: Live, target: str) -> None:
    """Write a model to a file, completely or not at all.

    Raises:
        InspectionError: the model can't be written; one line that says why.
    """
    from bnlint.readers.model.folding.saving import save

    path = os.path.realpath(target)
    ending = os.path.splitext(path)[1].lower()  # Keras uses it to choose the format
    try:
        temporaries.sweep([os.path.dirname(path)])
        with temporaries.replacing_by_name(path, ending) as temporary:
            save(model, temporary)
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())[:200]
        raise InspectionError(f"{target}: it cannot be written: {reason}") from error
