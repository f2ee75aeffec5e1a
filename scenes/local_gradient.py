"""One node of a network: what comes back, times its own slopes, goes to each input."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, VGroup
from numpy.typing import ArrayLike

from netviz.animation import NodeBackward, NodeForward, SettleGradients
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Expression, ExpressionTrace
from netviz.drawing import Box, ComputationGraph, Number, TextLabel, formula
from netviz.drawing.numerals import plain
from netviz.problems import Problem, ProblemError
from netviz.scene import BeatScene, Option

VALUES = {"x": 3.0, "y": -2.0}
NODE = Box(-6.7, 6.7, -2.7, 2.6)
TITLE = 3.25
# The three kinds of nodes next to each other, with their texts below.
KINDS = {"add": "x + y", "multiply": "x * y", "relu": "relu(y)"}
CAPTIONS = {"add": "local.of_add", "multiply": "local.of_multiply", "relu": "local.of_relu"}
FIRST, STEP, WIDTH, HEIGHTS = -6.7, 4.6, 4.2, (-1.1, 3.2)
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

    length = 37.0
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
    def kinds(self) -> dict[str, ExpressionTrace]:
        """Three nodes, with the same inputs and the same gradient coming back."""
        return {kind: self.traced(text, {}) for kind, text in KINDS.items()}

    def traced(self, text: str, given: dict[str, float]) -> ExpressionTrace:
        """Return the numbers of an expression that a gradient comes back to."""
        expression = Expression.parse(text)
        known = {name: VALUES[name] for name in expression.variables if name in VALUES}
        return expression.evaluate({**known, **given}).with_incoming(self.chosen["gradient"])

    @property
    def results(self) -> Iterator[ArrayLike]:
        """Values, gradients, slopes and shares of all nodes."""
        for trace in (self.node, *self.kinds.values()):
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
        self.add(title.move_to(TITLE * UP), graph)
        with self.beat("local.node"):
            self.play(NodeForward(graph, last))
            self.hold_for(len(trace.values))
        color = self.theme.blame
        name = self.slope("L", "z", None).next_to(graph.gradients[last], LEFT, buff=0.2)
        name.shift((graph.stems[last].get_y() - 0.12 - name.get_top()[1]) * UP)

        def arrive(share: float) -> None:
            graph.show_stem_flow(last, 1.0 - ease(share), color)

        incoming = [
            Span(0, 1.0, arrive),
            Span(1.0, 1.4, lambda share: graph.show_gradient(last, share)),
        ]
        with self.beat("local.incoming"):
            self.play(Timeline(graph, incoming), FadeIn(name, run_time=1.4))
            self.hold_for(1)
        slopes = []
        for place, (source, _, _) in enumerate(graph.inputs(last)):
            name_of = trace.expression.inputs[place].name
            line = self.slope("z", name_of, trace.slopes[last][place])
            slopes.append(line.next_to(graph.stems[source], DOWN, buff=0.2))
        with self.beat("local.slopes"):
            graph.light(last, color)
            self.play(*map(FadeIn, slopes))
            self.hold_for(len(slopes))
        with self.beat("local.product"):
            self.play(*map(FadeOut, slopes), run_time=0.4)
            self.play(NodeBackward(graph, last))
            self.hold_for(len(slopes))
            self.play(SettleGradients(graph, last))
            self.hold_for(len(slopes))
        self.clear_caption()
        self.play(FadeOut(graph), FadeOut(title), FadeOut(name), run_time=0.6)

    def compare(self) -> None:
        """Three kinds of nodes: what each does with the gradient that comes back."""
        graphs, texts = [], []
        for column, (kind, trace) in enumerate(self.kinds.items()):
            left = FIRST + column * STEP
            box = Box(left, left + WIDTH, *HEIGHTS)
            graph = ComputationGraph(trace, theme=self.theme, box=box, words=self.words)
            for place in range(len(trace.values) - 1):
                graph.show_gradient(place, 0.0)
            lines = self.words(f"local.{kind}").replace("|", "\n")
            text = TextLabel(lines, self.theme, em=self.theme.caption_size)
            text.move_to([box.center[0], TEXT, 0])
            graphs.append(graph)
            texts.append(text)
        with self.beat("local.kinds", along=[FadeIn(graph) for graph in graphs]):
            self.hold_for(len({value for trace in self.kinds.values() for value in trace.values}))
        for kind, graph, text in zip(self.kinds, graphs, texts, strict=True):
            last = len(graph.values) - 1
            hold = LAST if kind == list(self.kinds)[-1] else 0.5
            with self.beat(CAPTIONS[kind], hold=hold):
                self.play(NodeBackward(graph, last))
                self.play(SettleGradients(graph, last), FadeIn(text))
                self.hold_for(2)

    def slope(self, of: str, by: str, value: float | None) -> VGroup:
        """Return ∂of/∂by, with its value if there is one."""
        sign = " =" if value is not None else ""
        name = formula(
            f'(partial "{of}") / (partial "{by}"){sign}', self.theme, em=self.theme.caption_size
        )
        if value is None:
            return VGroup(name.set_color(self.theme.blame))
        number = Number(value, self.theme, em=self.theme.caption_size).show(value, plain(value))
        return VGroup(name, number.next_to(name, RIGHT, buff=0.15))
