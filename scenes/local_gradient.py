"""One node of a network: what comes back, times its own slopes, goes to each input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, MathTypst, VGroup
from numpy.typing import ArrayLike

from netviz.animation import NodeBackward, NodeForward, SettleGradients
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Expression, ExpressionTrace
from netviz.drawing import Box, ComputationGraph, Number, TextLabel, formula
from netviz.drawing.numerals import plain
from netviz.drawing.panels.pieces import cross
from netviz.drawing.text import put_name
from netviz.problems import Problem, ProblemError
from netviz.scene import BeatScene, Option

VALUES = {"x": 3.0, "y": -2.0}
NODE = Box(-6.7, 5.4, -2.7, 2.6)
TITLE = 3.25
# How far slopes step aside for products, and half the width of the cross on a closed wire.
ASIDE, ARM = 0.55, 0.11
# The three kinds of nodes next to each other, with their texts below; ReLU for an input of either
# sign.
KINDS = {"add": ("x + y",), "multiply": ("x * y",), "relu": ("relu(x)", "relu(y)")}
CAPTIONS = {"add": "local.of_add", "multiply": "local.of_multiply", "relu": "local.of_relu"}
FIRST, STEP, WIDTH, LOW, HIGH = -6.7, 4.6, 4.2, -1.1, 3.2
# What the numbers are, in the upper corners.
KEY, LEFT_END, RIGHT_END = 3.62, -6.7, 6.7
TEXT = -1.9
LAST = 0.9


def expect_node(text: str) -> None:
    """Check an expression as an option.

    Raises:
        ProblemError: It cannot be read, or is not a single operation on variables.
    """
    expression = Expression.parse(text)
    if expression.operation is None or not all(node.name for node in expression.inputs):
        expected = "one operation on variables, such as x * y"
        raise ProblemError(Problem("option expression", f"is {text!r}", expected))


class LocalGradient(BeatScene):
    """A node multiplies what comes back by its own slopes, and knows nothing else.

    The picture to remember: plus passes the gradient on, times swaps its inputs, ReLU is a switch.
    """

    length = 37.4
    options = (
        Option("expression", "x * y", "the node: one operation", check=expect_node),
        Option("gradient", 0.5, "the gradient that comes back: ∂L/∂z"),
        Option("variable", 1.0, "the value of a variable", any_name=True),
    )

    @cached_property
    def node(self) -> ExpressionTrace:
        """The node with its numbers."""
        own = {option.name for option in self.options}
        given = {name: value for name, value in self.chosen.items() if name not in own}
        return self.traced(self.chosen["expression"], given)

    @cached_property
    def kinds(self) -> dict[str, list[ExpressionTrace]]:
        """Three kinds of nodes, with the same inputs and the same gradient coming back."""
        return {kind: [self.traced(text, {}) for text in texts] for kind, texts in KINDS.items()}

    def traced(self, text: str, given: dict[str, float]) -> ExpressionTrace:
        """Return the numbers of an expression that a gradient comes back to."""
        expression = Expression.parse(text)
        known = {name: VALUES[name] for name in expression.variables if name in VALUES}
        return expression.evaluate({**known, **given}).with_incoming(self.chosen["gradient"])

    @property
    def results(self) -> Iterator[ArrayLike]:
        """Values, gradients, slopes and shares of all nodes."""
        for trace in (self.node, *chain.from_iterable(self.kinds.values())):
            yield trace.values
            yield [gradient for gradient in trace.gradients if gradient is not None]
            for rows in (trace.slopes, trace.shares):
                yield [number for row in rows for number in row if number is not None]

    def construct(self) -> None:
        """Play the node in detail, then the three kinds."""
        self.section("local_node")
        self.in_detail()
        self.section("local_kinds")
        self.compare()

    def in_detail(self) -> None:
        """One node, slowly."""
        trace = self.node
        graph = ComputationGraph(trace, theme=self.theme, box=NODE, words=self.words)
        last = len(trace.values) - 1
        graph.show_value(last, 0.0)
        for place in range(last + 1):
            graph.show_gradient(place, 0.0)
        title = TextLabel(f"z = {trace.expression}", self.theme, em=1.2 * self.theme.caption_size)
        # The loss is further on in the network.
        beyond = TextLabel("…  L", self.theme, em=self.theme.caption_size)
        graph.add(beyond.next_to(graph.stems[-1], RIGHT, buff=0.15))
        self.add(title.move_to(TITLE * UP), graph)
        with self.beat("local.node"):
            self.play(NodeForward(graph, last))
            self.hold_for(len(trace.values))
        color = self.theme.blame
        name = self.gradient_name("z", graph.gradients[last])

        def arrive(share: float) -> None:
            graph.show_stem_flow(last, 1.0 - ease(share), color)

        incoming = [
            Span(0, 1.0, arrive),
            Span(1.0, 1.4, lambda share: graph.show_gradient(last, share)),
        ]
        with self.beat("local.incoming"):
            self.play(Timeline(graph, incoming), FadeIn(name, run_time=1.4))
            self.hold_for(1)
        slopes, names = [], []
        for place, (source, _, _) in enumerate(graph.inputs(last)):
            name_of = trace.expression.inputs[place].name
            slopes.append(self.slope(name_of, trace.slopes[last][place], graph.gradients[source]))
            names.append(self.gradient_name(name_of, graph.gradients[source]))
        with self.beat("local.slopes"):
            graph.light(last, color)
            self.play(*map(FadeIn, slopes))
            self.hold_for(len(slopes))
        with self.beat("local.product"):
            self.play(*(slope.animate.shift(ASIDE * DOWN) for slope in slopes), run_time=0.6)
            self.play(NodeBackward(graph, last))
            self.hold_for(len(slopes))
            settled = SettleGradients(graph, last)
            self.play(settled, *map(FadeIn, names), *map(FadeOut, slopes))
            self.hold_for(len(slopes))
        self.clear_caption()
        self.play(*map(FadeOut, (graph, title, name, *names)), run_time=0.6)

    def compare(self) -> None:
        """Three kinds of nodes: what each does with the gradient that comes back."""
        columns, texts = [], []
        for column, (kind, traces) in enumerate(self.kinds.items()):
            left, height = FIRST + column * STEP, (HIGH - LOW) / len(traces)
            graphs = []
            for row, trace in enumerate(traces):
                box = Box(left, left + WIDTH, HIGH - (row + 1) * height, HIGH - row * height)
                graph = ComputationGraph(
                    trace, working=False, theme=self.theme, box=box, words=self.words
                )
                for place in range(len(trace.values) - 1):
                    graph.show_gradient(place, 0.0)
                graphs.append(graph)
            lines = self.words(f"local.{kind}").replace("|", "\n")
            text = TextLabel(lines, self.theme, em=self.theme.caption_size)
            texts.append(text.move_to([left + WIDTH / 2, TEXT, 0]))
            columns.append(graphs)
        shown = list(chain.from_iterable(columns))
        above, below = shown[0].key("L")
        above.move_to([LEFT_END, KEY, 0], aligned_edge=LEFT)
        below.move_to([RIGHT_END, KEY, 0], aligned_edge=RIGHT)
        with self.beat("local.kinds", along=list(map(FadeIn, (*shown, above, below)))):
            self.hold_for(len({value for graph in shown for value in graph.trace.values}))
        for kind, graphs, text in zip(self.kinds, columns, texts, strict=True):
            last = kind == list(self.kinds)[-1]
            with self.beat(CAPTIONS[kind], hold=LAST if last else 0.5):
                self.play(*(NodeBackward(graph, len(graph.values) - 1) for graph in graphs))
                settle = (SettleGradients(graph, len(graph.values) - 1) for graph in graphs)
                self.play(*settle, FadeIn(text), *map(FadeIn, self.closed(graphs)))
                self.hold_for(2)

    def closed(self, graphs: Sequence[ComputationGraph]) -> list[VGroup]:
        """Return crosses on the wires over which nothing comes back."""
        crosses = []
        for graph in graphs:
            for place, gradient in enumerate(graph.trace.gradients):
                if gradient == 0:
                    mark = cross(ARM, self.theme.blame)
                    crosses.append(mark.move_to(graph.stems[place].get_end()))
        return crosses

    def gradient_name(self, by: str, number: Number) -> MathTypst:
        """Return ``∂L/∂by =`` before a gradient."""
        text = f"partial L slash partial {letter(by)} ="
        return put_name(formula(text, self.theme, em=number.em, color=self.theme.blame), number)

    def slope(self, by: str, value: float | None, place: Number) -> VGroup:
        """Return ``∂z/∂by = value`` in the place of a gradient."""
        shown = value or 0.0
        number = Number(shown, self.theme, em=place.em).show(shown, plain(shown))
        number.move_to(place)
        name = formula(f"partial z slash partial {letter(by)} =", self.theme, em=place.em)
        return VGroup(put_name(name, number), number)


def letter(name: str) -> str:
    """Return a variable in Typst mathematics."""
    return name if len(name) == 1 else f'"{name}"'
