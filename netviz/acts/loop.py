"""One whole round, quick enough for a GIF that loops."""

from __future__ import annotations

from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.update import WeightUpdate
from netviz.drawing.text import formatted
from netviz.scene import NetworkScene

_SHORT, _END = 0.7, 1.6


def round_trip(scene: NetworkScene) -> None:
    """Forward, backward, correction. Needs an empty frame; leaves the corrected network."""
    diagram, blame = scene.diagram, scene.blame
    scene.add(diagram)
    with scene.beat("loop.forward", hold=_SHORT):
        scene.play(ForwardPass(diagram, scene.trace, pace=1.05))
    before = formatted(float(blame.loss), 3)
    with scene.beat("loop.backward", hold=_SHORT, loss=before):
        scene.play(BackwardPass(diagram, blame, pace=1.05))
    after = formatted(float(scene.blame_in(scene.corrected).loss), 3)
    with scene.beat("loop.update", hold=_END, before=before, after=after):
        scene.play(WeightUpdate(diagram, scene.example.network, scene.corrected, run_time=1.4))
        diagram.clear_blame()
        scene.play(ForwardPass(diagram, scene.corrected_trace, detail="network", pace=0.8))
