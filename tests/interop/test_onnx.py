"""ONNX models give in netviz what the reference evaluator of ONNX computes."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from sklearn.neural_network import MLPClassifier

import netviz

pytestmark = pytest.mark.filterwarnings(
    "ignore::sklearn.exceptions.ConvergenceWarning"  # a few steps are enough here
)


def model_of(nodes, constants, n_in, opset=24, outputs=("y",)):
    """A model from x to y, with float32 constants by name."""
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, n_in])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, None]) for name in outputs],
        [numpy_helper.from_array(np.float32(array), name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def compare(model, x):
    onnx.checker.check_model(model)
    (expected,) = ReferenceEvaluator(model).run(None, {"x": np.float32(x)})
    given = netviz.forward(netviz.load(model), x).prediction
    np.testing.assert_allclose(given, expected, rtol=0, atol=1e-6)


@pytest.fixture(scope="module")
def weights(iris):
    """Weights ``(n_in, n_out)`` and biases that were trained on iris."""
    fitted = MLPClassifier(5, max_iter=200, learning_rate_init=0.01, random_state=0)
    fitted.fit(iris.x, iris.y)
    assert fitted.score(iris.x, iris.y) > 0.9
    return {
        "w1": fitted.coefs_[0],
        "b1": fitted.intercepts_[0],
        "w2": fitted.coefs_[1],
        "b2": fitted.intercepts_[1],
    }


def chain(*nodes):
    """Nodes, each as its operator, its constants and its attributes, from x to y."""
    values = ["x", *(f"v{i}" for i in range(1, len(nodes))), "y"]
    return [
        helper.make_node(op, [values[i], *constants], [values[i + 1]], name=f"n{i}", **attributes)
        for i, (op, constants, attributes) in enumerate(nodes)
    ]


@pytest.mark.parametrize(
    ("op", "attributes"),
    [
        ("Identity", {}),
        ("Sigmoid", {}),
        ("Tanh", {}),
        ("Relu", {}),
        ("LeakyRelu", {}),
        ("LeakyRelu", {"alpha": 0.01}),
        ("Elu", {}),
        ("Gelu", {}),
        ("Softplus", {}),
        ("Swish", {}),
        ("Softmax", {"axis": 1}),
    ],
)
def test_gemm_with_each_activation(iris, weights, op, attributes):
    nodes = chain(
        ("Flatten", [], {}),
        ("Gemm", ["w1", "b1"], {}),
        (op, [], attributes),
        ("Gemm", ["w2", "b2"], {}),
        ("Softmax", [], {}),
    )
    compare(model_of(nodes, weights, 4), iris.x)


def test_matmul_and_add(iris, weights):
    nodes = chain(
        ("MatMul", ["w1"], {}),
        ("Add", ["b1"], {}),
        ("Relu", [], {}),
        ("Dropout", [], {}),
        ("MatMul", ["w2"], {}),
        ("Add", ["b2"], {}),
    )
    nodes[1].input[:] = reversed(nodes[1].input)
    compare(model_of(nodes, weights, 4), iris.x)


def test_gemm_with_all_its_factors(iris, weights):
    constants = {"w": weights["w1"].T, "b": [[0.5]], "c": weights["b1"]}
    nodes = chain(
        ("Gemm", ["w", "b"], {"alpha": 0.5, "beta": -2.0, "transB": 1}),
        ("Add", ["c"], {}),
        ("Tanh", [], {}),
    )
    compare(model_of(nodes, constants, 4), iris.x)


def test_weights_from_nodes(iris, weights):
    """A constant as a node, and weights that are turned first."""
    nodes = [
        helper.make_node("Constant", [], ["b"], value=numpy_helper.from_array(np.float32([1, 2]))),
        helper.make_node("Transpose", ["w"], ["turned"], perm=[1, 0]),
        helper.make_node("Reshape", ["x", "shape"], ["flat"]),
        helper.make_node("Gemm", ["flat", "turned", "b"], ["y"]),
    ]
    model = model_of(nodes, {"w": weights["w1"].T[:2]}, 4)
    model.graph.initializer.append(numpy_helper.from_array(np.int64([-1, 4]), "shape"))
    compare(model, iris.x)


def test_silu_as_two_nodes(iris, weights):
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["z"]),
        helper.make_node("Sigmoid", ["z"], ["s"]),
        helper.make_node("Mul", ["z", "s"], ["y"]),
    ]
    compare(model_of(nodes, weights, 4, opset=17), iris.x)


def test_a_file(iris, weights, tmp_path):
    nodes = chain(("Gemm", ["w1", "b1"], {}), ("Relu", [], {}))
    model = model_of(nodes, weights, 4)
    onnx.save(model, tmp_path / "model.onnx")
    network = netviz.load(tmp_path / "model.onnx")
    assert network == netviz.load(model)
    np.testing.assert_array_equal(network.layers[0].weights, np.float32(weights["w1"].T))


def refusal(source, **options) -> str:
    with pytest.raises(netviz.interop.ModelError) as caught:
        netviz.load(source, **options)
    return str(caught.value)


ONES = {"w": np.ones((2, 2)), "three": np.ones(3), "k": np.ones((1, 1, 3))}
REFUSED = {
    "convolution": (
        chain(("Conv", ["k"], {})),
        "the node 'n0' (Conv) cannot be shown, expected one of Gemm, MatMul, Add, Sigmoid, Tanh, ",
    ),
    "slope": (
        chain(("MatMul", ["w"], {}), ("LeakyRelu", [], {"alpha": 0.2})),
        "the node 'n1' (LeakyRelu) has alpha=0.2, expected alpha=0.01",
    ),
    "gelu": (
        chain(("MatMul", ["w"], {}), ("Gelu", [], {"approximate": "tanh"})),
        "the node 'n1' (Gelu) has approximate='tanh', expected approximate='none'",
    ),
    "bias first": (
        chain(("Add", ["three"], {}), ("MatMul", ["w"], {})),
        "the node 'n0' (Add) comes before any weights, expected a layer with weights first",
    ),
    "long bias": (
        chain(("MatMul", ["w"], {}), ("Add", ["three"], {})),
        "the node 'n1' (Add) adds 3 numbers, expected a bias of 2",
    ),
    "weights first": (
        [helper.make_node("MatMul", ["w", "x"], ["y"], name="n0")],
        "the node 'n0' (MatMul) is no input times weights, expected A as input, B as weights",
    ),
    "turned input": (
        chain(("Gemm", ["w"], {"transA": 1})),
        "the node 'n0' (Gemm) is no input times weights, expected A as input, B as weights",
    ),
    "itself": (
        [helper.make_node("Add", ["x", "x"], ["y"], name="n0")],
        "the node 'n0' (Add) adds what is not constant, expected a bias",
    ),
    "residual": (
        [
            helper.make_node("MatMul", ["x", "w"], ["z"]),
            helper.make_node("Add", ["x", "z"], ["y"]),
        ],
        "the value 'x' flows into MatMul, Add, expected one layer after another",
    ),
    "beside": (
        [*chain(("MatMul", ["w"], {})), helper.make_node("Relu", ["w"], ["unused"], name="odd")],
        "the node 'odd' (Relu) is beside the way to the output, expected a single chain",
    ),
}


@pytest.mark.parametrize(("nodes", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(nodes, sentence):
    assert refusal(model_of(nodes, ONES, 2)).startswith(sentence)


def test_two_outputs():
    nodes = [helper.make_node("MatMul", ["x", "w"], [name]) for name in ("y", "also")]
    model = model_of(nodes, ONES, 2, outputs=("y", "also"))
    assert refusal(model) == "the model has 1 inputs and 2 outputs, expected one of each"


def test_what_is_no_onnx_file(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\x80\x04 not a model")
    assert refusal(path).startswith(f"{path}: the file cannot be read (")
    path.write_bytes(b"")
    assert refusal(path).startswith(f"{path}: the file cannot be read (")


def test_a_file_tells_its_activations_itself(weights, tmp_path):
    path = tmp_path / "model.onnx"
    onnx.save(model_of(chain(("MatMul", ["w1"], {})), weights, 4), path)
    assert refusal(path, activation="relu") == (
        f"{path}: an ONNX file tells its activations itself, expected no activation beside it"
    )
