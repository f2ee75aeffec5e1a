"""Run manim: play a scene class into video, into frames, or to one moment.

No other module changes manim's global configuration.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from manim import Animation, Mobject, Scene, config
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.exceptions import EndSceneEarlyException

from netviz.camera import aim, clear_background, frame_of, pixels_of
from netviz.captions import Caption
from netviz.export.canvas import Canvas, PixelBox, Pixels
from netviz.export.configuration import configured
from netviz.export.encoder import Encoder
from netviz.export.picture import Extent, Picture, Window, around, extent, height_of
from netviz.export.pieces import Pieces
from netviz.export.reel import SAME_MOMENT, Chapter, Movie, Reel, Sink, Sinks
from netviz.export.request import ASPECTS, WHOLE_FILM, Cut, ExportError, Page
from netviz.problems import Problem, shown

Add = Callable[[Pixels, PixelBox | None, int], None]
"""Receives a frame: :meth:`netviz.export.reel.Sink.add`."""

LOGGERS = ("manim", "srt")  # srt writes captions of manim
SWITCHED_OFF = (
    *("dry_run", "enable_gui", "live_preview", "log_to_file"),
    *("preview", "save_sections", "show_in_file_browser", "transparent"),
)


@dataclass(frozen=True)
class Take:
    """A scene class that is to be played at one size and frame rate.

    Attributes:
        scene_class: The scene.
        width, height: In pixels.
        fps: Frames per second.
        at: The moment of a still image in seconds; None for the last frame.
        progress: Called with (seconds done, seconds in total).
        media: A folder for manim's intermediate files.
        page: Crop, background, title and description.
        jobs: How many processes draw a video.
        cut: Which part of the scene is a film, and how fast it is.
        aspect: Width to height of the frame, if it is given.
        saving: How many steps of colours or of quality a file gives up to become smaller.
        window: The visible part of the plane, if it is not the whole frame.
    """

    scene_class: type[Scene]
    width: int
    height: int
    fps: float
    at: float | None
    progress: Callable[[float, float], None] | None
    media: Path
    page: Page
    jobs: int = 1
    cut: Cut = WHOLE_FILM
    aspect: str | None = None
    saving: int = 0
    window: Window | None = None

    def __post_init__(self) -> None:
        """Check the scene class.

        Raises:
            ExportError: It is not a class of manim scenes, for example an instance of one.
        """
        scene = self.scene_class
        if isinstance(scene, type) and issubclass(scene, Scene):
            return
        expected = "a class derived from manim.Scene"
        if isinstance(scene, Scene):
            expected = f"the class itself, {type(scene).__name__}"
        raise ExportError(Problem("scene_class", f"is {shown(scene)}", expected))

    def film(self, reels: Sequence[Reel], suffixes: Sequence[str]) -> Movie:
        """Play the scene into files. Each frame is drawn once, however many files there are.

        Args:
            reels: The files.
            suffixes: Their suffixes.

        Returns:
            What was played, with the files of its pieces without their suffixes.

        Raises:
            ExportError: The scene plays no animation.
        """
        size, rate = (self.width, self.height), Fraction(self.fps).limit_denominator(1001)
        codings = {
            suffix: reel.coding
            for suffix, reel in zip(suffixes, reels, strict=True)
            if reel.coding is not None
        }

        def encoders(path: Path) -> Sinks:
            return Sinks(
                [
                    Encoder(path.with_suffix(suffix), coding, size, rate)
                    for suffix, coding in codings.items()
                ]
            )

        sinks: list[Sink] = [reel.sink for reel in reels if reel.sink is not None]
        # What takes all frames in their order needs them in this process.
        pieces = Pieces(self.media, self.fps, 1 if sinks else self.jobs, encoders)
        frames = Sinks([pieces, *sinks] if codings else sinks)
        try:
            scene, writer = self._play(frames.add, pieces if codings else None)
            frames.finish()
        except BaseException as error:
            for sink in sinks:
                with suppress(BaseException):
                    sink.finish()
            pieces.fail(error)
            raise
        return Movie(
            tuple(pieces.paths),
            rate,
            writer.seconds,
            tuple(self._captions(writer)),
            writer.chapters(str(scene)),
            writer.sound(self.media / "sound.wav"),
            tuple(getattr(scene, "sounds", ())),
        )

    def _captions(self, writer: FrameWriter) -> Iterator[Caption]:
        """Yield the captions in the film, at its times."""
        for each in writer.subcaptions:
            if self.cut == WHOLE_FILM:
                yield Caption(each.start, each.end, each.content)
                continue
            start, end = (
                min(max(self.cut.in_film(moment.total_seconds()), 0.0), writer.seconds)
                for moment in (each.start, each.end)
            )
            if start < end:
                yield Caption(timedelta(seconds=start), timedelta(seconds=end), each.content)

    def changes(self, sink: Add) -> float:
        """Play the scene into ``sink``, frame by frame, with what each frame changes.

        Returns:
            The duration in seconds.

        Raises:
            ExportError: The scene plays no animation.
        """
        return self._play(sink, None)[1].seconds

    def frames(self, sink: Callable[[Pixels, int], None]) -> float:
        """Play the scene into ``sink``, frame by frame.

        Args:
            sink: Called with each frame, RGBA of shape (height, width, 4), and how often it is
                shown. The sink may keep the array.

        Returns:
            The duration in seconds.

        Raises:
            ExportError: The scene plays no animation.
        """
        return self.changes(lambda pixels, changed, repeat: sink(pixels.copy(), repeat))

    @contextmanager
    def picture(self) -> Iterator[Picture]:
        """Yield the frame at ``at``, or the last one; draw it inside the ``with`` block.

        Raises:
            ExportError: The scene ends before that moment.
        """
        with self._manim():
            scene = self._scene()
            renderer = LeapingRenderer(scene, self.at)
            scene.render()
            # Durations are shown to a hundredth of a second: the duration as shown is accepted.
            if self.at is not None and not renderer.arrived and self.at > renderer.time + 0.005:
                title, duration = self.page.title or scene, f"{renderer.time:.2f}"
                expected = f"at most {duration}, the duration of {title} in seconds"
                raise ExportError(Problem("at", f"is {self.at:g}", expected))
            yield Picture.of(scene, self.page, self.aspect)

    def length(self) -> float:
        """Return the duration of the scene in seconds, without drawing it."""
        return float(self.rehearsed(self.scene_class).time)

    def in_time(self) -> Take:
        """Return the same take of a scene that has the length that it asks for.

        A scene class may have a method ``in_time``, which is called with :meth:`rehearsed`.
        """
        prepare = getattr(self.scene_class, "in_time", None)
        if prepare is None:
            return self
        with self._manim():
            return replace(self, scene_class=prepare(self.rehearsed))

    def rehearsed(self, scene_class: type[Scene]) -> Scene:
        """Return a scene that was played without being drawn."""
        with self._manim():
            scene = scene_class()
            LeapingRenderer(scene, None)
            scene.render()
            return scene

    def cropped(self) -> Take:
        """Return the same take of the part of the frame in which anything is drawn at any moment.

        Raises:
            ExportError: Nothing is drawn, or the camera moves.
        """
        with self._manim():
            scene = self._scene()
            surveyor = SurveyingRenderer(scene, self.cut)
            scene.render()
        if surveyor.extent is None:
            expected = "something to which the frame can be cut"
            raise ExportError(Problem(str(scene), "draws nothing", expected))
        if surveyor.moves:
            expected = "a film without movements of the camera"
            raise ExportError(Problem("crop", f"is given for {scene}", expected))
        window = around(surveyor.extent, self.aspect)
        height = max(2 * round(height_of(window, self.width) / 2), 2)
        # Pixels are square.
        units = window.width * height / self.width
        window = replace(window, top=window.top + (units - window.height) / 2, height=units)
        return replace(self, height=height, window=window)

    def _scene(self) -> Scene:
        """Return the scene, with a camera that shows the frame or the window of this take."""
        scene = self.scene_class()
        if self.window is not None:
            aim(scene.camera, self.window.center, self.window.width, self.window.height)
        elif self.aspect is not None:
            # The frame of manim's moving cameras is 16:9, whatever the configuration says.
            middle = getattr(scene, "frame_center", (0.0, 0.0, 0.0))
            aim(scene.camera, middle, config.frame_width, config.frame_height)
        return scene

    def _play(self, sink: Add, pieces: Pieces | None) -> tuple[Scene, FrameWriter]:
        report, cut = self._reporter(), self.cut
        with self._manim():
            scene = self._scene()
            canvas = Canvas(self.height, self.width)
            writer = FrameWriter(scene, self.fps, report, canvas, sink)
            renderer = FilmRenderer(scene, writer, pieces, cut, self.page.transparent)
            scene.render()
            if cut != WHOLE_FILM:
                self._check_cut(scene, writer, renderer.time)
            if writer.frames == 0:
                expected = "a still image, such as a .png, as output"
                raise ExportError(Problem(str(scene), "plays no animation", expected))
            renderer.stay(round(cut.hold * self.fps))
            return scene, writer

    def _check_cut(self, scene: Scene, writer: FrameWriter, seconds: float) -> None:
        """Check that the scene is long enough for the cut, and has no sound that is cut.

        Raises:
            ExportError: It is not long enough, or has sound.
        """
        cut, title = self.cut, self.page.title or scene
        duration = f"{seconds:.2f}, the duration of {title} in seconds"
        # Durations are shown to a hundredth of a second: the duration as shown is accepted.
        if cut.end is not None and cut.end > seconds + 0.005:
            raise ExportError(Problem("to", f"is {cut.end:g}", f"at most {duration}"))
        if writer.frames == 0 and cut.start > 0:
            raise ExportError(Problem("from", f"is {cut.start:g}", f"less than {duration}"))
        silent = not (writer.includes_sound or getattr(scene, "sounds", ()))
        if not silent and (cut.start, cut.end, cut.speed) != (0.0, None, 1.0):
            found = "is given for a film with sound"
            raise ExportError(Problem(next(iter(cut.given)), found, "a film without sound"))

    def _reporter(self) -> Callable[[float], None]:
        progress, cut = self.progress, self.cut
        if progress is None:
            return lambda seconds: None
        length = self.length()
        end = length if cut.end is None else min(length, cut.end)
        total = max(cut.in_film(end), 0.0) + cut.hold
        return lambda seconds: progress(min(seconds, total), total)

    @contextmanager
    def _manim(self) -> Iterator[None]:
        """Set manim's global configuration for this take, and silence its loggers."""
        levels = {logger: logger.level for logger in map(logging.getLogger, LOGGERS)}
        try:
            with configured(self._configuration()):
                if self.aspect is not None:
                    across, down = ASPECTS[self.aspect]
                    config.frame_height = config.frame_width * down / across
                for logger in levels:  # the configuration of manim sets its own logger's level
                    logger.setLevel(logging.ERROR)
                yield
        finally:
            for logger, level in levels.items():
                logger.setLevel(level)

    def _configuration(self) -> dict[str, Any]:
        requested = {
            "pixel_width": self.width,
            "pixel_height": self.height,
            "frame_rate": self.fps,
            "media_dir": str(self.media),
        }
        fixed = {
            "format": "none",
            "video_encoder_options": {},
            "renderer": "cairo",
            "output_file": "movie",
            "video_codec": "auto",
            "pixel_format": "auto",
            "progress_bar": "none",
            "disable_caching": True,
            "from_animation_number": 0,
            "upto_animation_number": -1,
        }
        return requested | fixed | dict.fromkeys(SWITCHED_OFF, False)


class FrameWriter(SceneFileWriter):
    """manim's file writer, which passes frames on, counts them and records section starts."""

    def __init__(
        self,
        scene: Scene,
        fps: float,
        report: Callable[[float], None],
        canvas: Canvas,
        sink: Add,
    ) -> None:
        """Start without frames."""
        self.fps = fps
        self.report = report
        self.canvas = canvas
        self.sink = sink
        self.frames = 0
        self.section_starts: list[tuple[float, str]] = []
        super().__init__(scene.file_writer_settings)

    @property
    def seconds(self) -> float:
        """The duration of all frames so far."""
        return self.frames / self.fps

    def write(self, camera: Any, repeat: int) -> None:
        """Write what a camera shows, for a number of frames."""
        # manim's own cameras do not tell where a frame has changed.
        within = camera.changes() if hasattr(camera, "changes") else self.canvas.whole
        box = None if within is None else PixelBox(*within)
        changed = self.canvas.update(pixels_of(camera), box)
        self.sink(self.canvas.pixels, changed, repeat)
        self.count(repeat)

    def count(self, frames: int) -> None:
        """Go on by a number of frames."""
        self.frames += frames
        self.report(self.seconds)

    def sound(self, path: Path) -> Path | None:
        """Write the sound of the scene as .wav, and return the file; None if there is no sound."""
        if not self.includes_sound:
            return None
        rest = max(self.seconds - self.audio_segment.duration_seconds, 0)
        silence = self.audio_segment.silent(math.ceil(1000 * rest))
        (self.audio_segment + silence).export(path, format="wav").close()
        return path

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Start a section."""
        super().next_section(name, type_, skip_animations)
        self.section_starts.append((self.seconds, name))

    def chapters(self, opening: str) -> tuple[Chapter, ...]:
        """Return the sections of nonzero duration; empty if the scene defines no sections.

        Args:
            opening: The title of what comes before the first section.
        """
        starts = [(0.0, opening), *self.section_starts[1:], (self.seconds, "")]
        if len(starts) == 2:
            return ()
        spans = ((name, start, end) for (start, name), (end, _) in pairwise(starts))
        return tuple(Chapter(*span) for span in spans if span[2] > span[1])


class ExactRenderer(CairoRenderer):
    """A renderer with a clock that does not depend on the frame rate.

    An animation takes exactly its run time, however it lies between the frames; manim rounds each
    one to whole frames. Sections that are skipped take no time.
    """

    time: float

    def __init__(self, scene: Scene, *, skip_animations: bool = False) -> None:
        """Replace the scene's own renderer; keep its camera."""
        super().__init__(skip_animations=skip_animations)
        self.camera = scene.camera
        scene.renderer = self
        # manim lengthens what is shorter than a frame.
        vars(scene)["validate_run_time"] = _as_given

    def leaves_out(self) -> bool:
        """Return whether the scene has asked to leave out what it plays now."""
        return bool(self.file_writer.sections[-1].skip_animations)


def _as_given(run_time: float, method: Callable[..., Any], parameter_name: str = "") -> float:
    if run_time <= 0:
        Scene.validate_run_time(run_time, method, parameter_name)  # raises the error
    return run_time


def _nothing_moves(_: Iterable[Animation]) -> tuple[list[Mobject], list[Mobject]]:
    return [], []


class FilmRenderer(ExactRenderer):
    """A renderer that draws the frames of a film.

    Frame n shows the moment n / fps. So the same moment looks the same at every frame rate, and a
    film is at most one frame longer than its scene.

    Where another process draws, it leaps to the last frame of each animation, and lets the camera
    take note of it: what is drawn next depends on what has changed since.
    """

    def __init__(
        self,
        scene: Scene,
        writer: FrameWriter,
        pieces: Pieces | None,
        cut: Cut = WHOLE_FILM,
        transparent: bool = False,
    ) -> None:
        """Replace the scene's own renderer and its file writer."""
        super().__init__(scene)
        self.file_writer = writer
        self.pieces = pieces
        self.cut = cut
        self.transparent = transparent

    @property
    def draws(self) -> bool:
        """Whether this process draws what is played now."""
        return self.pieces is None or self.pieces.drawn_here

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations, and write the frames that lie within their time."""
        if self.leaves_out():
            began = self.time
            super().play(scene, *args, **kwargs)
            self.time = began
            return
        if self.cut.end is not None and self.time > self.cut.end - SAME_MOMENT:
            raise EndSceneEarlyException
        if self.transparent:
            clear_background(self.camera)
        scene.compile_animation_data(*args, **kwargs)
        began, end = self.time, self.time + scene.duration
        moments = [max(moment - began, 0.0) for moment in self._frames_until(end)]
        if moments and self.pieces is not None:
            self.pieces.begin(self.file_writer.frames)
        scene.begin_animations()
        if moments and self.draws:
            self.save_static_frame_data(scene, scene.static_mobjects)
        if scene.is_current_animation_frozen_frame():
            if moments:
                self._show(scene, len(moments))
        else:
            end = began + self._play_frames(scene, began, moments)
        self.time = end
        self.num_plays += 1

    def _frames_until(self, end: float) -> list[float]:
        """Return the moments of the frames from the next one on that lie before ``end``."""
        fps, first, cut = self.file_writer.fps, self.file_writer.frames, self.cut
        end = cut.in_film(end if cut.end is None else min(end, cut.end))
        # The sum of many run times may be a little off a whole number of frames.
        numbers = range(first, math.ceil(end * fps - SAME_MOMENT))
        return [cut.start + n * cut.speed / fps for n in numbers]

    def stay(self, frames: int) -> None:
        """Write the last frame again."""
        writer = self.file_writer
        if self.draws and frames:
            writer.sink(writer.canvas.pixels, None, frames)
        writer.count(frames)

    def _play_frames(self, scene: Scene, began: float, moments: list[float]) -> float:
        """Draw animations at some moments, and return the seconds that they have taken."""
        assert scene.animations is not None
        seconds = scene.duration
        if not (self.draws or _has_updaters(scene)):
            self.file_writer.count(len(moments[:-1]))
            moments = moments[-1:]
        for moment in moments:
            self.time = began + moment
            scene.update_to_time(moment)
            self._show(scene, 1)
            if scene.stop_condition is not None and scene.stop_condition():
                seconds = moment + self.cut.speed / self.file_writer.fps
                break
        else:
            scene.update_to_time(seconds)
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)
        scene.update_mobjects(0)
        self.static_image = None
        return float(seconds)

    def _show(self, scene: Scene, repeat: int) -> None:
        """Draw what is on screen now, and write it for a number of frames."""
        if self.draws:
            self.update_frame(scene, scene.moving_mobjects)
            self.file_writer.write(self.camera, repeat)
            return
        if hasattr(self.camera, "note"):
            # Without moving mobjects, manim draws all of them.
            everything = [*scene.mobjects, *scene.foreground_mobjects]
            self.camera.note(scene.moving_mobjects or everything)
        self.file_writer.count(repeat)


def _has_updaters(scene: Scene) -> bool:
    """Return whether what is on screen depends on the frames before it."""
    return bool(
        scene.updaters
        or scene.always_update_mobjects
        or scene.stop_condition is not None
        or any(mobject.updaters for mobject in scene.get_mobject_family_members())
    )


class LeapingRenderer(ExactRenderer):
    """A renderer that skips from the start of each animation to its end and draws nothing.

    Attributes:
        at: The moment in seconds at which it ends the scene; None plays all of it.
        arrived: Whether that moment was reached.
    """

    def __init__(self, scene: Scene, at: float | None) -> None:
        """Replace the scene's own renderer; keep its camera."""
        super().__init__(scene, skip_animations=True)
        self.at = at
        self.arrived = False
        # manim looks for what moves, in order to draw only that in every frame.
        vars(scene)["get_moving_and_static_mobjects"] = _nothing_moves
        self.init_scene(scene, scene.session_spec, scene.file_writer_settings)

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations in one step."""
        began = self.time
        super().play(scene, *args, **kwargs)
        if self.leaves_out():
            self.time = began

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Go to the moment ``at`` if it lies within the animations that have just started.

        manim calls this once in every ``play``, when its clock already shows the end.
        """
        if self.at is None or self.at >= self.time - SAME_MOMENT or self.leaves_out():
            return
        if not scene.is_current_animation_frozen_frame():
            scene.update_to_time(max(self.at - (self.time - scene.duration), 0.0))
        self.arrived = True
        raise EndSceneEarlyException

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: frames are not drawn."""


class SurveyingRenderer(LeapingRenderer):
    """A renderer that draws nothing, and finds out where anything would be drawn.

    Attributes:
        extent: The lowest and the highest corner of what would be drawn; None for nothing.
        moves: Whether the camera moves.
    """

    def __init__(self, scene: Scene, cut: Cut) -> None:
        """Replace the scene's own renderer; keep its camera."""
        super().__init__(scene, None)
        self.cut = cut
        self.extent: Extent | None = None
        self.moves = False
        self._frame = frame_of(self.camera)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Look at some moments of the animations that have just started."""
        if self.leaves_out():
            return
        began = self.time - scene.duration
        still = scene.is_current_animation_frozen_frame()
        for share in (0.0,) if still else (0.0, 0.25, 0.5, 0.75, 1.0):
            moment = share * scene.duration
            end = math.inf if self.cut.end is None else self.cut.end
            if not self.cut.start - SAME_MOMENT <= began + moment <= end + SAME_MOMENT:
                continue
            if not still:
                scene.update_to_time(moment)
            self._look(scene)

    def _look(self, scene: Scene) -> None:
        self.moves = self.moves or frame_of(self.camera) != self._frame
        found = extent([*scene.mobjects, *scene.foreground_mobjects])
        if found is not None and self.extent is not None:
            low, high = np.minimum(found[0], self.extent[0]), np.maximum(found[1], self.extent[1])
            found = low, high
        self.extent = found or self.extent
