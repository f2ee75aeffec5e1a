"""The chain rule: values run forward through a formula, gradients run back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial

from manim import DR, LEFT, PI, RIGHT, UP, Animation, FadeIn, FadeOut, VGroup
from numpy.typing import ArrayLike

from netviz.animation import AddGradients, NodeBackward, NodeForward, SettleGradients
from netviz.animation.timeline import Span, Timeline
from netviz.core import Expression, ExpressionTrace
from netviz.drawing import Box, ComputationGraph, Number, TextLabel, formula
from netviz.drawing.text import put_name
from netviz.problems import Problem, ProblemError
from netviz.scene import BeatScene, Option

# Variables of the expression that is shown by default.
VALUES = {"x": -2.0, "y": 5.0, "z": -4.0}
GRAPH = Box(-6.7, 6.3, -2.75, 2.65)
# Heights of the title and of what the numbers are, which stands in the upper corners; the corner of
# the gradient that is read.
TITLE, KEY, LEFT_END, RIGHT_END, READ = 3.25, 3.62, -6.7, 6.7, (6.7, -2.6)
# So many operations are explained one by one; the others follow quickly.
SLOWLY = 4
LAST = 2.0
KINDS = {"multiply": "chain.multiply", "add": "chain.add"}


def expect_variables(text: str) -> None:
    """Check an expression as an option.

    Raises:
        ProblemError: It cannot be read, or has no variable or no operation.
    """
    expression = Expression.parse(text)
    if not expression.variables or expression.operation is None:
        expected = "an operation on variables, such as (x + y) * z"
        raise ProblemError(Problem("option expression", f"is {text!r}", expected))


class ChainRule(BeatScene):
    """Each node multiplies the gradient that comes in from the right by its own slope.

    The picture to remember: over every wire a value runs to the right above it, and a gradient
    back to the left below it.
    """

    length = 46.4
    options = (
        Option("expression", "(x + y) * z", "the formula f", check=expect_variables),
        Option("variable", 1.0, "the value of a variable of f", any_name=True),
    )

    @cached_property
    def formula(self) -> ExpressionTrace:
        """The formula with its numbers."""
        expression = Expression.parse(self.chosen["expression"])
        given = {name: value for name, value in self.chosen.items() if name != "expression"}
        known = {name: VALUES[name] for name in expression.variables if name in VALUES}
        return expression.evaluate({**known, **given})

    @cached_property
    def fork(self) -> ExpressionTrace | None:
        """A formula of the first variables that uses one twice, unless the formula itself does."""
        expression = self.formula.expression
        uses = [source for source, _, _ in expression.wires]
        if any(uses.count(place) > 1 for place in uses):
            return None
        first, *others = (Expression.variable(name) for name in expression.variables)
        twice = (first + (others[0] if others else first)) * first
        numbers = zip(expression.nodes, self.formula.values, strict=True)
        values = {node.name: value for node, value in numbers if node.name}
        return twice.evaluate({name: values[name] for name in twice.variables})

    @property
    def results(self) -> Iterator[ArrayLike]:
        """Values, gradients, slopes and shares of both formulae."""
        for trace in filter(None, (self.formula, self.fork)):
            yield trace.values
            yield [gradient for gradient in trace.gradients if gradient is not None]
            for rows in (trace.slopes, trace.shares):
                yield [number for row in rows for number in row if number is not None]

    def construct(self) -> None:
        """Play both parts."""
        trace = self.formula
        self.section("chain_forward")
        graph = self.graph_of(trace)
        above, below = self.key = graph.key("f")
        above.move_to([LEFT_END, KEY, 0], aligned_edge=LEFT)
        below.move_to([RIGHT_END, KEY, 0], aligned_edge=RIGHT)
        self.add(self.title_of(trace), graph, above)
        nodes = trace.expression.nodes
        leaves = [place for place, node in enumerate(nodes) if node.operation is None]
        for place in leaves:
            graph.show_value(place, 0.0)
        with self.beat("chain.values"):
            self.play(self.appearing(graph, leaves))
            self.hold_for(len(trace.expression.variables))
        self.forward(graph)
        self.section("chain_backward")
        self.backward(graph, explained=True)
        name = trace.expression.variables[0]
        place = [node.name for node in trace.expression.nodes].index(name)
        number = graph.gradients[place]
        with self.beat("chain.result", hold=LAST, name=name, amount=number.text):
            graph.light(place, self.theme.blame)
            self.play(FadeIn(self.reading(name, number)))
        if self.fork is not None:
            self.section("chain_fork")
            self.twice(self.fork)

    def twice(self, trace: ExpressionTrace) -> None:
        """The formula in which a variable is used twice."""
        self.clear_caption()
        self.play(*(FadeOut(each) for each in self.mobjects if each not in self.key), run_time=0.6)
        graph = self.graph_of(trace)
        for place in range(len(trace.values)):
            graph.show_value(place)
        title = self.title_of(trace)
        with self.beat("chain.fork", along=[FadeIn(title), FadeIn(graph)]):
            self.hold_for(len(trace.values))
        with self.beat("chain.sum", hold=LAST):
            self.backward(graph, explained=False)

    # ---- parts -----------------------------------------------------------------------------------

    def graph_of(self, trace: ExpressionTrace) -> ComputationGraph:
        """Return the graph with the values of variables and numbers only, and f at its end."""
        graph = ComputationGraph(trace, theme=self.theme, box=GRAPH, words=self.words)
        name = TextLabel("f", self.theme, em=self.theme.caption_size)
        graph.add(name.next_to(graph.stems[-1], RIGHT, buff=0.15))
        for place, node in enumerate(trace.expression.nodes):
            graph.show_gradient(place, 0.0)
            if node.operation is not None:
                graph.show_value(place, 0.0)
        return graph

    def title_of(self, trace: ExpressionTrace) -> TextLabel:
        """Return the formula, to stand above the graph."""
        title = TextLabel(f"f = {trace.expression}", self.theme, em=1.2 * self.theme.caption_size)
        title.move_to(TITLE * UP)
        return title

    def reading(self, name: str, gradient: Number) -> VGroup:
        """Return ``∂f/∂x = −4``, to stand below the graph."""
        theme, em = self.theme, 1.2 * self.theme.caption_size
        number = Number(gradient.value, theme, em=em, color=theme.blame)
        number.show(gradient.value, gradient.text).move_to([*READ, 0], aligned_edge=DR)
        variable = name if len(name) == 1 else f'"{name}"'
        text = f"partial f slash partial {variable} ="
        return VGroup(put_name(formula(text, theme, em=em, color=theme.blame), number), number)

    def appearing(self, graph: ComputationGraph, places: list[int]) -> Timeline:
        """Return the animation in which values appear one after the other."""
        spans = [
            Span(0.3 * k, 0.3 * k + 0.6, partial(graph.show_value, place))
            for k, place in enumerate(places)
        ]
        return Timeline(graph, spans)

    def forward(self, graph: ComputationGraph) -> None:
        """Values run through all operations."""
        with self.beat("chain.forward"):
            for place in operations(graph):
                self.play(NodeForward(graph, place))
                self.hold_for(1)

    def backward(self, graph: ComputationGraph, *, explained: bool) -> None:
        """Gradients run back through all operations.

        Args:
            graph: Shows all values.
            explained: Whether there is a caption for each of the first operations.
        """
        last = len(graph.values) - 1
        start = Timeline(graph, [Span(0, 0.5, lambda share: graph.show_gradient(last, share))])
        if explained:
            with self.beat("chain.start"):
                self.play(start, FadeIn(self.key[1]))
                self.hold_for(1)
        else:
            self.play(start)
            self.hold_for(1)
        order = operations(graph)[::-1]
        for place in order[: SLOWLY if explained else 0]:
            node = graph.trace.expression.nodes[place]
            assert node.operation is not None
            kind = node.operation.name
            key = KINDS.get(kind, "chain.other")
            fields = {} if kind in KINDS else {"node": node.operation.symbol}
            with self.beat(key, hold=0.3, **fields):
                self.send_back(graph, place)
        rest = order[SLOWLY:] if explained else order
        if explained and rest:
            with self.beat("chain.rest", hold=0.3):
                for place in rest:
                    self.send_back(graph, place)
        elif rest:
            for place in rest:
                self.send_back(graph, place)

    def send_back(self, graph: ComputationGraph, place: int) -> None:
        """The gradient of one operation goes to its inputs."""
        swapped = self.swapped(graph, place)
        self.play(NodeBackward(graph, place), *swapped)
        self.remove(*(each.mobject for each in swapped))
        self.hold_for(2)
        self.play(SettleGradients(graph, place))
        self.hold_for(1)
        wires = graph.inputs(place)
        for source in {source for source, _, _ in wires} & set(graph.sums):
            uses = [target for start, target, _ in graph.wires if start == source]
            if place == min(uses):
                self.play(AddGradients(graph, source))
                self.hold_for(1)

    def swapped(self, graph: ComputationGraph, place: int) -> list[Animation]:
        """Return the animations in which the factors of a product become each other's slopes.

        They pass each other on arcs.
        """
        node, wires = graph.trace.expression.nodes[place], graph.inputs(place)
        if node.operation is None or node.operation.name != "multiply":
            return []
        moves = []
        for wire, (other, _, _) in zip(wires, wires[::-1], strict=True):
            product = graph.products.get(wire[1:])
            if product:
                value = graph.values[other].copy()
                moves.append(value.animate(run_time=1.3, path_arc=PI / 2).move_to(product[-1]))
        return [move.build() for move in moves]


def operations(graph: ComputationGraph) -> list[int]:
    """Return the places of the operations, in the order of the forward pass."""
    nodes = graph.trace.expression.nodes
    return [place for place, node in enumerate(nodes) if node.operation is not None]
