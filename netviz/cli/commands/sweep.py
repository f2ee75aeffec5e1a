"""``netviz sweep``: a network file many times, each time with other values of some keys."""

from __future__ import annotations

import re
import tomllib
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

import click
import cloup

from netviz import export
from netviz.cli import rendering
from netviz.cli.messages import expect_no_input, progress_bar
from netviz.cli.options import Setting, clip_options, given
from netviz.problems import Problem, ProblemError

_FIELD = re.compile(r"\{([^{}]*)\}")
# What tomllib raises, also for numbers and nestings that are too long.
_NOT_TOML = (ValueError, RecursionError)
_MOST = 1000  # files


@cloup.command("sweep")
@cloup.argument("file", help="A network file, FILE.toml.")
@cloup.option(
    "--set",
    "settings",
    type=Setting(),
    multiple=True,
    required=True,
    help="A key of the file with its values, such as update.learning_rate=0.01,0.1,1. May be "
    "repeated: every combination is rendered.",
)
@cloup.option(
    *("-o", "--output"),
    required=True,
    metavar="FILE",
    help='The files, with the keys in braces, such as "clip-{update.learning_rate}.mp4". The '
    f"suffix chooses the format: {', '.join(export.FORMATS)}.",
)
@clip_options()
def command(
    file: str,
    settings: tuple[tuple[str, str], ...],
    output: str,
    theme: str | None,
    lang: str | None,
    trust: bool,
    jobs: int | None,
    cluster: str | None,
    quiet: bool,
    **picture: Any,
) -> None:
    """Render a network file once for each value of some of its keys.

    All files are checked before the first is rendered.
    """
    from netviz import interop, spec
    from netviz.cli.films import Job, Place, make_all

    place = Place(jobs, cluster)
    keys = [key for key, _ in settings]
    films: dict[Path, Job] = {}
    values_of_keys = [_values(key, text) for key, text in settings]
    if (count := prod(map(len, values_of_keys))) > _MOST:
        raise ProblemError(Problem("--set", f"asks for {count:,} files", f"at most {_MOST:,}"))
    for values in product(*values_of_keys):
        changes = dict(zip(keys, values, strict=True))
        target = Path(_filled(output, changes))
        if target in films:
            found = f"names {target} for several values"
            expected = f"a name with {' and '.join(f'{{{key}}}' for key in keys)}"
            raise ProblemError(Problem("--output", found, expected))
        described = spec.load_film(file, interop, changes)
        expect_no_input(target, described.sources)
        kind = export.check(target, **given(picture))[0]
        chosen = rendering.applying(described.film.picture, [kind]) | given(picture)
        clip = spec.Clip(file, changes=changes, trust=trust)
        films[target] = Job(target, clip, "", "", theme, lang, chosen)
    with progress_bar(Path(file).name, quiet) as progress:
        make_all(list(films.values()), place, progress)
    if not quiet:
        click.echo("\n".join(map(str, films)))


def _values(key: str, text: str) -> list[Any]:
    """Return the values in a text: those of a TOML array, whose texts may be without quotes."""
    try:
        values = _array(text)
    except _NOT_TOML:
        values = [value for word in text.split(",") for value in _array_of(word.strip())]
    if not values or "" in values:
        expected = f"values with commas between them, such as {key}=1,2,3"
        raise ProblemError(Problem("--set", f"is {key}={text}", expected))
    return values


def _array(text: str) -> list[Any]:
    return list(tomllib.loads(f"values = [{text}]")["values"])


def _array_of(word: str) -> list[Any]:
    try:
        return _array(word) or [""]
    except _NOT_TOML:
        return [word]


def _filled(pattern: str, changes: dict[str, Any]) -> str:
    """Return the name of a file, with values for the keys in braces."""

    def value(found: re.Match[str]) -> str:
        if found[1] not in changes:
            expected = f"one of {', '.join(changes)}"
            raise ProblemError(Problem("--output", f"has {found[0]}, which is not set", expected))
        return re.sub(r"[^\w.+-]+", "-", str(changes[found[1]]))

    return _FIELD.sub(value, pattern)
