"""Random programs of one to five files, as people write them around Keras.

All convolutions of a builder have as many channels as its input and keep the size, so that any two
steps fit. The places of the layers and their flags vary: helpers, classes, registries, loops,
defaults, and a module that exists only at run time.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Value: TypeAlias = bool | int | str | None

RUNTIME: Final = "site_flags"
"""A module that exists when the program runs, but not when it is linted."""

_SPELLINGS: Final = (
    ("from keras import layers\n", "layers."),
    ("", "keras.layers."),
    ("from keras import layers as L\n", "L."),
    ("from tensorflow.keras import layers\n", "layers."),
)


_FLAGS: Final[dict[str, tuple[Value, ...]]] = {
    "use_bn": (True, False),
    "norm": ("batch", "none"),
    "act": ("relu", None),
}


@dataclass
class Builder:
    """A public function that returns a model.

    Attributes:
        module: the module that defines it.
        name: its name.
        flags: its parameters, with the values to run with.
    """

    module: str
    name: str
    flags: dict[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass
class Program:
    """A written program.

    Attributes:
        files: the text of each file, by name.
        builders: the functions to run.
        runtime: the names of the module that exists only at run time, with their values.
        formats: the global data formats to run with.
    """

    files: dict[str, str]
    builders: list[Builder]
    runtime: dict[str, tuple[Value, ...]]
    formats: tuple[str, ...]

    @property
    def flags(self) -> set[str]:
        """All names that decide something."""
        return {*self.runtime, "use_bn", "act", "norm", "kind", "FORMAT"}


class Writer:
    """Writes one random program."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - programs, no secrets
        self.head, self.layers = self.rng.choice(_SPELLINGS)
        self.format = self.rng.choice(("last", "last", "last", "first", "asked", "runtime"))
        self.runtime: dict[str, tuple[Value, ...]] = {}
        self.made = 0
        self.helpers: dict[str, tuple[str, ...]] = {}
        self.blocks: list[str] = []
        self.normed: list[str] = []
        self.pooling: set[str] = set()
        self.plain: list[str] = []
        self.norms: list[str] = []
        self.classes: list[str] = []
        self.registry = ""

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def name(self, *stems: str) -> str:
        self.made += 1
        return f"{self.rng.choice(stems)}_{self.made}"

    def program(self) -> Program:
        """The text of all files."""
        for make in (self.conv_bn, self.conv_only, self.norm_only, self.block, self.family):
            if self.chance(0.7):
                make()
        if self.chance(0.5):
            self.conv_bn()
        if len(self.normed) > 1 and self.chance(0.6):
            self.registry = "BLOCKS"
            self.blocks.append("BLOCKS = {" + ", ".join(f'"{n}": {n}' for n in self.normed) + "}")
        builders, texts = [], []
        for _ in range(self.rng.choice((1, 2, 2, 3))):
            builder, text = self.builder()
            builders.append(builder)
            texts.append(text)
        return self.laid_out(builders, texts)

    # Layers.

    def conv(self, more: str = "", filters: str = "5") -> str:
        kind = self.rng.choice(("Conv2D", "Conv2D", "Conv2D", "SeparableConv2D"))
        if self.format != "last":
            kind = "Conv2D"
        size = self.rng.choice(("3", "3", "1", "(3, 3)"))
        return f'{self.layers}{kind}({filters}, {size}, padding="same"{more}{self.formatted()})'

    def formatted(self) -> str:
        """The argument that gives the data format, where one is given."""
        formats = {"first": ', data_format="channels_first"', "runtime": ", data_format=FORMAT"}
        return formats.get(self.format, "")

    def bn(self) -> str:
        if self.format == "last":
            axis = "axis=1" if self.chance(0.06) else self.rng.choice(("", "", "axis=-1", "axis=3"))
        elif self.format == "first":
            axis = "" if self.chance(0.2) else "axis=1"
        else:
            axis = "axis=AXIS"
        return f"{self.layers}BatchNormalization({axis})"

    def pool(self) -> str:
        kind = self.rng.choice(("MaxPooling2D", "AveragePooling2D"))
        return f'{self.layers}{kind}(2, padding="same"{self.formatted()})'

    def activation(self) -> str:
        return self.layers + self.rng.choice(("ReLU()", 'Activation("tanh")', 'Activation("relu")'))

    # Helpers.

    def conv_bn(self) -> None:
        """Convolution, optional normalization, activation."""
        name = self.name("conv_bn", "conv_block", "unit")
        default = self.rng.choice(("True", "True", "False"))
        bias = self.rng.choice(("", "", "", ", use_bias=not use_bn", ", use_bias=False"))
        fused = self.chance(0.15)
        act = self.rng.choice(("none", "fixed", "parameter"))
        more = bias + (', activation="relu"' if fused else "")
        lines = [
            f"def {name}(x, filters=5, use_bn={default}"
            + (', act="relu"' if act == "parameter" else "")
            + "):",
            f"    x = {self.conv(more, 'filters')}(x)",
        ]
        if self.chance(0.15):
            lines.append(f"    x = {self.pool()}(x)")
            self.pooling.add(name)
        if act == "fixed" and self.chance(0.2):
            lines += [f"    x = {self.activation()}(x)"]
            act = "none"
        lines += ["    if use_bn:", f"        x = {self.bn()}(x)"]
        if act == "fixed":
            lines.append(f"    x = {self.activation()}(x)")
        elif act == "parameter":
            lines += ["    if act is not None:", f"        x = {self.layers}Activation(act)(x)"]
        self.blocks.append("\n".join([*lines, "    return x"]))
        self.normed.append(name)

    def conv_only(self) -> None:
        """A helper that builders with and without BatchNormalization share."""
        name = self.name("conv", "project", "plain")
        if self.chance(0.5):
            text = f"def {name}(x, filters=5):\n    return {self.conv('', 'filters')}(x)"
        else:
            text = (
                f"def {name}(x, filters=5):\n    layer = {self.conv('', 'filters')}\n"
                "    return layer(x)"
            )
        self.blocks.append(text)
        self.plain.append(name)

    def norm_only(self) -> None:
        """A helper that normalizes in one of several ways."""
        name = self.name("normalize", "norm_layer")
        other = self.rng.choice(("x", f"{self.layers}LayerNormalization()(x)"))
        if self.format != "last":
            other = "x"
        self.blocks.append(
            f'def {name}(x, norm="batch"):\n    if norm == "batch":\n'
            f"        return {self.bn()}(x)\n"
            f"    return {other}"
        )
        self.norms.append(name)

    def block(self) -> None:
        """A custom layer with a flag."""
        name = self.name("Block", "Cell").replace("_", "")
        unused = self.chance(0.1)
        default = self.rng.choice(("True", "False"))
        use = "" if unused else "        if self.use_bn:\n            x = self.bn(x)\n"
        guard = self.chance(0.5)
        made = (
            f"        if use_bn:\n            self.bn = {self.bn()}\n"
            if guard
            else f"        self.bn = {self.bn()}\n"
        )
        self.blocks.append(
            f"class {name}(keras.layers.Layer):\n"
            f"    def __init__(self, filters=5, use_bn={default}, **kwargs):\n"
            "        super().__init__(**kwargs)\n"
            "        self.use_bn = use_bn\n"
            f"        self.conv = {self.conv('', 'filters')}\n"
            f"{made}        self.act = {self.activation()}\n\n"
            "    def call(self, x, training=None):\n"
            f"        x = self.conv(x)\n{use}        return self.act(x)"
        )
        self.classes.append(name)

    def family(self) -> None:
        """A class, and one that derives from it and normalizes."""
        base, derived = self.name("Base").replace("_", ""), self.name("Normed").replace("_", "")
        self.blocks.append(
            f"class {base}:\n"
            "    def __init__(self, filters=5):\n        self.filters = filters\n\n"
            "    def normalize(self, x):\n        return x\n\n"
            f"    def __call__(self, x):\n        x = {self.conv('', 'self.filters')}(x)\n"
            f"        x = self.normalize(x)\n        return {self.activation()}(x)"
        )
        self.blocks.append(
            f"class {derived}({base}):\n    def normalize(self, x):\n        return {self.bn()}(x)"
        )
        self.plain += [f"{base}()", f"{derived}()"]

    # Builders.

    def builder(self) -> tuple[Builder, str]:
        name = self.name("build", "make", "net")
        flags: dict[str, tuple[Value, ...]] = {}
        defaults = {"use_bn": "True", "norm": '"batch"', "act": '"relu"'}
        flags |= {flag: values for flag, values in _FLAGS.items() if self.chance(0.4)}
        if self.registry and self.chance(0.7):
            flags["kind"] = tuple(self.normed)
            defaults["kind"] = f'"{self.normed[0]}"'
        body: list[str] = []
        for _ in range(self.rng.randint(2, 5)):
            body += self.step(flags)
        words = set(re.findall(r"\w+", "\n".join(body)))
        flags = {flag: values for flag, values in flags.items() if flag in words}
        text = [
            f"def {name}({', '.join(f'{flag}={defaults[flag]}' for flag in flags)}):",
            f"    inputs = keras.Input({self.shape()})",
            "    x = inputs",
            *(f"    {line}" for line in body),
            f"    x = {self.layers}Flatten()(x)",
            *self.end(),
        ]
        return Builder("nets", name, flags), "\n".join(text)

    def end(self) -> list[str]:
        lines = []
        if self.chance(0.3):
            lines += [
                f"    x = {self.layers}Dense(4)(x)",
                f"    x = {self.layers}BatchNormalization()(x)",
            ]
            if self.chance(0.5):
                lines.append(f"    x = {self.activation()}(x)")
        lines.append(f"    outputs = {self.layers}Dense(2)(x)")
        return [*lines, "    return keras.Model(inputs, outputs)"]

    def shape(self) -> str:
        return {"last": "(8, 8, 5)", "first": "(5, 8, 8)"}.get(self.format, "SHAPE")

    def switch(self, flags: dict[str, tuple[Value, ...]]) -> str:
        """An expression for a flag that is passed on."""
        choices = ["True", "False"]
        if "use_bn" in flags:
            choices += ["use_bn"] * 3
        if self.chance(0.25):
            self.runtime["USE_BN"] = (True, False)
            choices += ["USE_BN"] * 2
        return self.rng.choice(choices)

    def step(self, flags: dict[str, tuple[Value, ...]]) -> list[str]:
        """Some lines that compute a new ``x`` from ``x``."""
        rng = self.rng
        kinds = ["direct", "direct", "optional", "between", "dropped"]
        kinds += ["helper"] * 3 * bool(self.normed) + ["shared"] * 2 * bool(self.plain)
        kinds += ["norm"] * 2 * bool(self.norms) + ["class"] * 2 * bool(self.classes)
        kinds += ["loop", "residual"] * bool(self.normed) + ["registry"] * 2 * ("kind" in flags)
        kind = rng.choice(kinds)
        if kind == "direct":
            act = ', activation="relu"' if self.chance(0.15) else ""
            lines = [f"x = {self.conv(act)}(x)"]
            lines += [f"x = {self.bn()}(x)"] * self.chance(0.7)
            return [*lines, *[f"x = {self.activation()}(x)"] * self.chance(0.7)]
        if kind == "optional":
            return [
                f"x = {self.conv()}(x)",
                f"if {self.switch(flags)}:",
                f"    x = {self.bn()}(x)",
                f"x = {self.activation()}(x)",
            ]
        if kind == "between":
            middle = rng.choice(
                (f"{self.layers}Dropout(0.05)", self.pool(), self.pool(), self.activation())
            )
            return [f"x = {self.conv()}(x)", f"x = {middle}(x)", f"x = {self.bn()}(x)"]
        if kind == "dropped":
            if self.chance(0.6):
                return [f"x = {self.conv()}(x)", f"x = {self.activation()}(x)"]
            return [rng.choice((self.bn(), f"{self.bn()}(x)", f"unused = {self.bn()}"))]
        if kind == "helper":
            return [f"x = {self.call(flags, self.normed)}"]
        if kind == "shared":
            lines = [f"x = {rng.choice(self.plain)}(x)"]
            return lines + [f"x = {self.bn()}(x)"] * self.chance(0.5)
        if kind == "norm":
            given = rng.choice(("", '"batch"', "norm=norm" if "norm" in flags else '"none"'))
            return [
                f"x = {self.conv()}(x)",
                f"x = {rng.choice(self.norms)}(x{', ' * bool(given)}{given})",
            ]
        if kind == "class":
            return [f"x = {rng.choice(self.classes)}(5, use_bn={self.switch(flags)})(x)"]
        if kind == "registry":
            return ["x = BLOCKS[kind](x, 5)"]
        if kind == "loop":
            pairs = rng.choice(("(5, True), (3, True)", "(3, True), (5, False)"))
            return [
                f"for filters, normed in ({pairs}):",
                f"    x = {rng.choice(self.normed)}(x, filters, normed)",
                f"x = {self.conv()}(x)",
            ]
        same = [name for name in self.normed if name not in self.pooling]
        if not same:
            return self.step(flags)
        return [
            f"shortcut = {self.conv()}(x)",
            *([f"shortcut = {self.bn()}(shortcut)"] * self.chance(0.6)),
            f"x = {self.call(flags, same)}",
            f"x = {self.layers}Add()([x, shortcut])",
        ]

    def call(self, flags: dict[str, tuple[Value, ...]], among: list[str]) -> str:
        name = self.rng.choice(among)
        text = next(block for block in self.blocks if block.startswith(f"def {name}("))
        given = self.rng.choice(
            ("", f", use_bn={self.switch(flags)}", f", 5, {self.switch(flags)}")
        )
        if "act=" in text and self.chance(0.5):
            given += ", act=act" if "act" in flags else ", act=None"
        return f"{name}(x{given})"

    # Files.

    def laid_out(self, builders: list[Builder], texts: list[str]) -> Program:
        imports = f"import keras\n{self.head}"
        constants = ""
        formats: tuple[str, ...] = ("channels_last",)
        if self.format in ("asked", "runtime"):
            asked = "keras.config.image_data_format()"
            if self.format == "runtime":
                self.runtime["FORMAT"] = ("channels_last", "channels_first")
                asked = "FORMAT"
                constants = f"from {RUNTIME} import FORMAT\n\n"
            else:
                formats = ("channels_last", "channels_first")
            first = f'{asked} == "channels_first"'
            constants += (
                f"AXIS = 1 if {first} else -1\nSHAPE = (5, 8, 8) if {first} else (8, 8, 5)\n"
            )
        helpers, nets = "\n\n\n".join(self.blocks), "\n\n\n".join(texts)
        flag = f"from {RUNTIME} import USE_BN\n" if "USE_BN" in self.runtime else ""
        runtime = dict(self.runtime)
        one_file = self.chance(0.4)
        if one_file or not self.blocks:
            text = f"{imports}{flag}{constants}\n\n{helpers}\n\n\n{nets}\n"
            return Program({"nets.py": text}, builders, runtime, formats)
        files: dict[str, str] = {}
        shared = ""
        if constants:
            files["common.py"] = f"import keras\n{constants}"
            names = "AXIS, FORMAT, SHAPE" if "FORMAT" in self.runtime else "AXIS, SHAPE"
            shared = f"from common import {names}\n"
        files["blocks.py"] = f"{imports}{shared}\n\n{helpers}\n"
        if self.chance(0.5):
            inside = "import blocks"
            public = [*self.normed, *self.plain, *self.norms, *self.classes]
            public = [name.removesuffix("()") for name in public] + [self.registry] * bool(
                self.registry
            )
            for name in public:
                nets = _qualified(nets, name)
        else:
            inside = "from blocks import *"
        parts = [texts] if self.chance(0.6) or inside == "import blocks" else [[t] for t in texts]
        if len(parts) == 1:
            files["nets.py"] = f"{imports}{flag}{shared}{inside}\n\n\n{nets}\n"
        else:
            for number, (part, builder) in enumerate(zip(parts, builders, strict=True)):
                builder.module = f"nets{number}"
                files[f"nets{number}.py"] = f"{imports}{flag}{shared}{inside}\n\n\n{part[0]}\n"
        return Program(files, builders, runtime, formats)


def _qualified(text: str, name: str) -> str:
    return re.sub(rf"(?<![\w.\"]){re.escape(name)}(?![\w\"])", f"blocks.{name}", text)


def program(seed: int) -> Program:
    """The program of a seed; always the same."""
    return Writer(seed).program()
