"""What a hover says."""

from __future__ import annotations

from pathlib import Path

from editor import Editor, conversation
from models import CLEAN, FUNCTIONAL


@conversation
async def test_a_normalisation_tells_its_neighbours(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", FUNCTIONAL)
        said = await editor.hover(uri, 4, 12)
        assert "**BatchNormalization** over axis -1" in said
        assert f"normalizes `Dense` at [line 4]({uri}#L4)" in said
        assert f"feeds `ReLU` at [line 6]({uri}#L6)" in said
        assert f"subtracts again the bias of `Dense` at [line 4]({uri}#L4)" in said
        assert await editor.hover(uri, 0, 3) == ""


@conversation
async def test_without_a_bias_it_absorbs_none(tmp_path: Path) -> None:
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", CLEAN)
        assert "absorbs no bias" in await editor.hover(uri, 4, 12)


@conversation
async def test_one_that_could_not_be_followed_says_so(tmp_path: Path) -> None:
    text = "from keras import layers\nimport other\n\nother.use(layers.BatchNormalization())\n"
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", text)
        assert "could not follow" in await editor.hover(uri, 3, 20)


@conversation
async def test_a_suppressed_code_shows_the_page_of_its_rule(tmp_path: Path) -> None:
    lines = FUNCTIONAL.split("\n")
    lines[3] += "  # bnlint: ignore[BN201, activation-order]"
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", "\n".join(lines))
        said = await editor.hover(uri, 3, lines[3].index("BN201") + 1)
        assert "BN201" in said.splitlines()[0]
        assert "BN301" not in said
        both = await editor.hover(uri, 3, lines[3].index("ignore") + 1)
        assert "BN201" in both
        assert "BN301" in both


@conversation
async def test_a_helper_used_in_many_places_tells_all(tmp_path: Path) -> None:
    text = """\
from keras import Input, Model, layers

def norm(x):
    return layers.BatchNormalization()(x)

inputs = Input((8,))
x = norm(layers.Dense(4, use_bias=False)(inputs))
x = norm(layers.Dense(5, use_bias=False)(x))
model = Model(inputs, x)
"""
    async with Editor(tmp_path) as editor:
        uri = editor.open("net.py", text)
        said = await editor.hover(uri, 3, 20)
        assert "line 7" in said
        assert "line 8" in said
