"""`netviz new`: a network file and a scene to start from."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import click
import cloup

from netviz.cli.saying import writing

NAME = re.compile(r"[^\W\d][\w-]*")
ABOUT = {".toml": "a network, and how it is shown", ".py": "a scene of your own about it"}


@cloup.command("new")
@cloup.argument("name", help="What to call both files, such as house or talks/house.")
def command(name: str) -> None:
    """Write NAME.toml, a commented network file, and NAME.py, a scene about it."""
    path = Path(name)
    if not NAME.fullmatch(path.name):
        right = "letters, digits, - and _, beginning with a letter, such as house"
        raise ValueError(f"the name {path.name!r}: expected {right}")
    texts = {Path(f"{path}{suffix}"): _starter(suffix, path.name) for suffix in ABOUT}
    _write(texts)
    width = max(len(str(file)) for file in texts)
    for file in texts:
        click.echo(f"{file!s:{width}}  {ABOUT[file.suffix]}")
    click.echo(f"\nNow try `netviz render {path}.toml` and `netviz render {path}.py`.")


def _starter(suffix: str, name: str) -> str:
    """The starter file of that suffix, with its name changed.

    The class ends in Scene, so that it has no name that Python or the file has already: not None,
    and not ForwardPass.
    """
    text = (resources.files("netviz") / "starters" / f"starter{suffix}").read_text("utf-8")
    class_name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]+", name))
    return text.replace("StarterScene(", f"{class_name}Scene(").replace("starter", name)


def _write(texts: dict[Path, str]) -> None:
    """All files or none."""
    for path in texts:
        if path.exists():
            raise ValueError(f"{path} is there already: expected another name")
    written: list[Path] = []
    try:
        for path, text in texts.items():
            with writing(path), path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
    except BaseException:  # also when it is told to stop
        for draft in written:
            draft.unlink()
        raise
