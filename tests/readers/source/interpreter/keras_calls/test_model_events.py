"""What the source reader notes of what a program does with its models."""

from __future__ import annotations

import textwrap
from pathlib import Path

from bnlint.graph import UNKNOWN, LayerGraph
from bnlint.graph.events import MOST_EVENTS, Applied, Event, Fitted, Lost, TrainableSet
from bnlint.project.judging import file_check
from bnlint.project.judging.file_check import FileResult
from bnlint.rule import Options

MODEL = """\
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential(
    [layers.Dense(8, use_bias=False, input_shape=(4,)), layers.BatchNormalization()]
)
"""


class _Watching:
    """Keeps the events of every graph."""

    def __init__(self) -> None:
        self.graphs: list[LayerGraph] = []
        self.worlds: list[list[Event]] = []
        self.layers: list[int] = []

    def graph(self, graph: LayerGraph) -> None:
        self.worlds.append(list(graph.events))
        self.layers.append(len(graph.layers))

    def result(self, result: FileResult) -> None:
        del result


def _read(tmp_path: Path, program: str) -> _Watching:
    file = tmp_path / "program.py"
    text = MODEL + textwrap.dedent(program)
    file.write_text(text, encoding="utf-8")
    watching = _Watching()
    file_check.start_run()
    with file_check.reading({}, watching):
        file_check.check_file(str(file), text.encode(), Options(), frozenset({"BN101"}))
    return watching


def _names(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events if not isinstance(event, Lost)]


def test_events_come_in_the_order_of_the_program(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        """
        def prepare(net):
            net.compile("sgd", "mse")

        model.trainable = False
        prepare(model)
        model.fit(x, y)
        model.trainable = True
        """,
    )

    assert _names(read.worlds[0]) == ["TrainableSet", "Compiled", "Fitted", "TrainableSet"]
    assert len({id(getattr(e, "model", None)) for e in read.worlds[0][1:3]}) == 1


def test_program_that_trains_nothing_has_no_events(tmp_path: Path) -> None:
    read = _read(tmp_path, "print(model.predict(x))\nmodel.summary()\n")

    assert read.worlds
    assert not any(read.worlds)


def test_model_of_an_event_has_the_layers_of_nested_models(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        """
        outer = keras.Sequential([model, layers.Dense(1)])
        outer.compile("sgd", "mse")
        outer.fit(x, y)
        """,
    )

    fitted = read.worlds[0][1]
    assert isinstance(fitted, Fitted)
    kinds = [layer.kind for layer in fitted.model.layers]
    assert kinds == ["Dense", "BatchNormalization", "Dense"]


def test_branch_that_only_trains_is_run_without_a_world_of_its_own(tmp_path: Path) -> None:
    trains = "if options.train:\n    model.compile('sgd', 'mse')\n    model.fit(x, y)\n"
    read = _read(tmp_path, trains)
    without = _read(tmp_path, "")

    assert _names(read.worlds[0]) == ["Compiled", "Fitted"]
    assert len(read.worlds) == len(without.worlds)
    assert read.layers == without.layers


def test_step_of_a_class_leaves_no_mark_on_the_graph(tmp_path: Path) -> None:
    class_ = """
        class Trained(keras.Model):
            def __init__(self, net):
                super().__init__()
                self.net = net

            def {name}(self, data):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_mean(tf.nn.relu(self.net(data)))
                gradients = tape.gradient(loss, self.net.trainable_variables)
                self.optimizer.apply_gradients(zip(gradients, self.net.trainable_variables))

        trained = Trained(model)
        trained.compile("sgd")
        trained.fit(x)
        """
    read = _read(tmp_path, class_.format(name="train_step"))
    other = _read(tmp_path, class_.format(name="never_called"))

    steps = ["Compiled", "Fitted", "Applied", "Differentiated", "Stepped"]
    assert _names(read.worlds[0]) == steps
    assert _names(other.worlds[0]) == ["Compiled", "Fitted"]
    # The tape is an object of a foreign class and stands in the graph as such.
    assert read.layers[0] == other.layers[0] + 1


def test_mode_that_is_not_known_is_unknown(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        """
        with tf.GradientTape() as tape:
            model(x)
            model(x, training=True)
            model(x, training=options.training)
            model(x, **options)
        """,
    )

    modes = [event.training for event in read.worlds[0] if isinstance(event, Applied)]
    assert modes == [None, True, UNKNOWN, UNKNOWN]


def test_call_inside_a_call_is_not_a_call_by_hand(tmp_path: Path) -> None:
    read = _read(
        tmp_path,
        """
        class Outer(keras.Model):
            def __init__(self):
                super().__init__()
                self.net = model

            def call(self, inputs, training=None):
                return self.net(inputs)

        outer = Outer()
        with tf.GradientTape() as tape:
            outer(x, training=True)
        """,
    )

    applied = [event for event in read.worlds[0] if isinstance(event, Applied)]
    assert [event.model.kind for event in applied] == ["Outer"]


def test_value_that_is_not_known_is_unknown(tmp_path: Path) -> None:
    read = _read(tmp_path, "model.trainable = options.tune\n")

    (event,) = (e for e in read.worlds[0] if isinstance(e, TrainableSet))
    assert event.value is UNKNOWN


def test_program_with_too_many_events_has_none(tmp_path: Path) -> None:
    lines = "model.trainable = True\nmodel.trainable = False\n" * (MOST_EVENTS // 2 + 1)
    read = _read(tmp_path, lines)

    assert not any(read.worlds)
