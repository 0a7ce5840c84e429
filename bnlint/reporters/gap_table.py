"""A gap as text, HTML and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, Final

from bnlint.reporters.summary import plural
from bnlint.reporters.terminal import printable

if TYPE_CHECKING:
    from bnlint.readers.model.fusing import Fused
    from bnlint.readers.model.measuring.gap import Gap, LayerGap
    from bnlint.readers.model.measuring.recalibrating import Recalibrated
    from bnlint.readers.model.measuring.watching import Watched

_COLUMNS: Final = ("layer", "mean off by", "variance ratio", "effect", "what fits")


def text(gap: Gap) -> str:
    """A table of the layers, and the summary for the model."""
    rows = [_COLUMNS, *(_row(layer) for layer in gap.layers)]
    widths = [max(len(row[number]) for row in rows) for number in range(len(_COLUMNS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, "", *summary(gap)])


def _row(layer: LayerGap) -> tuple[str, ...]:
    ratio = f"{layer.variance_ratio.min():.3g} to {layer.variance_ratio.max():.3g}"
    off = f"{abs(layer.mean_difference).max():.3g} sd"
    return (printable(layer.path), off, ratio, f"{layer.effect:.2g}", layer.cause or "-")


def summary(gap: Gap) -> Iterator[str]:
    """The effect of the difference on the model, line by line."""
    yield f"outputs differ by {gap.difference:.2g} of their size between both modes"
    for name, value in gap.training.items():
        there = gap.inference.get(name)
        if there is not None:
            yield f"{name}: {value:.4g} with the statistics of the batch, {there:.4g} in inference"
    if gap.causes:
        yield from (f"cause: {cause}" for cause in gap.causes)
    else:
        yield "no cause: the moving statistics are those of the data"


def html(gap: Gap) -> str:
    """A table for a notebook."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in _COLUMNS)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in _row(layer)) + "</tr>"
        for layer in gap.layers
    )
    below = "<br>".join(map(escape, summary(gap)))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{below}</p>"


def plain(gap: Gap) -> dict[str, Any]:
    """A whole gap as values that JSON can hold."""
    return {
        "difference": gap.difference,
        "training": dict(gap.training),
        "inference": dict(gap.inference),
        "batches": gap.batches,
        "causes": list(gap.causes),
        "layers": [
            {
                "path": layer.path,
                "effect": layer.effect,
                "cause": layer.cause,
                "mean": layer.mean.tolist(),
                "variance": layer.variance.tolist(),
                "moving_mean": layer.moving_mean.tolist(),
                "moving_variance": layer.moving_variance.tolist(),
                "mean_difference": layer.mean_difference.tolist(),
                "variance_ratio": layer.variance_ratio.tolist(),
            }
            for layer in gap.layers
        ],
    }


def recalibrated(done: Recalibrated) -> str:
    """The changes to the statistics of a model, in one line."""
    layers = plural(done.layers, "layer")
    batches = f"{done.batches:,} {'batch' if done.batches == 1 else 'batches'}"
    return (
        f"recalibrated {layers} on {batches}: outputs on the data change by"
        f" {done.difference:.2g} of their size"
    )


def fused(done: Fused) -> str:
    """The layers that were fused into other weights, in one line."""
    before, now = (f"{seconds * 1e3:.3g} ms" for seconds in done.seconds)
    return (
        f"fused {plural(done.layers, 'layer')}, {done.left} left: {done.parameters:,} parameters"
        f" fewer; a call takes {now}, {before} before; outputs differ by at most"
        f" {done.difference:.1e} of the largest"
    )


def watched(layers: Sequence[Watched]) -> str:
    """The observations of each layer during training."""
    rows = [("layer", "lag", "variance", "problem")]
    for layer in layers:
        lag = "-" if layer.lag is None else f"{layer.lag:.2g} sd"
        variance = f"{layer.variance.min():.3g} to {layer.variance.max():.3g}"
        rows.append((printable(layer.path), lag, variance, layer.problem or "-"))
    widths = [max(len(row[number]) for row in rows) for number in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
