"""manim's configuration: nothing in a file ``manim.cfg`` matters here.

manim reads the files of the folder and of the user when it is imported. The command ``netviz``
imports it without them. A script or a notebook that has imported manim before renders with manim's
defaults.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def import_manim() -> None:
    """Import manim as if there were no ``manim.cfg`` but its own.

    Example:
        >>> from netviz.export import import_manim
        >>> import_manim()
        >>> from manim import config
        >>> config.frame_height
        8.0
    """
    from unittest.mock import patch  # here, because it loads asyncio

    # It reads its own file with read_file, and the optional ones with read.
    with patch.object(ConfigParser, "read", _read_nothing):
        importlib.import_module("manim")


def _read_nothing(parser: ConfigParser, *_: object, **__: object) -> list[str]:
    return []


@contextmanager
def configured(chosen: Mapping[str, Any]) -> Iterator[None]:
    """Set options of manim, all others to their defaults, and set them all back at the end.

    What manim keeps of each formula for the life of the process is forgotten at the end, too.

    Args:
        chosen: Options and their values.
    """
    from manim import config
    from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP

    before = dict(config)
    _change(config, {**_defaults(config), **chosen})
    try:
        yield
    finally:
        _change(config, before)
        SVG_HASH_TO_MOB_MAP.clear()


def _change(config: Any, wanted: Mapping[str, Any]) -> None:
    """Set the options that differ: to set the renderer alone rebuilds all classes of mobjects.

    The quality is a name for a size and a rate. To set it would replace those that are wanted, if
    it comes after them.
    """
    differing = {key: value for key, value in wanted.items() if config[key] != value}
    differing.pop("quality", None)
    config.update(differing)


def _defaults(config: Any) -> Any:
    """Return a configuration of manim's own file alone."""
    from manim._config.utils import config_file_paths

    parser = ConfigParser()
    with Path(config_file_paths()[0]).open(encoding="utf-8") as file:
        parser.read_file(file)
    log = logging.getLogger("manim")
    level = log.level
    defaults = type(config)().digest_parser(parser)  # which also sets the level
    log.setLevel(level)
    return defaults
