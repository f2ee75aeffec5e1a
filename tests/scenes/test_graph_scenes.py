"""The scenes about computation graphs: known numbers, and expressions of a lecturer."""

from __future__ import annotations

import pytest

from netviz.problems import ProblemError

from .playing import FILES, play, scene_in


def test_the_chain_rule_shows_the_numbers_of_the_textbook() -> None:
    """Karpathy, CS231n notes: f = (x + y) z with x = −2, y = 5, z = −4."""
    trace = scene_in(FILES["chain_rule"])().formula  # type: ignore[attr-defined]
    assert trace.values == (-2, 5, 3, -4, -12)
    assert trace.gradient == {"x": -4, "y": -4, "z": 3}


def test_gradients_add_up_where_a_variable_is_used_twice() -> None:
    trace = scene_in(FILES["chain_rule"])().fork  # type: ignore[attr-defined]
    assert str(trace.expression) == "(x + y) · x"
    assert trace.gradient == {"x": 3 - 2, "y": -2}


@pytest.mark.parametrize(
    "options",
    [
        {"expression": "sigmoid(w * x + b)", "w": 2.0, "b": 0.5, "x": "-1"},
        {"expression": "x * x", "x": 3},
        {"expression": "exp(t) / t", "t": 0.5},
    ],
)
def test_the_chain_rule_takes_other_expressions(options: dict) -> None:
    scene = scene_in(FILES["chain_rule"]).configured(options=options)
    assert play(scene).seconds > 20


@pytest.mark.parametrize(
    ("scene", "options", "message"),
    [
        ("chain_rule", {"expression": "(x + y"}, "expected a formula such as"),
        ("chain_rule", {"expression": "2 + 3"}, "expected an operation on variables"),
        ("local_gradient", {"expression": "x * y + z"}, "expected one operation on variables"),
        ("local_gradient", {"expression": "x * 2"}, "expected one operation on variables"),
    ],
)
def test_other_texts_are_refused(scene: str, options: dict, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        scene_in(FILES[scene]).configured(options=options)


def test_a_variable_without_a_value_is_named() -> None:
    scene = scene_in(FILES["chain_rule"]).configured(options={"expression": "a * b", "a": 1})
    with pytest.raises(ProblemError, match="the value of b is missing"):
        play(scene)


def test_a_local_gradient_is_the_incoming_one_times_the_slope() -> None:
    scene = scene_in(FILES["local_gradient"])()
    kinds = scene.kinds  # type: ignore[attr-defined]
    assert {kind: [trace.gradient for trace in traces] for kind, traces in kinds.items()} == {
        "add": [{"x": 0.5, "y": 0.5}],
        "multiply": [{"x": 0.5 * -2, "y": 0.5 * 3}],
        "relu": [{"x": 0.5}, {"y": 0.0}],
    }
