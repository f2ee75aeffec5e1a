"""Training and validation loss part; weight decay, dropout and early stopping help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from manim import LEFT, FadeIn, FadeOut, LaggedStart, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Change, Span, Step, Timeline, ease
from netviz.core import Data, Network, evaluate, forward, train
from netviz.drawing import Box, FitPlot, Number, ProgressCurves, Series, TextLabel
from netviz.drawing.numerals import figures
from netviz.recording.recording import log_spaced
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]

GRID = np.linspace(-1, 1, 121)
TRAINED, UNSEEN, HIDDEN = 14, 60, 30
EPOCHS, RATE, MOMENTS = 1500, 0.01, 36
PLOT, CURVES, TITLE = Box(-6.7, 1.7, -2.7, 3.0), Box(2.5, 6.7, -2.75, 3.75), 3.5
# The four fits next to each other, their names above and their losses with a name below.
FIRST, WIDTH, PITCH, HEIGHTS, NAME = -6.7, 2.95, 3.48, (-1.5, 2.9), 3.4
FOOT, SMALLER = (-1.9, -2.4), 0.65
# Seconds in which the samples appear, of a long run and of shorter ones, and of a return.
OPENING, SLOW, QUICK, BACK, LAST = 2.0, 5.0, 3.0, 1.2, 2.4


class Run(NamedTuple):
    """Moments of a training run.

    Attributes:
        steps: Taken before each moment.
        curves: The fitted curve over the grid at each moment.
        losses, unseen: Training losses and validation losses.
        lowest: The moment with the lowest validation loss of all epochs.
        kept: The moment of the network that is the result.
    """

    steps: NDArray[np.int64]
    curves: list[Array]
    losses: Array
    unseen: Array
    lowest: int
    kept: int


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

    With early stopping, the result is the network of the best epoch, otherwise that of the last.

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
    # There is one step in an epoch.
    lost = np.array([step.validation_loss for step in taken], dtype=float)
    best = 1 + int(np.argmin(lost))
    steps = np.union1d(log_spaced(range(len(taken) + 1), MOMENTS), [best])
    kept = [network if step == 0 else taken[step - 1].network for step in steps]
    curves = [forward(each, GRID[:, np.newaxis]).prediction[:, 0] for each in kept]
    trained, validated = (
        np.array([evaluate(each, part).loss for each in kept]) for part in (data, unseen)
    )
    lowest = int(np.searchsorted(steps, best))
    last = len(kept) - 1
    return Run(steps, curves, trained, validated, lowest, lowest if name == "patience" else last)


class Overfitting(BeatScene):
    """The training loss falls to nothing, and the curve runs through the noise of every sample.

    The picture to remember: four fits of the same samples: a wild one, and three calm ones.
    """

    length = 41.5
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
            for name, amount in self.counted([("", 0.0), *helps.items()])
        }

    @property
    def results(self) -> Iterator[ArrayLike]:
        """Steps and losses of all runs, and the marks of the axis of steps."""
        for run in self.runs.values():
            yield from (run.steps.astype(float), run.losses, run.unseen)
        yield 10.0 ** np.arange(len(str(EPOCHS)))
        yield [self.chosen[name] for name in ("weight_decay", "dropout")]

    def construct(self) -> None:
        """Overfit, help, compare."""
        self.section("overfit_apart")
        plot = self.plot_of(PLOT, legend=True)
        panel, title = self.curves_of(""), self.title_of("")
        rings = plot.rings
        plot.remove(rings)
        self.add(plot, panel, title)
        with self.beat("overfit.samples", hold=1.0):
            self.play(LaggedStart(*map(FadeIn, rings), lag_ratio=0.1, run_time=OPENING))
        self.remove(*rings)
        plot.submobjects.insert(plot.submobjects.index(plot.dots), rings)
        self.run_through("overfit.none", "", plot, panel, SLOW)
        with self.beat("overfit.apart", hold=1.5):
            self.play(FadeIn(self.marked(panel, "").mark))
        self.section("overfit_together")
        keys = {
            "patience": "overfit.patience",
            "weight_decay": "overfit.weight_decay",
            "dropout": "overfit.dropout",
        }
        for name, key in keys.items():
            other, other_title = self.curves_of(name), self.title_of(name)
            self.clear_caption()
            leaving = map(FadeOut, (panel, plot.curve, title))
            self.play(*leaving, run_time=0.4)
            plot.show_curve(self.runs[name].curves[0])
            self.play(*map(FadeIn, (other, plot.curve, other_title)), run_time=0.4)
            panel, title = other, other_title
            self.run_through(key, name, plot, panel, QUICK)
        self.section("overfit_compared")
        self.compare([plot, panel, title])

    def run_through(
        self, key: str, name: str, plot: FitPlot, panel: ProgressCurves, seconds: float
    ) -> None:
        """Play a run: the fitted curve, and the losses next to it."""
        run = self.runs[name]
        with self.beat(key):
            show = self.step(name, plot, panel)
            self.play(Timeline(VGroup(plot, panel), [Span(0, seconds, show)]))
            if run.kept < len(run.steps) - 1:
                back = Change(VGroup(plot, panel), self.between(plot, panel, run, run.kept), BACK)
                self.play(back, FadeIn(self.marked(panel, name).mark, run_time=BACK))
            self.hold_for(3)

    def compare(self, before: list[VMobject]) -> None:
        """The four fits next to each other, each with its validation loss."""
        self.clear_caption()
        self.play(*map(FadeOut, before), run_time=0.5)
        parts, theme = [], self.theme
        for column, (name, run) in enumerate(self.runs.items()):
            left = FIRST + column * PITCH
            box = Box(left, left + WIDTH, *HEIGHTS)
            fit = self.plot_of(box).show_curve(run.curves[run.kept])
            for sample in (*fit.dots, *fit.rings):
                sample.scale(SMALLER)
            title = TextLabel(self.words(f"overfit.{name or 'alone'}"), theme)
            title.move_to([box.center[0], NAME, 0])
            text = self.words("fit.validation_loss")
            word = TextLabel(text, theme, em=theme.smallest_text, color=theme.blame)
            loss = Number(float(run.unseen[run.kept]), theme, decimals=3, em=theme.caption_size)
            loss.set_ink(theme.blame)
            for each, y in zip((word, loss), FOOT, strict=True):
                each.move_to([box.center[0], y, 0])
            parts.append(VGroup(fit, title, word, loss))
        with self.beat("overfit.compared", along=[FadeIn(part) for part in parts], hold=LAST):
            self.wait(0.1)

    # ---- parts -----------------------------------------------------------------------------------

    def plot_of(self, box: Box, *, legend: bool = False) -> FitPlot:
        """Return the samples in a box."""
        data, unseen = samples(self.chosen["seed"], self.chosen["noise"])
        keys = {"dots": "training", "rings": "validation", "curve": "network"} if legend else {}
        names = {part: self.words(f"fit.{key}") for part, key in keys.items()}
        return FitPlot(
            GRID,
            samples=data,
            unseen=unseen,
            names=names,
            theme=self.theme,
            box=box,
            words=self.words,
        )

    def title_of(self, name: str) -> TextLabel:
        """Return what helps, to stand above the plot."""
        text = self.words(f"overfit.{name or 'alone'}")
        label = TextLabel(text, self.theme, em=self.theme.caption_size)
        return label.move_to([PLOT.left, TITLE, 0], aligned_edge=LEFT)

    def curves_of(self, name: str) -> ProgressCurves:
        """Return the losses of a run, none of them drawn yet, over the steps of the longest run."""
        run = self.runs[name]
        top = max(float(each.unseen.max()) for each in self.runs.values())
        validation = self.words("fit.validation_loss")
        series = [
            Series(self.words("fit.training_loss"), run.losses, self.theme.text, top),
            Series(validation, run.unseen, self.theme.blame, top, dashed=True),
        ]
        return ProgressCurves(
            series, run.steps, last=EPOCHS, theme=self.theme, box=CURVES, words=self.words
        )

    def marked(self, panel: ProgressCurves, name: str) -> ProgressCurves:
        """Mark the moment with the lowest validation loss."""
        run = self.runs[name]
        loss = figures(float(run.unseen[run.lowest]), 3)
        fields = {"step": int(run.steps[run.lowest]), "loss": loss}
        text = self.words("fit.kept" if run.kept == run.lowest else "fit.lowest", **fields)
        return panel.show_mark(run.lowest, text)

    def step(self, name: str, plot: FitPlot, panel: ProgressCurves) -> Step:
        """Return the step of an animation that shows a run."""
        run = self.runs[name]
        last = len(run.curves) - 1

        def show(progress: float) -> None:
            plot.show_curve(curve_at(run, progress * last))
            panel.show_moment(progress * last)

        return show

    def between(self, plot: FitPlot, panel: ProgressCurves, run: Run, moment: int) -> Step:
        """Return the step in which fit, step and losses return to an earlier moment."""
        last = len(run.curves) - 1

        def show(share: float) -> None:
            at = last + ease(share) * (moment - last)
            plot.show_curve(curve_at(run, at))
            panel.show_moment(last, read=at)

        return show


def curve_at(run: Run, moment: float) -> Array:
    """Return the fitted curve at a moment, or between two."""
    at = min(int(moment), len(run.curves) - 2)
    share = moment - at
    return (1 - share) * run.curves[at] + share * run.curves[at + 1]
