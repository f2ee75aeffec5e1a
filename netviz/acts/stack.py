"""One neuron alone is a logistic regression; the network is a stack of such models."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from manim import (
    DOWN,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    ReplacementTransform,
    VGroup,
)

from netviz.animation.details import FillNeuron
from netviz.animation.gap import AddUp
from netviz.animation.passes import ForwardPass
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Activation
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.layout.box import Box
from netviz.drawing.neuron import Z_NUMBER, Neuron
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.panels.pieces import Curve
from netviz.drawing.text import Number
from netviz.problems import expect
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

# While one neuron is alone, the layers after it are invisible, to the right of the frame. Then the
# network fills the frame.
_ALONE, _WHOLE = Box(-6.3, 12.0, -2.75, 3.3), Box(-6.3, 6.3, -2.75, 3.4)
# The curve behind the neuron: from the neuron to it, its right end, and its lower and upper end
# relative to the neuron, in frame units.
_BEHIND, _RIGHT, _LOW, _HIGH = 0.75, 6.6, -2.6, 0.9
# The curve inside a neuron: half its width and its height in radii, its z from −_REACH to _REACH,
# and its stroke.
_HALF_WIDTH, _HEIGHT, _REACH, _STROKE, _SAMPLES = 0.62, 0.9, 5.0, 3.5, 41
# From the axis of the curve to the sum below it, in frame units.
_BELOW_AXIS = 0.15
# Stroke of the link from the bias to the neuron, and its distance from the text, in frame units.
_LINK, _APART = 5.0, 0.04
# Opacity of the curves of neurons that are dimmed.
_DIMMED = 0.45
# Seconds for which one model of a later layer stands out.
_ONE = 0.5


def expect_logistic(scene: NetworkScene) -> None:
    """Refuse a network whose first neurons are no logistic regressions.

    Raises:
        ProblemError: The activation function of the first layer is not the sigmoid.
    """
    name = scene.example.network.layers[0].activation.name
    expect(
        "the activation of the first layer",
        name,
        name == "sigmoid",
        "'sigmoid', with which a neuron is a logistic regression",
    )


@act(
    "stack",
    section="stack",
    rows=True,
    needs=OnScreen(_ALONE, values=1, blames=0, diagram=False),
    leaves=OnScreen(_WHOLE, values="all", blames=0, panels=None),
    check=expect_logistic,
)
def stack(scene: NetworkScene) -> None:
    """A logistic regression is computed; then the network of which it is a neuron appears."""
    diagram = scene.diagram
    first = diagram.shown(1)[0]
    edges = diagram.open_gap(0).edges_into(1, first)
    scene.add(edges, diagram.layer(0), diagram.neuron(1, first), diagram.names[0])
    inside = _regression(scene, first)
    with scene.beat("stack.neuron", hold=1.5):
        _network_appears(scene, first, inside)
        curves = _curves_inside(scene)
        others = [curve for address, curve in curves.items() if address != (1, first)]
        scene.play(LaggedStart(*map(Create, others), lag_ratio=0.1), run_time=1.2)
        scene.remove(inside)
        scene.add(*curves.values())
    last = len(diagram.sizes) - 1
    with scene.beat("stack.neighbours", hold=1.2):
        _stand_out(scene, curves, [(1, i) for i in diagram.shown(1)])
    if last > 1:
        with scene.beat("stack.next", hold=1.2):
            after = [(layer, i) for layer in range(2, last + 1) for i in diagram.shown(layer)]
            _stand_out(scene, curves, after)
    with scene.beat("stack.count", count=sum(diagram.sizes[1:])):
        bright = _dimmed_but(curves, curves)
        scene.play(diagram.animate.highlight(None), *bright, run_time=0.6)
        for layer in range(1, last + 1):
            # A model shows its curve until it answers.
            answered = [FadeOut(curves[at], run_time=0.6) for at in curves if at[0] == layer]
            answer = ForwardPass(diagram, scene.trace, layers=[layer], step_time=1.2, stay=True)
            scene.play(answer, *answered)


def _regression(scene: NetworkScene, i: int) -> Curve:
    """Compute neuron i of the first layer, and return its curve, which is inside it at the end."""
    diagram, theme, neuron = scene.diagram, scene.theme, scene.diagram.neuron(1, i)
    written = EdgeSum(diagram, scene.trace, 1, i, words=scene.words)
    function = scene.example.network.layers[0].activation
    disc = neuron.disc
    place = Box(
        *(disc.get_right()[0] + _BEHIND, _RIGHT), *(disc.get_y() + _LOW, disc.get_y() + _HIGH)
    )
    z = float(scene.trace.layers[0].z[i])
    curve = ActivationCurve(
        *(function,), z=z, color=diagram.role(1), theme=theme, box=place, words=scene.words
    )
    scene.add(curve.axes, curve.curve, written)
    link = VGroup(*([_link(written)] if len(written.extras) and written.inside else []))
    factors = 2 * len(written.terms)
    new = 2 if len(written.extras) else factors + 1
    with scene.beat("stack.sum", hold=reading_time(new)):
        scene.play(AddUp(written, slow=True, extras=False))
        if len(written.extras):
            # The sum of the products is read before the bias changes it.
            scene.hold_for(factors + 1)
            scene.play(AddUp(written, terms=[]), *map(Create, link))
    with scene.beat("stack.curve", hold=reading_time(1)):
        foot = Number(z, theme, signed=True, color=theme.forward_ink)
        foot.next_to(curve.axes.c2p(z, 0.0), DOWN, buff=_BELOW_AXIS)
        scene.play(*map(FadeIn, (curve.value, foot)), run_time=0.4)
        slide = Span(0, 1.4, lambda progress: curve.set_dot(ease(progress) * z))
        scene.play(Timeline(curve, [slide]))
        # The result leaves alone: the rest of its line would be in its way.
        leaving = curve.result.copy().set_z_index(Z_NUMBER)
        scene.add(leaving)
        scene.play(FadeOut(curve.value), run_time=0.3)
        gone = Span(0, 0.3, lambda progress: written.hide_lines(1 - progress))
        scene.play(
            *(Timeline(written, [gone]), leaving.animate(run_time=0.7).move_to(disc)),
            *(FadeOut(part, run_time=0.3) for part in link),
        )
        scene.play(FillNeuron(diagram, scene.trace, 1, i), FadeOut(leaving, run_time=0.2))

    def leave(progress: float) -> None:
        written.set_presence(1 - progress)
        for term in written.terms:
            term.edge.flow.set_fill(opacity=1 - progress)
            if progress >= 1:
                term.edge.flow.clear_points()
        neuron.set_presence(1 - progress)
        if progress >= 1:
            neuron.set_activation(None)

    parts = VGroup(curve.axes, curve.guides, curve.dot, foot)
    leaving = VGroup(written, neuron)
    scene.play(Timeline(leaving, [Span(0, 0.6, leave)]), FadeOut(parts, run_time=0.5))
    scene.remove(written, curve, leaving)
    scene.add(neuron, curve.curve)
    inside = curve_inside(neuron, function, theme.text)
    scene.play(ReplacementTransform(curve.curve, inside), run_time=0.9)
    return inside


def _link(written: EdgeSum) -> Line:
    """Return a line from what is added besides products to the neuron, in the colour of its sum."""
    texts, disc = written.extras[0].texts, written.neuron.disc
    side = UP if texts.get_y() > disc.get_y() else DOWN
    ends = texts.get_edge_center(-side) - _APART * side, disc.get_edge_center(side)
    return Line(*ends, stroke_color=written.light, stroke_width=_LINK)


def _network_appears(scene: NetworkScene, i: int, inside: Curve) -> None:
    """Let the other neurons come in from the right, while neuron i with its curve moves aside."""
    diagram = scene.diagram
    usual = diagram.brightness()
    diagram.focus(diagram.edges_into(1, i))
    dark = np.where(diagram.brightness() < 1.0, 0.0, 1.0)
    start, end = diagram.layout, diagram.fit(_WHOLE).layout

    def step(progress: float) -> None:
        diagram.place(end if progress >= 1 else start.towards(end, ease(progress)))
        diagram.set_brightness(dark + progress * (usual - dark))
        for name in diagram.names[1:]:
            name.set_opacity(progress)
        inside.move_to(diagram.neuron(1, i).disc)

    step(0.0)
    scene.add(diagram, inside)
    scene.play(Timeline(VGroup(diagram, inside), [Span(0, 2.0, step)]))


def _curves_inside(scene: NetworkScene) -> dict[tuple[int, int], Curve]:
    """Return the curve of every neuron after the input, inside it, by its address."""
    diagram, layers = scene.diagram, scene.example.network.layers
    return {
        (place, i): curve_inside(diagram.neuron(place, i), layer.activation, scene.theme.text)
        for place, layer in enumerate(layers, start=1)
        if layer.activation.elementwise
        for i in diagram.shown(place)
    }


def curve_inside(neuron: Neuron, function: Activation, color: str) -> Curve:
    """Return the curve of an activation function inside a neuron, without a scale."""
    z = np.linspace(-_REACH, _REACH, _SAMPLES)
    a = function.value(z)
    height = (a - (a.max() + a.min()) / 2) / max(float(np.ptp(a)), 1e-9)
    radius = neuron.radius
    across = _HALF_WIDTH * radius * z / _REACH
    points = np.stack([across, _HEIGHT * radius * height, np.zeros_like(z)], axis=1)
    curve = Curve(color, stroke=_STROKE).through(points + neuron.disc.get_center())
    return curve.set_z_index(Z_NUMBER)


def _stand_out(
    scene: NetworkScene, curves: dict[tuple[int, int], Curve], neurons: list[tuple[int, int]]
) -> None:
    """Let each of some neurons stand out with the edges into it, one after the other."""
    diagram = scene.diagram
    for layer, i in neurons:
        lit = [*((layer - 1, k) for k in diagram.shown(layer - 1)), (layer, i)]
        scene.play(
            diagram.animate.highlight(lit),
            *_dimmed_but(curves, lit),
            run_time=0.6,
        )
        scene.wait(_ONE, frozen_frame=True)


def _dimmed_but(
    curves: dict[tuple[int, int], Curve], lit: Collection[tuple[int, int]]
) -> list[Animation]:
    """Return the animations in which the curves of all but some neurons are dimmed."""
    return [
        curve.animate.set_stroke(opacity=1.0 if address in lit else _DIMMED)
        for address, curve in curves.items()
    ]
