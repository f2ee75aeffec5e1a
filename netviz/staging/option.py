"""Option: what a lecturer may change of a scene without code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from netviz.problems import Problem, ProblemError, did_you_mean, expect, refuse_name

Value = bool | int | float | str | tuple[float, ...]

_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Option:
    """An option of a scene, in the list ``options`` of its class.

    ``netviz render SCENE --set NAME=VALUE`` and the table ``[scene.options]`` of a file set it, and
    ``scene.chosen[NAME]`` is its value. The kind of the default is the kind of all values: true or
    false, a whole number, a number, a text, or a tuple of as many numbers.

    Attributes:
        name: A Python name.
        default: The value if none is given.
        about: One line for ``netviz list SCENE``.
        choices: The possible texts, if only some are.
        least, most: Bounds of a number, both included.
        check: Called with a value; raises a ``ProblemError`` if the scene cannot use it.
        any_name: Whether it stands for every name that is not declared, such as the variables of an
            expression. Such names are in ``chosen`` only if they are given.

    Example:
        >>> gate = Option("gate", "AND", "the gate that is shown", choices=("AND", "OR"))
        >>> gate.read("OR", "option gate"), gate.expected
        ('OR', 'one of AND, OR')
        >>> Option("rates", (0.1, 0.5), "learning rates").read("0.2, 1", "option rates")
        (0.2, 1.0)
    """

    name: str
    default: Value
    about: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    check: Callable[[Any], object] | None = None
    any_name: bool = False

    @property
    def text(self) -> str:
        """The default as the command line takes it."""
        if isinstance(self.default, bool):
            return str(self.default).lower()
        if isinstance(self.default, str):
            return self.default
        numbers = self.default if isinstance(self.default, tuple) else (self.default,)
        return ",".join(f"{number:g}" for number in numbers)

    @property
    def expected(self) -> str:
        """The possible values in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if isinstance(self.default, bool):
            return "true or false"
        if isinstance(self.default, str):
            return "a text"
        if isinstance(self.default, tuple):
            return f"{len(self.default)} numbers{self._bounds}, such as {self.text}"
        return ("a whole number" if isinstance(self.default, int) else "a number") + self._bounds

    @property
    def _bounds(self) -> str:
        if self.least is not None and self.most is not None:
            return f" from {self.least:g} to {self.most:g}"
        if self.least is not None:
            return f" of at least {self.least:g}"
        return "" if self.most is None else f" of at most {self.most:g}"

    def read(self, given: object, where: str) -> Value:
        """Return a value, which the command line gives as a text.

        Args:
            given: The value, or its text.
            where: Where it is given, for errors.

        Raises:
            ProblemError: It is none of the possible values.
        """
        value = self._of_kind(given)
        if self.choices and value not in self.choices:
            refuse_name(given, self.choices, where)
        numbers = value if isinstance(value, tuple) else (value,)
        right = value is not None and all(map(self._in_bounds, numbers))
        expect(where, given, right, self.expected)
        assert value is not None
        if self.check is not None:
            self.check(value)
        return value

    def _in_bounds(self, value: Value | None) -> bool:
        if not isinstance(value, int | float):
            return True
        low, high = (self.least, -float("inf")), (self.most, float("inf"))
        least, most = (given if given is not None else end for given, end in (low, high))
        return least <= value <= most

    def _of_kind(self, given: object) -> Value | None:
        """Return a value of the kind of the default, or None."""
        if isinstance(self.default, str):
            return given if isinstance(given, str) and given.isprintable() and given else None
        if isinstance(self.default, tuple):
            parts = given.split(",") if isinstance(given, str) else given
            if not isinstance(parts, list | tuple) or len(parts) != len(self.default):
                return None
            numbers = [number for number in map(_number, parts) if number is not None]
            return tuple(numbers) if len(numbers) == len(parts) else None
        if isinstance(self.default, bool):
            known = _BOOLEANS.get(given) if isinstance(given, str) else given
            return known if isinstance(known, bool) else None
        number = _number(given)
        if isinstance(self.default, float):
            return number
        return None if number is None or number != int(number) else int(number)


def _number(given: object) -> float | None:
    """Return a finite number that may be given as a text, or None."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    try:
        number = float(given)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def read_options(
    options: Sequence[Option], given: Mapping[str, object], scene: str, where: str
) -> dict[str, Value]:
    """Return the values of given options.

    Args:
        options: Those that the scene declares.
        given: Name → value.
        scene: Name of the scene, for errors.
        where: What precedes the name of an option in errors.

    Raises:
        ProblemError: The scene has no such option, or its value is not possible.
    """
    declared = {option.name: option for option in options if not option.any_name}
    other = next((option for option in options if option.any_name), None)
    values = {}
    for name, value in given.items():
        option = declared.get(name, other)
        if option is not None:
            values[name] = option.read(value, f"{where}{name}")
        else:
            problem = Problem(
                f"{where}{name}",
                "does not exist",
                f"one of {', '.join(declared)}" if declared else "",
                did_you_mean(name, declared) if declared else f"{scene} has no options",
            )
            raise ProblemError(problem)
    return values
