import math
import re
from collections.abc import Callable
from typing import Any

import autograd.numpy as anp
import pytest
from autograd import grad

from netviz.core import ACTIVATIONS, Expression
from netviz.core.expressions import FUNCTIONS, LONGEST
from netviz.problems import ProblemError

from . import reference

VALUES = {"x": 0.7, "y": -1.3, "z": 2.1}
sigma = reference.sigma
# The text of an expression, and the same function written for another autodiff.
WRITTEN: list[tuple[str, Callable[..., Any]]] = [
    ("(x + y) * z", lambda x, y, z: (x + y) * z),
    ("x - y - z", lambda x, y, z: x - y - z),
    ("x - (y - z)", lambda x, y, z: x - (y - z)),
    ("x / y / z", lambda x, y, z: x / y / z),
    ("-x^2 + y**3 · z", lambda x, y, z: -(x**2) + y**3 * z),
    ("x^-2 + z^x^2", lambda x, y, z: x**-2 + z ** (x**2)),
    ("(x * y) ^ 2", lambda x, y, z: (x * y) ** 2),
    ("x * x * x + x", lambda x, y, z: x * x * x + x),
    ("2 * x + 3 - 4 / z", lambda x, y, z: 2 * x + 3 - 4 / z),
    ("exp(-x) * log(z) + log(exp(y))", lambda x, y, z: anp.exp(-x) * anp.log(z) + y),
    ("1 / (1 + exp(-(x * y + z)))", lambda x, y, z: sigma(x * y + z)),
    ("sigmoid(x * y + z) ^ 2", lambda x, y, z: sigma(x * y + z) ** 2),
    ("tanh(x) / relu(z) + relu(y)", lambda x, y, z: anp.tanh(x) / z + anp.maximum(y, 0.0)),
]
written = pytest.mark.parametrize(("text", "function"), WRITTEN, ids=[text for text, _ in WRITTEN])


@written
def test_values_and_gradients_agree_with_another_autodiff(
    text: str, function: Callable[..., Any]
) -> None:
    expression = Expression.parse(text)
    trace = expression.evaluate({name: VALUES[name] for name in expression.variables})
    numbers = list(VALUES.values())
    assert trace.value == pytest.approx(float(function(*numbers)), rel=1e-12)
    for place, name in enumerate(VALUES):
        expected = float(grad(function, place)(*numbers)) if name in expression.variables else 0.0
        assert trace.gradient.get(name, 0.0) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@written
def test_the_text_of_an_expression_gives_the_same_expression(text: str, function: object) -> None:
    expression = Expression.parse(text)
    again = Expression.parse(str(expression))
    assert str(again) == str(expression)
    numbers = {name: VALUES[name] for name in expression.variables}
    assert again.evaluate(numbers).values == expression.evaluate(numbers).values


def test_the_numbers_of_the_textbook_example() -> None:
    """Karpathy, CS231n notes, "Backpropagation, Intuitions": f = (x + y) z."""
    trace = Expression.parse("(x + y) * z").evaluate(x=-2, y=5, z=-4)
    assert trace.values == (-2, 5, 3, -4, -12)
    assert trace.gradients == (-4, -4, -4, 3, 1)
    assert trace.slopes == ((), (), (1, 1), (), (-4, 3))
    assert trace.shares == ((), (), (-4, -4), (), (-4, 3))
    assert trace.expression.wires == ((0, 2, 0), (1, 2, 1), (2, 4, 0), (3, 4, 1))


def test_the_numbers_of_the_sigmoid_neuron() -> None:
    """The second example there: w = (2, −3, −3), x = (−1, −2), printed to two digits."""
    neuron = Expression.parse("1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))")
    trace = neuron.evaluate(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    assert round(trace.value, 2) == 0.73
    rounded = {name: round(number, 1) for name, number in trace.gradient.items()}
    assert rounded == {"w0": -0.2, "x0": 0.4, "w1": -0.4, "x1": -0.6, "w2": 0.2}


def test_gradients_add_up_at_forks() -> None:
    x, y = Expression.variable("x"), Expression.variable("y")
    total = x + y
    f = total * total + 3 * x
    trace = f.evaluate(x=2.0, y=1.0)
    assert sum(str(node) == "x + y" for node in f.nodes) == 1
    assert trace.gradient == {"x": 2 * 3 + 3, "y": 2 * 3}
    assert len(Expression.parse("x * x + x").variables) == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_its_value_and_slope(name: str) -> None:
    f = Expression.variable("x").apply(name)
    for x in (0.4, 1.7):
        trace = f.evaluate(x=x)
        if name in ACTIVATIONS:
            assert trace.value == float(ACTIVATIONS[name].value(x))
        if name == "step":
            with pytest.raises(ProblemError, match="the derivative of step is 0"):
                trace.gradient.get("x")
            continue
        h = 1e-6
        slope = (f.evaluate(x=x + h).value - f.evaluate(x=x - h).value) / (2 * h)
        assert trace.gradient["x"] == pytest.approx(slope, rel=1e-7)


def test_operators_of_python_make_the_same_graph() -> None:
    x, y = Expression.variable("x"), Expression.variable("y")
    f = (2 - x) / (1 + y) ** 2 - 2**x * (3 / y) + (-x - 1) * 2 + (1 * y)
    assert str(f) == "(2 − x) / (1 + y)^2 − 2^x · (3 / y) + (−x − 1) · 2 + 1 · y"
    trace = f.evaluate(x=0.5, y=2.0)
    assert trace.value == pytest.approx(1.5 / 9 - math.sqrt(2) * 1.5 - 3 + 2)


def test_numbers_have_neither_slope_nor_gradient() -> None:
    trace = Expression.parse("x ^ 2 + 2 * 3").evaluate(x=-3.0)
    by_text = dict(zip(map(str, trace.expression.nodes), trace.gradients, strict=True))
    assert by_text == {"x": -6, "2": None, "x^2": 1, "3": None, "2 · 3": None, "x^2 + 2 · 3": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expression is '': expected a formula such as (x + y) * z"),
        ("(x + y", "expression is '(x + y': expected a formula"),
        ("2x", "expression is '2x': expected a formula"),
        ("x = 2", "expression is 'x = 2': expected a formula"),
        ("x\0", "expected a formula"),
        ("sigmoidd(x)", "function is 'sigmoidd': expected one of exp, log, "),
        ("sigmoidd(x)", "did you mean 'sigmoid'?"),
        ("softmax(x)", "function is 'softmax': expected one of exp"),
        ("exp(x, y)", "exp has 2 arguments: expected one, as in exp(x)"),
        ("exp()", "exp has 0 arguments: expected one"),
        ("exp(*x)", "exp has 1 arguments: expected one"),
        ("exp + x", "exp has no argument: expected exp(…)"),
        ("__import__('os')", "function is '__import__': expected one of"),
        ("x.real", "expression contains 'x.real': expected numbers, names, + − · / ^ and exp"),
        ("exp(x=2)", "expression contains 'exp(x=2)'"),
        ("[x for x in y]", "expression contains"),
        ("x if y else z", "expression contains"),
        ("(x := 2)", "expression contains"),
        ("x % y", "expression contains 'x % y'"),
        ("x < y", "expression contains 'x < y'"),
        ("True * x", "expression contains 'True'"),
        ("'a' * x", "expression contains"),
        ("2j * x", "expression contains '2j'"),
        ("1e999 * x", "number is inf: expected a finite number"),
        ("x" * (LONGEST + 1), "expected a text of at most 200 characters"),
        ("(" * 100 + "x" + ")" * 99, "expected a formula"),
    ],
)
def test_what_is_no_expression_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        Expression.parse(text)


@pytest.mark.parametrize("text", ["-" * (LONGEST - 1) + "x", "(" * 99 + "x" + ")" * 99])
def test_deep_expressions_are_read(text: str) -> None:
    assert abs(Expression.parse(text).evaluate(x=2.0).gradient["x"]) == 1.0


@pytest.mark.parametrize(
    ("text", "values", "message"),
    [
        ("x + y", {"x": 1}, "the value of y is missing: expected a value for each variable"),
        ("x + y", {"x": 1, "y": 2, "w": 3}, "variable is 'w': expected one of x, y"),
        ("x", {"x": math.nan}, "the value of x is nan: expected a finite number"),
        ("x", {"x": "two"}, "the value of x is 'two': expected a finite number"),
        ("1 / (x - 1)", {"x": 1}, "1 / (x − 1) has no finite value for x − 1 = 0"),
        ("log(x)", {"x": -1}, "log(x) has no finite value for x = -1"),
        ("x ^ 0.5", {"x": -1}, "x^0.5 has no finite value for x = -1: expected other values"),
        ("x * 9^9^9", {"x": 1}, "9^9^9 has no finite value: expected other numbers"),
        ("exp(x)", {"x": 1000}, "exp(x) has no finite value for x = 1000"),
        ("x * x", {"x": 1e200}, "x · x has no finite value for x = 1e+200 and x = 1e+200"),
    ],
)
def test_values_that_do_not_fit_are_refused(text: str, values: dict, message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        Expression.parse(text).evaluate(values)


@pytest.mark.parametrize(("text", "values"), [("x ^ 0.5", {"x": 0}), ("x ^ y", {"x": -2, "y": 2})])
def test_a_slope_that_does_not_exist_is_refused(text: str, values: dict[str, float]) -> None:
    trace = Expression.parse(text).evaluate(values)
    with pytest.raises(ProblemError, match=r"has no finite slope for x = "):
        assert trace.gradients


@pytest.mark.parametrize("name", ["", "2x", "exp", 3])
def test_names_of_variables_are_checked(name: object) -> None:
    with pytest.raises(ProblemError, match="expected a name such as x"):
        Expression.variable(name)  # type: ignore[arg-type]
