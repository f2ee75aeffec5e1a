"""Problems: what is wrong, as data, and the one place where it is worded.

A problem names where something is wrong, what was found there, what was expected, and perhaps a
hint. Every error of netviz carries its problems, so that a caller can read them instead of taking
a sentence apart::

    direction is 'up': expected 'right' or 'down'
    lesson.toml: network.activation is "sigmoidd": expected one of …; did you mean "sigmoid"?
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import wraps
from numbers import Number
from typing import NoReturn, ParamSpec, TypeVar

Entry = TypeVar("Entry")
Given = ParamSpec("Given")
Result = TypeVar("Result")

_PLAIN = (str, Number, list, tuple, dict, set, type(None))
_LONGEST = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: What is wrong: an option, an argument, a dotted key, a line, a layer, a file.
        found: What was found there, as a predicate: ``is 'up'``, ``has 3 entries``, ``is missing``.
        expected: What would be right, as a noun: ``'right' or 'down'``, ``a number above 0``.
        hint: What else helps, as a clause: ``did you mean 'right'?``. Empty by default.
    """

    where: str
    found: str
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """Return the sentence, without the source and without a full stop."""
        expected = f": expected {self.expected}" if self.expected else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.where} {self.found}{expected}{hint}"


class ProblemError(ValueError):
    """An error that carries its problems. The message is the first one, in one sentence.

    Attributes:
        problems: One or more, the most important one first.
        source: The file or object that the problems are in. Empty if there is none.
    """

    def __init__(self, *problems: Problem, source: object = "") -> None:
        """Word the problems.

        Args:
            problems: One or more.
            source: Written in front of the sentence, if it is not empty.
        """
        self.problems, self.source = problems, str(source)
        others = len(problems) - 1
        more = f" (and {others} more problem{'s' * (others > 1)})" if others else ""
        prefix = f"{self.source}: " if self.source else ""
        super().__init__(f"{prefix}{problems[0]}{more}")


class PartError(ProblemError, IndexError):
    """There is no such layer, neuron or edge. Also an ``IndexError``."""


def expect(where: str, found: object, right: bool, expected: str, hint: str = "") -> None:
    """Refuse a value that is not right.

    Args:
        where: The name of the value.
        found: The value.
        right: Whether it is right.
        expected: What would be right.
        hint: What else helps.

    Raises:
        ProblemError: ``right`` is false.
    """
    if not right:
        raise ProblemError(Problem(where, f"is {shown(found)}", expected, hint))


def takes_rng(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Name ``rng`` in the error for ``seed`` and what else other libraries call it.

    The decorated function raises:
        ProblemError: It is called with such an argument.
    """

    @wraps(function)
    def named(*args: Given.args, **options: Given.kwargs) -> Result:
        for name in ("seed", "random_state", "random_seed", "generator"):
            if name in options:
                found = f"is not an argument of {function.__name__}"
                raise ProblemError(Problem(name, found, "rng, which is a seed or a Generator"))
        return function(*args, **options)

    return named


def expect_kind(where: str, found: object, kind: type, example: str = "") -> None:
    """Refuse a value of another class, such as a trace in place of a network.

    Args:
        where: The name of the value.
        found: The value.
        kind: The class that it must have.
        example: How to get a value of that class.

    Raises:
        ProblemError: ``found`` is not an instance of ``kind``.
    """
    such = f", such as {example}" if example else ""
    expect(where, found, isinstance(found, kind), a(kind.__name__) + such)


def entry_named(name: object, entries: Mapping[str, Entry], where: str) -> Entry:
    """Return the entry of that name.

    Args:
        name: A key of ``entries``.
        entries: A registry, such as ``LOSSES``.
        where: What the name is of, such as ``loss``.

    Raises:
        ProblemError: There is no entry of that name. The hint names the closest one.
    """
    if isinstance(name, str) and name in entries:
        return entries[name]
    refuse_name(name, entries, where)


def refuse_name(name: object, names: Iterable[str], where: str) -> NoReturn:
    """Raise the error for a name that is not among ``names``.

    Raises:
        ProblemError: Always. It lists the names, and its hint is the closest one.
    """
    known = list(names)
    expected = f"one of {', '.join(known)}"
    raise ProblemError(Problem(where, f"is {shown(name)}", expected, did_you_mean(name, known)))


def did_you_mean(name: object, names: Iterable[str], *, quote: str = "'") -> str:
    """Return the hint for a name that does not exist, or an empty text if no name is close.

    Args:
        name: The unknown name.
        names: The known ones.
        quote: Written around the proposed name.
    """
    near = closest(name, names)
    return f"did you mean {quote}{near}{quote}?" if near else ""


def closest(name: object, names: Iterable[str]) -> str:
    """Return the one of ``names`` that is most similar to ``name``, or an empty text."""
    by_lower = {known.lower(): known for known in names}
    near = get_close_matches(str(name).lower(), by_lower, n=1)
    return by_lower[near[0]] if near else ""


def shown(value: object) -> str:
    """Return a value for a sentence: numbers, texts and lists as in Python, others by class."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if not isinstance(value, _PLAIN):
        return a(type(value).__name__)
    text = " ".join(repr(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def a(noun: str) -> str:
    """Return a noun with its article: ``a Network``, ``an Edge``."""
    return f"{'an' if noun[0] in 'AEIOUaeiou' else 'a'} {noun}"


def moved(problem: Problem, where: str) -> Problem:
    """Return the same problem at another place, such as the key of a file."""
    return replace(problem, where=where)
