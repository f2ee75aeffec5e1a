"""The tables [style], [labels], [scene] and [output] in a loaded description."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from netviz.scene import DiagramScene, NetworkScene
from netviz.spec import Description, Film, load
from netviz.style import Style
from netviz.theme import DARK_THEME, LIGHT_THEME
from netviz.words import languages, load_words

GOOD = Path(__file__).parent / "good_networks"


def good(name: str) -> Description:
    return load(GOOD / f"{name}.toml")


def test_every_given_option_is_in_the_description() -> None:
    description = good("every_style")
    assert (description.theme, description.language) == ("light", "ko")
    assert dict(description.style) == {
        "max_neurons": 3,
        "input_grid": True,
        "direction": "down",
        "layer_spacing": 2.0,
        "neuron_spacing": 0.5,
        "neuron_size": 0.2,
        "numbers": False,
        "biases": "numbers",
        "edge_labels": "names",
        "edge_shape": "curved",
        "edge_colors": "weight",
        "edge_threshold": 0.25,
        "layer_names": False,
        "braces": True,
        "layer_colors": ("#FF0000", "", "#00ff00"),
        "highlight": ((0, 0), (1, 2)),
        "sum_of": (1, 1),
        "names": ("all", "b", "auto"),
        "captions": ("x", "", "y"),
        "neuron_labels": {1: ("r", "", "t"), -1: ("u",)},
    }
    style = replace(Style(), **description.style)
    changed = {name for name, value in vars(style).items() if value != getattr(Style(), name)}
    assert changed == {field.name for field in fields(Style)}


def test_a_word_stands_for_none_and_options_not_given_are_absent() -> None:
    assert dict(good("words_for_none").style) == {
        **dict.fromkeys(("max_neurons", "layer_spacing", "neuron_spacing", "neuron_size")),
        "highlight": (),
    }
    for name, style in (("no_labels", {"neuron_labels": {}}), ("only_layers", {})):
        description = good(name)
        assert dict(description.style) == style
        assert (description.theme, description.language) == (None, None)
        assert description.film == Film()


def test_paths_are_relative_to_the_file() -> None:
    film = good("scene_next_to_it").film
    assert film.scene == f"{GOOD}/talk.py:Talk"
    assert film.output == GOOD / "films" / "talk.webm"
    assert dict(film.picture) == {"quality": "4k", "fps": 30.0, "width": 640}
    assert good("captions").film.scene == "main_clip"


@pytest.mark.parametrize("language", languages())
def test_own_captions_replace_those_of_every_language(language: str) -> None:
    film = good("captions").film
    words = load_words(language).replaced(film.captions)
    assert words("caption.forward.bias") == "Everything is added: {w·x} + b."
    assert words("caption.update.falls", before=2, after=1) == "From 2 down to 1; 1 is less."
    assert words("layer.input") == load_words(language)("layer.input")


def test_the_caller_takes_precedence_over_the_class_and_the_class_over_the_file() -> None:
    network = str(GOOD / "every_style.toml")

    class Own(NetworkScene):
        theme = DARK_THEME
        language = "en"

    plain = NetworkScene.configured(network=network)()
    assert (plain.theme, plain.language, plain.words.language) == (LIGHT_THEME, "ko", "ko")
    own = Own.configured(network=network)()
    assert (own.theme, own.language) == (DARK_THEME, "en")
    called = NetworkScene.configured(network=network, theme=DARK_THEME, language="en")()
    assert (called.theme, called.language) == (DARK_THEME, "en")
    assert NetworkScene.configured(network="3-2")().theme is DARK_THEME
    assert DiagramScene.configured(network="3-2")().theme is LIGHT_THEME


def test_the_diagram_of_a_scene_has_the_options_of_the_file() -> None:
    description = replace(load("3-2"), style={"names": ("von", "nach"), "max_neurons": None})
    style = NetworkScene.configured(network=description)().diagram.style
    assert (style.names, style.max_neurons) == (("von", "nach"), None)
