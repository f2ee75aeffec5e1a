"""Passes and diagrams work with manim's own animations, at the same time and in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import cycle

import numpy as np
import pytest
from manim import (
    ORIGIN,
    UP,
    Animation,
    AnimationGroup,
    Circle,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    MovingCamera,
    MovingCameraScene,
    ReplacementTransform,
    Restore,
    Scene,
    Succession,
    Transform,
    VGroup,
    there_and_back,
)

from netviz.animation import BackwardPass, FitBox, ForwardPass
from netviz.core import Network, backward, forward
from netviz.drawing import LEFT_BOX, NetworkDiagram
from netviz.theme import DARK_THEME
from tests.animation.test_passes import assert_same_picture

NETWORK = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2)
OTHER = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=3)
DEEPER = Network.random([3, 5, 4, 3], "tanh", "xavier_uniform", rng=3)
X = [0.9, -0.3, 0.5]
TRACE = forward(NETWORK, X)
BLAME = backward(NETWORK, TRACE, [1.0, 0.0], "mse")
PLAYED = pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "played"])


def alternating(kinds: Iterable[str]) -> pytest.MarkDecorator:
    """Run a test for each kind: every second one is skipped instead of played."""
    cases = [
        pytest.param(kind, skipped, id=f"{kind}-{'skipped' if skipped else 'played'}")
        for kind, skipped in zip(kinds, cycle([False, True]), strict=False)
    ]
    return pytest.mark.parametrize(("kind", "skipped"), cases)


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def scene_with(diagram: NetworkDiagram, *, skipped: bool = True) -> Scene:
    scene = Scene(skip_animations=skipped)
    scene.add(diagram)
    return scene


def final() -> NetworkDiagram:
    """A diagram that shows both passes, drawn without any animation."""
    return NetworkDiagram(NETWORK, DARK_THEME).show_activations(TRACE).show_blame(BLAME)


# ---- at the same time ----------------------------------------------------------------------------


@PLAYED
def test_a_pass_runs_together_with_another_animation(
    diagram: NetworkDiagram, skipped: bool
) -> None:
    circle = Circle()
    scene = scene_with(diagram, skipped=skipped)
    scene.play(ForwardPass(diagram, TRACE, step_time=0.4), Create(circle))
    scene.play(BackwardPass(diagram, BLAME, step_time=0.4), circle.animate.shift(UP))
    assert_same_picture(diagram, final())
    assert circle.get_center() == pytest.approx(UP)


@PLAYED
@pytest.mark.parametrize("pass_first", [True, False])
def test_a_diagram_moves_while_a_pass_runs(
    diagram: NetworkDiagram, skipped: bool, pass_first: bool
) -> None:
    playing = [ForwardPass(diagram, TRACE, run_time=0.5), diagram.animate.shift(UP).scale(0.5)]
    scene_with(diagram, skipped=skipped).play(*(playing if pass_first else playing[::-1]))
    expected = NetworkDiagram(NETWORK, DARK_THEME).shift(UP).scale(0.5).show_activations(TRACE)
    for part, same in zip(diagram.get_family(), expected.get_family(), strict=True):
        assert part.points.shape == same.points.shape
        assert np.allclose(part.points, same.points, rtol=0, atol=1e-9)


def test_a_diagram_fits_another_box_while_a_pass_runs(diagram: NetworkDiagram) -> None:
    scene = scene_with(diagram)
    scene.play(ForwardPass(diagram, TRACE), FitBox(diagram, LEFT_BOX))
    assert_same_picture(
        diagram, NetworkDiagram(NETWORK, DARK_THEME).show_activations(TRACE).fit(LEFT_BOX)
    )


GROUPS = {
    "AnimationGroup": lambda *passes: AnimationGroup(*passes),
    "LaggedStart": lambda *passes: LaggedStart(*passes, lag_ratio=0.4),
    "Succession": lambda *passes: Succession(*passes),
    "set_run_time": lambda *passes: AnimationGroup(*passes).set_run_time(0.5),
    "one in another": lambda *passes: Succession(*(AnimationGroup(one) for one in passes)),
}


@alternating(GROUPS)
def test_passes_go_into_groups(diagram: NetworkDiagram, kind: str, skipped: bool) -> None:
    passes = ForwardPass.at_once(diagram, TRACE, run_time=0.4), BackwardPass(diagram, BLAME)
    scene_with(diagram, skipped=skipped).play(GROUPS[kind](*passes))
    assert_same_picture(diagram, final())


def test_a_pass_is_followed_by_a_move(diagram: NetworkDiagram) -> None:
    scene_with(diagram).play(Succession(ForwardPass(diagram, TRACE), diagram.animate.shift(UP)))
    assert_same_picture(
        diagram, NetworkDiagram(NETWORK, DARK_THEME).show_activations(TRACE).shift(UP)
    )


def test_a_pass_adds_its_diagram_to_the_scene(diagram: NetworkDiagram) -> None:
    scene = Scene(skip_animations=True)
    scene.play(ForwardPass(diagram, TRACE))
    assert diagram in scene.mobjects


# ---- a diagram in manim's animations -------------------------------------------------------------


@PLAYED
def test_hidden_parts_do_not_fade_in(skipped: bool) -> None:
    diagram = final().clear_blame()
    scene = Scene(skip_animations=skipped)
    scene.play(FadeIn(diagram, run_time=0.4))
    assert_same_picture(diagram, final().clear_blame())
    assert not diagram.neuron(1, 0).blame_text.has_points()
    scene.play(FadeOut(diagram, run_time=0.4))
    assert diagram not in scene.mobjects
    assert_same_picture(diagram, final().clear_blame())


ANIMATED = {
    "fit": lambda d: d.fit(LEFT_BOX),
    "shift": lambda d: d.shift(UP),
    "scale": lambda d: d.scale(0.4),
    "move and scale": lambda d: d.scale(2).shift(UP).move_to(0.3 * UP),
    "activations": lambda d: d.show_activations(TRACE),
    "blame": lambda d: d.show_blame(BLAME),
    "weights": lambda d: d.set_weights(OTHER),
    "opacity": lambda d: d.set_opacity(0.3),
    "rotate": lambda d: d.rotate(0.3),
    "focus": lambda d: d.focus(None, [(0, 0), (1, 2)]),
}


@alternating(ANIMATED)
def test_animate_ends_in_the_picture_of_the_direct_call(
    diagram: NetworkDiagram, kind: str, skipped: bool
) -> None:
    parts = diagram.get_family()
    scene_with(diagram, skipped=skipped).play(ANIMATED[kind](diagram.animate(run_time=0.4)))
    assert_same_picture(diagram, ANIMATED[kind](NetworkDiagram(NETWORK, DARK_THEME)))
    assert all(now is then for now, then in zip(diagram.get_family(), parts, strict=True))
    assert diagram.network is (OTHER if kind == "weights" else NETWORK)


def test_cleared_values_stay_cleared(diagram: NetworkDiagram) -> None:
    scene = scene_with(diagram.show_activations(TRACE).show_blame(BLAME))
    scene.play(diagram.animate.clear_activations())
    scene.play(diagram.animate.clear_blame())
    assert_same_picture(diagram, NetworkDiagram(NETWORK, DARK_THEME))
    scene.play(diagram.animate.show_activations(TRACE))
    scene.play(BackwardPass(diagram, BLAME))
    assert_same_picture(diagram, final())


def test_parts_can_be_animated_alone(diagram: NetworkDiagram) -> None:
    scene = scene_with(diagram)
    value, strength = diagram.activation_of(TRACE, 1, 0)
    scene.play(diagram.neuron(1, 0).animate.set_activation(value, strength))
    scene.play(diagram.edge(0, 1, 2).animate.set_flow(0, 1, 1.0, DARK_THEME.forward))
    scene.play(Indicate(diagram.neuron(1, 0)))
    assert diagram.neuron(1, 0).value == value
    assert diagram.edge(0, 1, 2).flow.has_points()
    scene.play(diagram.animate.clear_flows())
    assert not diagram.is_flowing()


def test_a_saved_state_is_restored(diagram: NetworkDiagram) -> None:
    scene = scene_with(diagram)
    diagram.save_state()
    scene.play(ForwardPass(diagram, TRACE), diagram.animate.scale(0.5))
    scene.play(Restore(diagram))
    assert_same_picture(diagram, NetworkDiagram(NETWORK, DARK_THEME))
    assert diagram.neuron(1, 0).value is None


def test_numbers_have_the_scale_of_their_diagram(diagram: NetworkDiagram) -> None:
    before = final().scale(0.5, about_point=ORIGIN)
    after = diagram.scale(0.5, about_point=ORIGIN).show_activations(TRACE).show_blame(BLAME)
    for neuron, same in zip(after.layer(1), before.layer(1), strict=True):
        for text in ("value_text", "blame_text"):
            one, other = getattr(neuron, text), getattr(same, text)
            assert one.has_points() == other.has_points()
            if one.has_points():
                assert one.em == pytest.approx(other.em)
        if neuron.value_text.has_points():
            assert neuron.value_text.get_center() == pytest.approx(same.value_text.get_center())


# ---- from one network to another -----------------------------------------------------------------


def shapes(diagram: NetworkDiagram) -> list[int]:
    return [len(column) for column in diagram.neuron_layers]


@PLAYED
@pytest.mark.parametrize("network", [OTHER, DEEPER], ids=["same shape", "other shape"])
@pytest.mark.parametrize("shown", [True, False], ids=["values", "no values"])
def test_a_diagram_becomes_another(
    diagram: NetworkDiagram, network: Network, shown: bool, skipped: bool
) -> None:
    target = NetworkDiagram(network, DARK_THEME)
    if shown:
        diagram.show_activations(TRACE)
    scene_with(diagram, skipped=skipped).play(Transform(diagram, target, run_time=0.4))
    assert diagram.network is network
    assert shapes(diagram) == list(network.sizes)
    assert_same_picture(diagram, NetworkDiagram(network, DARK_THEME))
    trace = forward(network, X)
    play_again = scene_with(diagram)
    play_again.play(ForwardPass(diagram, trace))
    assert_same_picture(diagram, NetworkDiagram(network, DARK_THEME).show_activations(trace))
    assert_same_picture(target, NetworkDiagram(network, DARK_THEME))


def test_a_diagram_becomes_a_smaller_one_and_itself_again() -> None:
    diagram = NetworkDiagram(DEEPER, DARK_THEME)
    scene = scene_with(diagram)
    scene.play(Transform(diagram, final()))
    assert_same_picture(diagram, final())
    scene.play(Transform(diagram, NetworkDiagram(DEEPER, DARK_THEME)))
    assert_same_picture(diagram, NetworkDiagram(DEEPER, DARK_THEME))


@PLAYED
def test_a_diagram_is_replaced(diagram: NetworkDiagram, skipped: bool) -> None:
    target = NetworkDiagram(DEEPER, DARK_THEME)
    scene = scene_with(diagram, skipped=skipped)
    scene.play(ReplacementTransform(diagram, target, run_time=0.4))
    assert scene.mobjects == [target]


@PLAYED
def test_a_transform_there_and_back_leaves_the_diagram_unchanged(
    diagram: NetworkDiagram, skipped: bool
) -> None:
    parts = diagram.show_activations(TRACE).get_family()
    there = Transform(diagram, NetworkDiagram(DEEPER, DARK_THEME), rate_func=there_and_back)
    scene_with(diagram, skipped=skipped).play(there.set_run_time(0.4))
    assert_same_picture(diagram, NetworkDiagram(NETWORK, DARK_THEME).show_activations(TRACE))
    assert all(now is then for now, then in zip(diagram.get_family(), parts, strict=True))


def half_way(animation: Animation, share: float = 0.5) -> None:
    animation.begin()
    animation.interpolate(share)


def test_half_way_through_a_transform_weights_are_interpolated(diagram: NetworkDiagram) -> None:
    half_way(Transform(diagram, NetworkDiagram(OTHER, DARK_THEME), rate_func=lambda t: t))
    lines = [part for part in diagram.family_members_with_points() if hasattr(part, "address")]
    ends = [NetworkDiagram(network, DARK_THEME) for network in (NETWORK, OTHER)]
    assert len(lines) == 3 * 4 + 4 * 2
    for line in lines:
        widths = [end.edge(*line.address).get_stroke_width() for end in ends]
        assert line.get_stroke_width() == pytest.approx(sum(widths) / 2)


def test_a_line_becomes_dashed_without_a_jump(diagram: NetworkDiagram) -> None:
    weights = zip(NETWORK.layers[0].weights.flat, OTHER.layers[0].weights.flat, strict=True)
    flipped = next(i for i, (a, b) in enumerate(weights) if a > 0 > b)
    address = (0, flipped % 3, flipped // 3)
    drawn = []
    for share in (0.001, 0.999):
        shown = NetworkDiagram(NETWORK, DARK_THEME)
        half_way(Transform(shown, NetworkDiagram(OTHER, DARK_THEME), rate_func=lambda t: t), share)
        lines = [p for p in shown.family_members_with_points() if hasattr(p, "address")]
        line = next(line for line in lines if line.address == address)
        drawn.append(length_of(line))
    start = diagram.edge(*address)
    dashed = NetworkDiagram(OTHER, DARK_THEME).edge(*address)
    assert drawn == pytest.approx([length_of(start), length_of(dashed)], rel=2e-3)
    assert length_of(dashed) < 0.7 * length_of(start)


def length_of(line: VGroup) -> float:
    pieces = line.points.reshape(-1, 4, 3)
    return float(np.linalg.norm(pieces[:, 3] - pieces[:, 0], axis=1).sum())


def test_edges_end_at_their_neurons_while_layers_grow(diagram: NetworkDiagram) -> None:
    half_way(Transform(diagram, NetworkDiagram(DEEPER, DARK_THEME), rate_func=lambda t: t), 0.75)
    parts = diagram.family_members_with_points()
    discs = [part.get_center() for part in parts if isinstance(part, Circle)]
    assert len(discs) == sum(DEEPER.sizes)
    for line in (part for part in parts if hasattr(part, "address")):
        for end in (line.points[0], line.points[-1]):
            assert min(np.linalg.norm(end - disc) for disc in discs) < 0.7


def test_parts_of_the_other_network_only_are_invisible_at_first(diagram: NetworkDiagram) -> None:
    half_way(Transform(diagram, NetworkDiagram(DEEPER, DARK_THEME), rate_func=lambda t: t), 0.3)
    seen = [part for part in diagram.family_members_with_points() if is_seen(part)]
    assert sum(isinstance(part, Circle) for part in seen) == sum(NETWORK.sizes)


def is_seen(part: VGroup) -> bool:
    return part.get_fill_opacity() > 0 or part.get_stroke_opacity() > 0


def test_long_layers_become_short_ones() -> None:
    long = Network.random([3, 40, 2], "tanh", "xavier_uniform", rng=1)
    diagram = NetworkDiagram(long, DARK_THEME)
    scene = scene_with(diagram)
    scene.play(Transform(diagram, NetworkDiagram(NETWORK, DARK_THEME)))
    assert_same_picture(diagram, NetworkDiagram(NETWORK, DARK_THEME))
    scene.play(Transform(diagram, NetworkDiagram(long, DARK_THEME)))
    assert_same_picture(diagram, NetworkDiagram(long, DARK_THEME))


def test_a_diagram_becomes_another_mobject_as_in_manim(diagram: NetworkDiagram) -> None:
    scene = scene_with(diagram)
    scene.play(Transform(diagram, Circle()))
    assert diagram.width == pytest.approx(2.0)


STYLES = {
    "biases as neurons": {"biases": "neurons"},
    "biases as numbers": {"biases": "numbers"},
    "labels": {"neuron_labels": {0: ("a", "b", "c")}, "captions": ("x", "", "y")},
    "weights on edges": {"edge_labels": "weights"},
    "curved": {"edge_shape": "curved", "braces": True},
    "down": {"direction": "down", "edge_colors": "gradient"},
}


@PLAYED
@pytest.mark.parametrize("style", STYLES)
def test_a_diagram_becomes_another_of_another_style(
    diagram: NetworkDiagram, style: str, skipped: bool
) -> None:
    options = STYLES[style]
    scene = scene_with(diagram, skipped=skipped)
    scene.play(Transform(diagram, NetworkDiagram(OTHER, DARK_THEME, **options), run_time=0.4))
    assert_same_picture(diagram, NetworkDiagram(OTHER, DARK_THEME, **options))
    scene.play(Transform(diagram, final(), run_time=0.4))
    assert_same_picture(diagram, final())


@PLAYED
@pytest.mark.parametrize("sizes", [(15, 12, 15), (3, 4, 2), (12, 12, 12, 12)], ids=str)
def test_dense_layers_become_others(sizes: tuple[int, ...], skipped: bool) -> None:
    dense = Network.random([15, 12, 15], "tanh", "xavier_uniform", rng=1)
    other = Network.random(sizes, "tanh", "xavier_uniform", rng=2)
    diagram = NetworkDiagram(dense, DARK_THEME)
    strands = len(diagram.edge_layers[0].rest)
    assert strands < 15 * 12
    scene_with(diagram, skipped=skipped).play(
        Transform(diagram, NetworkDiagram(other, DARK_THEME), run_time=0.4)
    )
    assert_same_picture(diagram, NetworkDiagram(other, DARK_THEME))
    trace = forward(other, np.linspace(-1, 1, sizes[0]))
    scene_with(diagram, skipped=skipped).play(ForwardPass(diagram, trace, run_time=0.4))
    assert_same_picture(diagram, NetworkDiagram(other, DARK_THEME).show_activations(trace))


def test_strands_end_at_their_neurons_during_a_transform() -> None:
    dense, other = (Network.random([15, 12, 15], "tanh", "xavier_uniform", rng=i) for i in (1, 2))
    diagram, target = (
        NetworkDiagram(dense, DARK_THEME),
        NetworkDiagram(other, DARK_THEME, box=LEFT_BOX),
    )
    half_way(Transform(diagram, target, rate_func=lambda t: t))
    parts = diagram.family_members_with_points()
    discs = np.array([part.get_center() for part in parts if isinstance(part, Circle)])
    strands = [part for part in parts if hasattr(part, "curves")]
    assert len(strands) > 2
    for strand in strands:
        for end in (strand.curves[:, 0], strand.curves[:, 3]):
            apart = np.linalg.norm(end[:, np.newaxis] - discs, axis=-1).min(axis=1)
            assert apart.max() < 0.3


def test_biases_travel_with_complete_sums() -> None:
    diagram = NetworkDiagram(NETWORK, DARK_THEME, biases="neurons")
    lit = diagram.bias_edges(0)
    half_way(ForwardPass(diagram, TRACE, layers=[1], neurons=[2]), 0.55)
    assert [edge.flow.has_points() for *_, edge in lit.edges()] == [False, False, True, False]
    diagram.clear_flows()
    half_way(ForwardPass(diagram, TRACE, edges=[(0, 0, 2)]), 0.6)
    assert diagram.edge(0, 0, 2).flow.has_points()
    assert not lit.is_flowing()


@pytest.mark.parametrize(
    "make",
    [
        lambda d: Transform(d, NetworkDiagram(DEEPER, DARK_THEME)),
        lambda d: Transform(d, NetworkDiagram(DEEPER, DARK_THEME), rate_func=there_and_back),
        lambda d: d.animate.set_weights(OTHER),
        lambda d: d.neuron(1, 0).animate.set_activation(0.5, 0.5),
        lambda d: d.edge(0, 1, 2).animate.set_light(0.2),
    ],
    ids=["transform", "there and back", "weights", "a neuron", "an edge"],
)
def test_every_frame_shows_exactly_the_mobjects_of_the_scene(
    diagram: NetworkDiagram, make: Callable[[NetworkDiagram], Animation]
) -> None:
    scene, other = MovingCameraScene(), MovingCamera()
    scene.add(Circle(), diagram)
    frames = []

    def keep(frame: np.ndarray, num_frames: int = 1) -> None:
        other.reset()
        other.capture_mobjects(scene.mobjects)
        frames.append((frame.copy(), other.pixel_array.copy()))

    scene.renderer.add_frame = keep
    scene.play(make(diagram), run_time=0.5)
    assert len(frames) > 2
    for frame, expected in frames:
        # Edges that cross may be drawn in another order, which differs by rounding.
        assert np.abs(frame.astype(int) - expected).max() <= 8
