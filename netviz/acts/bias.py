"""A bias is the weight of one more edge, from a neuron that is always 1."""

from __future__ import annotations

from collections.abc import Sequence

from manim import LEFT, UP, FadeIn, FadeOut, LaggedStart, Transform

from netviz.acts.sweeps import quick_pass
from netviz.acts.training import hide_numbers_of_blame
from netviz.animation.details import DimEdges, Focus
from netviz.animation.gap import OpenGap
from netviz.animation.passes import BackwardPass
from netviz.animation.timeline import Change, ease
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import Plated
from netviz.drawing.edges.layer import Edge
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

_BOX = Box(-6.6, 5.7, -2.75, 3.6)
# Where a product stands on its edge, 0 … 1, and a weight: there the edges have parted.
_AT, _WEIGHT_AT = 0.6, 0.78
# From the highest product to the names above it, which stand clear of the edges.
_ABOVE = 0.72
# So many biases of a layer can be written on their edges as products, and as weights alone.
_MOST, _MOST_WEIGHTS = 4, 8
_LAST = 2.5


def expect_biases(scene: NetworkScene) -> None:
    """Refuse a network whose first layer has no biases, or too many to write them on edges.

    Raises:
        ProblemError: It has.
    """
    layer = scene.example.network.layers[0]
    expect("the first layer", layer, "bias" in layer.parameters, "a layer with biases")
    count = scene.example.network.sizes[1]
    expect("the neurons of the first layer", count, count <= _MOST, f"at most {_MOST}")


@act(
    "bias",
    section="bias",
    rows=True,
    needs=OnScreen(_BOX, values=1, blames=0),
    leaves=OnScreen(_BOX, values="all", blames="all", panels=None),
    check=expect_biases,
)
def bias(scene: NetworkScene) -> None:
    """The biases become edges out of neurons that are 1, which are learned as all edges are."""
    diagram, trace, blame = scene.diagram, scene.trace, scene.blame
    count = diagram.sizes[1]
    with scene.beat("bias.number", hold=1.0):
        # The edges recede from the numbers next to the neurons.
        everyone = [(layer, i) for layer in range(len(diagram.sizes)) for i in diagram.shown(layer)]
        scene.play(Focus(diagram, [], everyone, run_time=0.8))
    with scene.beat("bias.neuron"):
        scene.play(Transform(diagram, _with_bias_neurons(scene), run_time=1.6))
    with scene.beat("bias.edge", hold=reading_time(count)):
        scene.play(OpenGap(diagram, 0))
        edges = _bias_edges(diagram, 0)
        scene.play(Focus(diagram, edges), _hide_weights(diagram))
        values = [float(value) for value in trace.layers[0].bias]
        products = _products(scene, edges, values, values, scene.theme.forward_ink)
        theme, words = scene.theme, scene.words
        factor, result = (words("panel.weight"), theme.text), (words("sum.bias"), theme.forward_ink)
        names = _names(scene, factor, result, products)
        scene.play(FadeIn(names), LaggedStart(*map(FadeIn, products), lag_ratio=0.4), run_time=1.2)
    with scene.beat("bias.every", hold=1.2):
        scene.play(*map(FadeOut, (names, *products)), run_time=0.4)
        scene.play(Focus(diagram, None, run_time=0.6))
        scene.play(OpenGap(diagram, None))
        for layer in range(1, len(diagram.sizes) - 1):
            weights = _weights(scene, layer)
            scene.play(
                Focus(diagram, _bias_edges(diagram, layer)), *map(FadeIn, weights), run_time=0.6
            )
            scene.hold_for(len(weights))
            scene.play(*map(FadeOut, weights), run_time=0.4)
    with scene.beat("bias.pass", hold=2.0):
        scene.play(Focus(diagram, None))
        hide_numbers_of_blame(diagram)
        quick_pass(scene, trace)
        scene.hold_for(sum(diagram.sizes[1:]))
        scene.play(BackwardPass(diagram, blame, detail="network", step_time=0.9))
        scene.play(DimEdges(diagram))
    with scene.beat("bias.gradient", hold=_LAST):
        scene.play(OpenGap(diagram, 0))
        edges = _bias_edges(diagram, 0)
        scene.play(Focus(diagram, edges), _hide_weights(diagram))
        record = blame.layers[0]
        pair = [float(x) for x in record.blame], [float(x) for x in record.bias_gradient]
        gradients = _products(scene, edges, *pair, scene.theme.text, blamed=True)
        factor = words("panel.blame"), theme.blame
        names = _names(scene, factor, (words("training_step.gradient"), theme.text), gradients)
        scene.play(FadeIn(names), LaggedStart(*map(FadeIn, gradients), lag_ratio=0.4), run_time=1.2)
    scene.show(names, *gradients)


def _names(
    scene: NetworkScene,
    factor: tuple[str, str],
    result: tuple[str, str],
    products: Sequence[Plated],
) -> Plated:
    """Return ``1 × factor = result`` in words, each with its colour, to stand above products."""
    theme = scene.theme
    parts = ("1", theme.muted), ("×", theme.muted), factor, ("=", theme.muted), result
    line = Plated(*(TextLabel(text, theme, color=ink) for text, ink in parts), theme=theme)
    highest = max(products, key=lambda product: float(product.get_y()))
    return line.next_to(highest, UP, buff=_ABOVE, aligned_edge=LEFT)


def _weights(scene: NetworkScene, layer: int) -> list[Plated]:
    """Return the weights of the bias edges out of a layer; none if they have no room."""
    edges, biases = scene.diagram.bias_edges(layer).edges(), scene.trace.layers[layer].bias
    found = [(edge, float(biases[target])) for _, target, edge in edges]
    if len(found) > _MOST_WEIGHTS:
        return []
    return [
        Plated(Number(value, scene.theme, signed=True), theme=scene.theme).move_to(
            edge.at(_WEIGHT_AT)
        )
        for edge, value in found
    ]


def _with_bias_neurons(scene: NetworkScene) -> NetworkDiagram:
    """Return the diagram with bias neurons in place of numbers, with the input shown."""
    style = {**scene.example.style, **scene.style, "biases": "neurons"}
    network = scene.example.network
    made = NetworkDiagram(network, scene.theme, box=_BOX, words=scene.words, **style)
    made.keep_scales(scene.trace, scene.blame)
    return made.show_activations(scene.trace, layers=0)


def _bias_edges(diagram: NetworkDiagram, layer: int) -> list[Edge]:
    return [edge for _, _, edge in diagram.bias_edges(layer).edges()]


def _hide_weights(diagram: NetworkDiagram) -> Change:
    """Return the animation in which the first weights leave: their edges cross the products."""
    edges = [edge for _, _, edge in diagram.edge_layers[0].edges()]

    def step(progress: float) -> None:
        for edge in edges:
            edge.set_brightness(1 - ease(progress))

    return Change(diagram, step, run_time=0.6)


def _products(
    scene: NetworkScene,
    edges: Sequence[Edge],
    factors: Sequence[float],
    results: Sequence[float],
    color: str,
    *,
    blamed: bool = False,
) -> list[Plated]:
    """Return ``1 × factor = result`` on each bias edge, a negative factor in parentheses."""
    theme, lines = scene.theme, []
    decimals, inks = 3 if blamed else 2, (theme.blame if blamed else theme.text, color)
    for edge, factor, result in zip(edges, factors, results, strict=True):
        one = Number(1.0, theme, color=theme.muted).show(1.0, "1")
        times, equals = (TextLabel(sign, theme, color=theme.muted) for sign in "×=")
        first, second = (
            Number(value, theme, color=ink).show(value, figures(value, decimals))
            for value, ink in zip((factor, result), inks, strict=True)
        )
        if factor < 0:
            first.show(factor, f"({first.text})")
        line = Plated(one, times, first, equals, second, theme=theme)
        lines.append(line.move_to(edge.at(_AT)))
    return lines
