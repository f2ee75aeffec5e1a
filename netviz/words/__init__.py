"""All texts on screen and in captions: one TOML file for each language.

A text that a language does not have is shown in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from netviz.problems import refuse_name
from netviz.words.particles import with_particles

ENGLISH = "en"

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Words:
    """The texts of one language, by dotted key: ``words("layer.input")``.

    Attributes:
        language: Code of the language, such as ``en``.
        texts: Dotted key → text, which may have ``{fields}``.
    """

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the text of ``key`` with its ``{fields}`` filled in.

        In Korean, particles after fields such as ``{after}(으)로`` follow the sound of the value.

        Raises:
            KeyError: There is no such text, or a field has no value.
        """
        text = self.texts[key].format(**values)
        return with_particles(text) if self.language == "ko" else text

    def __deepcopy__(self, memo: dict[int, object]) -> Words:
        """Return itself: words never change, and mobjects that hold them are copied."""
        return self

    def replaced(self, texts: Mapping[str, str]) -> Words:
        """Return the same words with other texts for some keys."""
        return Words(self.language, MappingProxyType({**self.texts, **texts}))

    def layer_names(self, layers: int) -> list[str]:
        """Return the names of so many layers, input first; several hidden ones are numbered."""
        hidden = layers - 2
        names = [self("layer.hidden_n", n=n + 1) for n in range(hidden)]
        if hidden == 1:
            names = [self("layer.hidden")]
        return [self("layer.input"), *names, self("layer.output")]


def languages() -> list[str]:
    """Return the codes of all languages, in alphabetical order."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


@lru_cache(maxsize=8)
def load_words(language: str) -> Words:
    """Return the words of a language, by its code; what it does not have is in English.

    Raises:
        ProblemError: There is no such language.
    """
    if language not in languages():
        refuse_name(language, languages(), "language")
    texts = {**texts_of(ENGLISH), **texts_of(language)}
    return Words(language, MappingProxyType(texts))


def texts_of(language: str) -> dict[str, str]:
    """Return the texts in the file of a language, by dotted key."""
    text = (_FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    return _flat(tomllib.loads(text))


def as_words(words: Words | str) -> Words:
    """Return words, which may be given by the code of their language.

    Raises:
        ProblemError: They are neither words nor the code of a language.
    """
    return words if isinstance(words, Words) else load_words(words)


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """Return nested tables as one, with dotted keys."""
    texts: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            texts |= _flat(value, f"{prefix}{key}.")
        else:
            texts[f"{prefix}{key}"] = str(value)
    return texts
