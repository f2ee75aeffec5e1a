"""The layered camera draws the same as manim's own camera, whatever moves."""

from collections.abc import Callable

import numpy as np
import pytest
from manim import (
    Camera,
    Circle,
    FadeIn,
    LaggedStart,
    MovingCamera,
    PMobject,
    Rotate,
    Scene,
    Square,
    Text,
    Transform,
    VGroup,
    tempconfig,
)

from netviz.animation import BackwardPass, FillNeuron, ForwardPass
from netviz.camera import LayeredCamera
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.tags import EdgeTag

SMALL = {"pixel_width": 320, "pixel_height": 180, "frame_rate": 8}
SILENT = {"dry_run": True, "progress_bar": "none", "verbosity": "ERROR"}
# Painting one image over another rounds once more than drawing their paths one by one.
ROUNDING = 2

Frames = list[np.ndarray]
Play = Callable[[Scene], None]


def frames(camera: type[Camera], play: Play) -> Frames:
    """Return every frame that a camera draws; frames that are repeated once."""
    shown: Frames = []
    with tempconfig(SMALL | SILENT):
        scene = Scene(camera_class=camera)
        scene.renderer.add_frame = lambda frame, num_frames=1: shown.append(frame)
        play(scene)
    return shown


def difference(one: Frames, other: Frames) -> int:
    """Return the largest difference of any channel of any pixel of any frame."""
    assert len(one) == len(other) > 0
    return max(int(np.abs(a.astype(int) - b).max()) for a, b in zip(one, other, strict=True))


def network() -> Network:
    return Network.random((5, 2, 2, 5), "sigmoid", rng=7)


def passes(scene: Scene) -> None:
    diagram = NetworkDiagram(network())
    trace = forward(network(), np.linspace(-1, 1, 5))
    scene.add(diagram)
    scene.play(ForwardPass(diagram, trace, run_time=1.5))
    scene.play(BackwardPass(diagram, backward(network(), trace, np.ones(5)), run_time=1.5))


def tags_above_flows(scene: Scene) -> None:
    diagram = NetworkDiagram(network())
    scene.add(diagram, *(EdgeTag(diagram.edge(0, k, 0), 0.5, diagram.theme) for k in range(5)))
    scene.play(ForwardPass(diagram, forward(network(), np.ones(5)), layers=[1], run_time=1))


def fading_and_changing(scene: Scene) -> None:
    back, front = Square(fill_opacity=0.5).set_z_index(-1), Circle(color="#FF0000").set_z_index(2)
    scene.add(front, VGroup(*(Circle(radius=r / 9) for r in range(1, 20))))
    scene.play(FadeIn(back), Rotate(front.copy(), 1.0), run_time=0.5)
    scene.play(Transform(back, Circle(fill_opacity=0.3)), FadeIn(Text("over")), run_time=0.5)
    scene.wait(0.2)
    front.points *= 0.5  # in place, as manim does
    scene.wait(0.2)


def one_after_the_other(scene: Scene) -> None:
    diagram = NetworkDiagram(Network.random((12, 3), "sigmoid", rng=7))
    trace = forward(diagram.network, np.linspace(0, 1, 12))
    scene.add(diagram)
    fill = (FillNeuron(diagram, trace, 0, i) for i in range(12))
    scene.play(LaggedStart(*fill, lag_ratio=0.2), run_time=1)


def points_between_paths(scene: Scene) -> None:
    cloud = PMobject(stroke_width=9).add_points([[x / 5, x / 9, 0] for x in range(-9, 10)])
    scene.add(Square(fill_opacity=1), cloud, Circle(fill_opacity=0.5))
    scene.play(FadeIn(Square(side_length=3)), cloud.animate.shift([1, 0, 0]), run_time=0.5)


@pytest.mark.parametrize(
    "play",
    [passes, tags_above_flows, fading_and_changing, one_after_the_other, points_between_paths],
)
def test_frames_equal_those_of_manims_camera(play: Play) -> None:
    assert difference(frames(Camera, play), frames(LayeredCamera, play)) <= ROUNDING


def zooming(scene: Scene) -> None:
    scene.add(NetworkDiagram(network()))
    frame = scene.camera.frame
    scene.play(frame.animate.scale(0.4).move_to([2, 1, 0]), run_time=0.5)
    scene.camera.frame.shift([1, 0, 0])
    scene.play(FadeIn(Square()), run_time=0.25)


def test_zooms_equal_those_of_a_moving_camera() -> None:
    assert difference(frames(MovingCamera, zooming), frames(LayeredCamera, zooming)) <= ROUNDING


def test_a_change_of_background_or_size_is_drawn() -> None:
    with tempconfig(SMALL | SILENT):
        camera, plain = LayeredCamera(), Camera()
        for change in (
            lambda c: None,
            lambda c: setattr(c, "background_color", "#224466"),
            lambda c: c.reset_pixel_shape(90, 160),
        ):
            for each in (camera, plain):
                change(each)
            for _ in range(3):
                for each in (camera, plain):
                    each.reset().capture_mobjects([Square(), Circle(fill_opacity=0.5)])
                assert difference([camera.pixel_array], [plain.pixel_array]) <= ROUNDING


def test_unchanged_paths_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    original = LayeredCamera.display_vectorized

    def counted(camera: LayeredCamera, path: object, context: object) -> object:
        drawn.append(path)
        return original(camera, path, context)

    monkeypatch.setattr(LayeredCamera, "display_vectorized", counted)
    with tempconfig(SMALL | SILENT):
        camera = LayeredCamera()
        still, moving, above = Square(), Circle(), VGroup(*(Square() for _ in range(8)))
        for _ in range(5):
            moving.shift([0.1, 0, 0])
            camera.reset().capture_mobjects([still, moving, above])
    # The first frame draws everything; the second draws the unchanged paths once more, for a cel.
    assert len(drawn) == 10 + 10 + 3


def test_duplicates_are_drawn_in_manims_order() -> None:
    with tempconfig(SMALL | SILENT):
        camera, plain = LayeredCamera(), Camera()
        inner = Square(fill_opacity=1)
        group = VGroup(inner, VGroup(Circle(fill_opacity=1), inner), Circle().set_z_index(-1))
        shown = [inner, group, *group, inner]
        assert camera.get_mobjects_to_display(shown) == plain.get_mobjects_to_display(shown)
