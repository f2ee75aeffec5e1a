"""Losses: squared and absolute error with an outlier, cross-entropy of words, a Gaussian's fit.

The idea: a loss is what an error costs: squares run after one far point, and lengths do not.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    AnimationGroup,
    Circle,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    Rectangle,
    RoundedRectangle,
    VGroup,
    VMobject,
)
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import LOSSES, Data, Network, evaluate, train
from netviz.core.losses import mean_and_variance
from netviz.drawing import Box, Number, NumberBars, ResidualPlot, TextLabel, formula
from netviz.drawing.panels.pieces import Curve, PanelAxes, tick
from netviz.drawing.paths import Course, add_arrow
from netviz.problems import expect
from netviz.scene import BeatScene, Option
from netviz.staging.beat_scene import reading_time

Array = NDArray[np.float64]

# Of the line: the points, the noise around it, and how often a fit steps at each learning rate.
X = np.arange(1.0, 9.0)
SLOPE, START, NOISE, SEED = 0.5, 1.0, 0.3, 3
RATES, EPOCHS = (0.1, 0.02, 0.004), 100
# The outlier is moved in so many steps, for each of which the lines are fitted.
MOVES = 4
# Two plots side by side, with their names above them.
PLOTS, LIMITS, ABOVE = (Box(-6.6, -0.6, -2.5, 2.5), Box(0.6, 6.6, -2.5, 2.5)), (0.0, 9.0), 3.05
KINDS: tuple[tuple[str, Literal["squares", "bars"], str], ...] = (
    ("mse", "squares", "squared_error"),
    ("mae", "bars", "absolute_error"),
)
# From the middle of a plot up to the slope of its line, which is in the left half.
INSIDE = 1.9
# The words with their probabilities, the curve of the loss, and the lines above.
COUNT = 5
WORDS_BOX, CURVE_BOX = Box(-6.7, 0.2, -2.4, 1.8), Box(1.9, 6.5, -2.0, 1.4)
SENTENCE, VALUE = 2.9, 2.25
# The heading of each part; around the row of the right word, and to what is written after it.
HEADING, AROUND, AFTER = 3.6, 0.1, 0.15
# The probabilities that are written at their axis.
SHARES = 0.0, 0.5, 1.0
# The Gaussian: its data, its training, moments that are shown, its plot and the line above it.
MEAN, WIDTH, POINTS, DATA_SEED = 5.0, 1.5, 14, 5
BEGIN, STEPS, RATE, MOMENTS = 2.5, 400, 0.08, 40
BELL_BOX, BELL_LIMITS, TICKS = Box(-6.6, 4.0, -1.9, 3.3), (0.0, 10.0), (0, 2, 4, 6, 8, 10)
# The plot is so many times as high as the bell; half the shaft of its arrow, in frame units.
ABOVE_BELL, ARROW, DASHES = 1.15, 0.03, 41
# The bar of the sum, with the share of it that is filled at first, and the rule of the loss.
GAUGE, LEAST, RULE, BELOW_RULE = Box(5.0, 5.6, -0.7, 3.0), 0.02, -1.45, 0.65
SAMPLES, GHOST = 161, 81
DOT = 0.1
LAST = 2.5


def check_words(words: str) -> None:
    """Refuse words that are not one for each probability.

    Raises:
        ProblemError: There are more or fewer, or one is empty.
    """
    parts = [part.strip() for part in words.split(",")]
    right = len(parts) == COUNT and all(parts)
    expect("words", words, right, f"{COUNT} words, such as 'ride, buy, fix, send, break'")


def check_probabilities(values: tuple[float, ...]) -> None:
    """Refuse probabilities that add up to something else than 1.

    Raises:
        ProblemError: They do.
    """
    right = abs(sum(values) - 1) < 1e-6 and min(values) > 0
    expect("predicted", values, right, "probabilities above 0 with the sum 1")


class Losses(BeatScene):
    """Three comparisons: of two errors, of probabilities, and of a mean with its width."""

    length = 53.3
    options = (
        Option("outlier", 4.0, "how far one point runs away", least=1.0, most=4.0),
        Option("sentence", "", "a sentence with a gap ___"),
        Option("words", "", "five words for the gap, the right one first", check=check_words),
        Option(
            "predicted",
            (0.51, 0.22, 0.20, 0.05, 0.02),
            "their probabilities",
            least=0,
            most=1,
            check=check_probabilities,
        ),
    )

    # ---- what is shown ---------------------------------------------------------------------------

    @cached_property
    def heights(self) -> list[Array]:
        """The y of the points while the last one runs away."""
        noise = np.random.default_rng(SEED).normal(0.0, NOISE, len(X))
        away = np.zeros(len(X))
        away[-1] = 1.0
        shares = np.linspace(0.0, self.chosen["outlier"], MOVES + 1)
        return [SLOPE * X + START + noise + share * away for share in shares]

    @cached_property
    def lines(self) -> dict[str, list[tuple[float, float, float]]]:
        """Slope, intercept and loss of the fitted line, by the name of the loss."""
        return {
            name: [fitted_line(y, name) for y in self.heights] for name, _, _ in self.counted(KINDS)
        }

    @cached_property
    def predicted(self) -> Array:
        """The probabilities of the words."""
        return np.array(self.chosen["predicted"])

    @cached_property
    def entropies(self) -> Array:
        """The loss if each of the words were the right one, shape (n,)."""
        cross_entropy = LOSSES["cross_entropy"].value
        return cross_entropy(self.predicted, np.eye(COUNT))

    @property
    def levels(self) -> range:
        """The whole losses that are written at the axis of losses."""
        return range(1, int(self.entropies.max()) + 1)

    @cached_property
    def bells(self) -> list[tuple[float, float, float]]:
        """Mean, width and loss of the Gaussian at each moment of its training."""
        network = Network.from_weights([np.zeros((2, 1))], [[BEGIN, 0.0]], "identity")
        data, shown = self.bell_data, []
        training = train(
            *(network, data), loss="gaussian_nll", optimizer="adam", rng=0, learning_rate=RATE,
            epochs=STEPS,
        )  # fmt: skip
        networks = [network, *(step.network for step in training)]
        for place in np.unique(np.linspace(0, STEPS, MOMENTS).round().astype(int)):
            mean, variance = mean_and_variance(networks[place].layers[0].bias)
            loss = evaluate(networks[place], data, "gaussian_nll").loss
            shown.append((float(mean[0]), float(np.sqrt(variance[0])), loss))
        return shown

    @cached_property
    def bell_data(self) -> Data:
        """Measurements, as targets of a network whose input says nothing."""
        values = np.random.default_rng(DATA_SEED).normal(MEAN, WIDTH, POINTS)
        return Data(np.zeros((POINTS, 1)), values[:, np.newaxis])

    @property
    def results(self) -> Iterable[ArrayLike]:
        """The losses of the lines and of the words, and every moment of the Gaussian."""
        yield from ([loss for *_, loss in lines] for lines in self.lines.values())
        yield from (self.predicted, self.entropies, self.bells, TICKS, SHARES, self.levels)
        yield from ([slope for slope, *_ in lines] for lines in self.lines.values())
        yield [-POINTS * loss for *_, loss in self.bells]

    def construct(self) -> None:
        """Play the scene."""
        self._outlier()
        self._cross_entropy()
        self._gaussian()

    def replace_by(self, *part: Mobject) -> None:
        """Let the next part come before everything else is gone."""
        self.clear_caption()
        leaving, coming = (
            AnimationGroup(*each) for each in (map(FadeOut, self.mobjects), map(FadeIn, part))
        )
        self.play(LaggedStart(leaving, coming, lag_ratio=0.6), run_time=0.9)

    def named(self, key: str, value: float, color: str = "") -> VGroup:
        """Return a name and a number."""
        name = TextLabel(self.words(key), self.theme, color=self.theme.muted)
        number = Number(value, self.theme, color=color or self.theme.text)
        return VGroup(name, number).arrange(RIGHT, buff=0.25)

    def small(self, key: str) -> TextLabel:
        """Return the name of an axis."""
        theme = self.theme
        return TextLabel(self.words(key), theme, em=theme.smallest_text, color=theme.muted)

    def heading(self, text: str) -> TextLabel:
        """Return the heading of a part."""
        name = TextLabel(text, self.theme)
        return name.move_to([0, HEADING, 0])

    # ---- one point far away ----------------------------------------------------------------------

    def _outlier(self) -> None:
        self.section("outlier")
        theme, y = self.theme, self.heights[0]
        plots, heads, slopes = [], [], []
        for (name, errors, key), box in zip(KINDS, PLOTS, strict=True):
            plot = ResidualPlot(X, y, LIMITS, LIMITS, errors=errors, theme=theme, box=box)
            plots.append(plot.show_line(0.0, float(np.median(y)), presence=0.0))
            head = self.named(f"panel.{key}", self.lines[name][0][2], theme.blame)
            heads.append(head.move_to([box.center[0], ABOVE, 0]))
            slope = self.named("sum.tangent", self.lines[name][0][0], theme.output)
            slopes.append(slope.move_to(box.center + INSIDE * UP, aligned_edge=RIGHT))
        names = [head[0] for head in heads]
        numbers = [head[1] for head in heads]
        self.add(self.heading(self.words("loss_part.errors")), *plots, *names)
        with self.beat("losses.two", hold=0.8):
            self.play(self.turning(plots))
        with self.beat("losses.errors", hold=reading_time(4)):
            self.play(self.growing(plots), *map(FadeIn, [*numbers, *slopes]))
        ring = Circle(0.24, stroke_color=theme.forward, stroke_width=4)
        rings = [ring.copy().move_to(plot.dots[-1]) for plot in plots]
        with self.beat("losses.outlier", hold=LAST + 0.5):
            first = [ghost_of(plot, self.theme.muted) for plot in plots]
            self.play(*map(FadeIn, [*rings, *first]), run_time=0.4)
            self.play(self.running(plots, numbers, slopes, rings))

    def turning(self, plots: list[ResidualPlot]) -> Timeline:
        """Return the animation in which level lines turn to where they fit."""

        def step(progress: float) -> None:
            share = ease(progress)
            for plot, (name, _, _) in zip(plots, KINDS, strict=True):
                slope, start, _ = self.lines[name][0]
                level = float(np.median(self.heights[0]))
                plot.show_line(share * slope, level + share * (start - level), presence=0.0)

        return Timeline(VGroup(*plots), [Span(0, 2.0, step)])

    def growing(self, plots: list[ResidualPlot]) -> Timeline:
        """Return the animation in which the errors grow from their points to the lines."""

        def step(progress: float) -> None:
            for plot, (name, _, _) in zip(plots, KINDS, strict=True):
                slope, start, _ = self.lines[name][0]
                plot.show_line(slope, start, presence=ease(progress))

        return Timeline(VGroup(*plots), [Span(0, 1.4, step)])

    def running(
        self,
        plots: list[ResidualPlot],
        numbers: list[Number],
        slopes: list[VGroup],
        rings: list[Circle],
    ) -> Timeline:
        """Return the animation in which a point runs away and both lines are fitted again."""

        def step(progress: float) -> None:
            moment = MOVES * ease(progress)
            panels = zip(plots, numbers, slopes, rings, KINDS, strict=True)
            for plot, number, named, ring, (name, _, _) in panels:
                slope, start, loss = between(np.array(self.lines[name]), moment)
                _write(named, slope)
                plot.show_line(slope, start, y=between(np.array(self.heights), moment))
                number.rewrite(loss)
                ring.move_to(plot.dots[-1])

        return Timeline(VGroup(*plots, *numbers, *slopes, *rings), [Span(0, 5.0, step)])

    # ---- probabilities of words ------------------------------------------------------------------

    def _cross_entropy(self) -> None:
        self.section("cross_entropy")
        theme, losses = self.theme, self.entropies
        words = [
            word.strip()
            for word in (self.chosen["words"] or self.words("example.words")).split(",")
        ]
        text = self.chosen["sentence"] or self.words("example.sentence")
        sentence = TextLabel(text, theme, em=1.3 * theme.caption_size).move_to([0, SENTENCE, 0])
        bars = NumberBars(
            *(self.predicted, (0.0, 1.0)), names=words, theme=theme, box=WORDS_BOX, words=self.words
        )
        axes = PanelAxes((0.0, 1.0), (0.0, 1.1 * float(losses.max())), theme=theme, box=CURVE_BOX)
        p = np.linspace(float(np.exp(-1.1 * losses.max())), 1.0, SAMPLES)
        minus_log = LOSSES["cross_entropy"].value(p[:, np.newaxis], np.ones((SAMPLES, 1)))
        curve = Curve(theme.blame, stroke=4.5).through(axes.c2p(p, minus_log).T)
        em = theme.smallest_text
        names = VGroup(
            self.small("panel.probability").next_to(axes.x_axis, DOWN, buff=0.45),
            self.small("panel.loss").next_to(axes.y_axis.get_end(), UP, buff=0.12),
            *(tick(p, em, theme).next_to(axes.c2p(p, 0.0), DOWN, buff=0.12) for p in SHARES),
            *(tick(y, em, theme).next_to(axes.c2p(0.0, y), LEFT, buff=0.12) for y in self.levels),
        )
        heading = self.heading(self.words("loss_part.cross_entropy"))
        self.replace_by(heading, sentence, bars.names, bars.zero, axes, curve, names)
        with self.beat("losses.gap"):
            grow = Span(0, 1.2, lambda share: bars.show_values(self.predicted, ease(share)))
            self.play(Timeline(bars, [grow]))
        full = TextLabel(text.replace("___", words[0]), theme, em=sentence.em)
        with self.beat("losses.target"):
            wanted = Span(0, 0.6, lambda share: bars.show_targets(np.eye(COUNT)[0], share))
            appear = FadeIn(full.move_to(sentence), run_time=0.6)
            mark, name = self.mark_of(bars, 0), self.right_word(words[0])
            marking = FadeIn(mark, name, run_time=0.6)
            leaving = FadeOut(sentence, run_time=0.6)
            self.play(Timeline(bars, [wanted]), leaving, appear, marking)
        dot = Circle(DOT, stroke_width=0, fill_color=theme.forward, fill_opacity=1)
        line = self.logarithm(0)
        with self.beat("losses.log", hold=reading_time(1)):
            dot.move_to(axes.c2p(self.predicted[0], losses[0]))
            self.play(FadeIn(dot, scale=2.0), FadeIn(line), run_time=0.6)
        worst = int(np.argmax(losses))
        other = TextLabel(text.replace("___", words[worst]), theme, em=sentence.em)
        with self.beat("losses.worse", hold=reading_time(2), word=words[worst]):
            self.play(FadeOut(line, full, name), run_time=0.4)
            rows = bars.heights[0], bars.heights[worst]
            ends = np.log(self.predicted[[0, worst]])

            def slide(progress: float) -> None:
                at = float(np.exp(ends[0] + ease(progress) * (ends[1] - ends[0])))
                dot.move_to(axes.c2p(at, -np.log(at)))
                goals = np.eye(COUNT)[0 if progress < 0.5 else worst]
                bars.show_targets(goals, abs(2 * progress - 1))
                mark.set_y(rows[0] + ease(progress) * (rows[1] - rows[0]))

            self.play(Timeline(VGroup(dot, bars, mark), [Span(0, 1.8, slide)]))
            coming = FadeIn(other.move_to(full)), FadeIn(self.right_word(words[worst]))
            self.play(*coming, FadeIn(self.logarithm(worst)), run_time=0.6)

    def mark_of(self, bars: NumberBars, row: int) -> VGroup:
        """Return the frame around the row of a word, with its target after the bar."""
        theme, box, y = self.theme, bars.box, bars.heights[row]
        target = self.small("loss_part.target").set_color(theme.forward_ink)
        target.move_to([box.right + AFTER, y, 0], aligned_edge=LEFT)
        right = float(target.get_right()[0])
        frame = RoundedRectangle(
            width=right - box.left + 2 * AROUND, height=0.75, corner_radius=AROUND
        )
        frame.set_stroke(theme.forward, 3.0).move_to([(box.left + right) / 2, y, 0])
        return VGroup(frame, target)

    def right_word(self, word: str) -> TextLabel:
        """Return which word is the right one, to stand above the words."""
        name = TextLabel(self.words("loss_part.word", word=word), self.theme)
        name.set_color(self.theme.forward_ink)
        return name.move_to([WORDS_BOX.left, VALUE, 0], aligned_edge=LEFT)

    def logarithm(self, word: int) -> VGroup:
        """Return ``−ln(0.51) = 0.67`` above the curve."""
        theme = self.theme
        parts: list[Mobject] = [
            TextLabel("−ln(", theme, color=theme.muted),
            Number(float(self.predicted[word]), theme),
            TextLabel(") =", theme, color=theme.muted),
            Number(float(self.entropies[word]), theme, color=theme.blame),
        ]
        line = VGroup(*parts).arrange(RIGHT, buff=0.06)
        parts[-1].shift(0.1 * RIGHT)
        return line.move_to([CURVE_BOX.center[0], VALUE, 0])

    # ---- a mean and a width ----------------------------------------------------------------------

    def _gaussian(self) -> None:
        self.section("gaussian")
        fit = Bell(self)
        heading = self.heading(self.words("loss_part.gaussian"))
        self.replace_by(heading, fit.axes, fit.curve, fit.dots, fit.names, fit.gauge)
        with self.beat("losses.gaussian"):
            marks = FadeIn(fit.centre), FadeIn(fit.spread)
            self.play(LaggedStart(*marks, lag_ratio=0.8), run_time=2.0)
        with self.beat("losses.likely", hold=reading_time(2)):
            grow = Span(0, 1.6, lambda share: fit.show(0.0, ease(share)))
            self.play(Timeline(fit, [grow]))
            self.play(FadeIn(fit.total), run_time=0.6)
        with self.beat("losses.fit", hold=LAST):
            self.play(Timeline(fit, [Span(0, 7.0, lambda share: fit.show(ease(share)))]))


class Bell(VGroup):
    """A Gaussian over its data: how likely it makes each point, and all of them together.

    Args:
        scene: Gives the data, the moments of the training, theme and words.

    Attributes:
        axes, curve, dots: The plot, the density, and the data on the axis.
        names: Of the axes and of the data, and values at the axes.
        centre, spread: Mean and width: a mark with its name and its number.
        gauge, total: The frame of a bar, and the bar: the sum of ln p, with the loss below it.
    """

    def __init__(self, scene: Losses) -> None:
        theme, self.moments = scene.theme, np.array(scene.bells)
        self.values, self.x = scene.bell_data.targets[:, 0], np.linspace(*BELL_LIMITS, SAMPLES)
        highest = max(density(self.x, mean, width).max() for mean, width, _ in self.moments)
        limits = 0.0, ABOVE_BELL * float(highest)
        self.axes = PanelAxes(BELL_LIMITS, limits, theme=theme, box=BELL_BOX)
        self.curve = Curve(theme.output, stroke=5.0)
        self.sticks = VMobject(stroke_color=theme.forward, stroke_width=2.5)
        inks = (DOT, theme.text), (0.7 * DOT, theme.forward)
        self.dots, self.tops = (
            VGroup(*(Circle(radius, stroke_width=0, fill_color=ink, fill_opacity=1)
            for _ in self.values))
            for radius, ink in inks
        )  # fmt: skip
        for dot, value in zip(self.dots, self.values, strict=True):
            dot.move_to(self.axes.c2p(value, 0.0))
        self.names = self._names(scene)
        mean, width, _ = self.moments[0]
        self.line = Curve(theme.output, stroke=3.0, dashed=True)
        self.arrow = VMobject(stroke_width=0, fill_color=theme.output, fill_opacity=1)
        self.centre = VGroup(self.line, scene.named("panel.mean", mean, theme.output))
        self.spread = VGroup(self.arrow, scene.named("panel.width", width, theme.output))
        frame = Rectangle(width=GAUGE.width, height=GAUGE.height).move_to(GAUGE.center)
        self.bar = Rectangle(width=GAUGE.width, height=GAUGE.height, stroke_width=0)
        self.bar.set_fill(theme.forward, 1.0)
        self.sum, self.loss = Number(0.0, theme, color=theme.forward_ink), Number(0.0, theme)
        above = formula("sum ln p", theme, color=theme.forward_ink)
        above.next_to(frame, UP, buff=0.2)
        rule = formula(f"= - 1 / {len(self.values)} sum ln p", theme)
        name = TextLabel(scene.words("panel.loss"), theme, color=theme.blame)
        line = VGroup(name, rule).arrange(RIGHT, buff=0.12).move_to([GAUGE.center[0], RULE, 0])
        self.loss.set_ink(theme.blame).move_to([GAUGE.center[0], RULE - BELOW_RULE, 0])
        frame.set_stroke(theme.muted, 2.0)
        # The ends of the bar: the sum at the largest loss, and that at no loss.
        lowest = -len(self.values) * float(self.moments[:, 2].max())
        ends = VGroup()
        for value, y in ((0.0, GAUGE.top), (lowest, GAUGE.bottom + LEAST * GAUGE.height)):
            end = Number(value, theme, em=theme.smallest_text, color=theme.muted)
            end.move_to([GAUGE.left - AFTER, y, 0], aligned_edge=RIGHT)
            ends.add(end)
        self.gauge = VGroup(frame, above)
        self.total = VGroup(self.bar, ends, self.sum, line, self.loss)
        super().__init__(self.axes, self.curve, self.sticks, self.dots, self.tops, self.names)
        self.add(self.centre, self.spread, self.total, self.gauge)
        self.show(0.0, 0.0)

    def _names(self, scene: Losses) -> VGroup:
        """Return the names of the axes and of the data, and the ticks."""
        axes, theme = self.axes, scene.theme
        across = scene.small("panel.measurement").next_to(axes.x_axis, DOWN, buff=0.5)
        up = TextLabel(scene.words("panel.likelihood"), theme, color=theme.forward_ink)
        up.next_to(axes.y_axis.get_end(), UP, buff=0.15)
        up.align_to(axes, LEFT)
        em = theme.smallest_text
        below = [tick(x, em, theme).next_to(axes.c2p(x, 0.0), DOWN, buff=0.2) for x in TICKS]
        return VGroup(across, up, *below)

    def show(self, progress: float, presence: float = 1.0) -> None:
        """Show a moment of the training.

        Args:
            progress: 0 … 1.
            presence: 0 … 1, how far the likelihoods have grown from the points.
        """
        axes, now = self.axes, between(self.moments, (len(self.moments) - 1) * progress)
        mean, width, loss = (float(number) for number in now)
        self.curve.through(axes.c2p(self.x, density(self.x, mean, width)).T)
        heights = presence * density(self.values, mean, width)
        self.sticks.clear_points()
        for value, height, top in zip(self.values, heights, self.tops, strict=True):
            self.sticks.start_new_path(axes.c2p(value, 0.0))
            self.sticks.add_line_to(axes.c2p(value, height))
            top.move_to(axes.c2p(value, height)).set_opacity(min(10 * presence, 1.0))
        peak = float(density(np.array([mean]), mean, width)[0])
        shoulder = float(density(np.array([mean + width]), mean, width)[0])
        foot, summit = axes.c2p(mean, 0.0), axes.c2p(mean, peak)
        self.line.through(foot + np.linspace(0, 1, DASHES)[:, np.newaxis] * (summit - foot))
        way = Course.straight(axes.c2p(mean, shoulder), axes.c2p(mean + width, shoulder))
        self.arrow.clear_points()
        add_arrow(self.arrow, way, 0.0, 1.0, ARROW, dashed=False)
        _write(self.centre[1], mean).next_to(summit, UP, buff=0.2)
        _write(self.spread[1], width).next_to(way.end, RIGHT, buff=0.35)
        self._show_total(loss)

    def _show_total(self, loss: float) -> None:
        count, lowest = len(self.values), float(self.moments[:, 2].max())
        height = GAUGE.height * max(LEAST + (1 - LEAST) * (1 - loss / lowest), 1e-3)
        self.bar.stretch_to_fit_height(height)
        self.bar.move_to([GAUGE.center[0], GAUGE.bottom, 0], aligned_edge=DOWN)
        level = np.array([GAUGE.right + 0.12, GAUGE.bottom + height, 0.0])
        self.sum.set_value(-count * loss).move_to(level, aligned_edge=LEFT)
        self.loss.set_value(loss)


def _write(named: VGroup, value: float) -> VGroup:
    """Write another number after a name."""
    named[1].rewrite(value)
    return named


def ghost_of(plot: ResidualPlot, color: str) -> Curve:
    """Return a dashed line where the line of a plot is now."""
    start, end = plot.line.get_start(), plot.line.get_end()
    shares = np.linspace(0.0, 1.0, GHOST)[:, np.newaxis]
    return Curve(color, stroke=2.5, dashed=True).through(start + shares * (end - start))


def fitted_line(y: Array, loss: str) -> tuple[float, float, float]:
    """Fit a neuron without a curve, and return slope, intercept and loss of its line."""
    middle, spread = float(X.mean()), float(X.std())
    data = Data(((X - middle) / spread)[:, np.newaxis], y[:, np.newaxis])
    network = Network.from_weights([np.zeros((1, 1))], [[float(np.median(y))]], "identity")
    for rate in RATES:
        training = train(
            *(network, data), loss=loss, optimizer="adam", learning_rate=rate, epochs=EPOCHS, rng=0
        )
        for step in training:
            network = step.network
    slope = float(network.connections()[0].weights[0, 0]) / spread
    start = float(network.layers[0].bias[0]) - slope * middle
    return slope, start, evaluate(network, data, loss).loss


def between(moments: Array, moment: float) -> Array:
    """Return what lies between two of some moments, or one of them."""
    before = min(int(moment), len(moments) - 2)
    share = moment - before
    mixed: Array = moments[before] + share * (moments[before + 1] - moments[before])
    return mixed if share < 1 else np.array(moments[before + 1])


def density(x: Array, mean: float, width: float) -> Array:
    """Return the density of a Gaussian."""
    heights: Array = np.exp(-0.5 * ((x - mean) / width) ** 2) / (width * np.sqrt(2 * np.pi))
    return heights
