"""Models of scikit-learn: its multilayer perceptrons, and linear models as one-layer networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.neural_network import MLPClassifier, MLPRegressor

from netviz.core import Network
from netviz.interop.refusal import ModelError
from netviz.interop.stack import refused

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
    """The network in a fitted estimator.

    Its outputs are those of ``predict_proba`` for a classifier and of ``predict`` for a
    regression. A classifier of two classes has one output, the probability of ``classes_[1]``.
    A Perceptron has one step a class: whether ``decision_function`` says yes.

    Raises:
        ModelError: It is another estimator, not fitted, or has an output that the core has not.
    """
    where = type(model).__name__
    if not isinstance(model, (*MULTILAYER, *LINEAR)):
        if hasattr(model, "steps"):
            right = "its last step, model[-1], given inputs that the steps before it have prepared"
            raise ModelError(where, "is more than its last step", right)
        raise refused(where, (*MULTILAYER, *LINEAR))
    if not hasattr(model, "n_features_in_"):
        raise ModelError(where, "has no weights yet", "a model after fit")
    return _multilayer(model) if isinstance(model, MULTILAYER) else _linear(model)


def _multilayer(model: Any) -> Network:
    names = [model.activation] * (model.n_layers_ - 2) + [model.out_activation_]
    for name in names:
        if name not in ACTIVATIONS:
            found = f"has the activation {name}"
            raise ModelError(type(model).__name__, found, f"one of {', '.join(ACTIVATIONS)}")
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
    """Until version 1.8 there was also one-vs-rest, whose probabilities are no softmax."""
    told = getattr(model, "multi_class", "auto")
    one_for_each = model.solver == "liblinear" and len(model.coef_) > 1
    if told not in ("auto", "deprecated") or one_for_each:
        right = "multi_class left out, and a solver other than liblinear"
        raise ModelError("LogisticRegression", f"was fitted with multi_class={told!r}", right)
