"""NetworkScene: examples, themes and languages by class; beats, captions, sections, panels."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest
from manim import ManimColor, Mobject

from netviz.core import Network, backward, forward
from netviz.drawing.layout.box import CAPTION_BOX, LEFT_BOX, WIDE_BOX
from netviz.drawing.text import Number, TextLabel
from netviz.export.take import LeapingRenderer
from netviz.problems import ProblemError
from netviz.scene import NetworkScene
from netviz.spec import load
from netviz.staging.beat_scene import HOLD, LAST
from netviz.theme import DARK_THEME, LIGHT_THEME, THEMES, Theme

Story = Callable[[NetworkScene], object]
ERROR = "blame.gradient"


def play(story: Story, base: type[NetworkScene] = NetworkScene) -> NetworkScene:
    """Return a scene that has played a function, without a picture."""

    class Played(base):  # type: ignore[misc, valid-type]
        def construct(self) -> None:
            story(self)

    scene = Played()
    LeapingRenderer(scene, None)
    scene.render()
    return scene


def captions(scene: NetworkScene) -> list[tuple[float, float, str]]:
    return [
        (c.start.total_seconds(), c.end.total_seconds(), c.content)
        for c in scene.renderer.file_writer.subcaptions
    ]


def on_screen(scene: NetworkScene) -> list[TextLabel]:
    return [mobject for mobject in scene.mobjects if isinstance(mobject, TextLabel)]


# ---- examples -----------------------------------------------------------------------------------


def test_a_scene_has_the_numbers_of_its_example() -> None:
    scene, example = NetworkScene(), load("5-2-2-5")
    trace = forward(example.network, example.input)
    blame = backward(example.network, trace, example.target, example.loss)
    corrected = example.network.updated(blame, example.learning_rate)
    assert np.array_equal(scene.trace.prediction, trace.prediction)
    assert scene.blame.loss == blame.loss
    assert scene.corrected == corrected or np.array_equal(
        scene.corrected.layers[0].weights, corrected.layers[0].weights
    )
    again = forward(corrected, example.input)
    assert np.array_equal(scene.corrected_trace.prediction, again.prediction)
    assert scene.blame_in(scene.corrected).loss < scene.blame.loss


def test_a_configured_class_has_other_defaults_than_its_base() -> None:
    example = load("3-4-2")
    configured = NetworkScene.configured(network=example, theme=LIGHT_THEME, language="ko")
    assert configured.__name__ == NetworkScene.__name__
    assert issubclass(configured, NetworkScene)
    scene = configured()
    assert scene.example is example
    assert scene.diagram.sizes == (3, 4, 2)
    assert scene.diagram.theme is LIGHT_THEME
    assert scene.words.language == "ko"
    assert scene.diagram.names[0].text == scene.words("layer.input")
    plain = NetworkScene()
    assert (plain.theme, plain.language) == (DARK_THEME, "en")
    assert NetworkScene.configured().network == NetworkScene.network


def test_a_network_alone_can_be_shown() -> None:
    network = Network.random([2, 3, 1], "tanh", "normal", rng=0)
    scene = NetworkScene.configured(network=network)()
    assert scene.example.network is network


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_the_frame_has_the_background_of_the_theme(theme: Theme) -> None:
    scene = play(lambda s: s.wait(0.1), NetworkScene.configured(theme=theme))
    assert ManimColor(scene.camera.background_color).to_hex() == theme.background


def test_theme_and_language_are_given_by_name() -> None:
    class Named(NetworkScene):
        theme = "light"
        language = "ko"

    assert Named.configured()().theme is Named().theme is LIGHT_THEME
    assert Named().words.language == "ko"
    assert NetworkScene.configured(theme="light")().theme is LIGHT_THEME


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"theme": "lihgt"}, "theme is 'lihgt': expected one of dark, light"),
        ({"language": "kr"}, "language is 'kr': expected one of "),
    ],
)
def test_an_unknown_theme_or_language_is_refused_where_it_is_given(
    attributes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ProblemError, match=sentence):
        NetworkScene.configured(**attributes)  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match=sentence):
        type("Mine", (NetworkScene,), attributes)


# ---- beats --------------------------------------------------------------------------------------


def two_beats(scene: NetworkScene) -> None:
    with scene.beat(ERROR, name="output 3"):
        scene.wait(1.0)
        assert [label.text.replace("\n", " ") for label in on_screen(scene)] == [
            scene.words(f"caption.{ERROR}", name="output 3")
        ]
    with scene.beat("blame.all", hold=5.0):
        pass


def test_a_beat_shows_its_caption_alone_below_everything() -> None:
    scene = play(two_beats)
    (caption,) = on_screen(scene)
    assert caption.text == scene.words("caption.blame.all")
    assert caption.get_center() == pytest.approx(CAPTION_BOX.center)
    assert caption.em == pytest.approx(DARK_THEME.caption_size)


def test_captions_become_subtitles_for_as_long_as_they_are_shown() -> None:
    scene = play(two_beats)
    (first, second) = captions(scene)
    words = scene.words
    assert (first[2], second[2]) == (
        words(f"caption.{ERROR}", name="output 3"),
        words("caption.blame.all"),
    )
    assert first[0] == 0
    assert first[1] <= second[0]
    assert first[1] - first[0] >= 1.0 + HOLD
    assert second[1] - second[0] >= 5.0
    assert second[1] == pytest.approx(scene.renderer.time, abs=0.01)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_caption_can_be_any_line_of_text_in_any_language(language: str) -> None:
    own = "My own {sentence}, 나의 문장."

    def story(scene: NetworkScene) -> None:
        with scene.beat(text=own):
            assert [label.text for label in on_screen(scene)] == [own]
        two_beats(scene)

    scene = play(story, NetworkScene.configured(language=language))
    error, every = (
        scene.words(f"caption.{ERROR}", name="output 3"),
        scene.words("caption.blame.all"),
    )
    assert [text for *_, text in captions(scene)] == [own, error, every]


LONG = "This caption has many more letters than one line of them can hold, so it has two."
KOREAN = "이 자막은 한 줄에 담기에는 너무 길어서 두 줄로 나뉘어 화면에 나옵니다."


@pytest.mark.parametrize("text", [LONG, KOREAN, f"{LONG[:60]} {LONG[:60]}"])
def test_a_long_caption_has_two_lines_of_full_size(text: str) -> None:
    def story(scene: NetworkScene) -> None:
        with scene.beat(text=text):
            (label,) = on_screen(scene)
            first, second = label.text.split("\n")
            assert f"{first} {second}" == text
            assert abs(len(first) - len(second)) < 14
            assert label.em == pytest.approx(DARK_THEME.caption_size)
            assert label.width < CAPTION_BOX.width
            assert -3.85 < label.get_bottom()[1] < label.get_top()[1] < -2.85

    scene = play(story)
    assert [said for *_, said in captions(scene)] == [text]


@pytest.mark.parametrize("text", ["a" * 63, "word " * 30, "가" * 32])
def test_a_caption_that_needs_a_third_line_is_refused(text: str) -> None:
    with pytest.raises(ProblemError, match=r"letters: expected at most two lines of 62 letters"):
        play(lambda scene: scene.beat(text=text).__enter__())


def test_results_are_held_longer_the_more_numbers_there_are() -> None:
    scene = play(lambda scene: [scene.hold_for(count) for count in (0, 1, 5)])
    assert scene.renderer.time == pytest.approx(0.8 + 1.1 + 2.3)


def test_a_beat_is_held_as_long_as_its_new_numbers_need() -> None:
    def story(scene: NetworkScene) -> None:
        first, *others = (Number(value, DARK_THEME) for value in (0.1, 0.2, 0.3))
        scene.add(first)
        for numbers in (others, []):
            with scene.beat(text="1, 2, 3"):
                scene.add(*numbers)

    expected = 2 * 0.3 + (0.8 + 2 * 0.3) + HOLD
    # Each wait takes whole frames here.
    assert play(story).renderer.time == pytest.approx(expected, abs=0.15)


def test_the_last_picture_is_held_once() -> None:
    def story(scene: NetworkScene) -> None:
        scene.hold(0.5)
        scene.hold_last()
        scene.hold_last()

    assert play(story).renderer.time == pytest.approx(LAST)


@pytest.mark.parametrize(
    ("beat", "sentence"),
    [
        (
            lambda scene: scene.beat("my own caption"),
            "the caption 'my own caption' does not exist; `netviz list --captions` shows them all; "
            "beat(text=…) takes any other text",
        ),
        (lambda scene: scene.beat("forward.biass"), "did you mean 'forward.bias'? `netviz list"),
        (
            lambda scene: scene.beat(ERROR),
            "caption 'blame.gradient' has the field name: expected a val",
        ),
        (lambda scene: scene.beat(), "the beat has neither a key nor a text: expected one of them"),
        (
            lambda scene: scene.beat("forward.bias", text="a"),
            "the beat has a key and a text: expect",
        ),
        (lambda scene: scene.beat(text="a\nb"), "text is 'a\\nb': expected one line of text"),
        (lambda scene: scene.beat(text=5), "text is 5: expected one line of text"),
    ],
)
def test_a_caption_that_does_not_exist_is_refused(beat: Story, sentence: str) -> None:
    with (
        pytest.raises(ValueError, match=re.escape(sentence)),
        beat(NetworkScene()),  # type: ignore[attr-defined]
    ):
        pass


def test_a_section_that_does_not_exist_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"the section 'netwrk' does not exist; did you mean 'network'\?"
    ):
        NetworkScene().section("netwrk")


def test_a_caption_is_shown_long_enough_to_be_read() -> None:
    def read(scene: NetworkScene) -> None:
        with scene.beat("update.end", hold=0.1):
            pass

    scene = play(read)
    letters = len(scene.words("caption.update.end"))
    assert scene.renderer.time > letters / 30


def test_a_caption_can_be_cleared() -> None:
    def story(scene: NetworkScene) -> None:
        two_beats(scene)
        scene.clear_caption()
        scene.wait(1.0)

    scene = play(story)
    assert on_screen(scene) == []
    assert len(captions(scene)) == 2
    assert captions(scene)[-1][1] <= scene.renderer.time - 1.0 + 1e-6


def test_sections_have_names_in_the_language_of_the_scene() -> None:
    named: list[str] = []

    class Noted(NetworkScene):
        language = "ko"

        def next_section(self, name: str = "", *args: object, **options: object) -> None:
            named.append(name)

    scene = play(lambda s: s.section("network"), Noted)
    assert named == [scene.words("section.network")]


# ---- panels -------------------------------------------------------------------------------------


def test_the_diagram_moves_between_boxes_and_panels_leave_before() -> None:
    panel: Mobject = TextLabel("panel", DARK_THEME)

    def story(scene: NetworkScene) -> None:
        scene.add(scene.diagram)
        scene.move_diagram("left")
        assert scene.diagram.box == LEFT_BOX
        scene.show(panel)
        assert panel in scene.mobjects
        assert scene.panels == (panel,)
        scene.diagram.edge(0, 0, 0).set_flow(0, 1, 1, DARK_THEME.forward)
        scene.move_diagram(WIDE_BOX)

    scene = play(story)
    assert scene.diagram.box == WIDE_BOX
    assert panel not in scene.mobjects
    assert scene.panels == ()
    assert not scene.diagram.is_flowing()


def test_moving_a_diagram_to_where_it_is_takes_no_time() -> None:
    def story(scene: NetworkScene) -> None:
        scene.add(scene.diagram.fit(LEFT_BOX))
        before = scene.time
        scene.move_diagram("left")
        scene.clear_panels()
        assert scene.time == before

    assert play(story).diagram.box == LEFT_BOX


def test_a_panel_is_faded_in_unless_it_is_on_screen() -> None:
    first, second = TextLabel("first", DARK_THEME), TextLabel("second", DARK_THEME)

    def story(scene: NetworkScene) -> None:
        scene.add(first)
        scene.show(first)
        assert scene.time == 0
        scene.show(second, run_time=0.5)
        assert scene.time == pytest.approx(0.5, abs=0.05)
        assert scene.panel(TextLabel) is first
        assert scene.panel(Number) is None
        scene.play(*scene.fade_panels())
        assert on_screen(scene) == []

    assert play(story).panels == ()


def test_a_box_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ProblemError, match="box is 'middle': expected one of"):
        NetworkScene().move_diagram("middle")


def test_rows_next_to_neurons_need_columns() -> None:
    class Down(NetworkScene):
        style: ClassVar[dict[str, str]] = {"direction": "down"}

    with pytest.raises(ProblemError, match="direction is 'down': expected 'right'"):
        Down().expect_columns()
