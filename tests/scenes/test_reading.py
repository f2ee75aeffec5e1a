"""The checks of the layout of a screen find each kind of fault, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim import DOWN, LEFT, RIGHT, UP, Circle, Line, Mobject, Rectangle, VGroup

from netviz.core import backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.layer import Edge
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.neuron import Neuron
from netviz.drawing.panels.gaps import LossMeter
from netviz.drawing.text import Number, Symbol, TextLabel, formula
from netviz.spec import load
from netviz.theme import DARK_THEME

from .reading import complaints
from .screen import Screen


def screen(*mobjects: Mobject) -> Screen:
    return Screen(mobjects, DARK_THEME.background)


def found(*mobjects: Mobject) -> dict[str, list[str]]:
    """Return the complaints of each check, but that a few mobjects do not fill the frame."""
    every = complaints(screen(*mobjects), DARK_THEME)
    return {check: some for check, some in every.items() if some and check != "narrow"}


def neuron() -> Neuron:
    filled: Neuron = Neuron(DARK_THEME.input, DARK_THEME, radius=0.5, value_em=0.35)
    return filled.set_activation(-0.52, 0.5)


def zero(value: float, strength: float) -> Neuron:
    shown: Neuron = Neuron(DARK_THEME.input, DARK_THEME, radius=0.5, value_em=0.35)
    shown.set_activation(value, strength).value_text.show(value, "0")
    return shown


def added_up() -> tuple[Mobject, ...]:
    example = load("5-2-2-5")
    trace = forward(example.network, example.input)
    blame = backward(example.network, trace, example.target, example.loss)
    diagram = NetworkDiagram(example.network, box="stage").show_activations(trace)
    diagram.show_blame(blame, layers=[3]).open_gap(2, back=True)
    return diagram, EdgeSum(diagram, blame, 2, 0).show_all()


def undashed() -> Neuron:
    shown = neuron()
    shown.notches.clear_points()
    return shown


def dashed() -> Neuron:
    shown = neuron()
    shown.value = 0.52
    return shown


def edge(weight: float) -> Edge:
    paint = Paint(DARK_THEME, DARK_THEME.style, DARK_THEME.input, DARK_THEME.output)
    return Edge(paint).connect(neuron().shift(4 * LEFT), neuron().shift(4 * RIGHT), weight, 1.0)


GOOD: dict[str, Callable[[], tuple[Mobject, ...]]] = {
    "two lines of words": lambda: (
        TextLabel("one", DARK_THEME),
        TextLabel("two", DARK_THEME).shift(0.4 * DOWN),
    ),
    "a neuron with its numbers": lambda: (neuron().set_blame(-0.041, 0.3),),
    "a number on a plate on an edge": lambda: (edge(1), EdgeTag(edge(1), 0.41, DARK_THEME)),
    "a formula over a line": lambda: (
        formula("Z_1 = W", DARK_THEME, em=0.36),
        Line(LEFT, RIGHT).shift(0.4 * DOWN),
    ),
    "an invisible line": lambda: (
        TextLabel("one", DARK_THEME),
        Line(LEFT, RIGHT, stroke_opacity=0),
    ),
    "a negative and a positive neuron": lambda: (
        neuron(),
        neuron().set_activation(0.52, 0.5).shift(2 * RIGHT),
    ),
    "a zero that is unfilled": lambda: (zero(0.0, 0.0),),
    "a sum on the edges of its neuron": added_up,
    "a symbol with an index": lambda: (Symbol("W", 1, (1, 2), DARK_THEME, em=0.36),),
    "dimmed words": lambda: (TextLabel("one", DARK_THEME).set_opacity(0.5),),
    "a plate of the background's colour": lambda: (
        Rectangle(width=0.3, stroke_width=0, fill_color=DARK_THEME.background, fill_opacity=1),
        TextLabel("one", DARK_THEME),
    ),
}
# By check, and what its complaint says.
BAD: dict[tuple[str, str], Callable[[], tuple[Mobject, ...]]] = {
    ("overlapping", "overlaps 'two'"): lambda: (
        TextLabel("one", DARK_THEME),
        TextLabel("two", DARK_THEME).shift(0.2 * RIGHT),
    ),
    ("overlapping", "overlaps '$ "): lambda: (formula("x^2", DARK_THEME), Number(0.4, DARK_THEME)),
    ("overlapping", "overlaps the neuron"): lambda: (neuron(), neuron().shift(0.9 * RIGHT)),
    ("crossed", "crossed by Edge"): lambda: (edge(1), TextLabel("one", DARK_THEME)),
    ("crossed", "crossed by Edge(0, 0, 0)"): lambda: (edge(-1), Number(0.4, DARK_THEME)),
    ("crossed", "crossed by VMobject"): lambda: (
        edge(1).set_flow(0, 1, 1, DARK_THEME.forward),
        Number(0.4, DARK_THEME),
    ),
    ("crossed", "crossed by neuron"): lambda: (
        neuron(),
        Number(0.4, DARK_THEME).shift(0.5 * RIGHT),
    ),
    ("crossed", "crossed by Circle"): lambda: (Circle(radius=0.2), TextLabel("one", DARK_THEME)),
    ("covered", "stands on the neuron"): lambda: (
        neuron().set_activation(None),
        Number(0.4, DARK_THEME).set_z_index(9),
    ),
    ("covered", "is under Rectangle"): lambda: (
        TextLabel("one", DARK_THEME),
        Rectangle(color="#FFFFFF", fill_opacity=1),
    ),
    ("outside", "leaves the frame"): lambda: (TextLabel("one", DARK_THEME).shift(3.8 * UP),),
    ("outside", "Line at (6.93, 0.00) leaves the frame"): lambda: (
        Line(UP, DOWN).shift(6.93 * RIGHT),
    ),
    ("small", "smaller than 0.235"): lambda: (VGroup(TextLabel("one", DARK_THEME)).scale(0.5),),
    ("small", "an em of 0.2"): lambda: (formula("x", DARK_THEME, em=0.2),),
    ("small", "an em of 0.231"): lambda: (formula("x^2", DARK_THEME, em=0.3),),
    ("small", "'W₁,₂' "): lambda: (Symbol("W", 1, (1, 2), DARK_THEME, em=0.3),),
    ("faint", "a contrast of 1.00, less than 4.5"): lambda: (
        TextLabel("one", DARK_THEME, color="#FFFFFF").set_z_index(1),
        Rectangle(stroke_width=0, fill_color="#FFFFFF", fill_opacity=1),
    ),
    ("faint", "less than 2"): lambda: (TextLabel("one", DARK_THEME).set_opacity(0.1),),
    ("faint", "neuron at (0.00, 0.00) has a contrast"): lambda: (neuron().set_brightness(0.2),),
    ("faint", "Edge(0, 0, 0) at (0.00, 0.00) has a contrast"): lambda: (
        edge(1).set_brightness(0.2),
    ),
    ("format", "has more than 9 characters"): lambda: (
        Number(0, DARK_THEME).show(-12345.678, "−12345.678"),
    ),
    ("format", "is not a number"): lambda: (Number(0, DARK_THEME).show(0.0, "nan"),),
    ("format", "is a zero with a sign"): lambda: (Number(0, DARK_THEME).show(-1e-9, "−0.00"),),
    ("zero", "is a zero that is not written 0"): lambda: (Number(0, DARK_THEME).show(0.0, "0.00"),),
    ("sign", "has no dashed ring"): lambda: (undashed(),),
    ("sign", "has a dashed ring"): lambda: (dashed(),),
    ("zero", "is filled and shows 0"): lambda: (zero(0.0, 1.0),),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_good_screen_has_no_complaint(case: str) -> None:
    assert found(*GOOD[case]()) == {}


@pytest.mark.parametrize(("check", "complaint"), BAD)
def test_a_bad_screen_has_its_complaint(check: str, complaint: str) -> None:
    assert any(complaint in sentence for sentence in found(*BAD[check, complaint]())[check])


def test_a_result_has_at_most_six_characters() -> None:
    meter = LossMeter(0.5).show_loss(0.5)
    assert "format" not in found(meter)
    meter.number.show(0.5, "0.50000")
    (sentence,) = found(meter)["format"]
    assert "has more than 6 characters" in sentence


def test_an_activation_that_looks_like_zero_is_found() -> None:
    example = load("5-2-2-5")
    diagram = NetworkDiagram(example.network)
    diagram.show_activations(forward(example.network, example.input))
    diagram.neuron(0, 0).value_text.show(0.9, "0.00")
    (sentence,) = found(diagram)["zero"]
    assert "looks like zero and is 0.9" in sentence


@pytest.mark.parametrize(("width", "narrow"), [(11.3, True), (11.5, False)])
def test_content_covers_most_of_the_width(width: float, narrow: bool) -> None:
    line = Rectangle(width=width, height=1)
    caption = TextLabel("one", DARK_THEME).move_to([6, -3.45, 0])
    assert bool(complaints(screen(line, caption), DARK_THEME)["narrow"]) is narrow


def test_a_plate_that_is_drawn_before_an_edge_keeps_nothing_off() -> None:
    tag = EdgeTag(edge(1), 0.41, DARK_THEME)
    tag.plate.set_z_index(-1)
    assert any("crossed by Edge" in sentence for sentence in found(edge(1), tag)["crossed"])
