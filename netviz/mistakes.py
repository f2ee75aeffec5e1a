"""How mistakes are told: one sentence with what it is about, what was found, what would be right.

For example ``direction is 'up': expected 'right' or 'down'``.
"""

from __future__ import annotations

from difflib import get_close_matches
from numbers import Number

_PLAIN = (str, Number, list, tuple, dict, set, type(None))
_LONGEST = 60


def expect(what: str, found: object, right: bool, expected: str) -> None:
    """Refuse a value that is not right.

    Args:
        what: Whose value it is.
        found: The value.
        right: Whether it is right.
        expected: What would be right.

    Raises:
        ValueError: It is not.
    """
    if not right:
        raise ValueError(f"{what} is {told(found)}: expected {expected}")


def expect_kind(what: str, found: object, kind: type, example: str = "") -> None:
    """Refuse a value of another class, such as a trace where a network belongs.

    Args:
        what: Whose value it is.
        found: The value.
        kind: Its class.
        example: How to come by a right one, or nothing.

    Raises:
        ValueError: It is of another class.
    """
    such = f", such as {example}" if example else ""
    expect(what, found, isinstance(found, kind), _a(kind.__name__) + such)


def told(value: object) -> str:
    """A value in a sentence: numbers, texts and lists as in Python, others by their class."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if not isinstance(value, _PLAIN):
        return _a(type(value).__name__)
    text = " ".join(repr(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def did_you_mean(name: str, names: list[str]) -> str:
    """The end of a sentence about a name that there is not: the closest one, if any is close."""
    close = get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'AEIOUaeiou' else 'a'} {noun}"
