"""One whole round, quick enough for a GIF that loops."""

from __future__ import annotations

from netviz.acts.forward import quick_pass
from netviz.animation.details import Forget
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.update import WeightUpdate
from netviz.drawing.text import formatted
from netviz.scene import NetworkScene

_STEP, _SHORT, _END = 0.78, 0.4, 1.6


def round_trip(scene: NetworkScene) -> None:
    """Forward, backward, correction. Needs an empty frame; leaves the corrected network."""
    diagram, blame = scene.diagram, scene.blame
    scene.add(diagram)
    with scene.beat("loop.forward", hold=_SHORT):
        scene.play(ForwardPass(diagram, scene.trace, step_time=_STEP))
    with scene.beat("loop.backward", hold=_SHORT):
        scene.play(BackwardPass(diagram, blame, step_time=_STEP))
    with scene.beat("loop.update", hold=0.1):
        scene.play(WeightUpdate(diagram, scene.example.network, scene.corrected, run_time=1.6))
    losses = (float(blame.loss), float(scene.blame_in(scene.corrected).loss))
    before, after = (formatted(loss, 3) for loss in losses)
    scene.play(Forget(diagram))
    quick_pass(scene, scene.corrected_trace)
    with scene.beat("loop.after", hold=_END, before=before, after=after):
        pass
