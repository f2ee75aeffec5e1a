"""Models of scikit-learn: its multilayer perceptrons, and linear models as one-layer networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.neural_network import MLPClassifier, MLPRegressor

from netviz.core import Network
from netviz.interop.builder import refusal, unsupported

ACTIVATIONS = {
    "identity": "identity",
    "logistic": "sigmoid",
    "tanh": "tanh",
    "relu": "relu",
    "softmax": "softmax",
}
MULTILAYER = (MLPClassifier, MLPRegressor)
LINEAR = (LogisticRegression, LinearRegression, Perceptron)


def from_model(model: Any) -> Network:
    """Return the network in a fitted estimator.

    Its outputs are those of ``predict_proba`` for a classifier and of ``predict`` for a
    regressor. A classifier with two classes has one output, the probability of ``classes_[1]``.
    A Perceptron has one step output for each class: whether ``decision_function`` is above 0.

    Raises:
        ModelError: The estimator is not supported, not fitted, or has an activation that the core
            does not have.
    """
    where = type(model).__name__
    if not isinstance(model, (*MULTILAYER, *LINEAR)):
        if hasattr(model, "steps"):
            hint = "the inputs of that network are the outputs of the steps before it"
            raise refusal(where, "has several steps", "its last step, model[-1]", hint)
        raise unsupported(where, (*MULTILAYER, *LINEAR))
    if not hasattr(model, "n_features_in_"):
        raise refusal(where, "has no weights yet", "a model after fit")
    return _multilayer(model) if isinstance(model, MULTILAYER) else _linear(model)


def _multilayer(model: Any) -> Network:
    names = [model.activation] * (model.n_layers_ - 2) + [model.out_activation_]
    for name in names:
        if name not in ACTIVATIONS:
            found = f"has the activation {name}"
            raise refusal(type(model).__name__, found, f"one of {', '.join(ACTIVATIONS)}")
    weights = [matrix.T for matrix in model.coefs_]
    return Network.from_weights(weights, model.intercepts_, [ACTIVATIONS[name] for name in names])


def _linear(model: Any) -> Network:
    weights = np.atleast_2d(model.coef_)
    bias = np.broadcast_to(model.intercept_, weights.shape[:1])
    if isinstance(model, LogisticRegression):
        _check_multinomial(model)
        activation = "sigmoid" if len(weights) == 1 else "softmax"
    else:
        activation = "step" if isinstance(model, Perceptron) else "identity"
    return Network.from_weights([weights], [bias], activation)


def _check_multinomial(model: Any) -> None:
    """Refuse one-vs-rest, an option before version 1.8: its probabilities are not a softmax."""
    strategy = getattr(model, "multi_class", "auto")
    one_vs_rest = model.solver == "liblinear" and len(model.coef_) > 1
    if strategy not in ("auto", "deprecated") or one_vs_rest:
        expected = "multi_class left out, and a solver other than liblinear"
        raise refusal("LogisticRegression", f"was fitted with multi_class={strategy!r}", expected)
