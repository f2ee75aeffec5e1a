"""Captions as files for players: short cues of at most two lines, as SubRip and WebVTT.

The limits are those of subtitles on television: 42 letters a line, two lines, 1 to 7 seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from unicodedata import east_asian_width

# Of a cue in a file.
LINES, LINE_LETTERS = 2, 42
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(seconds=7)
LETTERS_PER_SECOND = 20
# After this, a cue is best split.
_PAUSE = re.compile(r"[.?!:;,]$")
_TIME = r"(\d+:\d\d:\d\d[,.]\d+)"
# A cue of a SubRip file: its interval and its text.
_CUE = re.compile(rf"{_TIME} --> {_TIME}[^\n]*\n(.+)", re.DOTALL)


@dataclass(frozen=True)
class Caption:
    """A text, and the interval in which it is shown.

    Example:
        >>> from datetime import timedelta
        >>> Caption(timedelta(0), timedelta(seconds=2), "An input arrives.").text
        'An input arrives.'
    """

    start: timedelta
    end: timedelta
    text: str


def letters(text: str) -> int:
    """Return how many letters wide a text is: a letter of Korean is as wide as two.

    Example:
        >>> letters("loss"), letters("손실")
        (4, 4)
    """
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def rows(text: str, width: int) -> list[str]:
    """Break a text into as few rows as possible, all of about the same length.

    Args:
        text: Words with spaces between them.
        width: The most letters of a row; a longer word has a row of its own.

    Example:
        >>> rows("The weights of this layer change.", 20)
        ['The weights of', 'this layer change.']
    """
    words = text.split()
    return _balanced(words, width) if words else []


def cues(captions: Iterable[Caption]) -> list[Caption]:
    """Return captions as they are written into a file.

    Each has at most two lines of 42 letters, is shown for 1 to 7 seconds and for at most 20
    letters a second, and ends before the next one starts. A longer text becomes several cues. A cue
    that leaves too little time begins the next one later; one that lasts longer disappears.

    Args:
        captions: In any order; they may overlap.

    Example:
        >>> from datetime import timedelta
        >>> seconds = lambda number: timedelta(seconds=number)
        >>> first = Caption(seconds(0), seconds(9), "One.")
        >>> second = Caption(seconds(9), seconds(10), "Two.")
        >>> [(cue.start.seconds, cue.end.seconds) for cue in cues([first, second])]
        [(0, 7), (9, 10)]
    """
    ordered = sorted(captions, key=lambda caption: (caption.start, caption.end))
    made: list[Caption] = []
    free = timedelta(0)
    for place, caption in enumerate(ordered):
        follows = ordered[place + 1].start if place + 1 < len(ordered) else caption.end
        for part in _parts(caption, min(caption.end, max(follows, caption.start))):
            start = max(part.start, free)
            needed = max(SHORTEST, timedelta(seconds=letters(part.text) / LETTERS_PER_SECOND))
            end = min(max(part.end, start + needed), start + LONGEST)
            made.append(Caption(start, end, part.text))
            free = end
    return made


def _parts(caption: Caption, end: timedelta) -> Iterator[Caption]:
    """Yield a caption in parts of two lines, each shown as long as it is of the whole."""
    texts = _pairs(caption.text)
    whole, start = max(sum(map(letters, texts)), 1), caption.start
    for text in texts:
        until = start + (end - caption.start) * (letters(text) / whole)
        yield Caption(start, until, text)
        start = until


def _pairs(text: str) -> list[str]:
    """Return a text in as few parts of at most two lines as possible, with its own line breaks."""
    # A blank line would end the cue.
    given = [line for line in text.splitlines() if line.strip()]
    if len(given) <= LINES and all(letters(line) <= LINE_LETTERS for line in given):
        return ["\n".join(given)]
    words = [part for word in text.split() for part in _cut(word, LINE_LETTERS)]
    for count in range(1, len(words) + 1):
        parts = _at_a_pause(words, count) or _balanced(words, 2 * LINE_LETTERS, count)
        broken = [rows(part, LINE_LETTERS) for part in parts]
        if all(len(part) <= LINES for part in broken):
            return ["\n".join(part) for part in broken]
    return []


def _at_a_pause(words: Sequence[str], count: int) -> list[str]:
    """Return words in two parts that fit, split after the punctuation nearest to the middle."""
    if count != LINES:
        return []
    splits = (n for n in range(1, len(words)) if _PAUSE.search(words[n - 1]))
    halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in splits]
    fitting = [
        pair for pair in halves if all(len(rows(half, LINE_LETTERS)) <= LINES for half in pair)
    ]
    return list(min(fitting, key=lambda pair: max(map(letters, pair)), default=()))


def _balanced(words: Sequence[str], width: int, count: int | None = None) -> list[str]:
    """Return words in a number of rows, by default the fewest, the longest of them short."""
    widest = max(map(letters, words))
    wanted = count or len(_filled(words, width))
    narrow = range(widest, letters(" ".join(words)) + 1)
    return next(made for limit in narrow if len(made := _filled(words, limit)) <= wanted)


def _filled(words: Sequence[str], width: int) -> list[str]:
    """Return words in rows, each of which takes as many of them as it can hold."""
    made = [words[0]]
    for word in words[1:]:
        longer = f"{made[-1]} {word}"
        if letters(longer) <= width:
            made[-1] = longer
        else:
            made.append(word)
    return made


def _cut(word: str, width: int) -> Iterator[str]:
    """Yield a word in pieces of at most so many letters."""
    piece = ""
    for letter in word:
        if letters(piece + letter) > width:
            yield piece
            piece = ""
        piece += letter
    yield piece


# ---- files ---------------------------------------------------------------------------------------


def as_srt(captions: Iterable[Caption]) -> str:
    """Return cues as SubRip, which most players read.

    Example:
        >>> from datetime import timedelta
        >>> caption = Caption(timedelta(0), timedelta(seconds=2), "An input arrives.")
        >>> print(as_srt([caption]), end="")
        1
        00:00:00,000 --> 00:00:02,000
        An input arrives.
    """
    blocks = (
        f"{number}\n{_interval(caption).replace('.', ',')}\n{caption.text}\n"
        for number, caption in enumerate(captions, 1)
    )
    return "\n".join(blocks)


def read_srt(text: str) -> list[Caption]:
    """Return the cues of a SubRip file.

    Raises:
        ValueError, OverflowError: A time has too many digits.

    Example:
        >>> [caption.text for caption in read_srt("1\\n00:00:00,000 --> 00:00:02,000\\nHello.\\n")]
        ['Hello.']
    """
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    found = (_CUE.search(block) for block in blocks)
    return [
        Caption(_moment(cue[1]), _moment(cue[2]), cue[3].strip())
        for cue in found
        if cue is not None
    ]


def _moment(text: str) -> timedelta:
    hours, minutes, seconds = text.replace(",", ".").split(":")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=float(seconds))


def as_vtt(captions: Iterable[Caption]) -> str:
    """Return cues as WebVTT, the format of a web page's <track>.

    Source: https://www.w3.org/TR/webvtt1/

    Example:
        >>> as_vtt([]).strip()
        'WEBVTT'
    """
    # Escaping also replaces "-->".
    blocks = (f"{_interval(each)}\n{escape(each.text, quote=False)}\n" for each in captions)
    return "\n".join(["WEBVTT\n", *blocks])


def _interval(caption: Caption) -> str:
    return f"{timestamp(caption.start)} --> {timestamp(caption.end)}"


def timestamp(time: timedelta) -> str:
    """Return a time as hours, minutes, seconds and milliseconds.

    Example:
        >>> from datetime import timedelta
        >>> timestamp(timedelta(seconds=75.5))
        '00:01:15.500'
    """
    minutes, milliseconds = divmod(round(time / timedelta(milliseconds=1)), 60_000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{milliseconds:03}"
