"""Quick sweeps over the whole network, without arithmetic: forward, back, and one whole round."""

from __future__ import annotations

from netviz.animation.details import Forget
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.update import WeightUpdate
from netviz.core import ForwardTrace
from netviz.drawing.numerals import figures
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene

# Of the loop, in seconds: a step of a pass, the hold of a beat, and the hold at the end.
_STEP, _SHORT, _END = 0.78, 0.4, 1.6


def quick_pass(scene: NetworkScene, trace: ForwardTrace) -> None:
    """Play one fast forward pass over the diagram."""
    scene.play(ForwardPass(scene.diagram, trace, detail="network", step_time=0.9))


@act(
    "forward",
    section="layers",
    needs=OnScreen(values=1, blames=0),
    leaves=OnScreen(values="all", blames=0),
)
def forward(scene: NetworkScene) -> None:
    """One quick sweep from the input to the prediction."""
    with scene.beat("overview.predict"):
        quick_pass(scene, scene.trace)


# The light of a forward pass may still be on the edges when blame begins to flow.
@act(
    "backward",
    section="blame",
    needs=OnScreen(values="all", blames=0, panels=None),
    leaves=OnScreen(values="all", blames="all"),
)
def backward(scene: NetworkScene) -> None:
    """One quick sweep from the outputs back."""
    scene.clear_panels()
    with scene.beat("overview.blame"):
        scene.play(BackwardPass(scene.diagram, scene.blame, step_time=1.2))


@act(
    "loop",
    needs=OnScreen("wide", values=0, blames=0),
    leaves=OnScreen("wide", values="all", blames=0),
)
def loop(scene: NetworkScene) -> None:
    """Forward, back and one correction in a quarter of a minute."""
    diagram, blame = scene.diagram, scene.blame
    with scene.beat("loop.forward", hold=_SHORT):
        scene.play(ForwardPass(diagram, scene.trace, step_time=_STEP))
    with scene.beat("loop.backward", hold=_SHORT):
        scene.play(BackwardPass(diagram, blame, step_time=_STEP))
    with scene.beat("loop.update", hold=0.1):
        scene.play(WeightUpdate(diagram, scene.example.network, scene.corrected, run_time=1.6))
    losses = (float(blame.loss), float(scene.blame_in(scene.corrected).loss))
    before, after = (figures(loss, 3) for loss in losses)
    scene.play(Forget(diagram))
    quick_pass(scene, scene.corrected_trace)
    with scene.beat("loop.after", hold=_END, before=before, after=after):
        pass
