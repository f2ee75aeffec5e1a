"""Run manim: play a scene class into a movie, into frames, or to one moment.

No other module changes manim's global configuration.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from manim import Mobject, Scene, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.exceptions import EndSceneEarlyException

from netviz.captions import Caption
from netviz.export.configuration import manims_defaults
from netviz.export.joining import Chapter
from netviz.export.picture import Picture, Pixels
from netviz.export.request import ExportError, Page
from netviz.export.video import Movie
from netviz.problems import Problem, shown

Sink = Callable[[Pixels, int], None]

# Moments that differ by less, in seconds or in frames, are the same.
SAME_MOMENT = 1e-6
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
        page: Crop, background, title and description of a still image.
    """

    scene_class: type[Scene]
    width: int
    height: int
    fps: float
    at: float | None
    progress: Callable[[float, float], None] | None
    media: Path
    page: Page

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

    def movie(self, container: str, encoder: Mapping[str, str]) -> Movie:
        """Play the scene into a video file.

        Args:
            container: A video format of manim, which determines the codec: "mp4" for H.264, "webm"
                for VP9.
            encoder: Options of the encoder.

        Raises:
            ExportError: The scene plays no animation.
        """
        settings = {"format": container, "video_encoder_options": dict(encoder)}
        scene, writer = self._play(settings, None)
        return Movie(
            writer.movie_file_path,
            writer.seconds,
            tuple(Caption(c.start, c.end, c.content) for c in writer.subcaptions),
            writer.chapters(str(scene)),
            tuple(getattr(scene, "sounds", ())),
        )

    def frames(self, sink: Sink) -> float:
        """Play the scene into ``sink``, frame by frame.

        Args:
            sink: Called with each frame, RGBA of shape (height, width, 4), and how often it is
                shown. The sink may keep the array.

        Returns:
            The duration in seconds.

        Raises:
            ExportError: The scene plays no animation.
        """
        _, writer = self._play({}, sink)
        return writer.seconds

    @contextmanager
    def picture(self) -> Iterator[Picture]:
        """Yield the frame at ``at``, or the last one; draw it inside the ``with`` block.

        Raises:
            ExportError: The scene ends before that moment.
        """
        with self._manim({}):
            scene = self.scene_class()
            renderer = LeapingRenderer(scene, self.at)
            scene.render()
            # Durations are shown to a hundredth of a second: the duration as shown is accepted.
            if self.at is not None and not renderer.arrived and self.at > renderer.time + 0.005:
                title, duration = self.page.title or scene, f"{renderer.time:.2f}"
                expected = f"at most {duration}, the duration of {title} in seconds"
                raise ExportError(Problem("at", f"is {self.at:g}", expected))
            yield Picture.of(scene, self.page)

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
        with self._manim({}):
            return replace(self, scene_class=prepare(self.rehearsed))

    def rehearsed(self, scene_class: type[Scene]) -> Scene:
        """Return a scene that was played without being drawn."""
        with self._manim({}):
            scene = scene_class()
            LeapingRenderer(scene, None)
            scene.render()
            return scene

    def _play(self, settings: Mapping[str, Any], sink: Sink | None) -> tuple[Scene, FrameWriter]:
        report = self._reporter()
        with self._manim(settings):
            scene = self.scene_class()
            writer = FrameWriter(scene, self.fps, report, sink)
            FilmRenderer(scene, writer)
            try:
                scene.render()
            except RuntimeError:  # manim raises it for an empty video, but also in other cases
                if self.length() > 0:
                    raise
            if writer.frames == 0:
                expected = "a still image, such as a .png, as output"
                raise ExportError(Problem(str(scene), "plays no animation", expected))
            return scene, writer

    def _reporter(self) -> Callable[[float], None]:
        progress = self.progress
        if progress is None:
            return lambda seconds: None
        total = self.length()
        return lambda seconds: progress(min(seconds, total), total)

    @contextmanager
    def _manim(self, settings: Mapping[str, Any]) -> Iterator[None]:
        """Set manim's global configuration for this take, and silence its loggers."""
        levels = {logger: logger.level for logger in map(logging.getLogger, LOGGERS)}
        try:
            with manims_defaults(), tempconfig({**self._configuration(), **settings}):
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
    """manim's file writer, which also counts frames, passes them on and records section starts.

    An animation without a frame of its own, because it lies between two frames, is left out of the
    video.
    """

    def __init__(
        self, scene: Scene, fps: float, report: Callable[[float], None], sink: Sink | None
    ) -> None:
        """Start without frames."""
        self.fps = fps
        self.report = report
        self.sink = sink
        self.frames = 0
        self.section_starts: list[tuple[float, str]] = []
        self._segment: int | None = None
        super().__init__(scene.file_writer_settings)

    @property
    def seconds(self) -> float:
        """The duration of all frames written so far."""
        return self.frames / self.fps

    def begin_animation(
        self,
        allow_write: bool = False,
        *,
        animation_index: int,
        file_path: Any = None,
    ) -> None:
        """Begin the part of an animation with its first frame."""
        self._segment = animation_index if allow_write else None

    def end_animation(self, allow_write: bool = False) -> None:
        """End the part of an animation."""
        if self._segment is not None and self.partial_movie_files:
            self.partial_movie_files[-1] = None
        super().end_animation(allow_write and self._segment is None)
        self._segment = None

    def write_frame(self, pixels: Pixels, *, repeat: int = 1) -> None:
        """Write a frame that is shown ``repeat`` times."""
        if self._segment is not None:
            super().begin_animation(True, animation_index=self._segment)
            self._segment = None
        super().write_frame(pixels, repeat=repeat)
        if self.sink is not None:
            self.sink(pixels, repeat)
        self.frames += repeat
        self.report(self.seconds)

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


class FilmRenderer(ExactRenderer):
    """A renderer that draws the frames of a film.

    Frame n shows the moment n / fps. So the same moment looks the same at every frame rate, and a
    film is at most one frame longer than its scene.
    """

    def __init__(self, scene: Scene, writer: FrameWriter) -> None:
        """Replace the scene's own renderer and its file writer."""
        super().__init__(scene)
        self.file_writer = writer

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play animations, and write the frames that lie within their time."""
        if self.leaves_out():
            began = self.time
            super().play(scene, *args, **kwargs)
            self.time = began
            return
        scene.compile_animation_data(*args, **kwargs)
        began, end = self.time, self.time + scene.duration
        self.file_writer.add_partial_movie_file(f"{self.num_plays:05}")
        self.file_writer.begin_animation(True, animation_index=self.num_plays)
        scene.begin_animations()
        moments = [max(moment - began, 0.0) for moment in self._frames_until(end)]
        if moments:
            self.save_static_frame_data(scene, scene.static_mobjects)
        if scene.is_current_animation_frozen_frame():
            if moments:
                self.update_frame(scene, mobjects=scene.moving_mobjects)
                self.file_writer.write_frame(self.get_frame(), repeat=len(moments))
        else:
            end = began + self._play_frames(scene, began, moments)
        self.time = end
        self.file_writer.end_animation(True)
        self.num_plays += 1

    def _frames_until(self, end: float) -> list[float]:
        """Return the moments of the frames from the next one on that lie before ``end``."""
        fps, first = self.file_writer.fps, self.file_writer.frames
        # The sum of many run times may be a little off a whole number of frames.
        return [n / fps for n in range(first, math.ceil(end * fps - SAME_MOMENT))]

    def _play_frames(self, scene: Scene, began: float, moments: list[float]) -> float:
        """Draw animations at some moments, and return the seconds that they have taken."""
        assert scene.animations is not None
        seconds = scene.duration
        for moment in moments:
            self.time = began + moment
            scene.update_to_time(moment)
            self.update_frame(scene, scene.moving_mobjects)
            self.file_writer.write_frame(self.get_frame())
            if scene.stop_condition is not None and scene.stop_condition():
                seconds = moment + 1 / self.file_writer.fps
                break
        else:
            scene.update_to_time(seconds)
        for animation in scene.animations:
            animation.finish()
            animation.clean_up_from_scene(scene)
        scene.update_mobjects(0)
        self.static_image = None
        return float(seconds)


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
