"""Which installed font family sets the words: the first of the theme's list that is there."""

from __future__ import annotations

from functools import lru_cache

import manimpango

HANGUL = "Korean"
_PACKAGES = (
    "fonts-nanum on Debian and Ubuntu, naver-nanum-gothic-fonts on Fedora, noto-fonts-cjk on Arch"
)


class MissingFontError(ValueError):
    """No installed font has the glyphs of a script that is about to be drawn."""


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    return frozenset(manimpango.list_fonts())


def has_hangul(text: str) -> bool:
    """Whether ``text`` holds Korean letters."""
    return any("가" <= c <= "힣" or "ㄱ" <= c <= "ㆎ" for c in text)


@lru_cache(maxsize=64)
def family_for(families: tuple[str, ...], korean: bool) -> str:
    """First installed family of ``families``; without one, the system's sans-serif for Latin.

    Raises:
        MissingFontError: Korean is asked for and none of the families is installed: Pango would
            draw empty boxes and say nothing.
    """
    for family in families:
        if family in _installed():
            return family
    if korean:
        raise MissingFontError(
            f"no installed font has {HANGUL} glyphs: install one of {', '.join(families)} "
            f"(package {_PACKAGES})"
        )
    return "sans-serif"
