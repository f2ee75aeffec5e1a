"""Expressions of numbers as computation graphs: values forward, gradients backward.

An expression is a node with its inputs, which are expressions. A node that is used more than once
is a fork, and its gradient is the sum of what arrives over all its wires. To add an operation,
add an entry to `OPERATIONS` or `FUNCTIONS`.

The method is reverse accumulation: Linnainmaa 1970; Griewank & Walther 2008, ch. 3.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

import numpy as np

from netviz.core.activations import ACTIVATIONS, Activation
from netviz.problems import Problem, ProblemError, entry_named, expect, refuse_name

LONGEST = 200
"""The largest number of characters of an expression that is parsed."""

Compute: TypeAlias = Callable[..., float]


@dataclass(frozen=True)
class Operation:
    """What a node computes from its inputs.

    Attributes:
        name: Its key in `OPERATIONS` or `FUNCTIONS`.
        symbol: How it is written: between two inputs, or before one.
        value: ``value(*inputs)``.
        slopes: For each input, ``slope(*inputs, value)``: the derivative of the value by that
            input.
        precedence: The higher, the closer it binds; functions bind closest.
    """

    name: str
    symbol: str
    value: Compute
    slopes: tuple[Compute, ...]
    precedence: int


ATOM = 9


def _power_slope(base: float, exponent: float, _: float) -> float:
    return exponent * math.pow(base, exponent - 1.0) if exponent else 0.0


def _function(name: str, value: Compute, slope: Compute) -> Operation:
    return Operation(name, name, value, (slope,), ATOM)


def _activation(activation: Activation) -> Operation:
    return _function(
        activation.name,
        lambda z: float(activation.value(np.array(z))),
        lambda z, _: float(activation.slope(np.array(z))),
    )


_BINARY = (
    Operation("add", "+", lambda a, b: a + b, (lambda a, b, f: 1.0, lambda a, b, f: 1.0), 1),
    Operation("subtract", "−", lambda a, b: a - b, (lambda a, b, f: 1.0, lambda a, b, f: -1.0), 1),
    Operation("multiply", "·", lambda a, b: a * b, (lambda a, b, f: b, lambda a, b, f: a), 2),
    Operation(
        "divide", "/", lambda a, b: a / b, (lambda a, b, f: 1.0 / b, lambda a, b, f: -f / b), 2
    ),
    Operation("power", "^", math.pow, (_power_slope, lambda a, b, f: f * math.log(a)), 4),
)
_NEGATIVE = Operation("negative", "−", lambda a: -a, (lambda a, f: -1.0,), 3)

OPERATIONS = {operation.name: operation for operation in (*_BINARY, _NEGATIVE)}
"""The operations that have a sign of their own, by name."""

FUNCTIONS = {
    operation.name: operation
    for operation in (
        _function("exp", math.exp, lambda a, f: f),
        _function("log", math.log, lambda a, f: 1.0 / a),
        _function("sin", math.sin, lambda a, f: math.cos(a)),
        _function("cos", math.cos, lambda a, f: -math.sin(a)),
        *(_activation(entry) for entry in ACTIVATIONS.values() if entry.elementwise),
    )
}
"""The functions of one number, by name: exp, log (natural), sin, cos, elementwise activations."""

_SIGNS = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
    ast.Pow: "power",
}
_SPELLINGS = str.maketrans({"^": "**", "·": "*", "×": "*", "−": "-", "÷": "/"})


@dataclass(frozen=True, eq=False, repr=False)
class Expression:
    """A node of a computation graph: a variable, a number, or an operation on other nodes.

    Nodes are combined with ``+ - * / **``; the same node used twice is a fork. Variables of one
    name are one node.

    Attributes:
        operation: What it computes; None for a variable or a number.
        inputs: The nodes that it computes from.
        name: The name of a variable, or an empty text.
        number: The value of a number.

    Example:
        >>> f = netviz.Expression.parse("(x + y) * z")
        >>> trace = f.evaluate(x=-2, y=5, z=-4)
        >>> trace.value, trace.gradient
        (-12.0, {'x': -4.0, 'y': -4.0, 'z': 3.0})
        >>> x = netviz.Expression.variable("x")
        >>> (x * x + x.apply("exp")).evaluate(x=0.0).gradient
        {'x': 1.0}
    """

    operation: Operation | None = None
    inputs: tuple[Expression, ...] = ()
    name: str = ""
    number: float = 0.0

    @classmethod
    def variable(cls, name: str) -> Expression:
        """Return a variable.

        Raises:
            ProblemError: The name is no identifier, or that of a function.
        """
        right = isinstance(name, str) and name.isidentifier() and name not in FUNCTIONS
        expect("variable", name, right, "a name such as x, which is not that of a function")
        return cls(name=name)

    @classmethod
    def constant(cls, number: float) -> Expression:
        """Return a number as a node.

        Raises:
            ProblemError: It is not a finite number.
        """
        return cls(number=_number("number", number))

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Return the expression that a text describes. It is read, never run as code.

        Args:
            text: Numbers, names of variables, ``+``, ``-``, ``*``, ``/``, ``^`` or ``**``,
                parentheses, and the functions in `FUNCTIONS`, such as ``sigmoid(w * x + b)``.
                Signs as on screen (``·``, ``×``, ``−``) are read too. At most `LONGEST`
                characters.

        Raises:
            ProblemError: The text is something else. The error names the part that is wrong.

        Example:
            >>> netviz.Expression.parse("2x")
            Traceback (most recent call last):
            netviz.problems.ProblemError: expression is '2x': expected a formula such as (x + y) * z
        """
        right = isinstance(text, str) and len(text) <= LONGEST
        expect("expression", text, right, f"a text of at most {LONGEST} characters")
        try:
            tree = ast.parse(text.strip().translate(_SPELLINGS), mode="eval")
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            problem = Problem("expression", f"is {text!r}", "a formula such as (x + y) * z")
            raise ProblemError(problem) from error
        return _read(tree.body, {})

    def apply(self, function: str) -> Expression:
        """Return a function of this node.

        Args:
            function: A name in `FUNCTIONS`: ``exp``, ``log``, or an elementwise activation.

        Raises:
            ProblemError: There is no such function.
        """
        return Expression(entry_named(function, FUNCTIONS, "function"), (self,))

    @cached_property
    def nodes(self) -> tuple[Expression, ...]:
        """All nodes, inputs before what is computed from them; the last one is this node."""
        found: dict[object, Expression] = {}
        _collect(self, found)
        return tuple(found.values())

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in the order in which they first occur."""
        return tuple(node.name for node in self.nodes if node.name)

    @cached_property
    def varies(self) -> bool:
        """Whether the value depends on a variable."""
        return bool(self.name) or any(node.varies for node in self.inputs)

    @property
    def wires(self) -> tuple[tuple[int, int, int], ...]:
        """All connections as (source, target, place): nodes by their place in `nodes`.

        The source is the input of the target at ``place``, which counts from 0.
        """
        places = {_key(node): place for place, node in enumerate(self.nodes)}
        return tuple(
            (places[_key(source)], target, place)
            for target, node in enumerate(self.nodes)
            for place, source in enumerate(node.inputs)
        )

    def evaluate(
        self, values: Mapping[str, float] | None = None, /, **named: float
    ) -> ExpressionTrace:
        """Compute the value of every node, and record it.

        Args:
            values: The value of each variable.
            named: Values by name, in addition to ``values``.

        Raises:
            ProblemError: The value of a variable is missing or not finite, there is no such
                variable, or some node has no finite value.

        Example:
            >>> netviz.Expression.parse("exp(x) / y").evaluate(x=0, y=4).value
            0.25
        """
        given = {**(values or {}), **named}
        for name in given:
            if name not in self.variables:
                refuse_name(name, self.variables, "variable")
        for name in self.variables:
            if name not in given:
                expected = "a value for each variable"
                raise ProblemError(Problem(f"the value of {name}", "is missing", expected))
        numbers: list[float] = []
        sources = self._sources
        for node, places in zip(self.nodes, sources, strict=True):
            if node.name:
                numbers.append(_number(f"the value of {node.name}", given[node.name]))
            elif node.operation is None:
                numbers.append(node.number)
            else:
                inputs = [numbers[place] for place in places]
                numbers.append(_computed(node, node.operation.value, inputs, "value"))
        return ExpressionTrace(self, tuple(numbers))

    @property
    def _sources(self) -> list[list[int]]:
        """The places of the inputs of each node."""
        sources: list[list[int]] = [[] for _ in self.nodes]
        for source, target, _ in self.wires:
            sources[target].append(source)
        return sources

    def __str__(self) -> str:
        """Return the expression as it is written on screen; `parse` reads it."""
        operation = self.operation
        if operation is None:
            return self.name or repr(self.number).removesuffix(".0").replace("-", "−")
        inside = [str(node) for node in self.inputs]
        if operation.precedence == ATOM:
            return f"{operation.symbol}({inside[0]})"
        bound = [
            f"({text})" if node._precedence < least else text
            for node, text, least in zip(self.inputs, inside, _least(operation), strict=False)
        ]
        if len(bound) == 1:
            return operation.symbol + bound[0]
        space = "" if operation.name == "power" else " "
        return f"{space}{operation.symbol}{space}".join(bound)

    def __repr__(self) -> str:
        """Return class and text: ``Expression((x + y) · z)``."""
        return f"Expression({self})"

    @property
    def _precedence(self) -> int:
        if self.operation is not None:
            return self.operation.precedence
        return _NEGATIVE.precedence if self.number < 0 else ATOM

    def __add__(self, other: Expression | float) -> Expression:
        """Return ``self + other``."""
        return _joined("add", self, other)

    def __radd__(self, other: float) -> Expression:
        """Return ``other + self``."""
        return _joined("add", other, self)

    def __sub__(self, other: Expression | float) -> Expression:
        """Return ``self - other``."""
        return _joined("subtract", self, other)

    def __rsub__(self, other: float) -> Expression:
        """Return ``other - self``."""
        return _joined("subtract", other, self)

    def __mul__(self, other: Expression | float) -> Expression:
        """Return ``self * other``."""
        return _joined("multiply", self, other)

    def __rmul__(self, other: float) -> Expression:
        """Return ``other * self``."""
        return _joined("multiply", other, self)

    def __truediv__(self, other: Expression | float) -> Expression:
        """Return ``self / other``."""
        return _joined("divide", self, other)

    def __rtruediv__(self, other: float) -> Expression:
        """Return ``other / self``."""
        return _joined("divide", other, self)

    def __pow__(self, other: Expression | float) -> Expression:
        """Return ``self ** other``."""
        return _joined("power", self, other)

    def __rpow__(self, other: float) -> Expression:
        """Return ``other ** self``."""
        return _joined("power", other, self)

    def __neg__(self) -> Expression:
        """Return ``-self``."""
        return Expression(_NEGATIVE, (self,))


@dataclass(frozen=True, eq=False)
class ExpressionTrace:
    """The numbers of an expression: values forward, gradients backward.

    The gradients are computed when they are first read. Nodes are counted as in
    ``expression.nodes``. What does not depend on a variable has no slope and no gradient: None.

    Attributes:
        expression: The expression f.
        values: The value of each node.
        incoming: The gradient of f: 1, unless f is a part of a larger expression.

    Example:
        >>> trace = netviz.Expression.parse("(x + y) * z").evaluate(x=-2, y=5, z=-4)
        >>> for node, value, gradient in zip(
        ...     trace.expression.nodes, trace.values, trace.gradients, strict=True
        ... ):
        ...     print(node, value, gradient)
        x -2.0 -4.0
        y 5.0 -4.0
        x + y 3.0 -4.0
        z -4.0 3.0
        (x + y) · z -12.0 1.0
    """

    expression: Expression
    values: tuple[float, ...]
    incoming: float = 1.0
    _sources: list[list[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Keep the places of the inputs."""
        object.__setattr__(self, "_sources", self.expression._sources)

    @property
    def value(self) -> float:
        """The value of the expression."""
        return self.values[-1]

    def with_incoming(self, gradient: float) -> ExpressionTrace:
        """Return the trace of f as a part of a larger expression L, with ∂L/∂f = ``gradient``.

        All gradients are then those of L.

        Raises:
            ProblemError: The gradient is not a finite number.

        Example:
            >>> trace = netviz.Expression.parse("x * y").evaluate(x=3, y=-2)
            >>> trace.with_incoming(0.5).gradient
            {'x': -1.0, 'y': 1.5}
        """
        return ExpressionTrace(self.expression, self.values, _number("the gradient", gradient))

    @cached_property
    def slopes(self) -> tuple[tuple[float | None, ...], ...]:
        """For each node, the local slope by each of its inputs.

        Raises:
            ProblemError: Some slope does not exist, as that of the step function.
        """
        rows = []
        for node, places, value in zip(
            self.expression.nodes, self._sources, self.values, strict=True
        ):
            inputs = [self.values[place] for place in places]
            by_input = node.operation.slopes if node.operation else ()
            rows.append(
                tuple(
                    _computed(node, slope, [*inputs, value], "slope") if source.varies else None
                    for slope, source in zip(by_input, node.inputs, strict=True)
                )
            )
        return tuple(rows)

    @cached_property
    def gradients(self) -> tuple[float | None, ...]:
        """For each node n, ∂f/∂n: the sum of what arrives over the wires that lead from it.

        Raises:
            ProblemError: Some slope does not exist, or some gradient is not finite.
        """
        nodes = self.expression.nodes
        totals = [0.0] * len(nodes)
        totals[-1] = self.incoming
        for target in range(len(nodes) - 1, -1, -1):
            for source, slope in zip(self._sources[target], self.slopes[target], strict=True):
                if slope is not None:
                    totals[source] += totals[target] * slope
        for node, total in zip(nodes, totals, strict=True):
            expect(f"the gradient of {node}", total, math.isfinite(total), "a finite number")
        return tuple(
            total if node.varies else None for node, total in zip(nodes, totals, strict=True)
        )

    @property
    def shares(self) -> tuple[tuple[float | None, ...], ...]:
        """For each node, what it sends back to each of its inputs: its gradient times the slope."""
        return tuple(
            tuple(None if slope is None or own is None else own * slope for slope in slopes)
            for own, slopes in zip(self.gradients, self.slopes, strict=True)
        )

    @property
    def gradient(self) -> dict[str, float]:
        """The derivative of f by each variable, by name."""
        pairs = zip(self.expression.nodes, self.gradients, strict=True)
        return {node.name: total for node, total in pairs if node.name and total is not None}


def _key(node: Expression) -> object:
    """Return what makes a node the same node: the name of a variable, else its identity."""
    return node.name or id(node)


def _collect(node: Expression, found: dict[object, Expression]) -> None:
    """Add the nodes of an expression, inputs first."""
    if _key(node) not in found:
        for source in node.inputs:
            _collect(source, found)
        found[_key(node)] = node


def _least(operation: Operation) -> tuple[int, int]:
    """Return the precedence that the left and the right input need to go without parentheses."""
    own = operation.precedence
    return (own + 1, own) if operation.name == "power" else (own, own + 1)


def _joined(name: str, left: Expression | float, right: Expression | float) -> Expression:
    inputs = (
        side if isinstance(side, Expression) else Expression.constant(side)
        for side in (left, right)
    )
    return Expression(OPERATIONS[name], tuple(inputs))


def _number(where: str, value: object) -> float:
    right = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    expect(where, value, right and math.isfinite(float(value)), "a finite number")  # type: ignore[arg-type]
    return float(value)  # type: ignore[arg-type]


def _computed(node: Expression, function: Compute, numbers: list[float], what: str) -> float:
    """Return the value or a slope of a node.

    Raises:
        ProblemError: It does not exist, or is too large.
    """
    try:
        result = float(function(*numbers))
    except (ArithmeticError, ValueError) as error:
        if isinstance(error, ProblemError):
            raise
        result = math.nan
    if not math.isfinite(result):
        pairs = zip(node.inputs, numbers, strict=False)
        given = " and ".join(f"{source} = {number:g}" for source, number in pairs if source.varies)
        found = f"has no finite {what}" + (f" for {given}" if given else "")
        expected = "other values" if given else "other numbers"
        raise ProblemError(Problem(str(node), found, expected))
    return result


def _read(tree: ast.expr, variables: dict[str, Expression]) -> Expression:
    """Return the expression of a syntax tree; each variable becomes one node.

    Raises:
        ProblemError: There is something else than numbers, variables and operations.
    """
    match tree:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Expression.constant(number)
        case ast.Name(id=name) if name in FUNCTIONS:
            raise ProblemError(Problem(name, "has no argument", f"{name}(…)"))
        case ast.Name(id=name):
            return variables.setdefault(name, Expression.variable(name))
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _read(operand, variables)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _read(operand, variables)
            is_number = inner.operation is None and not inner.name
            return Expression.constant(-inner.number) if is_number else -inner
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
            sides = (_read(left, variables), _read(right, variables))
            return Expression(OPERATIONS[_SIGNS[type(sign)]], sides)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            function = entry_named(name, FUNCTIONS, "function")
            if len(arguments) != 1 or isinstance(arguments[0], ast.Starred):
                found = f"has {len(arguments)} arguments"
                raise ProblemError(Problem(name, found, f"one, as in {name}(x)"))
            return Expression(function, (_read(arguments[0], variables),))
    expected = f"numbers, names, + − · / ^ and {', '.join(FUNCTIONS)}"
    raise ProblemError(Problem("expression", f"contains {ast.unparse(tree)!r}", expected))
