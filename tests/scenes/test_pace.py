"""The checks of a film as it runs find each kind of fault, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, Line, Mobject, Rectangle, VGroup

from netviz.animation.timeline import Change
from netviz.core import forward
from netviz.drawing.neuron import Neuron
from netviz.drawing.panels.gaps import LossMeter
from netviz.drawing.text import Number, TextLabel
from netviz.scene import NetworkScene
from netviz.theme import DARK_THEME

from .pace import same_picture
from .playing import Played, play

Story = Callable[[NetworkScene], None]


def played(story: Story) -> Played:
    class Film(NetworkScene):
        network = "3-4-2"

        def construct(self) -> None:
            story(self)

    return play(Film)


def faults(story: Story) -> dict[str, list[str]]:
    return played(story).pace.ends()


def everywhere() -> Mobject:
    return Line(6 * LEFT, 6 * RIGHT)


def numbers(count: int) -> VGroup:
    some = (Number(0.11 * (k + 1), DARK_THEME) for k in range(count))
    return VGroup(*some).arrange(RIGHT).shift(2 * UP)


def good(scene: NetworkScene) -> None:
    scene.add(everywhere())
    with scene.beat(text="Two numbers appear."):
        scene.play(FadeIn(shown := numbers(2)))
        scene.hold_for(2)
    scene.play(shown.animate.shift(DOWN), run_time=0.6)
    with scene.beat(text="Here are three more of them, next to these."):
        scene.play(FadeIn(numbers(5).shift(3 * DOWN)))
        scene.hold_for(3)
        scene.hold(2.0)


def blank(scene: NetworkScene) -> None:
    scene.play(FadeIn(everywhere()))
    scene.hold(2.0)


def hasty(scene: NetworkScene) -> None:
    scene.add(everywhere(), word := TextLabel("one", DARK_THEME).shift(UP))
    scene.play(word.animate.shift(2 * UP), run_time=0.25)
    scene.hold(2.0)


def rushed(scene: NetworkScene) -> None:
    scene.add(everywhere())
    scene.play(FadeIn(numbers(4)))
    scene.hold(1.0)
    scene.play(Create(Line(UP, 2 * UP)))
    scene.hold(2.0)


def standing(scene: NetworkScene) -> None:
    scene.add(everywhere())
    scene.play(Create(Line(UP, 2 * UP)))
    scene.hold(2.0)
    scene.hold(2.0)


def ending(scene: NetworkScene) -> None:
    scene.add(everywhere())
    scene.play(Create(Line(UP, 2 * UP)))
    scene.hold(1.0)


def thread(scene: NetworkScene) -> None:
    scene.add(everywhere(), meter := LossMeter(0.5).show_loss(0.5))
    scene.play(Create(line := Line(UP, 2 * UP)))
    scene.hold(2.5)
    scene.play(FadeOut(meter), FadeOut(line))
    scene.hold(2.0)


def empty(scene: NetworkScene) -> None:
    scene.add(Rectangle(width=2, height=2).shift(5 * RIGHT))
    scene.play(Create(Line(UP, 2 * UP)), run_time=2)
    scene.hold(2.0)


def flashing(scene: NetworkScene) -> None:
    neuron = Neuron(DARK_THEME.output, DARK_THEME, radius=0.5)
    scene.add(everywhere(), neuron.shift(2 * UP))
    for k in range(8):
        strength = float(k % 2)

        def step(_: float, strength: float = strength) -> None:
            neuron.set_activation(strength, strength)

        scene.play(Change(neuron, step, 0.1))
    scene.hold(2.0)


BAD: dict[str, tuple[Story, str]] = {
    "blank": (blank, "the first frame is blank"),
    "hasty": (hasty, "'one' moves 2.0 units in 0.25 s"),
    "rushed": (rushed, "4 new numbers need 2.0 s"),
    "standing": (standing, "still for 4.00 s, but 3.0 s would do"),
    "ending": (ending, "the last picture is held for 1.00 s"),
    "thread": (thread, "LossMeter has left the screen"),
    "flashing": (flashing, "flashes 3.5 times"),
    "empty": (empty, "the left third is empty from 0.0 to 4.0 s"),
}


def test_a_good_film_has_no_complaint() -> None:
    assert faults(good) == {}


@pytest.mark.parametrize("check", BAD)
def test_a_bad_film_has_its_complaint(check: str) -> None:
    story, complaint = BAD[check]
    found = faults(story)
    assert list(found) == [check]
    assert any(complaint in sentence for sentence in found[check])


def test_a_caption_that_takes_long_to_read_may_stand() -> None:
    def story(scene: NetworkScene) -> None:
        scene.add(everywhere())
        scene.play(Create(Line(UP, 2 * UP)))
        with scene.beat(text="A caption of many words, which take a while to read.", hold=4.5):
            pass

    assert faults(story) == {}


def test_numbers_that_only_move_are_not_new() -> None:
    def story(scene: NetworkScene) -> None:
        scene.add(everywhere(), shown := numbers(6))
        scene.play(shown.animate.shift(DOWN))
        scene.hold(2.0)

    assert faults(story) == {}


def test_a_film_that_ends_as_it_began_is_recognized() -> None:
    def back_and_forth(scene: NetworkScene) -> None:
        scene.diagram.show_activations(forward(scene.example.network, scene.example.input))
        scene.add(scene.diagram)
        scene.play(FadeIn(line := everywhere()))
        scene.hold()
        scene.play(FadeOut(line))

    def away(scene: NetworkScene) -> None:
        scene.add(word := TextLabel("one", DARK_THEME))
        scene.play(word.animate.shift(UP))

    same, other = played(back_and_forth), played(away)
    assert same.first is not None
    assert same.last is not None
    assert other.first is not None
    assert other.last is not None
    assert list(same_picture(same.first, same.last)) == []
    sentences = list(same_picture(other.first, other.last))
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "only in the first frame",
        "only in the last frame",
    ]
