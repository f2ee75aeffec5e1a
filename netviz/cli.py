"""The command `netviz`: list scenes, render them, explain a network in numbers.

Most modules are imported inside the command that needs them, so that each answers as soon as it
can: manim alone takes longer to load than `netviz explain` to answer.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click
import cloup

from netviz import __version__, export
from netviz.theme import THEMES
from netviz.words import languages, load_words

if TYPE_CHECKING:
    from manim import Scene

    from netviz.recording import Files, Recording
    from netviz.spec import Description

BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; without ``arguments``, the one netviz was called with.

    Returns:
        The exit status: 0, or 2 for a request that cannot be met, said in one sentence on stderr.
    """
    # A render that is told to stop cleans up, whichever way it is told.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return netviz.main(arguments, prog_name="netviz", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
    except click.ClickException as error:
        _say(error.format_message())
    except ValueError as error:
        _say(str(error))
    except click.Abort:
        return INTERRUPTED
    return BAD_INPUT


def _say(sentence: str) -> None:
    click.echo(f"netviz: {' '.join(sentence.split())}", err=True)


_STILLS = [suffix for suffix, kind in export.FORMATS.items() if kind.still]
_THEME = cloup.option("--theme", type=cloup.Choice(list(THEMES)), help="Colours.")
_LANG = cloup.option(
    "--lang", type=cloup.Choice(languages()), help="Language of captions and names."
)
_QUALITY = cloup.option(
    "--quality",
    type=cloup.Choice(list(export.QUALITIES)),
    default="low",
    show_default=True,
    help="Size and frame rate; a .gif has its own.",
)
_FPS = cloup.option("--fps", type=float, help="Frames per second, instead of the quality's.")
_WIDTH = cloup.option(
    "--width", type=int, help="Pixels, instead of the quality's; frames are 16:9."
)
_QUIET = cloup.option("--quiet", is_flag=True, help="No progress bar and no closing line.")


@cloup.group(context_settings={"help_option_names": ["-h", "--help"]})
@cloup.version_option(__version__, prog_name="netviz", message="%(prog)s %(version)s")
def netviz() -> None:
    """Films, GIFs and pictures that explain a neural network with its own numbers."""


@netviz.command("list")
def list_scenes() -> None:
    """List the scenes."""
    scenes = _scenes()
    column = max(map(len, scenes), default=0)
    for name, path in scenes.items():
        click.echo(f"{name:{column}}  {_about(path)}".rstrip())


@netviz.command()
@cloup.argument(
    "network", help="A network or model file, a built-in network, or a shape like 3-4-2."
)
@cloup.option("--json", "as_json", is_flag=True, help="Print one JSON object, at full precision.")
def explain(network: str, as_json: bool) -> None:
    """Print every number of both passes: z, activations, blame, and who is most to blame."""
    from netviz import explain, interop, spec

    description = spec.load(network, interop)
    if as_json:
        click.echo(json.dumps(explain.as_json(description), ensure_ascii=False))
    else:
        from rich.console import Console

        explain.as_tables(description, Console())


@netviz.command()
@cloup.argument(
    "network", help="A network or model file, a built-in network, or a shape like 3-4-2."
)
@cloup.option_group(
    "What is shown",
    cloup.option(
        "--values/--no-values", default=True, help="Activations of the sample.  [default: shown]"
    ),
    cloup.option(
        "--blame/--no-blame", default=False, help="Blame for its loss.  [default: not shown]"
    ),
    cloup.option(
        "--theme",
        type=cloup.Choice(list(THEMES)),
        default="light",
        show_default=True,
        help="Colours.",
    ),
    cloup.option("--transparent", is_flag=True, help="No background."),
    _LANG,
)
@cloup.option_group(
    "What is written",
    cloup.option(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help=f"Its suffix chooses the format: {', '.join(_STILLS)}.  [default: media/NETWORK.svg]",
    ),
    cloup.option("--width", type=int, help="Pixels; an .svg or .pdf can be scaled afterwards."),
    _QUIET,
)
def diagram(
    network: str,
    values: bool,
    blame: bool,
    theme: str,
    transparent: bool,
    lang: str | None,
    output: Path | None,
    width: int | None,
    quiet: bool,
) -> None:
    """Draw a network: sharp at any size as .svg or .pdf, cut to the drawing, with its text."""
    from netviz import explain, interop, spec

    description = spec.load(network, interop)
    sheet = export.Sheet(
        tight=True,
        transparent=transparent,
        title=description.name,
        description=explain.alt_text(description, load_words(lang or "en")),
    )
    target = output or Path("media", f"{description.name}.svg")
    export.check(target, width=width, sheet=sheet)
    from netviz.diagram_scene import DiagramScene

    scene = DiagramScene.configured(
        network=description, theme=THEMES[theme], language=lang, values=values, blames=blame
    )
    made = export.render(scene, target, quality="high", width=width, sheet=sheet)
    if not quiet:
        click.echo(_summary(made))


@netviz.command()
@cloup.argument("scene", help="A name from `netviz list`, FILE.py, or FILE.py:ClassName.")
@cloup.option_group(
    "What is shown",
    cloup.option(
        "--network",
        metavar="FILE|NAME",
        help="A network or model file, a built-in network, a shape.",
    ),
    cloup.option(
        "--recording", type=Path, metavar="FILE", help="A recorded training run, to be shown."
    ),
    _THEME,
    _LANG,
)
@cloup.option_group(
    "What is written",
    cloup.option(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help=f"Its suffix chooses the format: {', '.join(export.FORMATS)}.  "
        "[default: media/SCENE.mp4]",
    ),
    _QUALITY,
    _FPS,
    _WIDTH,
    cloup.option(
        "--at", type=float, metavar="SECONDS", help="The moment of a picture, else its end."
    ),
    _QUIET,
)
def render(
    scene: str,
    network: str | None,
    recording: Path | None,
    theme: str | None,
    lang: str | None,
    output: Path | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a scene as a film, a GIF or a picture."""
    path, class_name = _find_scene(scene)
    options: dict[str, Any] = {"theme": theme and THEMES[theme], "language": lang}
    if network is not None:
        from netviz import interop, spec

        options["network"] = spec.load(network, interop)
    if recording is not None:
        from netviz.recording import Recording

        options["recording"] = Recording.load(recording)
    scene_class = _configured(_scene_class(path, class_name), **options)
    _render(
        path, scene_class, output or Path("media", f"{class_name or path.stem}.mp4"), quiet, picture
    )


@netviz.command()
@cloup.argument("network", help="A network file with a table [data], or a built-in one.")
@cloup.option(
    "-o",
    "--output",
    type=Path,
    metavar="FILE",
    help="The trained network, .npz or .safetensors.  [default: NETWORK.npz]",
)
@cloup.option_group(
    "A film of the training",
    cloup.option(
        "--clip", type=Path, metavar="FILE", help=f"Its suffix: {', '.join(export.FORMATS)}."
    ),
    _THEME,
    _LANG,
    _QUALITY,
    _FPS,
    _WIDTH,
)
@_QUIET
def train(
    network: str,
    output: Path | None,
    clip: Path | None,
    theme: str | None,
    lang: str | None,
    quiet: bool,
    **picture: Any,
) -> int:
    """Train a network on its data; what was interrupted goes on when it is called again.

    Beside the network it leaves the recording of the run, for `netviz render training
    --recording FILE`.
    """
    from netviz import interop, spec
    from netviz.recording import Files

    description = spec.load(network, interop)
    files = Files(output or Path(f"{description.name}.npz"))
    interop.check_writable(files.network)
    if clip is not None:
        export.check(clip, **picture)
    files.network.parent.mkdir(parents=True, exist_ok=True)
    recording = _trained(description, files, quiet)
    if recording is None:
        return INTERRUPTED
    if not quiet:
        click.echo(_score(files.network, recording))
    if clip is not None:
        path, _ = _find_scene("training")
        options = {"theme": theme and THEMES[theme], "language": lang}
        _render(
            path,
            _configured(_scene_class(path, None), recording=recording, **options),
            clip,
            quiet,
            picture,
        )
    files.forget()
    return 0


# ---- training ------------------------------------------------------------------------------------


def _trained(description: Description, files: Files, quiet: bool) -> Recording | None:
    """The recording of a run to its end; None where it was told to stop before."""
    from netviz import recording

    with _told_to_stop() as stop, _progress_bar(description.name, quiet) as progress:
        made = recording.run(
            description.training,
            files,
            followed=description.lesson.followed if description.lesson else 0,
            progress=progress,
            stop=stop,
        )
    if made is None:
        _say(f"stopped; {files.checkpoint} is kept, and the same command goes on from there")
    return made


@contextmanager
def _told_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether the process was asked to end; asked twice, it ends at once."""
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
    """For example: iris.npz  100 steps  loss 0.0512  accuracy 98.3 %  validation …."""
    told = [str(path), f"{recording.steps[-1]} steps", f"loss {recording.losses[-1]:.4g}"]
    if len(recording.accuracies):
        told.append(f"accuracy {100 * recording.accuracies[-1]:.1f} %")
    if len(recording.validation_losses):
        told.append(f"validation loss {recording.validation_losses[-1]:.4g}")
    if len(recording.validation_accuracies):
        told.append(f"validation accuracy {100 * recording.validation_accuracies[-1]:.1f} %")
    return "  ".join(told)


# ---- scenes: where they are, and what is in them -------------------------------------------------


def _scenes_folder() -> Path:
    """In a wheel the scenes lie in the package, in a checkout beside it."""
    package = Path(__file__).parent
    inside = package / "scenes"
    return inside if inside.is_dir() else package.parent / "scenes"


def _scenes() -> dict[str, Path]:
    """Every scene file by its name, in alphabetical order."""
    files = sorted(_scenes_folder().glob("[!_]*.py"))
    return {path.stem: path for path in files}


def _about(path: Path) -> str:
    """The first line of a scene file's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def _find_scene(text: str) -> tuple[Path, str | None]:
    """The file of a scene, and the class in it if one is named."""
    given = re.fullmatch(r"(.+\.py)(?::(\w+))?", text)
    if given:
        path = Path(given[1])
        if not path.is_file():
            raise ValueError(f"{path} is not a file: expected a Python file with a scene")
        return path, given[2]
    scenes = _scenes()
    if text not in scenes:
        near = get_close_matches(text, scenes, n=1)
        hint = f"did you mean {near[0]}?" if near else "`netviz list` shows them all"
        raise ValueError(f"there is no scene {text!r}; {hint}")
    return scenes[text], None


def _scene_class(path: Path, name: str | None) -> type[Scene]:
    """The scene that a file defines; its name is needed only if there are several."""
    from manim import Scene

    module = _module(path)
    classes = {
        key: value
        for key, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, Scene)
        and value.__module__ == module.__name__
        and not key.startswith("_")
    }
    if name is None and len(classes) == 1:
        return next(iter(classes.values()))
    if name in classes:
        return classes[name]
    found = ", ".join(classes) or "no scene"
    asked = f"no scene {name}" if name else "no single scene"
    raise ValueError(f"{path} defines {found} and {asked}: expected FILE.py:ClassName")


def _module(path: Path) -> ModuleType:
    """Run a scene file. It may import its neighbours, as it may when manim runs it."""
    name = f"netviz_scene_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    folder = str(path.parent.resolve())
    sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ValueError(f"{_place(error, path)}: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(folder)
    return module


def _configured(scene_class: type[Scene], **told: Any) -> type[Scene]:
    """The scene with what is to be shown; only scenes of netviz can be told."""
    options = {key: value for key, value in told.items() if value is not None}
    if not options:
        return scene_class
    if not hasattr(scene_class, "configured"):
        raise ValueError(
            f"{scene_class.__name__} is a plain manim Scene, so --network, --theme and --lang "
            "mean nothing to it: expected a NetworkScene"
        )
    if "recording" in options and not hasattr(scene_class, "recording"):
        raise ValueError(f"{scene_class.__name__} shows no recording: expected the scene training")
    configured: type[Scene] = scene_class.configured(**options)
    return configured


def _render(
    path: Path, scene_class: type[Scene], output: Path, quiet: bool, picture: dict[str, Any]
) -> None:
    """Render a scene of a file, and say what was made."""
    sheet = export.Sheet(title=path.stem, description=_about(path))
    with _blaming(path), _progress_bar(path.stem, quiet) as progress:
        made = export.render(scene_class, output, sheet=sheet, progress=progress, **picture)
    if not quiet:
        click.echo(_summary(made))


@contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Say where in a scene file something was asked that cannot be done."""
    try:
        yield
    except export.ExportError:
        raise
    except ValueError as error:
        raise ValueError(f"{_place(error, path)}: {error}") from error


def _place(error: Exception, path: Path) -> str:
    """The scene file, and the line in it that led to an error."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    return f"{path}, line {lines[-1]}" if lines else str(path)


# ---- what is said while and after rendering ------------------------------------------------------


@contextmanager
def _progress_bar(title: str, quiet: bool) -> Iterator[export.Progress | None]:
    """A bar on stderr if that is a terminal; None if nobody would see it."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _summary(made: export.Rendered) -> str:
    """For example: media/loop.gif  13.2 s  800×450  1.9 MB."""
    length = [f"{made.seconds:.1f} s"] if made.seconds else []
    return "  ".join([str(made.path), *length, f"{made.width}×{made.height}", _size(made)])


def _size(made: export.Rendered) -> str:
    kilobytes = made.size_bytes / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes:.0f} kB"
