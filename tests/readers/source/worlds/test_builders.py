"""A helper that builds a BatchNormalization is found however its name comes into a file."""

from __future__ import annotations

from pathlib import Path

import pytest

import bnlint

_BLOCKS = """\
from tensorflow.keras import layers


def bn(x):
    return layers.BatchNormalization()(x)
"""
_MAIN = """\
from tensorflow.keras import layers
{imports}

def net(x):
    x = layers.Conv2D(4, 3)(x)
    return {call}(x)
"""
_NAMES_ONE = """\


def other(x):
    x = layers.Conv2D(4, 3, use_bias=False)(x)
    return layers.BatchNormalization()(x)
"""
_OF_A_MODULE = [
    ("from pkg.blocks import bn", "bn", ""),
    ("from pkg.blocks import bn as norm", "norm", ""),
    ("from pkg import blocks", "blocks.bn", ""),
    ("import pkg.blocks", "pkg.blocks.bn", ""),
    ("import pkg.blocks as b", "b.bn", ""),
    ("from pkg.blocks import *", "bn", ""),
]
# Files that do not name BatchNormalization themselves are not followed through these.
_OF_ITS_PACKAGE = [
    ("from pkg import bn", "bn", "from .blocks import bn\n"),
    ("from pkg import bn", "bn", "from pkg.blocks import bn\n"),
    ("from pkg import bn", "bn", "from .blocks import *\n"),
    ("from pkg import *", "bn", "from .blocks import bn\n"),
    ("import pkg", "pkg.bn", "from .blocks import bn\n"),
    ("import pkg", "pkg.blocks.bn", "from . import blocks\n"),
    ("from pkg import norm", "norm", "from . import blocks\n\nnorm = blocks.bn\n"),
    ("from pkg import norm", "norm", "from .blocks import bn\n\ndef norm(x):\n    return bn(x)\n"),
    ("from pkg.deep import bn", "bn", ""),
    ("import pkg.deep.more as m", "m.bn", ""),
]


@pytest.mark.parametrize("first", [False, True], ids=["read first", "read last"])
@pytest.mark.parametrize(
    ("imports", "call", "package", "names_one"),
    [(*way, names_one) for way in _OF_A_MODULE for names_one in (False, True)]
    + [(*way, True) for way in _OF_ITS_PACKAGE],
)
def test_through(
    tmp_path: Path, imports: str, call: str, package: str, names_one: bool, first: bool
) -> None:
    main = f"{'a' if first else 'z'}_main.py"
    files = {
        main: _MAIN.format(imports=imports, call=call) + (_NAMES_ONE if names_one else ""),
        "pkg/__init__.py": package,
        "pkg/blocks.py": _BLOCKS,
        "pkg/deep/__init__.py": "from .more import bn\n",
        "pkg/deep/more.py": "from ..blocks import bn\n",
        "m_other.py": "from pkg.deep import bn\n\nmodel = bn\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = bnlint.lint([str(tmp_path)], isolated=True, cache=False, jobs=1)
    found = [(Path(f.location.filename).name, f.code) for f in report.findings]
    assert found == [(main, "BN201")]
