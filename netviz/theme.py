"""Themes: a colour or a size for each role, as plain hex strings and numbers.

A theme does not depend on manim. Whatever is drawn reads its theme when it is drawn, never when a
module is imported, so that another theme changes everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from netviz.problems import PartError, Problem, entry_named
from netviz.style import Style

FONT_FAMILIES = (
    "Pretendard",
    "NanumGothic",
    "Noto Sans CJK KR",
    "Apple SD Gothic Neo",
    "Malgun Gothic",
)


# Least contrast of what is dimmed to the background.
LEAST_DIMMED = 2.05


@dataclass(frozen=True, repr=False)
class Theme:
    """Colours and sizes by role.

    Colours are ``#RRGGBB``. Text sizes are the em of the font, in frame units (the frame is 8 units
    high).

    Attributes:
        name: Its name, as in ``theme="dark"`` and ``--theme dark``.
        background: Colour of the frame.
        text: Colour of words and numbers.
        muted: Colour of secondary words, axes and rules; still readable as text.
        edge, negative_edge: Colours of edges at rest; the second is for w < 0 where dashes would be
            noise.
        positive, negative: Colours of edges by the sign of a number, and the ends of a scale that
            passes through the colour of an edge at rest.
        input, first_hidden, last_hidden, output: Colours of rings by the role of a layer.
        forward: Colour of the forward flow: pulses, dots on curves.
        forward_ink: Colour of its numbers, products and sums: the same hue, readable as text.
        blame: Colour of the backward flow and of its numbers: pulses, shares, blame.
        classes: Colours of the classes of data plots, none of which is that of a layer.
        fonts: Font families with Latin and Korean glyphs, in order of preference.
        caption_size, number_size, smallest_text: The three text sizes: of captions and results, of
            values, and of annotations; nothing is smaller, also no index of a formula.
        style: The defaults of the options of diagrams.
    """

    name: str
    background: str
    text: str
    muted: str
    edge: str
    negative_edge: str
    positive: str
    negative: str
    input: str
    first_hidden: str
    last_hidden: str
    output: str
    forward: str
    forward_ink: str
    blame: str
    classes: tuple[str, ...]
    fonts: tuple[str, ...] = FONT_FAMILIES
    caption_size: float = 8 / 20
    number_size: float = 8 / 26
    smallest_text: float = 8 / 34
    style: Style = field(default_factory=Style)

    def __repr__(self) -> str:
        """Return a short form: all colours would fill a page wherever a theme is a default."""
        return f"Theme({self.name})"

    def role(self, layer: int, layers: int) -> str:
        """Return the ring colour of a layer: 0 is the input, ``layers - 1`` the output.

        Hidden layers go from ``first_hidden`` to ``last_hidden``.

        Raises:
            PartError: There is no such layer.
        """
        if not 0 <= layer < layers:
            raise PartError(Problem("layer", f"is {layer}", f"0 to {layers - 1}"))
        if layer == 0:
            return self.input
        if layer == layers - 1:
            return self.output
        hidden = layers - 2
        share = (layer - 1) / (hidden - 1) if hidden > 1 else 0.0
        return mix(self.first_hidden, self.last_hidden, share)

    def fill(self, role: str, amount: float) -> str:
        """Return the fill of a neuron by the strength of its activation, 0 … 1.

        It goes from the background to nearly the colour of the ring: a neuron at full strength is
        a full disc, and zero is empty.
        """
        return mix(self.background, role, 0.9 * min(max(amount, 0.0), 1.0))

    def faintest(self, color: str) -> float:
        """Return the opacity, 0 … 1, at which a colour is still ``LEAST_DIMMED``:1 in contrast."""
        for share in range(100):
            if contrast(mix(self.background, color, share / 100), self.background) >= LEAST_DIMMED:
                return share / 100
        return 1.0

    def ink_on(self, fill: str) -> str:
        """Return black or white, by contrast to ``fill``, which is at least 4.58:1 (WCAG 2)."""
        return max("#000000", "#FFFFFF", key=lambda ink: contrast(ink, fill))


def _channels(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def mix(start: str, end: str, share: float) -> str:
    """Return the colour ``share`` of the way from ``start`` (0) to ``end`` (1), in sRGB."""
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(255 * (a + share * (b - a))):02X}" for a, b in pairs)


def luminance(color: str) -> float:
    """Return the relative luminance, 0 … 1 (WCAG 2.2, "relative luminance")."""
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(color))
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio, 1 … 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


# Found by a numeric search near the Okabe-Ito hues for the least confusable colours, then chosen
# by eye. A negative edge is brown, as captions say: brightness already shows |w|. Each shade
# depends on the others in at least one kind of colour vision: after a change tests/test_theme.py
# reports which pair has become too similar.
DARK_THEME = Theme(
    name="dark",
    background="#0F1117",
    text="#F2F2F2",
    muted="#9AA0A6",
    edge="#6B7078",
    negative_edge="#B88D7A",
    positive="#90C080",
    negative="#A050F8",
    input="#F1A40F",
    first_hidden="#50BCFE",
    last_hidden="#BF75A9",
    output="#3C976F",
    forward="#FEDA72",
    forward_ink="#FEDA72",
    blame="#E15332",
    classes=("#00FFAA", "#7846CD", "#BEB4AF", "#D20032"),
)

# On paper nothing is brighter than the background. Found in the same way, with a warm forward flow:
# light that is 4.5:1 on white is brown, so numbers have a darker ink of the same hue.
LIGHT_THEME = Theme(
    name="light",
    background="#FFFFFF",
    text="#0F0F14",
    muted="#5B6068",
    edge="#8C9696",
    negative_edge="#73554B",
    positive="#00504B",
    negative="#AA73D7",
    input="#9B5000",
    first_hidden="#3C3278",
    last_hidden="#9B32BE",
    output="#0F785A",
    forward="#DC7800",
    forward_ink="#B26100",
    blame="#870014",
    classes=("#0091E6", "#FA41A0", "#969150", "#5F28FF"),
)

THEMES = {theme.name: theme for theme in (DARK_THEME, LIGHT_THEME)}


def as_theme(theme: Theme | str) -> Theme:
    """Return a theme, which may be given by its name in ``THEMES``.

    Raises:
        ProblemError: It is neither a theme nor the name of one.
    """
    return theme if isinstance(theme, Theme) else entry_named(theme, THEMES, "theme")
