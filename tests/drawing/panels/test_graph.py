"""The panel of a computation graph: where nodes stand, and what is refused."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from netviz.core import Expression
from netviz.drawing import Box, ComputationGraph
from netviz.problems import ProblemError

WHOLE = Box(-6.7, 6.7, -2.8, 3.0)


def graph_of(text: str, **values: float) -> ComputationGraph:
    return ComputationGraph(Expression.parse(text).evaluate(values), box=WHOLE)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("(x + y) * z", {"x": -2, "y": 5, "z": -4}),
        ("exp(x) * x * x", {"x": 0.5}),
        ("x * x", {"x": 3}),
        ("sigmoid(w * x + v * y + b)", {"w": 1, "x": 2, "v": -1, "y": 3, "b": 0.5}),
    ],
)
def test_nodes_stand_apart_and_no_wire_runs_through_another_node(text: str, values: dict) -> None:
    graph = graph_of(text, **values)
    for one, other in combinations(graph.nodes, 2):
        apart = np.abs(one.get_center() - other.get_center())
        assert (
            apart[0] > (one.width + other.width) / 2 or apart[1] > (one.height + other.height) / 2
        )
    for (source, target, _), wire in graph.wires.items():
        np.testing.assert_allclose(wire.get_start(), graph.stems[source].get_end())
        for place, node in enumerate(graph.nodes):
            if place not in (source, target):
                near = np.abs(wire.points - node.get_center()) < [
                    node.width / 2,
                    node.height / 2,
                    1,
                ]
                assert not near.all(axis=1).any()
    assert graph.width <= WHOLE.width + 1e-6


def test_values_stand_above_and_gradients_below_their_wires() -> None:
    graph = graph_of("(x + y) * z", x=-2, y=5, z=-4)
    for stem, value, gradient in zip(graph.stems, graph.values, graph.gradients, strict=True):
        assert value.get_bottom()[1] > stem.get_y() > gradient.get_top()[1]
    assert [number.text for number in graph.gradients] == ["−4", "−4", "−4", "3", "1"]
    texts = {key: [part.text for part in line] for key, line in graph.products.items()}
    assert texts[4, 0] == ["1", "×", "(−4)"]
    assert texts[2, 1] == ["−4", "×", "1"]


def test_addends_of_a_fork_are_in_the_order_of_their_arrival() -> None:
    graph = graph_of("x * y + x", x=-2, y=5)
    assert [part.text for part in graph.sums[0]] == ["1", "+", "5", "="]
    assert graph.arrivals(0) == [(0, 3, 1), (0, 2, 0)]
    graph.show_addend((0, 2, 0))
    assert [part.get_fill_opacity() for part in graph.sums[0]] == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("text", "values"), [("x * y + x", {"x": -2, "y": 5}), ("x * x", {"x": 3})]
)
def test_a_product_stands_behind_what_has_arrived_at_its_fork(text: str, values: dict) -> None:
    graph = graph_of(text, **values)
    before, after = (graph.products[wire[1:]] for wire in graph.arrivals(0))
    first = graph.sums[0][0] if before[0].text == "1" else before
    assert after[0].text == "+"
    assert after.get_left()[0] > first.get_right()[0]
    assert graph.gradients[0].get_left()[0] > graph.sums[0].get_right()[0]


def test_a_number_has_no_gradient() -> None:
    graph = graph_of("x ^ 2", x=3)
    two = [str(node) for node in graph.trace.expression.nodes].index("2")
    assert graph.show_gradient(two).gradients[two].get_fill_opacity() == 0


def test_what_has_no_room_is_refused() -> None:
    with pytest.raises(ProblemError, match="has 9 operations one after the other: expected fewer"):
        graph_of("+".join(["x"] * 10), x=1)
    with pytest.raises(ProblemError, match="has 8 variables and numbers: expected at most 6"):
        graph_of("a*b*c*d*e*f*g*h", **dict.fromkeys("abcdefgh", 1.0))
    with pytest.raises(ProblemError, match="trace is an Expression: expected an ExpressionTrace"):
        ComputationGraph(Expression.parse("x * x"))  # type: ignore[arg-type]
