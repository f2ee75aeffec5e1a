"""Quick sweeps over the whole network, without arithmetic: forward and back."""

from __future__ import annotations

from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.core import ForwardTrace
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene


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
