"""The error goes back: an output's blame, its shares, and how a hidden neuron adds them up."""

from __future__ import annotations

import numpy as np
from manim import Create, FadeIn, FadeOut, LaggedStart, TransformFromCopy, VGroup

from netviz.acts.forward import CURVE_BOX, SUM_BOX, activation_curve, strengths
from netviz.animation.details import BlameNeuron, CountTo, DimEdges, GrowTangent, LightEdges
from netviz.animation.passes import BackwardPass
from netviz.drawing.edges import Edge, EdgeTag
from netviz.drawing.panels.arithmetic import Factors, ProductSum
from netviz.drawing.panels.chain import FactorChain, Named
from netviz.scene import NetworkScene


def most_blamed(scene: NetworkScene, layer: int) -> int:
    """Index of the neuron with the largest |δ| of a layer (1 is the first after the input)."""
    return int(np.argmax(np.abs(scene.blame.layers[layer - 1].blame)))


def last_layer(scene: NetworkScene) -> int:
    """Index of the output layer."""
    return len(scene.diagram.sizes) - 1


def output_blame(scene: NetworkScene) -> None:
    """Blame of the output most to blame, with its tangent; then of all outputs.

    Needs the diagram on the left, filled. Leaves the outputs with their blame and no panels.
    """
    layer, diagram = last_layer(scene), scene.diagram
    i = most_blamed(scene, layer)
    elementwise = scene.example.network.layers[-1].activation.elementwise
    panels = _slope_times_error(scene, layer, i) if elementwise else _joined(scene, layer, i)
    others = [j for j in range(diagram.sizes[layer]) if j != i]
    with scene.beat("blame.all"):
        scene.play(FadeOut(panels), run_time=0.4)
        blames = (BlameNeuron(diagram, scene.blame, layer, j) for j in others)
        scene.play(LaggedStart(*blames, lag_ratio=0.3), run_time=1.6)


def _slope_times_error(scene: NetworkScene, layer: int, i: int) -> VGroup:
    z = float(scene.trace.layers[layer - 1].z[i])
    chain = blame_chain(scene, layer, i)
    curve = activation_curve(scene, layer, i).set_z(z)
    with scene.beat("blame.error", n=i + 1):
        scene.play(FadeIn(chain.heading), run_time=0.5)
        scene.play(FadeIn(chain.rows[0]), run_time=0.6)
    with scene.beat("blame.slope"):
        scene.play(FadeIn(curve), run_time=0.6)
        scene.play(GrowTangent(curve, z))
        scene.play(FadeIn(chain.rows[1]), run_time=0.5)
        scene.play(Create(chain.rule), FadeIn(chain.result), run_time=0.5)
        scene.play(BlameNeuron(scene.diagram, scene.blame, layer, i), run_time=0.8)
    return VGroup(chain, curve)


def blame_chain(scene: NetworkScene, layer: int, i: int) -> FactorChain:
    """error × slope = blame, for one neuron of an elementwise activation."""
    record, theme, n = scene.blame.layers[layer - 1], scene.theme, i + 1
    activation = scene.example.network.layers[layer - 1].activation
    slope = float(activation.slope(scene.trace.layers[layer - 1].z)[i])
    error = Named(f"(partial L)/(partial a_{n})", float(record.activation_gradient[i]), theme.text)
    return FactorChain(
        f"delta_{n} = (partial L)/(partial a_{n}) dot {activation.symbol}'(z_{n})",
        [error, Named(f"{activation.symbol}'(z_{n})", slope, theme.text)],
        Named(f"delta_{n}", float(record.blame[i]), theme.blame),
        theme=theme,
        box=SUM_BOX,
    )


def _joined(scene: NetworkScene, layer: int, i: int) -> VGroup:
    """Softmax has no slope of one variable: its blame is shown as the core computed it."""
    theme, n = scene.theme, i + 1
    chain = FactorChain(
        f"delta_{n} = (partial L)/(partial z_{n})",
        [
            Named(f"y_{n}", float(scene.trace.prediction[i]), theme.text),
            Named(f"t_{n}", float(scene.example.target[i]), theme.text),
        ],
        Named(f"delta_{n}", float(scene.blame.layers[layer - 1].blame[i]), theme.blame),
        theme=theme,
        box=SUM_BOX,
    )
    with scene.beat("blame.joined", n=n):
        scene.play(FadeIn(chain), run_time=0.8)
        scene.play(BlameNeuron(scene.diagram, scene.blame, layer, i), run_time=0.8)
    return VGroup(chain)


def split_and_add(scene: NetworkScene) -> None:
    """From one output the shares go back; at one hidden neuron they add up to its blame.

    Needs the diagram on the left with the outputs' blame. Leaves the layer before with its blame.
    """
    layer = last_layer(scene)
    if layer < 2:
        return
    _split(scene, layer, most_blamed(scene, layer))
    i = most_blamed(scene, layer - 1)
    panel = _add_up(scene, layer - 1, i)
    others = [k for k in range(scene.diagram.sizes[layer - 1]) if k != i]
    if others:
        with scene.beat("shares.twin"):
            scene.play(FadeOut(panel), run_time=0.3)
            twin = shares_sum(scene, layer - 1, others[0])
            scene.diagram.focus(scene.diagram.edges_out_of(layer - 1, others[0]))
            scene.play(
                BackwardPass(
                    scene.diagram, scene.blame, layers=[layer - 1], neurons=others, pace=1.7
                ),
                FadeIn(twin),
            )
            panel = twin
    scene.diagram.focus(None)
    scene.take_all(panel)


def blame_before(scene: NetworkScene) -> None:
    """All layers before the last hidden one collect their blame. Needs the diagram, wide."""
    rest = range(1, last_layer(scene) - 1)
    if rest:
        with scene.beat("shares.before"):
            scene.play(BackwardPass(scene.diagram, scene.blame, layers=rest, pace=1.7))


def _split(scene: NetworkScene, layer: int, j: int) -> None:
    diagram = scene.diagram
    edges: list[Edge] = list(diagram.edges_into(layer, j))
    shares = scene.blame.layers[layer - 1].shares[j]
    tags = _tags(scene, edges, shares)
    with scene.beat("shares.split", n=j + 1):
        diagram.focus(edges)
        scene.play(LightEdges(diagram, edges, strengths(shares), back=True), run_time=1.2)
        if tags:
            scene.play(LaggedStart(*map(FadeIn, tags), lag_ratio=0.3), run_time=0.9)
    scene.play(*map(FadeOut, tags), DimEdges(diagram), run_time=0.4)


def _tags(scene: NetworkScene, edges: list[Edge], shares: np.ndarray) -> list[EdgeTag]:
    if scene.diagram.layout.value_em is None:
        return []
    return [
        EdgeTag(edge, share, scene.theme, at=0.5, color=scene.theme.blame, decimals=3)
        for edge, share in zip(edges, shares, strict=True)
    ]


def shares_sum(scene: NetworkScene, layer: int, k: int) -> ProductSum:
    """The arithmetic of one hidden neuron: weight times blame for every edge out of it."""
    after, theme, n = scene.blame.layers[layer], scene.theme, k + 1
    return ProductSum(
        f"(partial L)/(partial a_{n}) = sum_j W_({n},j) dot delta_j",
        Factors(after.weights[:, k], theme.text),
        Factors(after.blame, theme.blame, decimals=3),
        Factors(after.shares[:, k], theme.blame, decimals=3),
        total_label=f"(partial L)/(partial a_{n}) =",
        total=float(scene.blame.layers[layer - 1].activation_gradient[k]),
        theme=theme,
        box=SUM_BOX,
    )


def _add_up(scene: NetworkScene, layer: int, k: int) -> VGroup:
    diagram = scene.diagram
    edges: list[Edge] = list(diagram.edges_out_of(layer, k))
    shares = scene.blame.layers[layer].shares[:, k]
    tags, panel = _tags(scene, edges, shares), shares_sum(scene, layer, k)
    with scene.beat("shares.add"):
        diagram.focus(edges)
        scene.play(LightEdges(diagram, edges, strengths(shares), back=True), run_time=1.2)
        if tags:
            scene.play(LaggedStart(*map(FadeIn, tags), lag_ratio=0.25), run_time=1.2)
        total = panel.total.value
        panel.total.set_value(0.0)
        scene.play(FadeIn(panel.heading), run_time=0.5)
        scene.play(FadeIn(panel.rule), FadeIn(panel.total_label), FadeIn(panel.total), run_time=0.4)
        running = 0.0
        for j, row in enumerate(panel.rows):
            running += row.product.value
            source = tags[j].number if tags else row.question
            scene.play(FadeIn(row.question), TransformFromCopy(source, row.product), run_time=0.5)
            scene.play(CountTo(panel.total, running), run_time=0.3)
        panel.total.set_value(total)
        scene.add(panel)
    if not scene.example.network.layers[layer - 1].activation.elementwise:
        return VGroup(panel)
    slope = _times_slope(scene, layer, k)
    with scene.beat("shares.slope"):
        scene.play(*map(FadeOut, tags), DimEdges(diagram), run_time=0.4)
        scene.play(FadeIn(slope), run_time=0.6)
        scene.play(BlameNeuron(diagram, scene.blame, layer, k), run_time=0.8)
    return VGroup(panel, slope)


def _times_slope(scene: NetworkScene, layer: int, k: int) -> FactorChain:
    record, theme, n = scene.blame.layers[layer - 1], scene.theme, k + 1
    activation = scene.example.network.layers[layer - 1].activation
    slope = float(activation.slope(scene.trace.layers[layer - 1].z)[k])
    return FactorChain(
        f"delta_{n} = (partial L)/(partial a_{n}) dot {activation.symbol}'(z_{n})",
        [Named(f"{activation.symbol}'(z_{n})", slope, theme.text)],
        Named(f"delta_{n}", float(record.blame[k]), theme.blame),
        theme=theme,
        box=CURVE_BOX,
    )
