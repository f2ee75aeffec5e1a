"""Estimators fitted by scikit-learn give the same outputs in netviz."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression, Perceptron
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

import netviz

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"  # a few steps are enough here
)


def outputs(model, x):
    return netviz.forward(netviz.load(model), x).prediction


@pytest.mark.parametrize("activation", ["identity", "logistic", "tanh", "relu"])
def test_a_classifier_gives_the_probabilities_of_its_classes(iris, activation):
    model = MLPClassifier((5, 4), activation=activation, max_iter=60, random_state=0)
    model.fit(iris.x, iris.y)
    assert netviz.load(model).sizes == (4, 5, 4, 3)
    np.testing.assert_allclose(outputs(model, iris.x), model.predict_proba(iris.x), atol=1e-12)


def test_a_classifier_of_digits(digits):
    model = MLPClassifier(16, max_iter=40, learning_rate_init=0.01, random_state=0).fit(
        digits.x, digits.y
    )
    assert model.score(digits.x, digits.y) > 0.9
    np.testing.assert_allclose(outputs(model, digits.x), model.predict_proba(digits.x), atol=1e-12)


def test_a_classifier_fitted_in_float32(iris):
    x = iris.x.astype(np.float32)
    model = MLPClassifier(5, max_iter=60, random_state=0).fit(x, iris.y)
    assert model.coefs_[0].dtype == np.float32
    np.testing.assert_array_equal(netviz.load(model).layers[0].weights, model.coefs_[0].T)
    np.testing.assert_allclose(outputs(model, x), model.predict_proba(x), atol=1e-6)


@pytest.mark.parametrize("kind", [MLPClassifier, LogisticRegression])
def test_two_classes_share_one_output_that_is_the_probability_of_the_second(iris, kind):
    model = kind(max_iter=50, random_state=0).fit(iris.x, iris.y == 2)
    given = outputs(model, iris.x)
    assert netviz.load(model).layers[-1].activation.name == "sigmoid"
    np.testing.assert_allclose(given, model.predict_proba(iris.x)[:, 1:], atol=1e-12)


def test_several_labels_at_once(iris):
    labels = np.stack([iris.y == 1, iris.y != 0], axis=1).astype(int)
    model = MLPClassifier(5, max_iter=60, random_state=0).fit(iris.x, labels)
    np.testing.assert_allclose(outputs(model, iris.x), model.predict_proba(iris.x), atol=1e-12)


@pytest.mark.parametrize("kind", [MLPRegressor, LinearRegression])
@pytest.mark.parametrize("columns", [1, 2])
def test_regressions(iris, kind, columns):
    x, y = iris.x[:, columns:], iris.x[:, :columns]
    model = kind().fit(x, y if columns > 1 else y[:, 0])
    expected = model.predict(x).reshape(len(x), columns)
    np.testing.assert_allclose(outputs(model, x), expected, atol=1e-12)


def test_a_regression_through_the_origin(iris):
    model = LinearRegression(fit_intercept=False).fit(iris.x, iris.y)
    np.testing.assert_allclose(outputs(model, iris.x)[:, 0], model.predict(iris.x), atol=1e-12)


def test_a_logistic_regression_of_three_classes(iris):
    model = LogisticRegression().fit(iris.x, iris.y)
    np.testing.assert_allclose(outputs(model, iris.x), model.predict_proba(iris.x), atol=1e-12)


def test_a_perceptron_is_a_step(iris):
    model = Perceptron(random_state=0).fit(iris.x, iris.y == 0)
    np.testing.assert_array_equal(outputs(model, iris.x)[:, 0], model.predict(iris.x))
    model = Perceptron(random_state=0).fit(iris.x, iris.y)
    np.testing.assert_array_equal(outputs(model, iris.x), model.decision_function(iris.x) > 0)


def refusal(model) -> str:
    with pytest.raises(netviz.interop.ModelError) as caught:
        netviz.load(model)
    return str(caught.value)


def test_what_is_refused(iris):
    known = "MLPClassifier, MLPRegressor, LogisticRegression, LinearRegression, Perceptron"
    assert refusal(DecisionTreeClassifier()) == (
        f"DecisionTreeClassifier is not supported: expected one of {known}"
    )
    assert refusal(MLPClassifier()) == (
        "MLPClassifier has no weights yet: expected a model after fit"
    )
    assert refusal(make_pipeline(StandardScaler(), MLPClassifier())) == (
        "Pipeline has several steps: expected its last step, model[-1]; "
        "the inputs of that network are the outputs of the steps before it"
    )
    poisson = MLPRegressor(loss="poisson", max_iter=5).fit(iris.x, iris.y)
    assert refusal(poisson) == (
        "MLPRegressor has the activation exp: "
        "expected one of identity, logistic, tanh, relu, softmax"
    )


def test_one_against_the_rest_of_older_versions_is_no_softmax(iris):
    model = LogisticRegression().fit(iris.x, iris.y)
    model.multi_class = "ovr"
    assert "multi_class='ovr'" in refusal(model)
