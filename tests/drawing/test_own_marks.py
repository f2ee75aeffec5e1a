"""Texts and colours of one's own on a diagram, and numbers for some layers only."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from manim import BLUE, RED, FadeIn, Indicate, Mobject, Scene

from netviz import Network, backward, forward
from netviz.drawing import NetworkDiagram
from netviz.drawing.edges.layer import Edge
from netviz.drawing.neuron import Neuron
from netviz.drawing.text import Number

NETWORK = Network.random([5, 2, 2, 5], rng=0)
TRACE = forward(NETWORK, [0.9, 0.1, 0.8, 0.2, 0.6])
BLAME = backward(NETWORK, TRACE, target=[1, 0, 0, 1, 0], loss="mse")


def full(**options: object) -> NetworkDiagram:
    diagram = NetworkDiagram(NETWORK, neuron_labels={0: tuple("abcde")}, **options)  # type: ignore[arg-type]
    return diagram.show_activations(TRACE).show_blame(BLAME)


def overlap(one: Mobject, other: Mobject) -> bool:
    apart = np.abs(one.get_center() - other.get_center())[:2]
    return bool((apart < [(one.width + other.width) / 2, (one.height + other.height) / 2]).all())


def covered(diagram: NetworkDiagram) -> list[tuple[Mobject, Mobject]]:
    texts = [
        part
        for part in diagram.get_family()
        if isinstance(part, Number) and part.has_points() and part not in diagram.notes
    ]
    discs = [neuron.disc for column in diagram.neuron_layers for neuron in column]
    pairs = [(note, other) for note in diagram.notes for other in (*texts, *discs)]
    return [pair for pair in (*pairs, *combinations(diagram.notes, 2)) if overlap(*pair)]


def test_notes_cover_no_text_and_no_neuron_also_after_a_move() -> None:
    diagram = full(edge_labels="none")
    for part in ((0, 1, 1), diagram.edge(1, 0, 1), (1, 0), diagram.neuron(3, 2), (0, 4)):
        diagram.annotate(part, "a note of mine")
    assert len(diagram.notes) == 5
    assert covered(diagram) == []
    before = diagram.notes[0].get_center()
    diagram.fit("left")
    assert covered(diagram) == []
    assert not np.allclose(diagram.notes[0].get_center(), before)
    diagram.shift([1, 0, 0])
    on = diagram.edge(0, 1, 1).course.at(np.linspace(0, 1, 200))
    assert np.linalg.norm(on - diagram.notes[0].get_center(), axis=1).min() < 0.02


def test_a_note_stands_at_its_edge_in_its_colour() -> None:
    diagram = full()
    note = diagram.annotate(diagram.edge(0, 0, 0), "strong", color="#FFE08A")
    assert note.label.get_color().to_hex() == "#FFE08A"
    assert note in diagram.get_family()
    scene = Scene()
    scene.add(diagram)
    scene.renderer.skip_animations = True
    scene.play(FadeIn(note))
    assert note.label.get_fill_opacity() == 1


@pytest.mark.parametrize(
    ("part", "text", "sentence"),
    [
        ((0, 0, 0), " ", "text is ' ': expected a text that is not empty"),
        ((0, 9), "x", "layer 0 has no neuron 9: expected 0 to 4"),
        ("edge", "x", "part is 'edge': expected an edge or a neuron of this diagram, or its addr"),
        ((0, 0, 0), "long " * 60, "the annotation 'long .* has no room there: expected a shorter"),
    ],
)
def test_notes_that_cannot_be_written(part: object, text: str, sentence: str) -> None:
    diagram = full()
    with pytest.raises(ValueError, match=sentence):
        diagram.annotate(part, text)  # type: ignore[arg-type]
    assert len(diagram.notes) == 0


def test_a_part_of_another_diagram_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an edge or a neuron of this diagram"):
        full().annotate(full().neuron(0, 0), "x")


def stroke(edge: Edge) -> str:
    return str(edge.get_stroke_color().to_hex())


def test_edges_keep_the_colours_of_manim() -> None:
    diagram = full()
    usual = stroke(diagram.edge(1, 0, 0))
    diagram.edge_layers[0].set_color(RED)
    assert stroke(diagram.edge(1, 0, 0)) == usual
    diagram.fit("left").set_weights(NETWORK).highlight([(0, 0), (1, 1)])
    assert stroke(diagram.edge(0, 0, 1)) == stroke(diagram.edge(0, 1, 0)) == RED.to_hex()
    diagram.set_color(BLUE)
    assert stroke(diagram.edge(1, 0, 0)) == BLUE.to_hex()
    diagram.color_edges(None)
    assert stroke(diagram.edge(1, 0, 0)) == usual


def test_an_edge_that_is_indicated_has_its_colour_again() -> None:
    diagram = full()
    edge, scene = diagram.edge(0, 0, 0), Scene()
    usual = stroke(edge)
    scene.add(diagram)
    scene.renderer.skip_animations = True
    scene.play(Indicate(edge, color=RED))
    diagram.fit("left")
    assert stroke(edge) == usual


def numbered(neuron: Neuron) -> bool:
    return neuron.value_text.has_points()


def test_numbers_of_some_layers() -> None:
    diagram = full(numbers=(False, True, False, True))
    shown = [all(map(numbered, column)) for column in diagram.neuron_layers]
    assert shown == [False, True, False, True]
    blames = [any(n.blame_text.has_points() for n in column) for column in diagram.neuron_layers]
    assert blames[2] is False
    assert diagram.neuron(0, 0).value == TRACE.input[0]


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ((True,), "numbers has 1 entries: expected 4, one for each layer"),
        (("yes",), "numbers is .'yes',.: expected True or False, or one of them for each layer"),
        ("yes", "numbers is 'yes': expected True or False, or one of them for each layer"),
    ],
)
def test_numbers_of_wrong_layers(numbers: object, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        full(numbers=numbers)
