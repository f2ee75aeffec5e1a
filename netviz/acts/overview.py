"""The network from far away: a prediction in one sweep, and learning as adjusting the weights."""

from __future__ import annotations

from manim import VGroup

from netviz.animation.passes import ForwardPass
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network
from netviz.drawing.numerals import figures
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

# Seconds of one of the first corrections, which change most, and of the others; how many are slow.
_FIRST, _NEXT, _SLOW = 1.2, 0.6, 3
# Seconds of the last picture.
_LAST = 2.0
# Progress at which predictions have appeared and the gaps begin to open.
_HALF = 0.5


@act(
    "predict",
    section="layers",
    rows=True,
    needs=OnScreen("stage", values=1, blames=0, gaps="targets"),
    leaves=OnScreen("stage", values="all", blames=0, gaps="open"),
)
def predict(scene: NetworkScene) -> None:
    """From the input to the prediction in one sweep, and its gaps to the target."""
    bars, meter, loss = scene.gap_bars, scene.loss_meter, float(scene.blame.loss)
    prediction = scene.predictions(scene.trace)
    with scene.beat("overview.predict", hold=reading_time(len(prediction))):
        scene.play(ForwardPass(scene.diagram, scene.trace, detail="network", step_time=1.4))

    def step(progress: float) -> None:
        # The predictions appear, then their gaps open, while the loss fills.
        bars.show_prediction(prediction, ease(max(2 * progress - 1, 0.0)), min(2 * progress, 1.0))
        if progress > _HALF:
            meter.show_loss(loss * ease(2 * progress - 1))

    with scene.beat("overview.gaps", hold=reading_time(1)):
        scene.play(Timeline(VGroup(bars, meter), [Span(0, 2.4, step)]))


@act(
    "adjust",
    section="training",
    rows=True,
    needs=OnScreen("stage", values="all", blames=0, gaps="open"),
    leaves=OnScreen("stage", values="all", blames=0, gaps="open"),
)
def adjust(scene: NetworkScene, *, steps: int = 10) -> None:
    """Correction after correction, without arithmetic: the gaps shrink and the loss falls.

    Args:
        scene: The scene on which it is played.
        steps: How many corrections.
    """
    network, first = scene.diagram.network, float(scene.blame.loss)
    scene.gap_bars.show_ghosts(scene.predictions(scene.trace))
    scene.loss_meter.show_ghost(first)
    with scene.beat("overview.learn", hold=0):
        for place in range(steps):
            corrected = network.updated(scene.blame_in(network), scene.example.learning_rate)
            run_time = _FIRST if place < _SLOW else _NEXT
            scene.play(correction(scene, network, corrected, run_time))
            network = corrected
    last = float(scene.blame_in(network).loss)
    key = "update.falls" if last < first else "update.rises"
    texts = {"before": figures(first, 3), "after": figures(last, 3)}
    with scene.beat(key, hold=_LAST, **texts):
        pass


def correction(scene: NetworkScene, before: Network, after: Network, run_time: float) -> Timeline:
    """Return the animation from a network to the corrected one.

    Weights, activations, gaps and loss change at the same time.
    """
    diagram, bars, meter = scene.diagram, scene.gap_bars, scene.loss_meter
    blames = [scene.blame_in(network) for network in (before, after)]
    old, new = (float(blame.loss) for blame in blames)
    traces = [blame.forward for blame in blames]
    shown = [scene.predictions(trace) for trace in traces]
    neurons = [
        (diagram.neuron(layer, i), [diagram.activation_of(trace, layer, i) for trace in traces])
        for layer in range(1, len(diagram.sizes))
        for i in diagram.shown(layer)
    ]

    def step(progress: float) -> None:
        share = progress if progress >= 1 else ease(progress)
        diagram.set_weights(after, share, start=before)
        for neuron, (start, end) in neurons:
            between = [a + share * (b - a) for a, b in zip(start, end, strict=True)]
            neuron.set_activation(*(end if share >= 1 else between))
        bars.show_prediction(shown[0] + share * (shown[1] - shown[0]))
        meter.show_loss(new if share >= 1 else old + share * (new - old))

    return Timeline(VGroup(diagram, bars, meter), [Span(0, run_time, step)])
