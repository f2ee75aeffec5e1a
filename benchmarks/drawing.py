"""The cost of drawing: a frame of a large network, compared with that of a small one.

A frame is measured without encoding: the pass moves on, the frame is drawn, the picture copied.
``benchmarks.films`` measures whole films.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np

SMALL, LARGE = (5, 2, 2, 5), (64, 64, 64, 64)
# Seconds of a pass and of a pause; three passes and two pauses make a clip of ten seconds.
PASS, PAUSE = 3.2, 0.2
TURNS = 5
SIZE = {"pixel_width": 1920, "pixel_height": 1080, "frame_rate": 60}
SILENT = {"dry_run": True, "progress_bar": "none", "verbosity": "ERROR"}


def numbers_of(sizes: tuple[int, ...]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return activations and blames of the scene by layer, of shape (n,) each."""
    _, trace, blame = _passes(sizes)
    return list(trace.activations), [blame.input_gradient, *(each.blame for each in blame.layers)]


def _passes(sizes: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """Return a random network, its forward and its backward pass."""
    import netviz

    rng = np.random.default_rng(7)
    drawn = netviz.Network.random(sizes, "sigmoid", "he_normal", rng=rng)
    trace = netviz.forward(drawn, rng.uniform(size=sizes[0]))
    return drawn, trace, netviz.backward(drawn, trace, np.eye(sizes[-1])[0])


def scene_of(sizes: tuple[int, ...]) -> type:
    """Return a scene that plays a forward, a backward and another forward pass."""
    from netviz.animation import BackwardPass, ForwardPass
    from netviz.drawing.diagram import NetworkDiagram
    from netviz.scene import NetworkScene

    drawn, trace, blame = _passes(sizes)

    class ThreePasses(NetworkScene):
        network = drawn

        def construct(self) -> None:
            diagram = NetworkDiagram(drawn, self.theme, max_neurons=None)
            self.add(diagram)
            self.play(ForwardPass(diagram, trace, run_time=PASS))
            self.wait(PAUSE)
            self.play(BackwardPass(diagram, blame, run_time=PASS))
            self.wait(PAUSE)
            self.play(ForwardPass(diagram, trace, run_time=PASS))

        def prepare(self) -> None:
            """Begin a forward pass, so that its frames can be drawn one by one."""
            diagram = NetworkDiagram(drawn, self.theme, max_neurons=None)
            self.add(diagram)
            self.compile_animation_data(ForwardPass(diagram, trace, run_time=PASS))
            self.begin_animations()
            self.renderer.save_static_frame_data(self, self.static_mobjects)

    return ThreePasses


def frame_times() -> dict[tuple[int, ...], float]:
    """Return the seconds per frame of the pulse in the first layer: the shortest of some turns."""
    from manim import tempconfig

    best = dict.fromkeys((SMALL, LARGE), float("inf"))
    with tempconfig(SIZE | SILENT):
        scenes = {sizes: scene_of(sizes)() for sizes in best}
        for scene in scenes.values():
            scene.setup()
            scene.prepare()
        for _ in range(TURNS):
            for sizes, scene in scenes.items():
                best[sizes] = min(best[sizes], _pulse(scene))
    return best


def _pulse(scene: object) -> float:
    """Return the seconds per frame while a pulse travels between two layers.

    Only the time of this thread counts, not that of other work on the machine.
    """
    times = np.arange(0.25, 0.32, 1 / 60 / PASS) * PASS
    _draw(scene, times[0])
    start = time.thread_time()
    for at in times:
        _draw(scene, at)
    return (time.thread_time() - start) / len(times)


def _draw(scene: object, at: float) -> None:
    scene.update_to_time(at)
    scene.renderer.update_frame(scene, scene.moving_mobjects)
    scene.renderer.get_frame()


def report() -> None:
    """Print one row per network."""
    names = {sizes: "-".join(map(str, sizes)) for sizes in (SMALL, LARGE)}
    frames = frame_times()
    print("drawing a frame of a pulse at 1080p, without encoding it")
    for sizes, seconds in frames.items():
        ratio = seconds / frames[SMALL]
        print(f"  {names[sizes]:16} {1e3 * seconds:5.1f} ms, {ratio:4.2f} times the small one")
