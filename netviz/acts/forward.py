"""Activations flow forward: one neuron slowly, then the rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import Create, FadeIn, FadeOut, TransformFromCopy, VGroup
from numpy.typing import NDArray

from netviz.animation.details import CountTo, DimEdges, FillNeuron, LightEdges, SlideDot
from netviz.animation.passes import ForwardPass
from netviz.core import ForwardTrace
from netviz.drawing.edges import Edge, EdgeTag
from netviz.drawing.layout import RIGHT, Box
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.panels.curve import ActivationCurve
from netviz.scene import NetworkScene

Array = NDArray[np.float64]

SUM_BOX = Box(RIGHT.left, RIGHT.right, -0.4, RIGHT.top)
CURVE_BOX = Box(RIGHT.left, RIGHT.right, RIGHT.bottom, -0.75)
# Numbers on edges that meet in one neuron: further on they would touch each other, further back
# the neurons beside their source.
_TAG_AT = 0.48


def weighted_sum(scene: NetworkScene, layer: int, i: int) -> ProductTable:
    """The arithmetic of one neuron: its inputs times its weights, plus its bias."""
    record = scene.trace.layers[layer - 1]
    theme, n = scene.theme, i + 1
    source = '"In"' if layer == 1 else "a"
    return ProductTable(
        _sum_formula(len(record.incoming), n, source),
        Factors(record.weights[i], theme.text),
        Factors(record.incoming, theme.role(layer - 1, len(scene.diagram.sizes)), signed=False),
        Factors(record.contributions[i], theme.forward),
        theme=theme,
        box=SUM_BOX,
        extra=(f'"Bias"_{n} =', float(scene.example.network.layers[layer - 1].bias[i])),
        total=(f"Z_{n} =", float(record.z[i])),
    )


def _sum_formula(terms: int, n: int, source: str) -> str:
    """``Z₁ = W₁,₁ · In₁ + … + Bias₁`` in Typst."""
    dots = " + dots.c" if terms > 1 else ""
    return f'Z_{n} = W_(1,{n}) dot {source}_1{dots} + "Bias"_{n}'


def activation_curve(scene: NetworkScene, layer: int, i: int) -> ActivationCurve:
    """The curve of one neuron's activation function, wide enough for its z."""
    return ActivationCurve(
        scene.example.network.layers[layer - 1].activation,
        scene.theme,
        CURVE_BOX,
        color=scene.theme.role(layer, len(scene.diagram.sizes)),
        z=float(scene.trace.layers[layer - 1].z[i]),
    )


def strengths(values: Array) -> list[float]:
    """Widths 0 … 1 of lights on edges: |value| beside the largest."""
    sizes = np.abs(values)
    return list(sizes / max(float(sizes.max()), 1e-300))


def one_neuron(scene: NetworkScene, layer: int = 1, i: int = 0) -> VGroup:
    """One neuron, slowly: products on its edges, their sum, its curve, its number.

    Needs the diagram on the left with the layer before filled.

    Returns:
        The panels, which stay on screen.
    """
    panel = weighted_sum(scene, layer, i)
    edges = list(scene.diagram.edges_into(layer, i))
    products = scene.trace.layers[layer - 1].contributions[i]
    with scene.beat("forward.products"):
        scene.diagram.focus(edges)
        scene.play(FadeIn(panel.heading), LightEdges(scene.diagram, edges, strengths(products)))
        tags = edge_tags(scene, edges, products, color=scene.theme.forward)
        show_factors(scene, panel, tags)
    with scene.beat("forward.sum"):
        add_up(scene, panel, tags)
        if tags:
            scene.play(*map(FadeOut, tags), run_time=0.3)
    curve = _squash(scene, layer, i)
    return VGroup(panel, *([curve] if curve else []))


def edge_tags(
    scene: NetworkScene,
    edges: Sequence[Edge],
    values: Array,
    *,
    color: str,
    decimals: int = 2,
) -> list[EdgeTag]:
    """A number for each edge; none at all where the diagram is too crowded to read them."""
    if scene.diagram.layout.value_em is None:
        return []
    return [
        EdgeTag(edge, value, scene.theme, at=_TAG_AT, color=color, decimals=decimals)
        for edge, value in zip(edges, values, strict=True)
    ]


def show_factors(scene: NetworkScene, panel: ProductTable, tags: list[EdgeTag]) -> None:
    """Row by row ``left × right =`` appears in the table, and the product on its edge."""
    for k, row in enumerate(panel.rows):
        on_edge = [FadeIn(tags[k])] if tags else []
        scene.play(FadeIn(row.question), *on_edge, run_time=0.45)
    if tags[len(panel.rows) :]:
        scene.play(*map(FadeIn, tags[len(panel.rows) :]), run_time=0.4)


def add_up(scene: NetworkScene, panel: ProductTable, tags: list[EdgeTag]) -> None:
    """The products fly from the edges into the table, and its sum counts up to the true total."""
    true_total, running = panel.total.value, 0.0
    panel.total.set_value(running)
    scene.play(FadeIn(panel.footer), run_time=0.4)
    for k, row in enumerate(panel.rows):
        running += row.product.value
        source = tags[k].number if tags else row.question
        scene.play(TransformFromCopy(source, row.product), run_time=0.45)
        scene.play(CountTo(panel.total, running), run_time=0.25)
    for pair in (panel.rest, panel.extra):
        if len(pair):
            running += pair[1].value
            scene.play(FadeIn(pair), run_time=0.4)
            scene.play(CountTo(panel.total, running), run_time=0.25)
    panel.total.set_value(true_total)
    scene.add(panel)


def _squash(scene: NetworkScene, layer: int, i: int) -> ActivationCurve | None:
    record, diagram = scene.trace.layers[layer - 1], scene.diagram
    neuron, z = diagram.neuron(layer, i), float(record.z[i])
    if not scene.example.network.layers[layer - 1].activation.elementwise:
        with scene.beat("forward.squash"):
            scene.play(DimEdges(diagram), FillNeuron(diagram, scene.trace, layer, i))
        return None
    curve = activation_curve(scene, layer, i)
    with scene.beat("forward.squash"):
        scene.play(DimEdges(diagram), FadeIn(curve.axes), Create(curve.curve), run_time=0.8)
        curve.set_z(0.0)
        scene.add(curve)
        scene.play(SlideDot(curve, z))
        flying = curve.result.copy().set_z_index(Z_NUMBER)
        scene.play(flying.animate.move_to(neuron), run_time=0.7)
        scene.play(FillNeuron(diagram, scene.trace, layer, i), FadeOut(flying), run_time=0.4)
    diagram.focus(None)
    return curve


def rest_of_layer(scene: NetworkScene, panels: VGroup, layer: int = 1, first: int = 1) -> VGroup:
    """The other neurons of a layer, quicker, each with its own arithmetic beside it.

    Needs what :func:`one_neuron` leaves. With many neurons only the first of them shows its sum.

    Returns:
        The panels, which stay on screen.
    """
    diagram, trace = scene.diagram, scene.trace
    if first >= diagram.sizes[layer]:
        return panels
    with scene.beat("forward.twin"):
        panel = weighted_sum(scene, layer, first)
        curve = activation_curve(scene, layer, first).set_z(float(trace.layers[layer - 1].z[first]))
        scene.play(FadeOut(panels), run_time=0.3)
        diagram.focus(diagram.edges_into(layer, first))
        scene.play(
            ForwardPass(diagram, trace, layers=[layer], neurons=[first], pace=1.6),
            FadeIn(panel),
        )
        scene.play(FadeIn(curve), run_time=0.4)
        diagram.focus(None)
        others = range(first + 1, diagram.sizes[layer])
        if others:
            scene.play(ForwardPass(diagram, trace, layers=[layer], neurons=others))
    return VGroup(panel, curve)


def remaining_layers(scene: NetworkScene, after: int = 1) -> None:
    """The layers after ``after``, one at a time. Needs the diagram with that layer filled."""
    diagram = scene.diagram
    last = len(diagram.sizes) - 1
    for layer in range(after + 1, last + 1):
        with scene.beat("forward.output" if layer == last else "forward.layer"):
            scene.play(ForwardPass(diagram, scene.trace, layers=[layer], pace=1.5))


def quick_pass(scene: NetworkScene, trace: ForwardTrace) -> None:
    """One fast sweep over the diagram."""
    scene.play(ForwardPass(scene.diagram, trace, detail="network", pace=0.9))
