"""Texts are known, on one line, with the fields of English; and every text is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from unicodedata import east_asian_width

import pytest

from netviz.drawing.layout.box import CAPTION_BOX
from netviz.drawing.text import TextLabel
from netviz.theme import DARK_THEME
from netviz.words import languages, load_words, texts_of
from netviz.words.particles import with_particles

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = load_words("en")
# Languages that no text may be missing from.
COMPLETE = ("ko",)
EVERY_LANGUAGE = pytest.mark.parametrize("language", languages())
CAPTIONS = sorted(key for key in ENGLISH.texts if key.startswith("caption."))
# Longer than the value of a field: a loss, the number of a neuron, a name.
FILLING = "12.345"
# How many captions of a language are measured, which takes a while.
LONGEST = 12
# Functions that take the key of a text, and the prefix of the key in the file.
PREFIXES = {"section": "section.", "beat": "caption.", "words": "", "self": "", "small": ""}
KEY = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@EVERY_LANGUAGE
def test_a_language_has_texts_of_english_with_their_fields(language: str) -> None:
    texts = texts_of(language)
    assert set(texts) <= set(ENGLISH.texts)
    for key, text in texts.items():
        assert fields(text) == fields(ENGLISH.texts[key]), key


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_has_every_text(language: str) -> None:
    assert set(ENGLISH.texts) - set(texts_of(language)) == set()


def test_a_missing_text_is_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"en": {"layer.input": "input", "panel.step": "step"}, "ko": {"panel.step": "단계"}}
    monkeypatch.setattr("netviz.words.texts_of", own.__getitem__)
    words = load_words.__wrapped__("ko")
    assert (words("layer.input"), words("panel.step")) == ("input", "단계")


@EVERY_LANGUAGE
def test_texts_are_single_lines_without_loose_ends(language: str) -> None:
    for key, text in load_words(language).texts.items():
        assert text, key
        assert text == text.strip(), key
        assert "\n" not in text, key
        assert "  " not in text, key


@EVERY_LANGUAGE
def test_the_longest_captions_fit_the_frame_at_their_full_size(language: str) -> None:
    texts = [load_words(language).texts[key] for key in CAPTIONS]
    said = [text.format(**dict.fromkeys(fields(text), FILLING)) for text in texts]
    for text in sorted(said, key=cells)[-LONGEST:]:
        assert TextLabel(text, DARK_THEME, em=DARK_THEME.caption_size).width <= CAPTION_BOX.width, (
            text
        )


def cells(text: str) -> int:
    """Return about how wide a text is: a syllable of Korean is as wide as two letters."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


# ---- the texts and the code that uses them ------------------------------------------------------


def trees(*folders: str) -> list[ast.Module]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield every string constant of a program."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def keys_used(tree: ast.AST) -> Iterator[str]:
    """Yield the keys of the texts that calls name, as in the file."""
    for keyword in (node for node in ast.walk(tree) if isinstance(node, ast.keyword)):
        if keyword.arg == "section":
            yield from (f"section.{text}" for text in strings(keyword.value) if is_key(text))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in PREFIXES and not isinstance(call.args[0], ast.JoinedStr):
            yield from (PREFIXES[name] + text for text in strings(call.args[0]) if is_key(text))


def is_key(text: str) -> bool:
    """Return whether a text is a key, and not compared with one, as in ``== "mse"``."""
    return re.fullmatch(r"[a-z_.]+", text) is not None and text not in {"mse"}


def dotted(tree: ast.AST) -> Iterator[str]:
    """Yield strings that look like the key of a caption: ``game.rule``."""
    tables = {key.split(".")[1] for key in CAPTIONS}
    for text in strings(tree):
        if KEY.fullmatch(text) and text.split(".")[0] in tables:
            yield f"caption.{text}"


TREES = trees("netviz", "scenes")
USED = {key for tree in TREES for key in keys_used(tree)}
USED |= {key for tree in trees("netviz/acts", "scenes") for key in dotted(tree)}
WRITTEN = {text for tree in TREES for text in strings(tree)}


def test_every_key_that_is_used_has_its_text() -> None:
    assert len(USED) > 50
    assert not USED - set(ENGLISH.texts)


@pytest.mark.parametrize("key", sorted(ENGLISH.texts))
def test_every_text_is_used_somewhere(key: str) -> None:
    table, _, name = key.partition(".")
    assembled = f"{table}." in WRITTEN and name in WRITTEN
    assert key in USED or assembled


# ---- what Words does ----------------------------------------------------------------------------


def test_fields_are_filled_in() -> None:
    assert ENGLISH("layer.hidden_n", n=3) == "hidden 3"
    with pytest.raises(KeyError):
        ENGLISH("layer.nowhere")


@pytest.mark.parametrize(
    ("layers", "names"),
    [
        (2, ["input", "output"]),
        (3, ["input", "hidden", "output"]),
        (5, ["input", "hidden 1", "hidden 2", "hidden 3", "output"]),
    ],
)
def test_layers_are_named_and_several_hidden_ones_numbered(layers: int, names: list[str]) -> None:
    assert ENGLISH.layer_names(layers) == names


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'kr': expected one of .*en"):
        load_words("kr")


# ---- Korean particles ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("both", "forms"),
    [
        ("은(는)", "값은 수는 길은"),
        ("이(가)", "값이 수가 길이"),
        ("을(를)", "값을 수를 길을"),
        ("과(와)", "값과 수와 길과"),
        ("(으)로", "값으로 수로 길로"),
        ("(이)라고", "값이라고 수라고 길이라고"),
        ("(이)고", "값이고 수고 길이고"),
    ],
)
def test_a_particle_follows_the_final_sound(both: str, forms: str) -> None:
    assert with_particles(f"값{both} 수{both} 길{both}") == forms


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.170", "으로"),  # 영
        ("0.171", "로"),  # 일
        ("0.172", "로"),  # 이
        ("0.173", "으로"),  # 삼
        ("0.174", "로"),  # 사
        ("0.175", "로"),  # 오
        ("0.176", "으로"),  # 육
        ("0.177", "로"),  # 칠
        ("0.178", "로"),  # 팔
        ("0.179", "로"),  # 구
        ("10", "으로"),  # 십
        ("1000", "으로"),  # 천
        ("4.0e−5", "로"),  # 오
        ("12.3k", "로"),  # 킬로
        ("97 %", "로"),  # 퍼센트
        ("setosa", "로"),  # 세토사
        ("pixel", "로"),  # 픽셀
        ("train", "으로"),  # 트레인
        ("cat", "으로"),  # 캣
        ("x1", "로"),  # 일
        ("XOR", "로"),  # 알
        ("M", "으로"),  # 엠
        ("“시험”", "으로"),
        ("→", "(으)로"),
        ("", "(으)로"),
    ],
)
def test_a_particle_follows_what_is_read(value: str, expected: str) -> None:
    assert with_particles(f"{value}(으)로") == value + expected


def test_particles_are_set_when_a_field_is_filled_in() -> None:
    korean = load_words("ko")
    assert "0.170으로 줄" in korean("caption.update.falls", before="0.2", after="0.170")
    assert "0.17로 줄" in korean("caption.update.falls", before="0.2", after="0.17")
    assert "재시험이라고" in korean("caption.digits.wrong", answer="재시험", target="시험")
    assert ENGLISH.replaced({"x": "{n}(으)로"})("x", n=3) == "3(으)로"


def test_a_field_is_followed_by_no_particle_of_one_form() -> None:
    particle = re.compile(
        r"\}(은|는|이|가|을|를|과|와|으로|로|이라고|라고|이고|이지만|였)(?![가-힣(])"
    )
    for key, text in load_words("ko").texts.items():
        assert not particle.search(text), key


def test_gradient_and_slope_have_different_words_in_korean() -> None:
    english, korean = ENGLISH.texts, load_words("ko").texts
    for key, text in english.items():
        if "gradient" in text.lower() and "vanishing" not in text.lower():
            assert "그래디언트" in korean[key] or "경사" in korean[key], key
        if "slope" in text.lower():
            assert "기울기" in korean[key], key
