"""A film in pieces, which several processes draw.

A piece begins with an animation, at least some seconds after the piece before it: where, depends
only on the film. Each piece is a video of its own, so that the same pieces, joined, are the same
film whoever has drawn them.

With several processes, one of them plays the film without drawing it: it leaps from the start of
each animation to its end. Where a piece begins, it forks a process that draws this piece and ends.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import NoReturn

from netviz.export.canvas import PixelBox, Pixels
from netviz.export.reel import Sink
from netviz.export.request import ExportError
from netviz.problems import Problem

# The shortest piece in seconds. A piece begins with a whole picture, which costs bytes and time.
SHORTEST = 3.0


def can_fork() -> bool:
    """Return whether pieces can be drawn by other processes.

    A process that is copied while it runs works reliably on Linux only.
    """
    return sys.platform == "linux"


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pieces:
    """The pieces of a film.

    Attributes:
        paths: Their files, in order, without suffix: one piece may be encoded in several ways.
        drawn_here: Whether this process draws the present piece.
    """

    def __init__(
        self, folder: Path, fps: float, jobs: int, encoder: Callable[[Path], Sink]
    ) -> None:
        """Start without pieces.

        Args:
            folder: Where the files are written.
            fps: Frames per second.
            jobs: How many processes draw.
            encoder: Makes what encodes a piece.
        """
        self.paths: list[Path] = []
        self._name = str(folder / "{:05}")
        self._shortest = SHORTEST * fps
        self._crew = Crew(jobs) if jobs > 1 and can_fork() else None
        self.drawn_here = self._crew is None
        self._make = encoder
        self._encoder: Sink | None = None
        self._next = 0.0

    def begin(self, frame: int) -> None:
        """Begin the next piece if it is time for it.

        If this process draws one piece, it ends here. If others draw, two processes return.

        Args:
            frame: The number of the first frame of the animation that is about to begin.

        Raises:
            Exception: What another process raised.
        """
        if frame < self._next:
            return
        self._end()
        self._next = frame + self._shortest
        self.paths.append(Path(self._name.format(len(self.paths))))
        if self._crew is not None:
            self.drawn_here = self._crew.fork()
            if self.drawn_here:
                from manim import config  # here, because it is loaded when something is rendered

                # manim reads a formula through a file of its name, which only one process may do.
                config.tex_dir = str(self.paths[-1].with_suffix(".tex"))

    def add(self, pixels: Pixels, changed: PixelBox | None, repeat: int) -> None:
        """Append a frame to the piece; see :class:`netviz.export.reel.Sink`."""
        if self._encoder is None:
            self._encoder = self._make(self.paths[-1])
        self._encoder.add(pixels, changed, repeat)

    def finish(self) -> None:
        """End the last piece, and wait for the others.

        Raises:
            Exception: What another process raised.
        """
        self._end()
        if self._crew is not None:
            self._crew.finish()

    def fail(self, error: BaseException) -> None:
        """Stop drawing all pieces. If this process draws only one, it reports the error and ends.

        Args:
            error: Why.
        """
        with suppress(BaseException):  # the caller raises it
            self._end(error)
        if self._crew is not None:
            self._crew.stop()

    def _end(self, error: BaseException | None = None) -> None:
        """End the present piece, and this process if it draws only that."""
        encoder, self._encoder = self._encoder, None
        try:
            if encoder is not None:
                encoder.finish()
        except Exception as problem:
            error = error or problem
        if self._crew is not None and self._crew.in_child:
            self._crew.leave(error)
        if error is not None:
            raise error


class Crew:
    """Processes that draw pieces.

    Attributes:
        in_child: Whether this is one of the processes, which draws one piece.
    """

    def __init__(self, jobs: int) -> None:
        """Start without processes.

        Args:
            jobs: How many may run at the same time.
        """
        self.in_child = False
        self._jobs = jobs
        self._running: dict[Connection, int] = {}
        self._report: Connection | None = None

    def fork(self) -> bool:
        """Copy this process, once there is room for another one. Return whether this is the copy.

        Raises:
            Exception: What an earlier process raised.
        """
        while len(self._running) >= self._jobs:
            self._wait()
        receiver, sender = Pipe(duplex=False)
        process = os.fork()
        if process:
            sender.close()
            self._running[receiver] = process
            return False
        self.in_child, self._report = True, sender
        self._running.clear()
        receiver.close()
        return True

    def leave(self, error: BaseException | None = None) -> NoReturn:
        """End this process, which is one of the crew, and report its error."""
        assert self._report is not None
        with suppress(OSError):
            self._report.send_bytes(_packed(error))
        os._exit(0)  # without what the other process has yet to clean up

    def finish(self) -> None:
        """Wait for all processes.

        Raises:
            Exception: What one of them raised.
        """
        while self._running:
            self._wait()

    def stop(self) -> None:
        """End all processes at once."""
        for connection, process in self._running.items():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            connection.close()
        self._running.clear()

    def _wait(self) -> None:
        """Wait for one process, and raise what it raised."""
        for ready in wait(list(self._running)):
            assert isinstance(ready, Connection)
            try:
                error = pickle.loads(ready.recv_bytes())
            except EOFError:
                found = "has ended before its part of the film was drawn"
                error = ExportError(
                    Problem("a process", found, hint="fewer --jobs need less memory")
                )
            ready.close()
            os.waitpid(self._running.pop(ready), 0)
            if error is not None:
                raise error


def _packed(error: BaseException | None) -> bytes:
    """Return an error as bytes; one that cannot be copied, as its text."""
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)
    except Exception:
        packed = pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    return packed
