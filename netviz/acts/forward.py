"""Activations flow forward: one neuron slowly, then its layer, then the other layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    Mobject,
    ReplacementTransform,
    VGroup,
)
from numpy.typing import NDArray

from netviz.animation.details import CountTo, DimEdges, FillNeuron, Focus, LightEdges, SlideDot
from netviz.animation.passes import ForwardPass
from netviz.drawing.edges.layer import Edge
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.notation import activation, of, symbol
from netviz.drawing.panels.activations import ActivationCurve, ActivationTable
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.text import formula
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene

Array = NDArray[np.float64]

# A sum on the right, and a curve below it.
SUM_BOX = Box(RIGHT_BOX.left, RIGHT_BOX.right, -0.5, RIGHT_BOX.top)
CURVE_BOX = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, -0.75)


@act(
    "neuron",
    section="neuron",
    rows=True,
    needs=OnScreen("left", values=1, blames=0),
    leaves=OnScreen("left", values=2, blames=0, panels=True),
)
def neuron(scene: NetworkScene) -> None:
    """The first hidden layer, slowly: products, their sum, the activation function."""
    one_neuron(scene)
    rest_of_layer(scene)


@act(
    "layers",
    section="layers",
    rows=True,
    needs=OnScreen("left", values=2, blames=0, panels=None),
    leaves=OnScreen("left", values="all", blames=0, panels=None),
)
def layers(scene: NetworkScene) -> None:
    """The layers after the first hidden one, one at a time, each with its numbers."""
    last = len(scene.diagram.sizes) - 1
    for layer in range(2, last + 1):
        with scene.beat("forward.output" if layer == last else "forward.layer"):
            scene.clear_panels(run_time=0.3)
            scene.play(ForwardPass(scene.diagram, scene.trace, layers=[layer], step_time=1.5))
            scene.show(layer_table(scene, layer))


def weighted_sum(scene: NetworkScene, layer: int, i: int) -> ProductTable:
    """Return the arithmetic of one neuron: its inputs times its weights, plus its bias."""
    record = scene.trace.layers[layer - 1]
    theme, n = scene.theme, i + 1
    z, bias = symbol("Z", layer, n), symbol('"Bias"', layer, n)
    dots = " + dots.c" if len(record.incoming) > 1 else ""
    return ProductTable(
        f"{z} = {symbol('W', layer, 1, n)} dot {activation(layer - 1, 1)}{dots} + {bias}",
        Factors(record.weights[i], theme.text),
        Factors(record.incoming, scene.diagram.role(layer - 1), signed=False),
        Factors(record.contributions[i], theme.forward),
        theme=theme,
        box=SUM_BOX,
        extra=(f"{bias} =", float(scene.example.network.layers[layer - 1].bias[i])),
        total=(f"{z} =", float(record.z[i])),
    )


def activation_curve(scene: NetworkScene, layer: int, i: int) -> ActivationCurve:
    """Return the curve of one neuron's activation function, wide enough for its z."""
    return ActivationCurve(
        scene.example.network.layers[layer - 1].activation,
        z=float(scene.trace.layers[layer - 1].z[i]),
        color=scene.diagram.role(layer),
        theme=scene.theme,
        box=CURVE_BOX,
    )


def edges_into(scene: NetworkScene, layer: int, i: int) -> dict[int, Edge]:
    """Return the drawn edges into neuron i of a layer, by the index of their source."""
    return {k: scene.diagram.edge(layer - 1, k, i) for k in scene.diagram.shown(layer - 1)}


def edges_out_of(scene: NetworkScene, layer: int, i: int) -> dict[int, Edge]:
    """Return the drawn edges out of neuron i of a layer, by the index of their target."""
    return {j: scene.diagram.edge(layer, i, j) for j in scene.diagram.shown(layer + 1)}


def strengths(values: Array, drawn: Iterable[int]) -> list[float]:
    """Return signed widths −1 … 1 for the drawn edges, relative to the largest |value| of all."""
    return list(values[list(drawn)] / max(float(np.abs(values).max()), 1e-300))


def one_neuron(scene: NetworkScene, layer: int = 1, i: int = 0) -> None:
    """Show one neuron slowly: products on its edges, their sum, its curve, its number.

    The layer before shows its activations. The arithmetic and the curve stay on screen.
    """
    panel = weighted_sum(scene, layer, i)
    edges = edges_into(scene, layer, i)
    products = scene.trace.layers[layer - 1].contributions[i]
    with scene.beat("forward.products"):
        scene.play(Focus(scene.diagram, edges.values()))
        scene.play(LightEdges(scene.diagram, list(edges.values()), strengths(products, edges)))
        scene.play(FadeIn(panel.heading), run_time=0.5)
        _name_weight(scene, layer, i, panel)
        show_products(scene, panel, edge_tags(scene, edges, products, color=scene.theme.forward))
    with scene.beat("forward.sum"):
        add_up(scene, panel)
    curve = _squash(scene, layer, i)
    scene.show(panel, *([curve] if curve else []))


def _name_weight(scene: NetworkScene, layer: int, i: int, panel: ProductTable) -> None:
    """Name the first weight on its edge, and move it into the table."""
    if not scene.diagram.layout.roomy:
        return
    neuron, number = scene.diagram.neuron(layer, i), panel.rows[0].left
    name = VGroup(formula(f"{symbol('W', layer, 1, i + 1)} =", scene.theme), number.copy())
    # Above the end of the edge: next to its beginning is the upstream neuron.
    name.arrange(RIGHT, buff=0.12).next_to(neuron, UP, buff=0.12)
    if name.get_top()[1] > scene.diagram.box.top:
        name.next_to(neuron, LEFT, buff=0.12).set_y(scene.diagram.box.top)
    name.shift(max(scene.diagram.box.left - name.get_left()[0], 0) * RIGHT)
    scene.play(FadeIn(name), run_time=0.5)
    scene.hold(0.7)
    scene.play(ReplacementTransform(name[1], number), FadeOut(name[0]), run_time=0.7)


def edge_tags(
    scene: NetworkScene,
    edges: Mapping[int, Edge],
    values: Array,
    *,
    color: str,
    decimals: int = 2,
) -> dict[int, EdgeTag]:
    """Return a number for each drawn edge; none if they are too small or edges have labels."""
    diagram = scene.diagram
    if not diagram.layout.roomy or diagram.style.edge_labels != "none":
        return {}
    return {
        k: EdgeTag(edge, values[k], scene.theme, color=color, decimals=decimals)
        for k, edge in edges.items()
    }


def show_products(scene: NetworkScene, panel: ProductTable, tags: Mapping[int, EdgeTag]) -> None:
    """Show the factors row by row; each product appears on its edge and moves into the table."""
    for k, row in enumerate(panel.rows):
        on_edge = [FadeIn(tags[k])] if k in tags else []
        scene.play(FadeIn(row.question), *on_edge, run_time=0.4)
        if k in tags:
            into_table = ReplacementTransform(tags[k].number, row.product)
            scene.play(into_table, FadeOut(tags[k].plate), run_time=0.45)
        else:
            scene.play(FadeIn(row.product), run_time=0.25)


def add_up(scene: NetworkScene, panel: ProductTable) -> None:
    """Count the sum below the table up, row by row, to the exact total."""
    exact, running = panel.total.value, 0.0
    panel.total.set_value(running)
    rest = [pair for pair in (panel.rest, panel.extra) if len(pair)]
    scene.play(FadeIn(panel.footer), *map(FadeIn, rest), run_time=0.5)
    for number in (*(row.product for row in panel.rows), *(pair[1] for pair in rest)):
        running += number.value
        scene.play(Indicate(number, scale_factor=1.15, color=None), CountTo(panel.total, running))
    panel.total.set_value(exact)
    scene.add(panel)


def _squash(scene: NetworkScene, layer: int, i: int) -> ActivationCurve | None:
    """Turn the sum of a neuron into its activation; return the curve, if there is one."""
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
        scene.play(flying.animate.move_to(neuron.disc), run_time=0.7)
        scene.play(FillNeuron(diagram, scene.trace, layer, i), FadeOut(flying), run_time=0.4)
    return curve


def rest_of_layer(scene: NetworkScene, layer: int = 1) -> None:
    """Show the other neurons of a layer, quicker; the next one with its arithmetic.

    The panels of :func:`one_neuron` leave for those of the next neuron, if there is one.
    """
    diagram, trace = scene.diagram, scene.trace
    if diagram.sizes[layer] == 1:
        scene.play(Focus(diagram, None))
        return
    _, first, *others = diagram.shown(layer)
    edges = edges_into(scene, layer, first)
    panels: list[Mobject] = [weighted_sum(scene, layer, first)]
    if scene.example.network.layers[layer - 1].activation.elementwise:
        z = float(trace.layers[layer - 1].z[first])
        panels.append(activation_curve(scene, layer, first).set_z(z))
    with scene.beat("forward.twin"):
        scene.play(*scene.fade_panels(), Focus(diagram, edges.values()))
        products = trace.layers[layer - 1].contributions[first]
        scene.play(LightEdges(diagram, list(edges.values()), strengths(products, edges)))
        for panel in panels:
            scene.play(FadeIn(panel), run_time=0.6)
        scene.show(*panels)
        scene.play(DimEdges(diagram), FillNeuron(diagram, trace, layer, first))
    scene.play(Focus(diagram, None))
    if others:
        scene.play(ForwardPass(diagram, trace, layers=[layer], neurons=others))


def layer_table(scene: NetworkScene, layer: int) -> ActivationTable:
    """Return ``σ(Z) = a`` for every drawn neuron of a layer, each row next to its neuron."""
    record, shown = scene.trace.layers[layer - 1], scene.diagram.shown(layer)
    function = scene.example.network.layers[layer - 1].activation
    a, z = symbol("a", layer, "j"), symbol("Z", layer, "j" if function.elementwise else "dot.c")
    return ActivationTable(
        f"{a} = {of(function.symbol, z)}",
        function,
        record.z[shown],
        record.activation[shown],
        heights=[neuron.disc.get_y() for neuron in scene.diagram.layer(layer)],
        color=scene.diagram.role(layer),
        theme=scene.theme,
        box=RIGHT_BOX,
    )
