"""``netviz new``: a network file and a scene to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click
import cloup

from netviz.cli.messages import writing
from netviz.problems import Problem, ProblemError, expect

NAME = re.compile(r"[^\W\d][\w-]*")
STARTERS = Path(__file__).parents[2] / "starters"
ABOUT = {".toml": "a network and how it is shown", ".py": "a scene about it"}


@cloup.command("new")
@cloup.argument("name", help="Name of both files without suffix, such as house or talks/house.")
def command(name: str) -> None:
    """Write NAME.toml, a commented network file, and NAME.py, a scene about it."""
    path = Path(name)
    right = "letters, digits, - and _, beginning with a letter, such as house"
    expect("name", path.name, NAME.fullmatch(path.name) is not None, right)
    texts = {Path(f"{path}{suffix}"): _starter(suffix, path.name) for suffix in ABOUT}
    _write(texts)
    width = max(len(str(file)) for file in texts)
    for file in texts:
        click.echo(f"{file!s:{width}}  {ABOUT[file.suffix]}")
    click.echo(f"\nNow try `netviz render {path}.toml` and `netviz render {path}.py`.")


def _starter(suffix: str, name: str) -> str:
    """Return the starter file of that suffix, with its name replaced.

    The name of the class ends in Scene, so that it is neither a keyword of Python, such as None,
    nor a name that the file imports, such as ForwardPass.
    """
    text = (STARTERS / f"starter{suffix}").read_text("utf-8")
    class_name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]+", name))
    return text.replace("StarterScene(", f"{class_name}Scene(").replace("starter", name)


def _write(texts: dict[Path, str]) -> None:
    """Write all files or none."""
    for path in texts:
        if path.exists():
            raise ProblemError(Problem(str(path), "already exists", "another name"))
    written: list[Path] = []
    try:
        for path, text in texts.items():
            with writing(path), path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
    except BaseException:  # also KeyboardInterrupt
        for draft in written:
            draft.unlink()
        raise
