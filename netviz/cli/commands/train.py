"""``netviz train``: train a network on its data; an interrupted run can be continued."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.messages import INTERRUPTED, expect_no_input, progress_bar, say, writing
from netviz.cli.options import FPS, LANG, QUALITY, QUIET, THEME, WIDTH, file_option, given
from netviz.cli.rendering import Piece
from netviz.files import check_place

if TYPE_CHECKING:
    from netviz.recording import Files, Recording
    from netviz.spec import Description


@cloup.command("train")
@cloup.argument("network", help="A network file with a table [data], or a built-in one.")
@file_option(
    *("-o", "--output"),
    help="File for the trained network, .npz or .safetensors.  [default: NETWORK.npz]",
)
@cloup.option_group(
    "A film of the training",
    file_option("--clip", help=f"File for the film: {', '.join(export.FORMATS)}."),
    THEME,
    LANG,
    QUALITY,
    FPS,
    WIDTH,
)
@QUIET
def command(
    network: str,
    output: Path | None,
    clip: Path | None,
    theme: str | None,
    lang: str | None,
    quiet: bool,
    **picture: Any,
) -> int:
    """Train a network on its data. The same command continues an interrupted run.

    A recording of the run is written next to the network, for `netviz render training
    --recording FILE`.
    """
    from netviz import interop, spec
    from netviz.recording import Files

    description = spec.load(network, interop)
    files = Files(output or Path(f"{description.name}.npz"))
    interop.check_writable(files.network)
    for written in (files.network, files.recording, files.checkpoint, *filter(None, [clip])):
        expect_no_input(written, description.sources)
        check_place(written)
    if clip is not None:
        export.check(clip, **given(picture))
    with writing(files.network):
        files.network.parent.mkdir(parents=True, exist_ok=True)
        recording = _trained(description, files, quiet)
    if recording is None:
        return INTERRUPTED
    if not quiet:
        click.echo(_score(files.network, recording))
    if clip is not None:
        piece = Piece.of("training")
        scene = rendering.configured(
            piece.scene_class,
            network=description,
            recording=recording,
            theme=theme,
            language=lang,
        )
        shown = replace(piece, scene_class=scene)
        rendering.render(shown, [clip], quiet, given(picture), description=description)
    files.forget()
    return 0


def _trained(description: Description, files: Files, quiet: bool) -> Recording | None:
    """Train to the end and return the recording, or None if the run was interrupted."""
    from netviz import recording

    with _stop_requested() as stop, progress_bar(description.name, quiet) as progress:
        made = recording.run(
            description.training,
            files,
            followed=description.training_setup.followed if description.training_setup else 0,
            progress=progress,
            stop=stop,
        )
    if made is None:
        say(f"interrupted; the same command continues from {files.checkpoint}")
    return made


@contextmanager
def _stop_requested() -> Iterator[Callable[[], bool]]:
    """Yield whether a signal asked the process to end; a second signal ends it at once."""
    asked: list[int] = []
    kinds = (signal.SIGINT, signal.SIGTERM)
    before = {kind: signal.getsignal(kind) for kind in kinds}

    def restore() -> None:
        for kind, handler in before.items():
            signal.signal(kind, handler)

    def note(number: int, _: object) -> None:
        asked.append(number)
        restore()

    for kind in kinds:
        signal.signal(kind, note)
    try:
        yield lambda: bool(asked)
    finally:
        restore()


def _score(path: Path, recording: Recording) -> str:
    """Return a line such as: iris.npz  100 steps  loss 0.0512  accuracy 98.3 %."""
    parts = [str(path), f"{recording.steps[-1]} steps", f"loss {recording.losses[-1]:.4g}"]
    if len(recording.accuracies):
        parts.append(f"accuracy {100 * recording.accuracies[-1]:.1f} %")
    if len(recording.validation_losses):
        parts.append(f"validation loss {recording.validation_losses[-1]:.4g}")
    if len(recording.validation_accuracies):
        parts.append(f"validation accuracy {100 * recording.validation_accuracies[-1]:.1f} %")
    return "  ".join(parts)
