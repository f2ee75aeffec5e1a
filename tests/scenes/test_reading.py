"""The checks of the layout of a screen find each kind of fault, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim import DOWN, LEFT, RIGHT, UP, Circle, Line, Mobject, Rectangle, VGroup

from netviz.drawing.edges.layer import Edge
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.neuron import Neuron
from netviz.drawing.text import Number, TextLabel, formula
from netviz.theme import DARK_THEME

from .reading import complaints
from .screen import Screen


def screen(*mobjects: Mobject) -> Screen:
    return Screen(mobjects, DARK_THEME.background)


def found(*mobjects: Mobject) -> list[str]:
    return list(complaints(screen(*mobjects), DARK_THEME))


def neuron() -> Neuron:
    filled: Neuron = Neuron(DARK_THEME.input, DARK_THEME, radius=0.5, value_em=0.35)
    return filled.set_activation(-0.52, 0.5)


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
        formula("Z_1 = W", DARK_THEME),
        Line(LEFT, RIGHT).shift(0.4 * DOWN),
    ),
    "an invisible line": lambda: (
        TextLabel("one", DARK_THEME),
        Line(LEFT, RIGHT, stroke_opacity=0),
    ),
    "a plate of the background's colour": lambda: (
        Rectangle(width=0.3, stroke_width=0, fill_color=DARK_THEME.background, fill_opacity=1),
        TextLabel("one", DARK_THEME),
    ),
}
BAD: dict[str, Callable[[], tuple[Mobject, ...]]] = {
    "overlaps": lambda: (
        TextLabel("one", DARK_THEME),
        TextLabel("two", DARK_THEME).shift(0.2 * RIGHT),
    ),
    "overlaps '$ x": lambda: (formula("x^2", DARK_THEME), Number(0.4, DARK_THEME)),
    "crossed by Edge": lambda: (edge(1), TextLabel("one", DARK_THEME)),
    "crossed by Edge(0, 0, 0)": lambda: (edge(-1), Number(0.4, DARK_THEME)),
    "crossed by VMobject": lambda: (
        edge(1).set_flow(0, 1, 1, DARK_THEME.forward),
        Number(0.4, DARK_THEME),
    ),
    "crossed by neuron": lambda: (neuron(), Number(0.4, DARK_THEME).shift(0.5 * RIGHT)),
    "crossed by Circle": lambda: (Circle(radius=0.2), TextLabel("one", DARK_THEME)),
    "stands on the neuron": lambda: (
        neuron().set_activation(None),
        Number(0.4, DARK_THEME).set_z_index(9),
    ),
    "is under Rectangle": lambda: (
        TextLabel("one", DARK_THEME),
        Rectangle(color="#FFFFFF", fill_opacity=1),
    ),
    "leaves the frame": lambda: (TextLabel("one", DARK_THEME).shift(3.8 * UP),),
    "Line at (7.00, 0.00) leaves the frame": lambda: (Line(UP, DOWN).shift(7 * RIGHT),),
    "smaller than 0.267": lambda: (VGroup(TextLabel("one", DARK_THEME)).scale(0.5),),
    "an em of 0.2": lambda: (formula("x", DARK_THEME, em=0.2),),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_good_screen_has_no_complaint(case: str) -> None:
    assert found(*GOOD[case]()) == []


@pytest.mark.parametrize("complaint", BAD)
def test_a_bad_screen_has_its_complaint(complaint: str) -> None:
    assert any(complaint in sentence for sentence in found(*BAD[complaint]()))


def test_a_plate_that_is_drawn_before_an_edge_keeps_nothing_off() -> None:
    tag = EdgeTag(edge(1), 0.41, DARK_THEME)
    tag.plate.set_z_index(-1)
    assert any("crossed by Edge" in sentence for sentence in found(edge(1), tag))
