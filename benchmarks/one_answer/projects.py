"""Small projects of every shape, each with the lines that must be flagged.

A line that must be flagged ends with ``# expect: BN503``; no other line may be flagged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import TypeAlias

Files: TypeAlias = Mapping[str, str]

BLOCKS = """
    from tensorflow.keras import layers


    def conv_bn(x, n):
        x = layers.Conv2D(n, 3, use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization()(x))
"""
NET = """
    import tensorflow as tf
    from tensorflow.keras import layers

    {blocks}


    def small_net(n):
        inputs = tf.keras.Input((32, 32, 3))
        x = {call}(inputs, 8)
        return tf.keras.Model(inputs, layers.Dense(n)(layers.GlobalAveragePooling2D()(x)))
"""
LOOP = """
    import tensorflow as tf


    def train(model, dataset):
        optimizer = tf.keras.optimizers.Adam()
        for x, y in dataset:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((model(x{mode}) - y) ** 2){expect}
            grads = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(grads, model.trainable_variables))
"""
TRAINER = """
    import tensorflow as tf


    class Trainer:
        def __init__(self, net, optimizer):
            self.net = net
            self.optimizer = optimizer

        def step(self, x, y):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((self.net(x{mode}) - y) ** 2){expect}
            grads = tape.gradient(loss, self.net.trainable_variables)
            self.optimizer.apply_gradients(zip(grads, self.net.trainable_variables))

        def run(self, dataset):
            for x, y in dataset:
                self.step(x, y)
"""
MAIN = """
    {imports}


    def main(dataset):
        {train}({build}(10), dataset)


    if __name__ == "__main__":
        main(load())
"""


def projects() -> Iterator[tuple[str, Files]]:
    """Each project with its name, and each again as a clean control."""
    for name, make in _SHAPES.items():
        for is_control in (False, True):
            mode = ", training=True" if is_control else ""
            expect = "" if is_control else "  # expect: BN503"
            yield name + "-control" * is_control, _dedented(make(mode, expect))
    for name, files in _OTHERS.items():
        yield name, _dedented(files)


def _dedented(files: Files) -> Files:
    return {path: dedent(text).lstrip() for path, text in files.items()}


def write(folder: Path, files: Files) -> None:
    """Write a project into an empty folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _net(blocks: str = "from blocks import conv_bn", call: str = "conv_bn") -> str:
    return dedent(NET).format(blocks=blocks, call=call)


def _loop(mode: str, expect: str) -> str:
    return dedent(LOOP).format(mode=mode, expect=expect)


def _trainer(mode: str, expect: str) -> str:
    return dedent(TRAINER).format(mode=mode, expect=expect)


def _main(*imports: str, train: str = "train", build: str = "small_net") -> str:
    return dedent(MAIN).format(imports="\n".join(imports), train=train, build=build)


def _flat(mode: str, expect: str) -> Files:
    return {
        "blocks.py": BLOCKS,
        "net.py": _net(),
        "loop.py": _loop(mode, expect),
        "main.py": _main("from loop import train", "from net import small_net"),
    }


def _src_layout(mode: str, expect: str) -> Files:
    return {
        "src/smallnet/__init__.py": "from .net import small_net\n",
        "src/smallnet/blocks.py": BLOCKS,
        "src/smallnet/net.py": _net("from .blocks import conv_bn"),
        "src/smallnet/loop.py": _loop(mode, expect),
        "train.py": _main("from smallnet import small_net", "from smallnet.loop import train"),
    }


def _scripts_beside_package(mode: str, expect: str) -> Files:
    return {
        "smallnet/__init__.py": "",
        "smallnet/blocks.py": BLOCKS,
        "smallnet/net.py": _net("from smallnet import blocks", "blocks.conv_bn"),
        "scripts/common.py": _loop(mode, expect),
        "scripts/train.py": _main(
            "import common",
            "import smallnet.net as net",
            train="common.train",
            build="net.small_net",
        ),
    }


def _dotted_imports(mode: str, expect: str) -> Files:
    return {
        "pkg/__init__.py": "",
        "pkg/sub/__init__.py": "",
        "pkg/sub/blocks.py": BLOCKS,
        "pkg/sub/net.py": _net("from .blocks import *"),
        "pkg/loop.py": _loop(mode, expect),
        "main.py": _main(
            "import pkg.loop",
            "import pkg.sub.net",
            train="pkg.loop.train",
            build="pkg.sub.net.small_net",
        ),
    }


def _handed_on(mode: str, expect: str) -> Files:
    return {
        "zoo/__init__.py": "from .nets import small_net as make\nfrom .training import fit\n",
        "zoo/nets/__init__.py": "from zoo.nets.small import small_net\n",
        "zoo/nets/small.py": _net("from ..parts.blocks import conv_bn as block", "block"),
        "zoo/parts/__init__.py": "",
        "zoo/parts/blocks.py": BLOCKS,
        "zoo/training.py": _loop(mode, expect).replace("def train", "def fit"),
        "run.py": _main("import zoo", train="zoo.fit", build="zoo.make"),
    }


def _namespace_package(mode: str, expect: str) -> Files:
    return {
        "models/parts/blocks.py": BLOCKS,
        "models/parts/net.py": _net("from models.parts.blocks import conv_bn"),
        "models/loop.py": _loop(mode, expect),
        "models/main.py": _main(
            "from models.loop import train", "from models.parts.net import small_net"
        ),
    }


def _path_edit(mode: str, expect: str) -> Files:
    return {
        "library/blocks.py": BLOCKS,
        "library/net.py": _net(),
        "library/loop.py": _loop(mode, expect),
        "jobs/small/main.py": _main(
            "import sys",
            "sys.path.append('../../library')",
            "from loop import train",
            "from net import small_net",
        ),
    }


def _trainer_elsewhere(mode: str, expect: str) -> Files:
    start = """
        from core.net import small_net
        from core.trainer import Trainer


        def start(dataset, optimizer):
            trainer = Trainer(small_net(3), optimizer)
            trainer.run(dataset)
    """
    return {
        "core/__init__.py": "",
        "core/blocks.py": BLOCKS,
        "core/net.py": _net("from core.blocks import conv_bn"),
        "core/trainer.py": _trainer(mode, expect),
        "start.py": start,
    }


def _derived_trainer(mode: str, expect: str) -> Files:
    mine = """
        from base import Trainer


        class Mine(Trainer):
            def run(self, dataset):
                for x, y in dataset.take(10):
                    self.step(x, y)
    """
    start = """
        from mine import Mine
        from net import small_net


        if __name__ == "__main__":
            Mine(small_net(3), get_optimizer()).run(get_data())
    """
    return {
        "blocks.py": BLOCKS,
        "net.py": _net(),
        "base.py": _trainer(mode, expect),
        "mine.py": mine,
        "start.py": start,
    }


def _table_of_builders(mode: str, expect: str) -> Files:
    table = """
        from net import small_net

        MODELS = {"small": small_net}


        def build(name):
            return MODELS[name](10)
    """
    main = """
        from loop import train
        from table import build


        def main(dataset):
            train(build("small"), dataset)
    """
    return {
        "blocks.py": BLOCKS,
        "net.py": _net(),
        "table.py": table,
        "loop.py": _loop(mode, expect),
        "main.py": main,
    }


def _notebook(mode: str, expect: str) -> Files:
    cells = [
        "%matplotlib inline\nfrom loop import train\nfrom net import small_net",
        "model = small_net(10)",
        "train(model, load())",
    ]
    made: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": [f"{line}\n" for line in cell.split("\n")],
        }
        for cell in cells
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    notebook = {
        "cells": made,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return {
        "blocks.py": BLOCKS,
        "net.py": _net(),
        "loop.py": _loop(mode, expect),
        "try.ipynb": json.dumps(notebook, indent=1) + "\n",
    }


_SHAPES = {
    "flat": _flat,
    "src-layout": _src_layout,
    "scripts-beside-package": _scripts_beside_package,
    "dotted-imports": _dotted_imports,
    "handed-on": _handed_on,
    "namespace-package": _namespace_package,
    "path-edit": _path_edit,
    "trainer-elsewhere": _trainer_elsewhere,
    "derived-trainer": _derived_trainer,
    "table-of-builders": _table_of_builders,
    "notebook": _notebook,
}

_HELPER = """
    from keras import layers


    def project(x, units):
        return layers.Dense(units)(x){expect}
"""
_WITH = """
    from keras import Input, Model, layers

    from helper import project

    inputs = Input((8,))
    x = layers.BatchNormalization()(project(inputs, 16))
    model = Model(inputs, layers.ReLU()(x))
"""
_WITHOUT = """
    from keras import Input, Model, layers

    from helper import project


    def critic():
        inputs = Input((8,))
        return Model(inputs, layers.ReLU()(project(inputs, 16)))
"""
_SUBCLASS = """
    import keras
    from keras import layers


    class Net(keras.Model):
        def __init__(self, units):
            super().__init__()
            self.hidden = layers.Dense(units, use_bias=False)
            self.norm = layers.BatchNormalization()
            self.head = layers.Dense(1)

        def call(self, x{parameter}):{expect}
            return self.head(keras.ops.relu(self.norm(self.hidden(x){passed})))
"""
_FITTING = """
    def fit(model, x, y):
        model.compile("adam", "mse")
        return model.fit(x, y, epochs=5)
"""
_RUN = """
    from fitting import fit
    from net import Net


    def main(x, y):
        fit(Net(32), x, y)
"""
_TARGET = '[project]\nname = "x"\nversion = "1"\ndependencies = ["keras>=3"]\n'
_UNRELATED = """
    import numpy as np


    def load(path):
        return np.load(path)
"""

_OTHERS: Mapping[str, Files] = {
    "class-by-another-name": {
        "helper.py": _HELPER.format(expect="  # expect: BN201"),
        "parts.py": """
            from keras.layers import BatchNormalization as BN

            from helper import project


            def block(x):
                return BN()(project(x, 16))
        """,
        "net.py": """
            from keras import Input, Model, layers

            from parts import block

            inputs = Input((8,))
            model = Model(inputs, layers.ReLU()(block(inputs)))
        """,
    },
    "helper-of-one": {
        "helper.py": _HELPER.format(expect="  # expect: BN201"),
        "net.py": _WITH,
        "data.py": _UNRELATED,
    },
    "helper-of-two-control": {
        "helper.py": _HELPER.format(expect=""),
        "net.py": _WITH,
        "critic.py": _WITHOUT,
    },
    "fit-elsewhere": {
        "pyproject.toml": _TARGET,
        "net.py": _SUBCLASS.format(parameter="", expect="  # expect: BN501", passed=""),
        "fitting.py": _FITTING,
        "run.py": _RUN,
    },
    "fit-elsewhere-control": {
        "pyproject.toml": _TARGET,
        "net.py": _SUBCLASS.format(
            parameter=", training=None", expect="", passed=", training=training"
        ),
        "fitting.py": _FITTING,
        "run.py": _RUN,
    },
    "never-fitted-control": {
        "pyproject.toml": _TARGET,
        "net.py": _SUBCLASS.format(parameter="", expect="", passed=""),
        "fitting.py": _FITTING,
    },
}
