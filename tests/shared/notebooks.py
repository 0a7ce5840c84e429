"""Makes notebooks for tests."""

from __future__ import annotations

import json
from typing import Any

import nbformat

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def notebook(
    *sources: str,
    as_list: bool = True,
    metadata: dict[str, Any] | None = None,
    indent: int | None = 1,
) -> bytes:
    """A notebook of format 4. A source that starts with ``#md`` is a markdown cell."""
    cells: list[dict[str, Any]] = []
    for source in sources:
        said: Any = source.splitlines(keepends=True) if as_list else source
        if source.startswith("#md"):
            cells.append({"cell_type": "markdown", "metadata": {}, "source": said})
            continue
        cell: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}}
        cells.append({**cell, "outputs": [], "source": said})
    book = {
        "cells": cells,
        "metadata": KERNEL if metadata is None else metadata,
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    return json.dumps(book, indent=indent, ensure_ascii=False).encode("utf-8")


def reference(data: bytes | str) -> Any:
    """The notebook as the reference reader reads it, valid by its schema."""
    read: Any = nbformat.reads
    validate: Any = nbformat.validate
    book = read(data if isinstance(data, str) else data.decode("utf-8"), nbformat.NO_CONVERT)
    validate(book)
    return book
