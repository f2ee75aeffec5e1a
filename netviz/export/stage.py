"""The one place where manim runs: a scene class goes in; a movie, frames or a picture come out.

Only here is manim's global configuration touched.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from manim import Mobject, Scene, tempconfig
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.exceptions import EndSceneEarlyException

from netviz.export.captions import Caption
from netviz.export.errors import ExportError
from netviz.export.picture import Picture, Pixels
from netviz.export.sheet import Sheet
from netviz.problems import shown

Sink = Callable[[Pixels, int], None]

# manim converts to YUV by BT.601 and says nothing; untold, players take large pictures for BT.709.
COLOR_TAGS = {
    "colorspace": "smpte170m",
    "color_primaries": "bt709",
    "color_trc": "iec61966-2-1",
    "color_range": "tv",
}
ENCODER_OPTIONS = {
    "mp4": COLOR_TAGS,
    "webm": COLOR_TAGS | {"b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"},
}

CHATTERERS = ("manim", "srt")  # the loggers of manim, and of what writes its captions
SWITCHED_OFF = (
    *("dry_run", "enable_gui", "live_preview", "log_to_file"),
    *("preview", "save_sections", "show_in_file_browser", "transparent"),
)


@dataclass(frozen=True)
class Chapter:
    """A section of the scene, from ``start`` to ``end`` in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True)
class Movie:
    """What manim's own writer made: a video file and what is known about it."""

    path: Path
    seconds: float
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Take:
    """One scene class, to be played at one size and frame rate.

    Attributes:
        scene_class: The scene.
        width, height: In pixels.
        fps: Frames per second.
        at: The moment of a picture in seconds; None for the last frame.
        progress: Is told (seconds done, seconds in all).
        media: A folder for what manim leaves lying about.
        sheet: What a picture stands on.
    """

    scene_class: type[Scene]
    width: int
    height: int
    fps: float
    at: float | None
    progress: Callable[[float, float], None] | None
    media: Path
    sheet: Sheet

    def __post_init__(self) -> None:
        """Check that there is a scene class.

        Raises:
            ExportError: There is something else, such as a scene that is made already.
        """
        scene = self.scene_class
        if isinstance(scene, Scene):
            name = type(scene).__name__
            raise ExportError(f"{name}() is a scene: expected its class, {name}")
        if not (isinstance(scene, type) and issubclass(scene, Scene)):
            raise ExportError(
                f"the scene is {shown(scene)}: expected a class of manim's scenes, in whose "
                "construct() things are added and played"
            )

    def movie(self, container: str) -> Movie:
        """Play everything into a video file: H.264 in an "mp4", VP9 in a "webm"."""
        scene, recorder = self._record(container, None)
        return Movie(
            recorder.movie_file_path,
            recorder.seconds,
            tuple(Caption(c.start, c.end, c.content) for c in recorder.subcaptions),
            recorder.chapters(str(scene)),
        )

    def frames(self, sink: Sink) -> float:
        """Play everything into ``sink``, frame by frame.

        Args:
            sink: Is given each frame, RGBA of shape (height, width, 4), and for how many frames
                it stands still. The array is the sink's to keep.

        Returns:
            How long it lasts, in seconds.
        """
        _, recorder = self._record("none", sink)
        return recorder.seconds

    @contextmanager
    def picture(self) -> Iterator[Picture]:
        """The frame at ``at``, or the last one, to be drawn before this is left.

        Raises:
            ExportError: The scene is over before that.
        """
        with self._manim("none"):
            scene = self.scene_class()
            renderer = LeapingRenderer(scene, self.at)
            scene.render()
            # Lengths are shown to a hundredth of a second: the length as shown is not too late.
            if self.at is not None and not renderer.arrived and self.at > renderer.time + 0.005:
                raise ExportError(
                    f"{self.at:g} s is after the end: {scene} is {renderer.time:.2f} s long"
                )
            yield Picture.of(scene, self.sheet)

    def length(self) -> float:
        """About how long the scene is, in seconds; nothing is drawn to find out."""
        with self._manim("none"):
            scene = self.scene_class()
            renderer = LeapingRenderer(scene, None)
            scene.render()
            return float(renderer.time)

    def _record(self, container: str, sink: Sink | None) -> tuple[Scene, Recorder]:
        report = self._reporter()
        with self._manim(container):
            scene = self.scene_class()
            recorder = Recorder(scene, self.fps, report, sink)
            try:
                scene.render()
            except RuntimeError:  # so manim refuses to make an empty video, but not only so
                if self.length() > 0:
                    raise
            if recorder.frames == 0:
                raise ExportError(f"{scene} plays no animation: only a picture can show it")
            return scene, recorder

    def _reporter(self) -> Callable[[float], None]:
        progress = self.progress
        if progress is None:
            return lambda seconds: None
        total = self.length()
        return lambda seconds: progress(min(seconds, total), total)

    @contextmanager
    def _manim(self, output_format: str) -> Iterator[None]:
        """manim's global configuration, as this take needs it, and manim silent."""
        levels = {logger: logger.level for logger in map(logging.getLogger, CHATTERERS)}
        try:
            for logger in levels:
                logger.setLevel(logging.ERROR)
            with tempconfig(self._settings(output_format)):
                yield
        finally:
            for logger, level in levels.items():
                logger.setLevel(level)

    def _settings(self, output_format: str) -> dict[str, Any]:
        # More than manim's defaults: a manim.cfg in the folder must not change what is written.
        asked = {
            "pixel_width": self.width,
            "pixel_height": self.height,
            "frame_rate": self.fps,
            "media_dir": str(self.media),
            "format": output_format,
            "video_encoder_options": ENCODER_OPTIONS.get(output_format, {}),
        }
        fixed = {
            "renderer": "cairo",
            "output_file": "movie",
            "video_codec": "auto",
            "pixel_format": "auto",
            "progress_bar": "none",
            "disable_caching": True,
            "from_animation_number": 0,
            "upto_animation_number": -1,
        }
        return asked | fixed | dict.fromkeys(SWITCHED_OFF, False)


class Recorder(SceneFileWriter):
    """manim's file writer, which also counts frames, passes them on, and dates the sections."""

    def __init__(
        self, scene: Scene, fps: float, report: Callable[[float], None], sink: Sink | None
    ) -> None:
        """Take the place of the scene's own writer."""
        self.fps = fps
        self.report = report
        self.sink = sink
        self.frames = 0
        self.section_starts: list[tuple[float, str]] = []
        super().__init__(scene.file_writer_settings)
        scene.renderer.file_writer = self

    @property
    def seconds(self) -> float:
        """How long all frames up to now last."""
        return self.frames / self.fps

    def write_frame(self, pixels: Pixels, *, repeat: int = 1) -> None:
        """Take a frame that stands still for ``repeat`` frames."""
        super().write_frame(pixels, repeat=repeat)
        if self.sink is not None:
            self.sink(pixels, repeat)
        self.frames += repeat
        self.report(self.seconds)

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Begin a section."""
        super().next_section(name, type_, skip_animations)
        self.section_starts.append((self.seconds, name))

    def chapters(self, opening: str) -> tuple[Chapter, ...]:
        """The sections that last; what comes before the first is called ``opening``.

        A scene that names no sections has no chapters.
        """
        starts = [(0.0, opening), *self.section_starts[1:], (self.seconds, "")]
        if len(starts) == 2:
            return ()
        spans = ((name, start, end) for (start, name), (end, _) in pairwise(starts))
        return tuple(Chapter(*span) for span in spans if span[2] > span[1])


class LeapingRenderer(CairoRenderer):
    """A renderer that leaps from the start of each animation to its end and draws nothing.

    Given a moment, it ends the scene there.
    """

    def __init__(self, scene: Scene, at: float | None) -> None:
        """Take the place of the scene's own renderer, and keep its camera."""
        super().__init__(skip_animations=True)
        self.at = at
        self.arrived = False
        self.camera = scene.camera
        self.init_scene(scene, scene.session_spec, scene.file_writer_settings)
        scene.renderer = self

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Go to the moment if it falls into the animations that have just begun.

        manim calls this once in every play, when the clock shows its end already.
        """
        if self.at is None or self.at >= self.time:
            return
        if not scene.is_current_animation_frozen_frame():
            scene.update_to_time(self.at - (self.time - scene.duration))
        self.arrived = True
        raise EndSceneEarlyException

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        """Draw nothing."""
