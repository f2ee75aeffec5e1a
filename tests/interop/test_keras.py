"""Models trained by Keras, here on its torch backend, give the same outputs in netviz."""

from __future__ import annotations

import os

import numpy as np
import pytest

import netviz

os.environ["KERAS_BACKEND"] = "torch"
torch = pytest.importorskip("torch", reason="PyTorch is not installed: nor are Keras models tested")
keras = pytest.importorskip("keras", reason="Keras is not installed: its models are not tested")
from keras import layers  # noqa: E402

torch.set_num_threads(1)  # the models are small, and other tests run at the same time

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")


def trained(model, data, epochs):
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(data.x, data.y, epochs=epochs, batch_size=64, verbose=0)
    return model


def compare(model, data):
    given = netviz.forward(netviz.load(model), data.x).prediction
    expected = model.predict(data.x, verbose=0)
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-6)


@pytest.fixture(autouse=True)
def _seed():
    keras.utils.set_random_seed(0)


@pytest.mark.parametrize(
    "activation",
    [
        None,
        "sigmoid",
        "tanh",
        "relu",
        "elu",
        "gelu",
        "softplus",
        "silu",
        "swish",
        "softmax",
        "leaky_relu",
    ],
)
def test_iris_with_each_activation_by_name(iris, activation):
    model = keras.Sequential(
        [keras.Input((4,)), layers.Dense(5, activation), layers.Dense(3, "softmax")]
    )
    compare(trained(model, iris, epochs=3), iris)


@pytest.mark.parametrize(
    "make",
    [
        layers.ReLU,
        layers.LeakyReLU,
        lambda: layers.LeakyReLU(negative_slope=0.01),
        lambda: layers.ReLU(negative_slope=0.1),
        layers.ELU,
        lambda: layers.ELU(alpha=0.5),
        layers.Softmax,
        lambda: layers.Activation("tanh"),
    ],
)
def test_iris_with_activations_as_layers(iris, make):
    inner = keras.Sequential([layers.Dense(5, use_bias=False), make(), layers.Dropout(0.2)])
    model = keras.Sequential([keras.Input((4,)), inner, layers.Dense(3), layers.Softmax()])
    compare(trained(model, iris, epochs=3), iris)


def test_digits_as_images(digits):
    pictures = digits._replace(x=digits.x.reshape(-1, 8, 8))
    model = keras.Sequential(
        [
            keras.Input((8, 8)),
            layers.Flatten(),
            layers.Dense(16, "relu"),
            layers.Dense(10, "softmax"),
        ]
    )
    trained(model, pictures, epochs=6)
    given = netviz.forward(netviz.load(model), digits.x).prediction
    assert np.mean(given.argmax(axis=1) == digits.y) > 0.85
    expected = model.predict(pictures.x, verbose=0)
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-6)


REFUSED = {
    "convolution": (
        lambda: [keras.Input((8, 8, 1)), layers.Conv2D(2, 3, name="eye")],
        "layer 'eye' (Conv2D) is not supported: expected one of Sequential, Dense, ",
    ),
    "bounded": (
        lambda: [keras.Input((2,)), layers.Dense(2), layers.ReLU(6.0, name="six")],
        "layer 'six' (ReLU) has max_value=6: expected max_value=None",
    ),
    "custom function": (
        lambda: [keras.Input((2,)), layers.Dense(2, activation=lambda z: z * z, name="own")],
        "layer 'own' (Dense) has the activation <lambda>: expected one of linear, sigmoid, ",
    ),
    "no input": (
        lambda: [layers.Dense(2, name="first")],
        "layer 'first' (Dense) has no weights yet: expected a model with an Input, or after build",
    ),
}


@pytest.mark.parametrize(("parts", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(parts, sentence):
    with pytest.raises(netviz.interop.ModelError) as caught:
        netviz.load(keras.Sequential(parts()))
    assert str(caught.value).startswith(sentence)


def test_a_functional_model_is_refused():
    x = keras.Input((2,))
    with pytest.raises(netviz.interop.ModelError, match=r"\(Functional\) is not supported"):
        netviz.load(keras.Model(x, layers.Dense(2)(x)))


def test_batch_normalization_becomes_part_of_the_weights_next_to_it(iris):
    model = keras.Sequential(
        [
            layers.Input((4,)),
            layers.Dense(6, use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.BatchNormalization(center=False, scale=False),
            layers.Dense(3, activation="softmax"),
        ]
    )
    assert netviz.load(trained(model, iris, 3)).sizes == (4, 6, 3)
    compare(model, iris)
