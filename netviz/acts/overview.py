"""The network from far away, without arithmetic."""

from __future__ import annotations

from netviz.acts.forward import quick_pass
from netviz.acts.opening import input_arrives, network_appears
from netviz.acts.update import training_steps
from netviz.animation.passes import BackwardPass
from netviz.scene import NetworkScene

_STEPS = 12


def from_far_away(scene: NetworkScene) -> None:
    """Inputs in, a prediction out, blame back, weights adjusted. Needs an empty frame."""
    scene.section("network")
    network_appears(scene)
    scene.section("layers")
    input_arrives(scene)
    with scene.beat("overview.predict"):
        quick_pass(scene, scene.trace)
    scene.section("blame")
    with scene.beat("overview.blame"):
        scene.play(BackwardPass(scene.diagram, scene.blame, step_time=1.2))
    scene.section("update")
    training_steps(scene, _STEPS, key="overview.learn")
