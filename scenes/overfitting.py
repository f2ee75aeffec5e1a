"""Training and validation loss part; weight decay, dropout and early stopping help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
from manim import FadeIn, FadeOut, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Step, Timeline
from netviz.core import Data, Network, evaluate, forward, train
from netviz.drawing import Box, FitPlot, Number, ProgressCurves, Series, TextLabel
from netviz.recording.recording import log_spaced
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]
# Steps, curves over the grid, training losses and validation losses; the last curve is the result.
Run: TypeAlias = tuple[NDArray[np.int64], list[Array], Array, Array]

GRID = np.linspace(-1, 1, 121)
TRAINED, UNSEEN, HIDDEN = 14, 60, 30
EPOCHS, RATE, MOMENTS = 1500, 0.01, 36
PLOT, CURVES = Box(-6.7, 1.7, -2.7, 2.85), Box(2.5, 6.7, -2.75, 3.4)
# The four fits next to each other, their names above and their losses below.
FIRST, WIDTH, PITCH, HEIGHTS, NAME, FOOT = -6.7, 2.95, 3.48, (-1.75, 2.55), 3.15, -2.35
SLOW, QUICK, LAST = 5.0, 3.0, 2.4


@cache
def samples(seed: int, noise: float) -> tuple[Data, Data]:
    """Return few noisy samples of a sine for training, and more for validation."""
    rng = np.random.default_rng(seed)
    parts = []
    for count in (TRAINED, UNSEEN):
        xs = np.sort(rng.uniform(-1, 1, count))
        ys = np.sin(3 * xs) + noise * rng.normal(size=count)
        parts.append(Data(xs[:, np.newaxis], ys[:, np.newaxis]))
    return parts[0], parts[1]


@cache
def trained(seed: int, noise: float, name: str, amount: float) -> Run:
    """Train a network that is too large for its samples.

    With early stopping, the last moment is that of the best epoch.

    Args:
        seed: Of samples and weights.
        noise: Standard deviation of the samples.
        name: The argument of ``train`` that helps: ``weight_decay``, ``dropout``, ``patience``; or
            an empty text.
        amount: Its value.
    """
    data, unseen = samples(seed, noise)
    functions = ["tanh", "tanh", "identity"]
    network = Network.random([1, HIDDEN, HIDDEN, 1], functions, "xavier_normal", rng=seed)
    given = {name: int(amount) if name == "patience" else amount} if name else {}
    options: dict[str, Any] = {
        "optimizer": "adam",
        "learning_rate": RATE,
        "epochs": EPOCHS,
        **given,
    }
    run = train(network, data, rng=seed, validation=unseen, **options)
    taken = list(run)
    steps = np.array(log_spaced(range(len(taken) + 1), MOMENTS))
    kept = [network if step == 0 else taken[step - 1].network for step in steps]
    if name == "patience":
        kept[-1] = run.best
    curves = [forward(each, GRID[:, np.newaxis]).prediction[:, 0] for each in kept]
    losses = [np.array([evaluate(each, part).loss for each in kept]) for part in (data, unseen)]
    return steps, curves, losses[0], losses[1]


class Overfitting(BeatScene):
    """The training loss falls to nothing, and the curve runs through the noise of every sample.

    The picture to remember: four fits of the same samples: a wild one, and three calm ones.
    """

    length = 40.3
    options = (
        Option("noise", 0.3, "standard deviation of the samples", least=0.0, most=1.0),
        Option("weight_decay", 0.01, "weight decay", least=0.0, most=1.0),
        Option("dropout", 0.2, "share of the dropped activations", least=0.0, most=0.9),
        Option("patience", 150, "epochs to wait before stopping", least=1, most=EPOCHS),
        Option("seed", 1, "seed of samples and weights", least=0),
    )

    @cached_property
    def runs(self) -> Mapping[str, Run]:
        """The run without help, and with each of the three."""
        chosen = self.chosen
        helps = {name: chosen[name] for name in ("patience", "weight_decay", "dropout")}
        return {
            name: trained(chosen["seed"], chosen["noise"], name, amount)
            for name, amount in {"": 0.0, **helps}.items()
        }

    @property
    def results(self) -> Iterator[ArrayLike]:
        """Steps and losses of all runs, and the marks of the axis of steps."""
        for steps, _, losses, unseen in self.runs.values():
            yield from (steps.astype(float), losses, unseen)
        yield 10.0 ** np.arange(len(str(EPOCHS)))
        yield [self.chosen[name] for name in ("weight_decay", "dropout")]

    def construct(self) -> None:
        """Overfit, help, compare."""
        self.section("overfit_apart")
        plot = self.plot_of(PLOT)
        panel = self.curves_of("")
        self.add(plot, panel)
        with self.beat("overfit.samples", hold=2.0):
            pass
        self.run_through("overfit.none", "", plot, panel, SLOW)
        with self.beat("overfit.apart", hold=1.5):
            pass
        self.section("overfit_together")
        keys = {
            "patience": "overfit.patience",
            "weight_decay": "overfit.weight_decay",
            "dropout": "overfit.dropout",
        }
        for name, key in keys.items():
            other = self.curves_of(name)
            self.clear_caption()
            self.play(FadeOut(panel), FadeOut(plot.curve), run_time=0.4)
            plot.show_curve(self.runs[name][1][0])
            self.play(FadeIn(other), FadeIn(plot.curve), run_time=0.4)
            panel = other
            self.run_through(key, name, plot, panel, QUICK)
        self.section("overfit_compared")
        self.compare([plot, panel])

    def run_through(
        self, key: str, name: str, plot: FitPlot, panel: ProgressCurves, seconds: float
    ) -> None:
        """Play a run: the fitted curve, and the losses next to it."""
        with self.beat(key):
            show = self.step(name, plot, panel)
            self.play(Timeline(VGroup(plot, panel), [Span(0, seconds, show)]))
            self.hold_for(3)

    def compare(self, before: list[VGroup]) -> None:
        """The four fits next to each other, each with its validation loss."""
        self.clear_caption()
        self.play(*map(FadeOut, before), run_time=0.5)
        parts = []
        for column, (name, (_, curves, _, unseen)) in enumerate(self.runs.items()):
            left = FIRST + column * PITCH
            box = Box(left, left + WIDTH, *HEIGHTS)
            fit = self.plot_of(box).show_curve(curves[-1])
            title = TextLabel(self.words(f"overfit.{name or 'alone'}"), self.theme)
            title.move_to([box.center[0], NAME, 0])
            loss = Number(float(unseen[-1]), self.theme, em=self.theme.caption_size)
            loss.set_ink(self.theme.blame).move_to([box.center[0], FOOT, 0])
            parts.append(VGroup(fit, title, loss))
        with self.beat("overfit.compared", along=[FadeIn(part) for part in parts], hold=LAST):
            self.wait(0.1)

    # ---- parts -----------------------------------------------------------------------------------

    def plot_of(self, box: Box) -> FitPlot:
        """Return the samples in a box."""
        data, unseen = samples(self.chosen["seed"], self.chosen["noise"])
        return FitPlot(
            GRID, samples=data, unseen=unseen, theme=self.theme, box=box, words=self.words
        )

    def curves_of(self, name: str) -> ProgressCurves:
        """Return the losses of a run, none of them drawn yet."""
        steps, _, losses, unseen = self.runs[name]
        top = max(float(run[3].max()) for run in self.runs.values())
        series = [
            Series(self.words("panel.loss"), losses, self.theme.text, top),
            Series(self.words("panel.validation_loss"), unseen, self.theme.blame, top, dashed=True),
        ]
        return ProgressCurves(series, steps, theme=self.theme, box=CURVES, words=self.words)

    def step(self, name: str, plot: FitPlot, panel: ProgressCurves) -> Step:
        """Return the step of an animation that shows a run."""
        _, curves, _, _ = self.runs[name]
        last = len(curves) - 1

        def show(progress: float) -> None:
            at = min(int(progress * last), last - 1)
            share = progress * last - at
            plot.show_curve((1 - share) * curves[at] + share * curves[at + 1])
            panel.show_moment(progress * last)

        return show
