"""Make contact sheets of scenes, to look at them: one picture a second, with its moment below.

    python -m tests.scenes.sheets                            # every scene, dark, English
    python -m tests.scenes.sheets main_clip --theme light dark --lang en ko --every 2
    python -m tests.scenes.sheets main_clip --network tests/scenes/magnitudes.toml --no-captions

``--no-captions`` leaves the captions out: a picture has to make sense without them.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from netviz.drawing.text import TextLabel
from netviz.export.request import WHOLE_FRAME
from netviz.export.take import Take
from netviz.scene import BeatScene, NetworkScene
from netviz.spec import load
from netviz.theme import THEMES
from netviz.words import languages

from .playing import FILES, scene_in

WIDTH, HEIGHT, FOOT, GAP = 480, 270, 16, 4
COLUMNS, ROWS = 4, 8
Frame = tuple[float, NDArray[np.uint8]]


class Captionless(BeatScene):
    """A scene with the layout and the times of its captions, which are not seen."""

    def _caption_label(self, text: str) -> TextLabel:
        return super()._caption_label(text).set_opacity(0)


def frames(
    scene: str, theme: str, language: str, network: str, every: float, *, captions: bool
) -> Iterator[Frame]:
    """Yield a frame of a scene every so many seconds, and the last one."""
    scene_class = scene_in(FILES[scene])
    if not captions:
        scene_class = type(scene_class.__name__, (Captionless, scene_class), {})
    if network:
        assert issubclass(scene_class, NetworkScene)
        scene_class = scene_class.configured(network=load(network))
    scene_class = scene_class.configured(theme=theme, language=language)
    # Twice as many frames as pictures: enough for the right moments, few enough to be quick.
    fps, shown = max(2 / every, 2.0), []

    def keep(pixels: NDArray[np.uint8], repeat: int) -> None:
        shown.extend([pixels] * repeat)

    with tempfile.TemporaryDirectory() as media:
        Take(scene_class, WIDTH, HEIGHT, fps, None, None, Path(media), WHOLE_FRAME).frames(keep)
    step = max(round(every * fps), 1)
    for place in [*range(0, len(shown) - 1, step), len(shown) - 1]:
        yield place / fps, shown[place]


def sheet(pictures: list[Frame]) -> Image.Image:
    """Return pictures in rows, each with its moment."""
    rows = -(-len(pictures) // COLUMNS)
    pitch = WIDTH + GAP, HEIGHT + FOOT + GAP
    page = Image.new("RGB", (COLUMNS * pitch[0], rows * pitch[1]), "#808080")
    draw = ImageDraw.Draw(page)
    for place, (seconds, pixels) in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        corner = column * pitch[0], row * pitch[1]
        picture = Image.fromarray(pixels).convert("RGB")
        page.paste(picture, corner)
        draw.text((corner[0] + 4, corner[1] + HEIGHT + 2), f"{seconds:.1f} s", fill="#000000")
    return page


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.scenes.sheets", description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="scene", help=", ".join(FILES))
    parser.add_argument("--theme", nargs="+", default=["dark"], choices=list(THEMES))
    parser.add_argument("--lang", nargs="+", default=["en"], choices=languages())
    parser.add_argument("--network", default="", help="by default that of the scene")
    parser.add_argument("--every", type=float, default=1.0, help="seconds; by default 1")
    parser.add_argument("--no-captions", action="store_true", help="leave the captions out")
    parser.add_argument("--out", type=Path, default=Path("media/sheets"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for scene, theme, language in product(given.scenes or FILES, given.theme, given.lang):
        captions = not given.no_captions
        pictures = frames(scene, theme, language, given.network, given.every, captions=captions)
        network = f"-{Path(given.network).stem}" if given.network else ""
        name = f"{scene}{network}-{theme}-{language}"
        number = 0
        while page := list(islice(pictures, COLUMNS * ROWS)):
            number += 1
            path = given.out / f"{name}-{number}.png"
            sheet(page).save(path)
            print(path)


if __name__ == "__main__":
    main()
