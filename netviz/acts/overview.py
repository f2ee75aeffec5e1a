"""The network from far away: a prediction in one sweep, and learning as adjusting the weights."""

from __future__ import annotations

from netviz.acts.loss import compare_losses
from netviz.acts.update import pace_of, rounds_of, through_rounds
from netviz.animation.details import MagnifyEdges
from netviz.animation.gaps import OpenGaps
from netviz.animation.passes import ForwardPass
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene

# Seconds of all corrections.
_SECONDS = 8.0
# How many times as wide as usual lines are while they change.
_MAGNIFIED = 2.0


@act(
    "predict",
    section="layers",
    rows=True,
    needs=OnScreen("stage", values=1, blames=0, gaps="targets"),
    leaves=OnScreen("stage", values="all", blames=0, gaps="open"),
)
def predict(scene: NetworkScene) -> None:
    """From the input to the prediction in one sweep, and its gaps to the target."""
    prediction = scene.predictions(scene.trace)
    with scene.beat("overview.predict"):
        scene.play(ForwardPass(scene.diagram, scene.trace, detail="network", step_time=1.4))

    with scene.beat("overview.gaps"):
        meter, loss = scene.loss_meter, float(scene.blame.loss)
        scene.play(OpenGaps(scene.gap_bars, prediction, meter, loss, run_time=2.4))


@act(
    "adjust",
    section="training",
    rows=True,
    needs=OnScreen("stage", values="all", blames=0, gaps="open"),
    leaves=OnScreen("stage", values="all", blames=0, gaps="open", panels=True),
)
def adjust(scene: NetworkScene, *, steps: int = 10) -> None:
    """Correction after correction, without arithmetic: the gaps shrink and the loss falls.

    Args:
        scene: The scene on which it is played.
        steps: How many corrections.
    """
    rounds = rounds_of(scene, steps)
    last = len(rounds) - 1
    scene.gap_bars.show_ghosts(scene.predictions(scene.trace))
    scene.loss_meter.show_ghost(rounds[0].loss)
    with scene.beat("overview.learn", hold=0):
        scene.show_key("weights", along=[MagnifyEdges(scene.diagram, _MAGNIFIED)])
        scene.play(*through_rounds(scene, rounds, pace_of(0, last), _SECONDS))
    scene.diagram.set_weights(rounds[-1].network)
    compare_losses(scene, ("update.falls", "update.rises"), rounds[0].loss, rounds[-1].loss)
