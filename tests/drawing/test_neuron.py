"""A neuron shows a value and a blame, readable on any fill, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from manim import DOWN, LEFT, RED, RIGHT, UP, Indicate, Scene, VGroup

from netviz.drawing.layout.box import FULL_LINES
from netviz.drawing.neuron import Neuron
from netviz.theme import DARK_THEME, THEMES, Theme, contrast

READABLE = 4.5
STRENGTHS = np.linspace(0, 1, 21)


def neuron(theme: Theme = DARK_THEME, **options: object) -> Neuron:
    return Neuron(theme.output, theme, radius=0.5, value_em=0.38, **options)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("layer", range(4))
def test_a_value_is_readable_on_every_fill(theme: Theme, layer: int) -> None:
    shown = Neuron(theme.role(layer, 4), theme, radius=0.5, value_em=0.38)
    for strength in STRENGTHS:
        shown.set_activation(-0.52, strength)
        ink, fill = (m.get_fill_color().to_hex() for m in (shown.value_text, shown.disc))
        assert contrast(ink, fill) >= READABLE


def test_a_fill_is_the_brighter_the_stronger_the_activation() -> None:
    shown = neuron()
    fills = [shown.set_activation(0.5, s).disc.get_fill_color().to_hex() for s in STRENGTHS]
    from_background = [contrast(fill, DARK_THEME.background) for fill in fills]
    assert from_background == sorted(from_background)
    assert len(set(fills)) == len(fills)


def test_a_new_neuron_shows_its_ring_and_nothing_else() -> None:
    empty = neuron()
    hidden = (empty.value_text, empty.blame_text, empty.blame_ring)
    assert not any(part.has_points() for part in hidden)
    assert empty.disc.get_stroke_color().to_hex() == DARK_THEME.output
    assert (empty.value, empty.blame) == (None, None)


def test_numbers_come_and_go() -> None:
    shown = neuron().set_activation(0.71, 0.7).set_blame(-0.0412, 0.5)
    assert (shown.value, shown.value_text.text) == (0.71, "0.71")
    assert (shown.blame, shown.blame_text.text) == (-0.0412, "−0.041")
    shown.set_activation(None).set_blame(None)
    hidden = (shown.value_text, shown.blame_text, shown.blame_ring)
    assert not any(part.has_points() for part in hidden)


def test_a_number_that_begins_to_appear_is_nearly_transparent() -> None:
    shown = neuron().set_activation(0.71, 1.0, presence=0.1).set_blame(0.2, 1.0, presence=0.1)
    for text in (shown.value_text, shown.blame_text):
        assert text.get_fill_opacity() == pytest.approx(0.1)
    assert not neuron().set_activation(0.71, 1.0, presence=0).value_text.has_points()


@pytest.mark.parametrize("value", [0.5, -0.34, 12.3, -12.34, 123.456])
def test_a_value_stays_inside_its_ring(value: float) -> None:
    shown = neuron().set_activation(value, 1.0)
    assert shown.value_text.width <= 2 * shown.radius
    assert shown.value_text.get_center() == pytest.approx(shown.disc.get_center())
    assert shown.value_text.em >= 0.999 * DARK_THEME.smallest_text


@pytest.mark.parametrize("side", [UP, DOWN, RIGHT], ids=["above", "below", "right"])
def test_a_blame_is_written_outside_on_its_side(side: np.ndarray) -> None:
    shown = neuron(blame_side=side).set_blame(0.041, 1.0)
    text = shown.blame_text
    away = np.dot(text.get_center() - shown.disc.get_center(), side)
    half = abs(np.dot(side, [text.width, text.height, 0])) / 2
    rim = shown.blame_ring.width / 2 + shown.blame_ring.get_stroke_width() / 200
    assert away - half > rim > shown.reach


def test_the_blame_ring_is_the_wider_the_larger_the_blame() -> None:
    widths = [neuron().set_blame(0.1, s).blame_ring.get_stroke_width() for s in (0, 0.5, 1)]
    assert widths == sorted(widths)
    assert len(set(widths)) == 3


def test_a_value_may_be_written_outside_a_small_neuron() -> None:
    small = Neuron(DARK_THEME.input, DARK_THEME, radius=0.15, value_em=0.27, value_side=LEFT)
    small.set_activation(0.5, 0.5)
    assert small.value_text.get_right()[0] < small.disc.get_left()[0]
    assert small.value_text.get_fill_color().to_hex() == DARK_THEME.text


def test_small_neurons_have_thin_rings_and_keep_what_they_show_at_another_size() -> None:
    shown = neuron().set_activation(0.71, 0.5).set_blame(0.1, 0.5)
    before = shown.disc.get_stroke_width()
    shown.place(np.array([1.0, 2.0, 0.0]), FULL_LINES / 2)
    assert shown.radius == pytest.approx(FULL_LINES / 2)
    assert shown.line_scale == pytest.approx(0.5)
    assert shown.disc.get_center() == pytest.approx([1, 2, 0])
    assert (shown.value, shown.blame) == (0.71, 0.1)
    assert shown.disc.get_stroke_width() <= before


def outermost(shown: Neuron) -> float:
    """How far the ring of blame reaches from the centre."""
    return shown.blame_ring.width / 2 + shown.blame_ring.get_stroke_width() / 200


@pytest.mark.parametrize("zoom", [1.0, 0.5], ids=["placed", "scaled"])
def test_no_ring_reaches_beyond_half_the_way_to_the_next_neuron(zoom: float) -> None:
    for half_way in (0.36, 0.4, 0.5, 1.0):
        shown = neuron().place(np.zeros(3), 0.33, half_way).scale(zoom)
        widths = []
        for strength in STRENGTHS:
            shown.set_blame(0.1, strength)
            assert outermost(shown) <= zoom * half_way + 1e-9
            widths.append(shown.blame_ring.get_stroke_width())
        assert widths == sorted(set(widths))
        assert shown.blame_ring.width / 2 - widths[-1] / 200 > shown.reach


def test_rings_are_as_wide_as_ever_where_there_is_room() -> None:
    free, roomy = (
        neuron().place(np.zeros(3), 0.4, half_way).set_blame(0.1, 1.0) for half_way in (9, 0.57)
    )
    assert np.array_equal(free.blame_ring.points, roomy.blame_ring.points)
    assert free.blame_ring.get_stroke_width() == roomy.blame_ring.get_stroke_width() == 8.0


@pytest.mark.parametrize("group", [False, True], ids=["alone", "in a group"])
def test_a_colour_applies_to_the_ring_only(group: bool) -> None:
    shown = neuron().set_activation(0.5, 0.5).set_blame(0.1, 1.0)
    parts = shown.disc, shown.value_text, shown.blame_text, shown.plate
    before = [part.get_fill_color().to_hex() for part in parts]
    indicate = Indicate(VGroup(shown) if group else shown, color=RED)
    indicate.begin()
    indicate.interpolate(0.5)
    assert shown.disc.get_stroke_color().to_hex() == RED.to_hex()
    assert shown.blame_ring.get_stroke_color().to_hex() == DARK_THEME.blame
    assert [part.get_fill_color().to_hex() for part in parts] == before
    indicate.finish()
    assert shown.disc.get_stroke_color().to_hex() == DARK_THEME.output
    scene = Scene(skip_animations=True)
    scene.play(shown.animate.set_color(RED))
    scene.play(shown.animate.set_activation(0.9, 1.0))
    assert shown.disc.get_stroke_color().to_hex() == RED.to_hex()
    assert shown.disc.get_fill_color().to_hex() == DARK_THEME.fill(DARK_THEME.output, 1.0)


def test_zero_is_empty_and_a_negative_activation_has_a_dashed_ring() -> None:
    zero = neuron().set_activation(0.0, 0.0)
    assert zero.disc.get_fill_color().to_hex() == DARK_THEME.background
    assert zero.value_text.text == "0"
    assert not zero.notches.has_points()
    assert not neuron().set_activation(1.0, 1.0).notches.has_points()
    negative = neuron().set_activation(-1.0, 1.0)
    assert len(negative.notches.get_subpaths()) >= 8
    assert negative.notches.get_stroke_color().to_hex() == DARK_THEME.background
    assert not negative.set_activation(None).notches.has_points()


def test_a_blame_of_nearly_zero_has_no_ring() -> None:
    assert not neuron().set_blame(1e-6, 0.001).blame_ring.has_points()
    assert neuron().set_blame(1e-6, 0.001).blame_text.text == "+1e−6"


@pytest.mark.parametrize("value", [1000.0, 0.001, 12345.678, 1e-9, -1e-9, -399999997950.6, 1e9])
@pytest.mark.parametrize("radius", [0.3, 0.36, 0.42, 0.55])
def test_an_awkward_value_stays_inside_or_is_written_next_to_its_neuron(
    value: float, radius: float
) -> None:
    shown = Neuron(DARK_THEME.output, DARK_THEME, radius=radius, value_em=DARK_THEME.number_size)
    text = shown.set_activation(value, 1.0).value_text
    assert text.em >= 0.999 * DARK_THEME.smallest_text
    apart = np.linalg.norm(text.get_center() - shown.disc.get_center())
    if apart < 0.01:
        assert text.width < 2 * shown.radius
    else:
        assert text.get_bottom()[1] > shown.disc.get_top()[1]
        assert text.get_fill_color().to_hex() == DARK_THEME.text
    assert not shown.place(np.zeros(3), 0.3, 0.34).value_text.has_points() or text.width < 0.6
