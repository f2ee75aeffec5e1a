"""Blame flows back: the blame of an output, its shares, and their sum in a hidden neuron."""

from __future__ import annotations

import numpy as np
from manim import Create, FadeIn, FadeOut, LaggedStart, Mobject, VGroup

from netviz.acts.forward import (
    CURVE_BOX,
    SUM_BOX,
    activation_curve,
    add_up,
    edge_tags,
    edges_into,
    edges_out_of,
    show_products,
    strengths,
)
from netviz.animation.details import BlameNeuron, DimEdges, Focus, GrowTangent, LightEdges
from netviz.animation.passes import BackwardPass
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.notation import gradient, slope, symbol
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.panels.calculation import Calculation, Term
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene

# A table of few rows, at the height of the middle of the diagram.
_MIDDLE = Box(RIGHT_BOX.left, RIGHT_BOX.right, -1.5, 1.9)
# Losses whose ∂L/∂a is the error itself, or twice the error over the number of outputs.
_ERROR, _TWICE_THE_MEAN = "half_squared_error", "mse"


def most_blamed(scene: NetworkScene, layer: int) -> int:
    """Return the index of the drawn neuron of a layer with the largest |δ|."""
    blame = np.abs(scene.blame.layers[layer - 1].blame)
    return max(scene.diagram.shown(layer), key=lambda i: float(blame[i]))


def last_layer(scene: NetworkScene) -> int:
    """Return the index of the output layer, counted from the input, 0."""
    return len(scene.diagram.sizes) - 1


@act(
    "blame",
    section="blame",
    rows=True,
    needs=OnScreen("left", values="all", blames=0),
    leaves=OnScreen("left", values="all", blames=1, panels=True),
)
def blame(scene: NetworkScene) -> None:
    """The outputs get their blame: error times slope."""
    layer = last_layer(scene)
    if _elementwise(scene, layer):
        _error_times_slope(scene, layer, most_blamed(scene, layer))
    with scene.beat("blame.all"):
        scene.play(*scene.fade_panels(), Focus(scene.diagram, None))
        shown = scene.diagram.shown(layer)
        waiting = [i for i in shown if scene.diagram.neuron(layer, i).blame is None]
        blames = [BlameNeuron(scene.diagram, scene.blame, layer, i) for i in waiting]
        if blames:
            scene.play(LaggedStart(*blames, lag_ratio=0.3), run_time=1.6)
        scene.show(blame_table(scene, layer))


@act(
    "shares",
    section="shares",
    rows=True,
    needs=OnScreen("left", values="all", blames=1, panels=None),
    leaves=OnScreen("left", values="all", blames="all", panels=None),
)
def shares(scene: NetworkScene) -> None:
    """The blame splits along the weights and adds up, back to the first hidden layer."""
    layer = last_layer(scene)
    if layer > 1:
        scene.clear_panels(run_time=0.3)
        _split(scene, layer, most_blamed(scene, layer))
        i = most_blamed(scene, layer - 1)
        _collect(scene, layer - 1, i)
        others = [k for k in scene.diagram.shown(layer - 1) if k != i]
        if others:
            _others_collect(scene, layer - 1, others)
    scene.play(Focus(scene.diagram, None))
    for before in range(layer - 2, 0, -1):
        with scene.beat("shares.before"):
            scene.clear_panels(run_time=0.3)
            scene.play(BackwardPass(scene.diagram, scene.blame, layers=[before], step_time=1.7))
            scene.show(blame_table(scene, before))


def _elementwise(scene: NetworkScene, layer: int) -> bool:
    return scene.example.network.layers[layer - 1].activation.elementwise


def _slopes(scene: NetworkScene, layer: int) -> np.ndarray:
    activation = scene.example.network.layers[layer - 1].activation
    return activation.slope(scene.trace.layers[layer - 1].z)


def _slope_name(scene: NetworkScene, layer: int, i: int | str) -> str:
    function = scene.example.network.layers[layer - 1].activation.symbol
    return slope(function, symbol("Z", layer, i))


def _error_times_slope(scene: NetworkScene, layer: int, i: int) -> None:
    """Show how an output gets its blame: its error times the slope of its curve."""
    z = float(scene.trace.layers[layer - 1].z[i])
    theme, n = scene.theme, i + 1
    delta, error = symbol("delta", layer, n), gradient(symbol("a", layer, n))
    calculation = Calculation(
        f"{delta} = {error} dot {_slope_name(scene, layer, n)}",
        [
            *_error_terms(scene, layer, i),
            Term(
                f"times {_slope_name(scene, layer, n)}",
                float(_slopes(scene, layer)[i]),
                scene.diagram.role(layer),
            ),
        ],
        Term(delta, float(scene.blame.layers[layer - 1].blame[i]), theme.blame),
        theme=theme,
        box=SUM_BOX,
    )
    curve = activation_curve(scene, layer, i).set_z(z)
    with scene.beat("blame.error", n=n):
        scene.play(Focus(scene.diagram, [], [(layer, i)]))
        scene.play(FadeIn(calculation.heading), run_time=0.6)
        for row in calculation.rows[:-1]:
            scene.play(FadeIn(row), run_time=0.6)
    with scene.beat("blame.slope"):
        scene.play(FadeIn(curve), run_time=0.6)
        scene.play(GrowTangent(curve, z))
        scene.play(FadeIn(calculation.rows[-1]), run_time=0.5)
        scene.play(Create(calculation.rule), FadeIn(calculation.result), run_time=0.5)
        scene.play(BlameNeuron(scene.diagram, scene.blame, layer, i), run_time=0.8)
    scene.show(calculation, curve)


def _error_terms(scene: NetworkScene, layer: int, i: int) -> list[Term]:
    """Return ∂L/∂a of an output; for squared losses as its error and a factor."""
    theme, n = scene.theme, i + 1
    if scene.example.loss.name not in (_ERROR, _TWICE_THE_MEAN):
        value = float(scene.blame.layers[layer - 1].activation_gradient[i])
        return [Term(gradient(symbol("a", layer, n)), value, theme.text)]
    error = float(scene.trace.prediction[i] - scene.example.target[i])
    terms = [Term(f"{symbol('a', layer, n)} - t_({n})", error, theme.blame)]
    if scene.example.loss.name == _TWICE_THE_MEAN:
        # ∂L/∂a is 2/n times the error.
        value = float(scene.blame.layers[layer - 1].activation_gradient[i])
        whole = gradient(symbol("a", layer, n))
        name = f"times 2 slash {scene.diagram.sizes[layer]} = {whole}"
        terms.append(Term(name, value, theme.text))
    return terms


def blame_table(scene: NetworkScene, layer: int) -> Mobject:
    """Return ``∂L/∂a × slope = δ`` for every drawn neuron of a layer, each row next to its neuron.

    The table of a softmax layer is empty, because its slope is not one number for each neuron.
    """
    if not _elementwise(scene, layer):
        return VGroup()
    record, theme, shown = scene.blame.layers[layer - 1], scene.theme, scene.diagram.shown(layer)
    return ProductTable(
        f"{symbol('delta', layer, 'j')} = {gradient(symbol('a', layer, 'j'))}"
        f" dot {_slope_name(scene, layer, 'j')}",
        Factors(record.activation_gradient[shown], theme.text, decimals=3),
        Factors(
            _slopes(scene, layer)[shown],
            scene.diagram.role(layer),
            decimals=3,
            signed=False,
        ),
        Factors(record.blame[shown], theme.blame, decimals=3),
        theme=theme,
        box=RIGHT_BOX,
        heights=[neuron.disc.get_y() for neuron in scene.diagram.layer(layer)],
    )


def _split(scene: NetworkScene, layer: int, j: int) -> None:
    """Show how the blame of an output splits into shares along its weights."""
    diagram, theme = scene.diagram, scene.theme
    record, edges = scene.blame.layers[layer - 1], edges_into(scene, layer, j)
    shares = record.shares[j]
    table = ProductTable(
        f"{symbol('W', layer, 'k', j + 1)} dot {symbol('delta', layer, j + 1)}",
        Factors(record.weights[j], theme.text),
        Factors([float(record.blame[j])] * len(shares), theme.blame, decimals=3),
        Factors(shares, theme.blame, decimals=3),
        theme=theme,
        box=_MIDDLE,
    )
    tags = edge_tags(scene, edges, shares, color=theme.blame, decimals=3)
    with scene.beat("shares.split", n=j + 1):
        scene.play(Focus(diagram, edges.values()))
        lit = list(edges.values())
        scene.play(LightEdges(diagram, lit, strengths(shares, edges), back=True))
        scene.play(FadeIn(table.heading), run_time=0.5)
        show_products(scene, table, tags)
        scene.add(table)
    scene.play(FadeOut(table), DimEdges(diagram), run_time=0.4)


def shares_sum(scene: NetworkScene, layer: int, k: int) -> ProductTable:
    """Return the arithmetic of a hidden neuron: weight times blame for every edge out of it."""
    after, theme = scene.blame.layers[layer], scene.theme
    total = gradient(symbol("a", layer, k + 1))
    weight, delta = symbol("W", layer + 1, k + 1, "j"), symbol("delta", layer + 1, "j")
    return ProductTable(
        f"{total} = scripts(sum)_j {weight} dot {delta}",
        Factors(after.weights[:, k], theme.text),
        Factors(after.blame, theme.blame, decimals=3),
        Factors(after.shares[:, k], theme.blame, decimals=3),
        theme=theme,
        box=SUM_BOX,
        total=(f"{total} =", float(scene.blame.layers[layer - 1].activation_gradient[k])),
    )


def _collect(scene: NetworkScene, layer: int, k: int) -> None:
    """Show how a hidden neuron adds up its shares, and gets its blame."""
    diagram, table = scene.diagram, shares_sum(scene, layer, k)
    edges = edges_out_of(scene, layer, k)
    shares = scene.blame.layers[layer].shares[:, k]
    tags = edge_tags(scene, edges, shares, color=scene.theme.blame, decimals=3)
    with scene.beat("shares.add"):
        scene.play(Focus(diagram, edges.values()))
        lit = list(edges.values())
        scene.play(LightEdges(diagram, lit, strengths(shares, edges), back=True))
        scene.play(FadeIn(table.heading), run_time=0.5)
        show_products(scene, table, tags)
        add_up(scene, table)
    if not _elementwise(scene, layer):
        scene.play(DimEdges(diagram), BlameNeuron(diagram, scene.blame, layer, k))
        scene.show(table)
        return
    times = times_slope(scene, layer, k)
    with scene.beat("shares.slope"):
        scene.play(FadeIn(times), run_time=0.6)
        scene.show(table, times)
        scene.play(DimEdges(diagram), BlameNeuron(diagram, scene.blame, layer, k), run_time=0.8)


def _others_collect(scene: NetworkScene, layer: int, others: list[int]) -> None:
    """Show the other neurons of the layer at once, with the arithmetic of the first of them."""
    diagram = scene.diagram
    panels: list[Mobject] = [shares_sum(scene, layer, others[0])]
    if _elementwise(scene, layer):
        panels.append(times_slope(scene, layer, others[0]))
    with scene.beat("shares.twin"):
        lit = [edge for other in others for edge in diagram.edges_out_of(layer, other)]
        scene.play(*scene.fade_panels(), Focus(diagram, lit))
        back = BackwardPass(diagram, scene.blame, layers=[layer], neurons=others, step_time=1.7)
        scene.play(back)
        scene.show(*panels, run_time=0.7)


def times_slope(scene: NetworkScene, layer: int, k: int) -> Calculation:
    """Return ``∂L/∂a × slope = δ`` of a hidden neuron, to be shown below the sum ∂L/∂a."""
    record, theme = scene.blame.layers[layer - 1], scene.theme
    delta, error = symbol("delta", layer, k + 1), gradient(symbol("a", layer, k + 1))
    name = _slope_name(scene, layer, k + 1)
    return Calculation(
        f"{delta} = {error} dot {name}",
        [
            Term(
                f"times {name}",
                float(_slopes(scene, layer)[k]),
                scene.diagram.role(layer),
            )
        ],
        Term(delta, float(record.blame[k]), theme.blame),
        theme=theme,
        box=CURVE_BOX,
    )
