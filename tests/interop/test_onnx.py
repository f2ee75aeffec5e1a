"""ONNX models give in netviz what the reference evaluator of ONNX computes."""

from __future__ import annotations

from itertools import pairwise

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
    np.testing.assert_allclose(given, expected, rtol=1e-6, atol=1e-6)


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
        ("LeakyRelu", {"alpha": 0.2}),
        ("Elu", {}),
        ("Elu", {"alpha": 0.5}),
        ("Gelu", {}),
        ("Softplus", {}),
        ("Swish", {}),
        ("Swish", {"alpha": 1.5}),
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


def gelu_before_opset_20():
    return [
        helper.make_node("MatMul", ["x", "w"], ["z"]),
        helper.make_node("Div", ["z", "root"], ["r"], name="part"),
        helper.make_node("Erf", ["r"], ["e"]),
        helper.make_node("Mul", ["z", "e"], ["y"]),
    ]


def test_parts_of_gelu_are_refused_with_a_hint():
    model = model_of(gelu_before_opset_20(), {**ONES, "root": np.float32(1.4)}, 2, opset=17)
    assert refusal(model).endswith("; opset 20 or later has GELU as one node")


def residual(nodes, sizes):
    """A model of nodes, with random weights w1, b1, … between layers of these sizes."""
    rng = np.random.default_rng(3)
    constants = {}
    for i, (n_in, n_out) in enumerate(pairwise(sizes), start=1):
        constants |= {f"w{i}": rng.normal(size=(n_in, n_out)), f"b{i}": rng.normal(size=n_out)}
    return model_of([helper.make_node(*node) for node in nodes], constants, sizes[0])


def gemm(source, i, result):
    return ("Gemm", [source, f"w{i}", f"b{i}"], [result])


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("nodes", "kinds", "skips"),
    [
        pytest.param(
            [gemm("x", 1, "z"), ("Relu", ["z"], ["a"]), gemm("a", 2, "f"), ("Add", "xf", "y")],
            ["Dense relu", "Dense identity"],
            ((0, 2),),
            id="block",
        ),
        pytest.param(
            [
                *(gemm("x", 1, "z"), ("Relu", ["z"], ["a"]), gemm("a", 2, "f")),
                *(("Add", "xf", "s"), ("Relu", ["s"], ["y"])),
            ],
            ["Dense relu", "Dense relu"],
            ((0, 2),),
            id="activation after the sum",
        ),
        pytest.param(
            [gemm("x", 1, "z"), ("Tanh", ["z"], ["f"]), ("Add", "xf", "y")],
            ["Dense tanh", "OneToOne identity"],
            ((0, 2),),
            id="block that ends in an activation",
        ),
        pytest.param(
            [gemm("x", 1, "f"), ("Add", "xf", "y")],
            ["Dense identity", "OneToOne identity"],
            ((0, 2),),
            id="block of one layer",
        ),
        pytest.param(
            [
                *(("Relu", ["x"], ["r"]), gemm("r", 1, "z"), ("Relu", ["z"], ["a"])),
                *(gemm("a", 2, "f"), ("Add", "xf", "y")),
            ],
            ["OneToOne relu", "Dense relu", "Dense identity"],
            ((0, 3),),
            id="activation before the weights",
        ),
        pytest.param(
            [
                *(gemm("x", 1, "x1"), ("Relu", ["x1"], ["r"]), gemm("r", 2, "f")),
                *(("Add", ["x1", "f"], ["s"]), ("Relu", ["s"], ["t"]), gemm("t", 1, "g")),
                *(("Tanh", ["g"], ["h"]), ("Add", ["s", "h"], ["y"])),
            ],
            [
                *("Dense identity", "OneToOne relu", "Dense identity", "OneToOne relu"),
                *("Dense tanh", "OneToOne identity"),
            ],
            ((1, 3), (3, 6)),
            id="two blocks that start with an activation",
        ),
        pytest.param(
            [
                *(gemm("x", 1, "z"), ("Tanh", ["z"], ["a"]), gemm("a", 2, "b")),
                *(("Tanh", ["b"], ["c"]), gemm("c", 1, "d"), ("Add", "ad", "e")),
                *(("Tanh", ["e"], ["f"]), gemm("f", 2, "g"), ("Add", "xg", "y")),
            ],
            ["Dense tanh", "Dense tanh", "Dense tanh", "Dense identity"],
            ((0, 4), (1, 3)),
            id="nested",
        ),
        pytest.param(
            [
                *(gemm("x", 1, "z"), ("Tanh", ["z"], ["a"]), ("Add", "xa", "s")),
                *(gemm("a", 2, "b"), ("Tanh", ["b"], ["c"]), gemm("c", 1, "d"), ("Add", "sd", "y")),
            ],
            ["Dense tanh", "Dense tanh", "Dense identity"],
            ((0, 3), (1, 3)),
            id="sum of two earlier layers",
        ),
        pytest.param(
            [gemm("x", 1, "z"), ("Identity", "x", "i"), gemm("z", 2, "f"), ("Add", "if", "y")],
            ["Dense identity", "Dense identity"],
            ((0, 2),),
            id="identity on the shortcut",
        ),
    ],
)
def test_residual_blocks(nodes, kinds, skips, swapped):
    if swapped:
        nodes = [(op, reversed(read) if op == "Add" else read, made) for op, read, made in nodes]
    model = residual([(op, list(read), list(made)) for op, read, made in nodes], [3, 3, 3])
    network = netviz.load(model)
    found = [f"{type(layer).__name__} {layer.activation}" for layer in network.layers]
    assert (found, network.skips) == (kinds, skips)
    compare(model, np.random.default_rng(0).normal(size=(20, 3)))


def test_a_bias_after_the_sum():
    nodes = [("MatMul", ["x", "w1"], ["z"]), gemm("z", 2, "f"), ("Add", ["x", "f"], ["s"])]
    model = residual([*nodes, ("Add", ["s", "b1"], ["y"])], [3, 3, 3])
    compare(model, np.random.default_rng(0).normal(size=(20, 3)))


CHAIN = "expected one chain of layers with identity shortcuts, y = x + block(x)"
REFUSED_GRAPHS = {
    "projection shortcut": (
        [gemm("x", 1, "a"), ("Tanh", "a", "b"), gemm("b", 2, "c"), gemm("x", 1, "p")],
        ("Add", "pc", "y"),
        f"the node 'p' (Gemm) is on a second branch: {CHAIN}",
    ),
    "activation on the shortcut": (
        [gemm("x", 1, "a"), ("Tanh", "a", "b"), gemm("b", 2, "c"), ("Tanh", "x", "p")],
        ("Add", "pc", "y"),
        f"the node 'p' (Tanh) is on a second branch: {CHAIN}",
    ),
    "other sizes": (
        [gemm("x", 1, "a"), ("Tanh", "a", "b"), gemm("b", 3, "c")],
        ("Add", "xc", "y"),
        "the node 'y' (Add) adds 3 numbers to 1: expected equal sizes",
    ),
    "bias after an activation": (
        [gemm("x", 1, "a"), ("Tanh", "a", "b")],
        ("Add", ["b", "b1"], "y"),
        "the node 'y' (Add) adds a bias not directly after weights: expected",
    ),
}


@pytest.mark.parametrize(("nodes", "last", "sentence"), REFUSED_GRAPHS.values(), ids=REFUSED_GRAPHS)
def test_graphs_that_are_refused(nodes, last, sentence):
    nodes = [(op, list(read), list(made)) for op, read, made in [*nodes, last]]
    assert refusal(residual(nodes, [3, 3, 3, 1])).startswith(sentence)


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
        "the node 'n0' (Conv) is not supported: expected one of Gemm, MatMul, Add, ",
    ),
    "gelu": (
        chain(("MatMul", ["w"], {}), ("Gelu", [], {"approximate": "tanh"})),
        "the node 'n1' (Gelu) has approximate='tanh': expected approximate='none'",
    ),
    "bias first": (
        chain(("Add", ["three"], {}), ("MatMul", ["w"], {})),
        "the node 'n0' (Add) adds a bias before any weights: expected a bias directly after",
    ),
    "long bias": (
        chain(("MatMul", ["w"], {}), ("Add", ["three"], {})),
        "the node 'n1' (Add) adds 3 numbers: expected a bias of 2",
    ),
    "weights first": (
        [helper.make_node("MatMul", ["w", "x"], ["y"], name="n0")],
        "the node 'n0' (MatMul) has a constant first operand: expected a value",
    ),
    "turned input": (
        chain(("Gemm", ["w"], {"transA": 1})),
        "the node 'n0' (Gemm) has transA=1: expected transA=0, with one sample in each row",
    ),
    "itself": (
        [
            helper.make_node("MatMul", ["x", "w"], ["z"]),
            helper.make_node("Add", ["z", "z"], ["y"], name="n1"),
        ],
        "the node 'n1' (Add) adds the same value twice: expected one chain of layers",
    ),
    "dead end": (
        [*chain(("MatMul", ["w"], {})), helper.make_node("Relu", ["w"], ["unused"], name="odd")],
        "the node 'odd' (Relu) does not lead to the output: expected nodes on paths",
    ),
}


@pytest.mark.parametrize(("nodes", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(nodes, sentence):
    assert refusal(model_of(nodes, ONES, 2)).startswith(sentence)


def test_two_outputs():
    nodes = [helper.make_node("MatMul", ["x", "w"], [name]) for name in ("y", "also")]
    model = model_of(nodes, ONES, 2, outputs=("y", "also"))
    assert refusal(model) == "the model has 1 inputs and 2 outputs: expected one of each"


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\x80\x04 not a model")
    assert refusal(path).startswith(f"{path}: the file cannot be read (")
    path.write_bytes(b"")
    assert refusal(path).startswith(f"{path}: the file cannot be read (")


def test_a_tensor_of_another_size_is_refused(tmp_path, weights):
    path, model = tmp_path / "model.onnx", model_of(chain(("MatMul", ["w1"], {})), weights, 4)
    model.graph.initializer[0].dims.pop()
    path.write_bytes(model.SerializeToString())
    assert refusal(path).startswith(f"{path}: the file cannot be read (cannot reshape")


def test_a_file_defines_its_activations(weights, tmp_path):
    path = tmp_path / "model.onnx"
    onnx.save(model_of(chain(("MatMul", ["w1"], {})), weights, 4), path)
    assert refusal(path, activation="relu") == (
        f"{path}: an ONNX file defines its activations: expected no activation argument"
    )


def test_batch_normalization_becomes_part_of_the_weights_next_to_it(iris, weights):
    rng = np.random.default_rng(0)
    size = len(weights["b1"])
    names = ("gain", "shift", "mean", "variance")
    statistics = {name: np.float32(rng.uniform(0.5, 1.5, size)) for name in names}
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["z"]),
        helper.make_node("BatchNormalization", ["z", *names], ["n"], epsilon=0.01),
        helper.make_node("Relu", ["n"], ["y"]),
    ]
    compare(model_of(nodes, {**weights, **statistics}, 4), iris.x)
