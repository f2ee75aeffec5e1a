"""Models in ONNX: one chain of Gemm, or MatMul and Add, and activations, from input to output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from netviz.core import Network
from netviz.core.arrays import Array
from netviz.interop.refusal import ModelError
from netviz.interop.stack import Known, Stack, refused

ACTIVATIONS = {
    "Sigmoid": Known("sigmoid"),
    "Tanh": Known("tanh"),
    "Relu": Known("relu"),
    "LeakyRelu": Known("leaky_relu", {"alpha": (0.01,)}),
    "Elu": Known("elu", {"alpha": (1.0,)}),
    "Gelu": Known("gelu", {"approximate": ("none",)}),
    "Softplus": Known("softplus"),
    "Swish": Known("silu", {"alpha": (1.0,)}),
    "Softmax": Known("softmax", {"axis": (-1, 1)}),
}
DEFAULTS: dict[str, dict[str, object]] = {
    "LeakyRelu": {"alpha": 0.01},
    "Elu": {"alpha": 1.0},
    "Gelu": {"approximate": "none"},
    "Swish": {"alpha": 1.0},
    "Softmax": {"axis": -1},
}
KNOWN = ("Gemm", "MatMul", "Add", *ACTIVATIONS, "Identity", "Dropout", "Flatten")


def from_file(path: Path, activation: str | Sequence[str] | None = None) -> Network:
    """Read a network; the file tells its activations itself.

    Raises:
        ModelError: It is no ONNX file, or holds what cannot be shown; the node is named.
    """
    if activation is not None:
        raise ModelError("an ONNX file", "tells its activations itself", "no activation beside it")
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model)
    except Exception as error:  # protobuf and onnx each have their own, with no common parent
        reason = str(error).strip().partition("\n")[0]
        raise ModelError("the file", f"cannot be read ({reason})", "an ONNX model") from error
    return from_model(model)


def from_model(model: onnx.ModelProto) -> Network:
    """The network in an ONNX model.

    Raises:
        ModelError: A node is none of those known here, or does not follow the one before it.
    """
    constants = _constants(model.graph)
    stack = Stack()
    for node, given in _chain(model.graph, constants):
        where = _where(node)
        if node.op_type in ACTIVATIONS:
            setting = {**DEFAULTS.get(node.op_type, {}), **_attributes(node)}.__getitem__
            stack.activation(ACTIVATIONS[node.op_type].name_with(setting, where), where)
        elif node.op_type in ARITHMETIC:
            ARITHMETIC[node.op_type](stack, node, _operands(node, given, constants))
        elif not _keeps_each_number(node, constants):
            raise refused(where, KNOWN)
    return stack.network()


# ---- arithmetic: None stands for what flows through the network, an array for a constant ---------


def _gemm(stack: Stack, node: onnx.NodeProto, operands: list[Array | None]) -> None:
    """α A B + β C, where A is a batch of samples, one a row."""
    told = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0, **_attributes(node)}
    matrix = operands[1]
    if operands[0] is not None or told["transA"] or matrix is None:
        raise ModelError(_where(node), "is no input times weights", "A as input, B as weights")
    stack.affine(told["alpha"] * (matrix if told["transB"] else matrix.T), None)
    if len(operands) > 2:
        _shift(stack, node, operands[2], told["beta"])


def _matmul(stack: Stack, node: onnx.NodeProto, operands: list[Array | None]) -> None:
    matrix = operands[1]
    if operands[0] is not None or matrix is None or matrix.ndim != 2:
        raise ModelError(_where(node), "is no input times weights", "A as input, B as weights")
    stack.affine(matrix.T, None)


def _add(stack: Stack, node: onnx.NodeProto, operands: list[Array | None]) -> None:
    first, second = operands
    _shift(stack, node, second if first is None else first)


def _shift(stack: Stack, node: onnx.NodeProto, bias: Array | None, factor: float = 1.0) -> None:
    if bias is None:
        raise ModelError(_where(node), "adds what is not constant", "a bias")
    stack.shift(factor * bias, _where(node))


ARITHMETIC = {"Gemm": _gemm, "MatMul": _matmul, "Add": _add}


# ---- the graph -----------------------------------------------------------------------------------


def _chain(
    graph: onnx.GraphProto, constants: Mapping[str, Array]
) -> Iterator[tuple[onnx.NodeProto, str]]:
    """Yield the nodes from input to output, each with the name of what flows into it."""
    inputs = [given.name for given in graph.input if given.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        found = f"has {len(inputs)} inputs and {len(graph.output)} outputs"
        raise ModelError("the model", found, "one of each")
    value, rest = inputs[0], _with_silu([n for n in graph.node if n.output[0] not in constants])
    while value != graph.output[0].name:
        readers = [node for node in rest if value in node.input]
        if len(readers) != 1:
            operations = ", ".join(node.op_type for node in readers) or "nothing"
            right = (
                "one layer after another (and opset 20 or later for GELU, which is one node there)"
            )
            raise ModelError(f"the value {value!r}", f"flows into {operations}", right)
        yield readers[0], value
        rest.remove(readers[0])
        value = readers[0].output[0]
    if rest:
        raise ModelError(_where(rest[0]), "is beside the way to the output", "a single chain")


def _with_silu(nodes: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Join z · σ(z) to one Swish: as two nodes is how SiLU is written before opset 24."""
    for sigmoid in [node for node in nodes if node.op_type == "Sigmoid"]:
        pair = {sigmoid.input[0], sigmoid.output[0]}
        for product in nodes:
            if product.op_type == "Mul" and set(product.input) == pair:
                swish = onnx.helper.make_node("Swish", sigmoid.input, product.output)
                nodes = [n for n in nodes if n is not sigmoid and n is not product] + [swish]
    return nodes


def _constants(graph: onnx.GraphProto) -> dict[str, Array]:
    """Every tensor that does not depend on the input, as float64, which changes no float32."""
    constants = {
        tensor.name: _numbers(numpy_helper.to_array(tensor)) for tensor in graph.initializer
    }
    for node in graph.node:
        told = _attributes(node)
        if node.op_type == "Constant" and "value" in told:
            constants[node.output[0]] = _numbers(numpy_helper.to_array(told["value"]))
        elif node.op_type in ("Identity", "Transpose") and node.input[0] in constants:
            tensor = constants[node.input[0]]
            turned = node.op_type == "Transpose"
            constants[node.output[0]] = tensor.transpose(told.get("perm")) if turned else tensor
    return constants


def _numbers(tensor: NDArray[Any]) -> Array:
    return np.asarray(tensor, np.float64)


def _attributes(node: onnx.NodeProto) -> dict[str, Any]:
    values = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    return {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in values.items()
    }


def _operands(
    node: onnx.NodeProto, given: str, constants: Mapping[str, Array]
) -> list[Array | None]:
    return [None if name == given else constants.get(name) for name in node.input if name]


def _keeps_each_number(node: onnx.NodeProto, constants: Mapping[str, Array]) -> bool:
    """Whether a node at most makes each sample flat."""
    if node.op_type == "Flatten":
        return bool(_attributes(node).get("axis", 1) == 1)
    if node.op_type == "Reshape":
        return constants.get(node.input[1], np.empty(0)).size == 2
    return node.op_type in ("Identity", "Dropout")


def _where(node: onnx.NodeProto) -> str:
    return f"the node {(node.name or node.output[0])!r} ({node.op_type})"
