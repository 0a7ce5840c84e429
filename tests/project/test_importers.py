"""Which files of a run import which."""

from __future__ import annotations

from pathlib import Path

import pytest

from bnlint.project.files.source_lines import Texts
from bnlint.project.importers import Importers


@pytest.mark.parametrize(
    ("where", "statement", "imports"),
    [
        ("main.py", "from net.blocks import conv\n", True),
        ("main.py", "import net.blocks as b\n", True),
        ("main.py", "import net.blocks\n", True),
        ("main.py", "from net import blocks\n", True),
        ("main.py", "from net import conv\n", False),
        ("main.py", "import blocks\n", False),
        ("net/model.py", "import blocks\n", True),
        ("net/model.py", "from .blocks import (\n    other,  # one\n    conv,\n)\n", True),
        ("net/model.py", "from . import blocks\n", True),
        ("net/deep/model.py", "from ..blocks import conv\n", True),
        ("net/deep/model.py", "from .blocks import conv\n", False),
        ("main.py", "from other.blocks import conv\n", False),
    ],
)
def test_by_its_name(tmp_path: Path, where: str, statement: str, imports: bool) -> None:
    names = _files(tmp_path, {"net/blocks.py": "", where: statement})
    found = Importers(names, Texts()).of(names[0])
    assert found == ([names[1]] if imports else [])


@pytest.mark.parametrize(
    ("package", "user", "imports"),
    [
        ("from .blocks import conv\n", "from net import conv\n", True),
        ("from net.blocks import conv\n", "from net import conv\n", True),
        ("from .blocks import conv\n", "from net import other\n", False),
        ("from .blocks import *\n", "from net import conv\n", True),
        ("from .others import *\n", "from net import conv\n", False),
        ("", "from net import conv\n", False),
    ],
)
def test_through_its_package(tmp_path: Path, package: str, user: str, imports: bool) -> None:
    files = {"net/blocks.py": "", "net/__init__.py": package, "main.py": user}
    names = _files(tmp_path, files)
    assert (names[2] in Importers(names, Texts()).of(names[0])) is imports


def test_through_two_packages(tmp_path: Path) -> None:
    names = _files(
        tmp_path,
        {
            "net/parts/blocks.py": "",
            "net/parts/__init__.py": "from .blocks import conv\n",
            "net/__init__.py": "from .parts import conv\n",
            "main.py": "from net import conv\n",
        },
    )
    assert Importers(names, Texts()).of(names[0]) == sorted(names[1:])


def _files(folder: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return [str(folder / name) for name in files]
