"""The error goes back: an output's blame, its shares, and how a hidden neuron adds them up."""

from __future__ import annotations

import numpy as np
from manim import Create, FadeIn, FadeOut, LaggedStart, TransformFromCopy, VGroup

from netviz.acts.forward import (
    CURVE_BOX,
    SUM_BOX,
    activation_curve,
    add_up,
    edge_tags,
    show_factors,
    strengths,
)
from netviz.animation.details import BlameNeuron, DimEdges, GrowTangent, LightEdges
from netviz.animation.passes import BackwardPass
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.panels.reckoning import Named, Reckoning
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
    layer = last_layer(scene)
    i = most_blamed(scene, layer)
    if scene.example.network.layers[-1].activation.elementwise:
        panels = _error_times_slope(scene, layer, i)
        _all_outputs(scene, layer, i, panels)
    else:
        _without_slope(scene, layer)


def _error_times_slope(scene: NetworkScene, layer: int, i: int) -> VGroup:
    z = float(scene.trace.layers[layer - 1].z[i])
    record, theme, n = scene.blame.layers[layer - 1], scene.theme, i + 1
    symbol, slope = _slope(scene, layer, i)
    reckoning = Reckoning(
        f"delta_{n} = {_gradient('a', n)} dot {symbol}'(z_{n})",
        [
            Named(_gradient("a", n), float(record.activation_gradient[i]), theme.text),
            Named(f"times {symbol}'(z_{n})", slope, theme.text),
        ],
        Named(f"delta_{n}", float(record.blame[i]), theme.blame),
        theme=theme,
        box=SUM_BOX,
    )
    curve = activation_curve(scene, layer, i).set_z(z)
    with scene.beat("blame.error", n=n):
        scene.play(FadeIn(reckoning.heading), FadeIn(curve), run_time=0.6)
        scene.play(FadeIn(reckoning.rows[0]), run_time=0.6)
    with scene.beat("blame.slope"):
        scene.play(GrowTangent(curve, z))
        scene.play(FadeIn(reckoning.rows[1]), run_time=0.5)
        scene.play(Create(reckoning.rule), FadeIn(reckoning.result), run_time=0.5)
        scene.play(BlameNeuron(scene.diagram, scene.blame, layer, i), run_time=0.8)
    return VGroup(reckoning, curve)


def _all_outputs(scene: NetworkScene, layer: int, first: int, panels: VGroup) -> None:
    record, theme = scene.blame.layers[layer - 1], scene.theme
    activation = scene.example.network.layers[layer - 1].activation
    slopes = activation.slope(scene.trace.layers[layer - 1].z)
    table = ProductTable(
        f"delta_j = {_gradient('a', 'j')} dot {activation.symbol}'(z_j)",
        Factors(record.activation_gradient, theme.text, decimals=3),
        Factors(slopes, theme.text, decimals=3, signed=False),
        Factors(record.blame, theme.blame, decimals=3),
        theme=theme,
        box=SUM_BOX,
    )
    with scene.beat("blame.all"):
        scene.play(FadeOut(panels), run_time=0.3)
        scene.play(FadeIn(table.heading), run_time=0.4)
        for j in range(scene.diagram.sizes[layer]):
            row = [FadeIn(table.rows[j])] if j < len(table.rows) else []
            ring = [] if j == first else [BlameNeuron(scene.diagram, scene.blame, layer, j)]
            if row or ring:
                scene.play(*row, *ring, run_time=0.5)
    scene.play(FadeOut(table), run_time=0.3)


def _without_slope(scene: NetworkScene, layer: int) -> None:
    """Softmax has no slope of one variable: its blame is ∂L/∂z as the core computed it."""
    blames = (
        BlameNeuron(scene.diagram, scene.blame, layer, j) for j in range(scene.diagram.sizes[layer])
    )
    with scene.beat("blame.all"):
        scene.play(LaggedStart(*blames, lag_ratio=0.3), run_time=1.6)


def _gradient(letter: str, index: int | str) -> str:
    """``∂L/∂a₁`` on one line, in Typst."""
    return f"partial L slash partial {letter}_({index})"


def _slope(scene: NetworkScene, layer: int, i: int) -> tuple[str, float]:
    """The symbol of a neuron's activation function, and its slope at the neuron's z."""
    activation = scene.example.network.layers[layer - 1].activation
    return activation.symbol, float(activation.slope(scene.trace.layers[layer - 1].z)[i])


def split_and_add(scene: NetworkScene) -> None:
    """From one output the shares go back; at one hidden neuron they add up to its blame.

    Needs the diagram on the left with the outputs' blame. Leaves it wide, the layer before the
    outputs with its blame too. A network without hidden layers has nothing to show here.
    """
    layer = last_layer(scene)
    if layer < 2:
        return
    _split(scene, layer, most_blamed(scene, layer))
    i = most_blamed(scene, layer - 1)
    panels = _collect(scene, layer - 1, i)
    others = [k for k in range(scene.diagram.sizes[layer - 1]) if k != i]
    if others:
        panels = _others_collect(scene, layer - 1, others, panels)
    scene.diagram.focus(None)
    scene.take_all(panels)


def blame_before(scene: NetworkScene) -> None:
    """All layers before the last hidden one collect their blame. Needs the diagram, wide."""
    rest = range(1, last_layer(scene) - 1)
    if rest:
        with scene.beat("shares.before"):
            scene.play(BackwardPass(scene.diagram, scene.blame, layers=rest, pace=1.7))


def _split(scene: NetworkScene, layer: int, j: int) -> None:
    diagram, theme = scene.diagram, scene.theme
    record, edges = scene.blame.layers[layer - 1], list(diagram.edges_into(layer, j))
    shares = record.shares[j]
    table = ProductTable(
        f'"share"_k = W_(k,{j + 1}) dot delta_{j + 1}',
        Factors(record.weights[j], theme.text),
        Factors([float(record.blame[j])] * len(shares), theme.blame, decimals=3),
        Factors(shares, theme.blame, decimals=3),
        theme=theme,
        box=SUM_BOX,
    )
    tags = edge_tags(scene, edges, shares, color=theme.blame, decimals=3)
    with scene.beat("shares.split", n=j + 1):
        diagram.focus(edges)
        scene.play(FadeIn(table.heading), LightEdges(diagram, edges, strengths(shares), back=True))
        show_factors(scene, table, tags)
        flying = (
            TransformFromCopy(tags[k].number if tags else row.question, row.product)
            for k, row in enumerate(table.rows)
        )
        scene.play(LaggedStart(*flying, lag_ratio=0.3), run_time=0.9)
        scene.add(table)
    scene.play(FadeOut(table), *map(FadeOut, tags), DimEdges(diagram), run_time=0.4)


def shares_sum(scene: NetworkScene, layer: int, k: int) -> ProductTable:
    """The arithmetic of one hidden neuron: weight times blame for every edge out of it."""
    after, theme, n = scene.blame.layers[layer], scene.theme, k + 1
    return ProductTable(
        f"{_gradient('a', n)} = scripts(sum)_j W_({n},j) dot delta_j",
        Factors(after.weights[:, k], theme.text),
        Factors(after.blame, theme.blame, decimals=3),
        Factors(after.shares[:, k], theme.blame, decimals=3),
        theme=theme,
        box=SUM_BOX,
        total=(
            f"{_gradient('a', n)} =",
            float(scene.blame.layers[layer - 1].activation_gradient[k]),
        ),
    )


def _collect(scene: NetworkScene, layer: int, k: int) -> VGroup:
    diagram, table = scene.diagram, shares_sum(scene, layer, k)
    edges = list(diagram.edges_out_of(layer, k))
    shares = scene.blame.layers[layer].shares[:, k]
    tags = edge_tags(scene, edges, shares, color=scene.theme.blame, decimals=3)
    with scene.beat("shares.add"):
        diagram.focus(edges)
        scene.play(FadeIn(table.heading), LightEdges(diagram, edges, strengths(shares), back=True))
        show_factors(scene, table, tags)
        add_up(scene, table, tags)
    leaving = [*map(FadeOut, tags), DimEdges(diagram)]
    if not scene.example.network.layers[layer - 1].activation.elementwise:
        scene.play(*leaving, BlameNeuron(diagram, scene.blame, layer, k))
        return VGroup(table)
    slope = _times_slope(scene, layer, k)
    with scene.beat("shares.slope"):
        scene.play(*leaving, run_time=0.4)
        scene.play(FadeIn(slope), run_time=0.6)
        scene.play(BlameNeuron(diagram, scene.blame, layer, k), run_time=0.8)
    return VGroup(table, slope)


def _others_collect(scene: NetworkScene, layer: int, others: list[int], panels: VGroup) -> VGroup:
    """The rest of the layer, all at once; the arithmetic of the first of them stands beside it."""
    diagram, k = scene.diagram, others[0]
    shown = [shares_sum(scene, layer, k)]
    if scene.example.network.layers[layer - 1].activation.elementwise:
        shown.append(_times_slope(scene, layer, k))
    with scene.beat("shares.twin"):
        scene.play(FadeOut(panels), run_time=0.3)
        diagram.focus(edge for other in others for edge in diagram.edges_out_of(layer, other))
        scene.play(
            BackwardPass(diagram, scene.blame, layers=[layer], neurons=others, pace=1.7),
            *map(FadeIn, shown),
        )
    return VGroup(*shown)


def _times_slope(scene: NetworkScene, layer: int, k: int) -> Reckoning:
    record, theme, n = scene.blame.layers[layer - 1], scene.theme, k + 1
    symbol, slope = _slope(scene, layer, k)
    return Reckoning(
        f"delta_{n} = {_gradient('a', n)} dot {symbol}'(z_{n})",
        [Named(f"times {symbol}'(z_{n})", slope, theme.text)],
        Named(f"delta_{n}", float(record.blame[k]), theme.blame),
        theme=theme,
        box=CURVE_BOX,
    )
