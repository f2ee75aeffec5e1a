"""How a film begins and ends: the network appears, an input arrives, a closing sentence."""

from __future__ import annotations

from manim import DOWN, Create, FadeIn, FadeOut, LaggedStart

from netviz.animation.details import FillNeuron
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.text import Number
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene


@act(
    "opening",
    section="network",
    needs=OnScreen("wide", values=0, blames=0, diagram=False),
    leaves=OnScreen("wide", values=0, blames=0),
)
def opening(scene: NetworkScene) -> None:
    """The network appears, layer by layer."""
    network_appears(scene)


def network_appears(scene: NetworkScene) -> None:
    """Show the neurons layer by layer with their names, then the edges."""
    diagram = scene.diagram
    with scene.beat("network.neurons"):
        for layer, column in enumerate(diagram.neuron_layers):
            scene.play(
                LaggedStart(*(FadeIn(neuron, scale=0.6) for neuron in column), lag_ratio=0.12),
                FadeIn(diagram.lettering(layer)),
                run_time=0.55,
            )
    dense = any(edges.dense for edges in diagram.edge_layers)
    with scene.beat("network.weights_dense" if dense else "network.weights"):
        for edges in diagram.edge_layers:
            # A strand has so many lines that drawing them bit by bit would take minutes.
            appear, lag = (FadeIn, 0.1) if isinstance(edges, Bundle) else (Create, 0.02)
            scene.play(LaggedStart(*map(appear, edges.lines()), lag_ratio=lag), run_time=0.8)
    scene.add(diagram)


@act(
    "input",
    section="input",
    needs=OnScreen(values=0, blames=0),
    leaves=OnScreen(values=1, blames=0),
)
def input_arrives(scene: NetworkScene) -> None:
    """The numbers of the sample arrive at the input neurons."""
    diagram, trace = scene.diagram, scene.trace
    with scene.beat("input.arrives"):
        falling = [] if diagram.layout.value_ems[0] is None else _numbers_over(scene)
        if falling:
            drop = (FadeIn(number, shift=0.7 * DOWN) for number in falling)
            scene.play(LaggedStart(*drop, lag_ratio=0.2), run_time=1.4)
        scene.play(
            *(FillNeuron(diagram, trace, 0, i) for i in diagram.shown(0)),
            *(FadeOut(number) for number in falling),
            run_time=0.5,
        )


def _numbers_over(scene: NetworkScene) -> list[Number]:
    """Return the numbers of the sample, each in the place of its neuron's own number."""
    return [
        Number(scene.trace.input[i], scene.theme, em=scene.diagram.layout.value_ems[0])
        .move_to(scene.diagram.neuron(0, i).disc)
        .set_z_index(Z_NUMBER)
        for i in scene.diagram.shown(0)
    ]


@act("end", needs=OnScreen(panels=None), leaves=OnScreen(panels=None))
def end(scene: NetworkScene) -> None:
    """A closing sentence over what is on screen."""
    with scene.beat("update.end", hold=1.5):
        pass
