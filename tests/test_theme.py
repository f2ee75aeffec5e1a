"""Every theme can be read, and told apart by people with any kind of colour vision."""

import re
from dataclasses import fields
from itertools import combinations, product

import numpy as np
import pytest
from colorspacious import cspace_convert
from numpy.typing import NDArray

from netviz.theme import DARK_THEME, THEMES, Theme, contrast, luminance, mix

ROLES = ("input", "first_hidden", "last_hidden", "output")
FLOWS = ("forward", "blame")
INKS = ("forward_ink",)
MEANINGS = (*ROLES, *FLOWS, "text")
EDGES = ("edge", "negative_edge")
SIGNS = ("positive", "negative")
COLOURS = (*MEANINGS, *INKS, *EDGES, *SIGNS, "muted", "background")

# Machado, Oliveira & Fernandes 2009, at severity 100: the -anomaly becomes the -anopia.
VISIONS = ("normal", "deuteranomaly", "protanomaly", "tritanomaly")

# CIE 1976 carries the promise of 20. It flatters saturated colours, so the evener CAM02-UCS
# (Luo, Cui & Li 2006), whose numbers for the same pairs are smaller, is compared with it. It does
# not carry the 20 itself because no dark palette was found that reaches it: annealing for nothing
# else, among the hues that the roles are known by, stopped at 19.4.
LEAST_DIFFERENCE = {"CIELab": 20.0, "CAM02-UCS": 14.0}

# A thin line is not taken for a ring or a letter as easily as for another line.
LEAST_OF_A_LINE = 0.8

# A class of a plot is not taken for a layer of the diagram: this suffices for rare kinds of vision.
LEAST_OF_A_CLASS = 0.6

# One hue growing stronger need not be as far apart as two meanings.
LEAST_STEP = 15.0
AMOUNTS = np.linspace(0, 1, 101)

every_theme = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
every_vision = pytest.mark.parametrize("vision", VISIONS)
every_space = pytest.mark.parametrize("space", LEAST_DIFFERENCE)
every_role = pytest.mark.parametrize("role", ROLES)


def channels(color: str) -> list[float]:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def seen(color: str, vision: str, space: str) -> NDArray[np.float64]:
    """Coordinates, in a uniform colour space, of what an eye makes of ``color``."""
    rgb = channels(color)
    if vision != "normal":
        simulated = {"name": "sRGB1+CVD", "cvd_type": vision, "severity": 100}
        rgb = np.clip(cspace_convert(rgb, simulated, "sRGB1"), 0, 1)
    return cspace_convert(rgb, "sRGB1", space)


def difference(one: str, other: str, vision: str = "normal", space: str = "CIELab") -> float:
    return float(np.linalg.norm(seen(one, vision, space) - seen(other, vision, space)))


def too_close(
    theme: Theme, pairs: list[tuple[str, str]], vision: str, space: str, share: float = 1.0
) -> dict[tuple[str, str], float]:
    """Pairs of roles nearer than is allowed, with their differences: the message of a failure."""
    apart = {
        (a, b): difference(getattr(theme, a), getattr(theme, b), vision, space) for a, b in pairs
    }
    return {pair: apart[pair] for pair in pairs if apart[pair] < share * LEAST_DIFFERENCE[space]}


def test_the_measure_sees_what_a_deuteranope_cannot() -> None:
    red, ochre = "#D4351C", "#B86E00"
    assert difference(red, ochre) > 35
    assert difference(red, ochre, "deuteranomaly") < 8


def test_every_colour_of_a_theme_is_checked_here() -> None:
    assert set(COLOURS) == {
        f.name for f in fields(Theme) if str(getattr(DARK_THEME, f.name))[:1] == "#"
    }


@every_theme
def test_themes_are_found_by_their_name_and_hold_plain_hex(theme: Theme) -> None:
    assert THEMES[theme.name] is theme
    for name in COLOURS:
        assert re.fullmatch("#[0-9A-F]{6}", getattr(theme, name)), name


@every_theme
@every_vision
@every_space
def test_colours_that_mean_different_things_differ(theme: Theme, vision: str, space: str) -> None:
    assert too_close(theme, list(combinations(MEANINGS, 2)), vision, space) == {}


@every_theme
@every_vision
@every_space
def test_a_pulse_stands_out_from_any_edge(theme: Theme, vision: str, space: str) -> None:
    assert too_close(theme, list(product(FLOWS, EDGES)), vision, space) == {}


@every_theme
@every_vision
@every_space
def test_positive_and_negative_edges_differ(theme: Theme, vision: str, space: str) -> None:
    assert too_close(theme, [EDGES], vision, space) == {}


@every_theme
@every_vision
@every_space
def test_signs_differ_from_each_other_and_from_all_that_lies_on_edges(
    theme: Theme, vision: str, space: str
) -> None:
    pairs = [SIGNS, *product(SIGNS, (*FLOWS, "edge"))]
    assert too_close(theme, pairs, vision, space) == {}
    others = list(product(SIGNS, (*ROLES, "text")))
    assert too_close(theme, others, vision, space, LEAST_OF_A_LINE) == {}


@every_theme
def test_everything_written_is_readable(theme: Theme) -> None:
    layers = 7
    written = {name: getattr(theme, name) for name in ("text", "muted", "blame", *INKS)}
    written |= {f"name of layer {i}": theme.role(i, layers) for i in range(layers)}
    contrasts = {name: contrast(color, theme.background) for name, color in written.items()}
    assert {name: ratio for name, ratio in contrasts.items() if ratio < 4.5} == {}


@every_theme
def test_the_ink_of_the_forward_flow_has_its_hue(theme: Theme) -> None:
    light, ink = (
        cspace_convert(channels(c), "sRGB1", "JCh") for c in (theme.forward, theme.forward_ink)
    )
    assert abs(light[2] - ink[2]) < 15
    assert contrast(theme.forward, theme.background) >= 3


@every_theme
@every_vision
@every_space
def test_classes_differ_from_each_other_and_from_what_else_has_a_hue(
    theme: Theme, vision: str, space: str
) -> None:
    """Markers have shapes too, and stand in a plot: less than 20 suffices for the rest."""
    least = LEAST_DIFFERENCE[space]
    for one, other in combinations(theme.classes, 2):
        assert difference(one, other, vision, space) >= least
    share = 1.0 if vision == "normal" else LEAST_OF_A_CLASS
    for one, name in product(theme.classes, (*ROLES, *FLOWS, "text")):
        assert difference(one, getattr(theme, name), vision, space) >= share * least, (one, name)
    assert all(contrast(one, theme.background) >= 3 for one in theme.classes)


@every_theme
def test_resting_edges_are_visible_but_the_quietest(theme: Theme) -> None:
    edge = contrast(theme.edge, theme.background)
    louder = (*MEANINGS, *SIGNS, "muted", "negative_edge")
    assert edge >= 3
    assert all(edge < contrast(getattr(theme, name), theme.background) for name in louder)


@every_theme
@every_role
def test_a_number_can_be_read_on_every_fill(theme: Theme, role: str) -> None:
    fills = [theme.fill(getattr(theme, role), amount) for amount in AMOUNTS]
    assert min(contrast(theme.ink_on(fill), fill) for fill in fills) >= 4.5


@every_theme
@every_role
def test_the_fill_leaves_the_background_as_the_activation_grows(theme: Theme, role: str) -> None:
    fills = [theme.fill(getattr(theme, role), amount) for amount in AMOUNTS]
    contrasts = [contrast(fill, theme.background) for fill in fills]
    assert contrasts == sorted(contrasts)
    assert contrasts[0] == 1


@every_theme
@every_role
@every_vision
def test_none_half_and_full_are_three_fills(theme: Theme, role: str, vision: str) -> None:
    none, half, full = (theme.fill(getattr(theme, role), amount) for amount in (0, 0.5, 1))
    assert difference(none, half, vision) >= LEAST_STEP
    assert difference(half, full, vision) >= LEAST_STEP


@every_theme
@every_role
def test_a_ring_encloses_an_empty_neuron_and_melts_into_a_full_one(theme: Theme, role: str) -> None:
    ring = getattr(theme, role)
    assert contrast(ring, theme.fill(ring, 0)) >= 3
    assert difference(ring, theme.fill(ring, 1)) < 10


def test_fill_takes_amounts_beyond_its_ends_as_the_ends() -> None:
    assert DARK_THEME.fill(DARK_THEME.input, -3) == DARK_THEME.fill(DARK_THEME.input, 0)
    assert DARK_THEME.fill(DARK_THEME.input, 7) == DARK_THEME.fill(DARK_THEME.input, 1)


def test_roles_of_the_main_clip() -> None:
    assert [DARK_THEME.role(i, 4) for i in range(4)] == [
        getattr(DARK_THEME, role) for role in ROLES
    ]


def test_hidden_layers_run_from_first_to_last() -> None:
    middle = mix(DARK_THEME.first_hidden, DARK_THEME.last_hidden, 0.5)
    assert [DARK_THEME.role(i, 5) for i in (1, 2, 3)] == [
        DARK_THEME.first_hidden,
        middle,
        DARK_THEME.last_hidden,
    ]
    assert DARK_THEME.role(1, 3) == DARK_THEME.first_hidden


@pytest.mark.parametrize("layer", [-1, 4])
def test_a_layer_that_is_not_there_has_no_role(layer: int) -> None:
    with pytest.raises(IndexError, match=f"layer is {layer}: expected 0 to 3"):
        DARK_THEME.role(layer, 4)


def test_mix_starts_and_ends_where_it_says() -> None:
    assert mix("#102030", "#FFEEDD", 0) == "#102030"
    assert mix("#102030", "#FFEEDD", 1) == "#FFEEDD"
    assert mix("#000000", "#FF8000", 0.5) == "#804000"


def test_contrast_is_that_of_wcag() -> None:
    """Known values: black on white is 21, #767676 is the lightest grey that passes on white."""
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == contrast("#FFFFFF", "#767676") >= 4.5
    assert contrast("#777777", "#FFFFFF") < 4.5
    assert luminance("#FF0000") == pytest.approx(0.2126)


def test_ink_is_the_one_that_stands_out_more() -> None:
    assert DARK_THEME.ink_on("#F0E442") == "#000000"
    assert DARK_THEME.ink_on("#202020") == "#FFFFFF"
