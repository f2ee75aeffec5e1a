"""Models in ONNX: a chain of Gemm, or MatMul and Add, and activations, with identity shortcuts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from netviz.core import Network
from netviz.core.arrays import Array
from netviz.interop.builder import ActivationRule, NetworkBuilder, Value, refusal, unsupported
from netviz.problems import ProblemError

ACTIVATIONS = {
    "Sigmoid": ActivationRule("sigmoid"),
    "Tanh": ActivationRule("tanh"),
    "Relu": ActivationRule("relu"),
    "LeakyRelu": ActivationRule("leaky_relu", {"alpha": "negative_slope"}),
    "Elu": ActivationRule("elu", {"alpha": "alpha"}),
    "Gelu": ActivationRule("gelu", required={"approximate": ("none",)}),
    "Softplus": ActivationRule("softplus"),
    "Swish": ActivationRule("silu", {"alpha": "beta"}),
    "Softmax": ActivationRule("softmax", required={"axis": (-1, 1)}),
}
DEFAULTS: dict[str, dict[str, object]] = {
    "LeakyRelu": {"alpha": 0.01},
    "Elu": {"alpha": 1.0},
    "Gelu": {"approximate": "none"},
    "Swish": {"alpha": 1.0},
    "Softmax": {"axis": -1},
}
SUPPORTED = (
    *("Gemm", "MatMul", "Add", "BatchNormalization"),
    *(*ACTIVATIONS, "Identity", "Dropout", "Flatten"),
)

Operand: TypeAlias = Value | Array
"""A value that flows through the network, or a constant."""


def from_file(path: Path, activation: str | Sequence[str] | None = None) -> Network:
    """Read a network from a file, which defines its activations.

    Raises:
        ModelError: The file is not an ONNX model, a node is not supported, or an activation is
            given.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    if activation is not None:
        raise refusal("an ONNX file", "defines its activations", "no activation argument")
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model)
        return from_model(model)
    except ProblemError:
        raise
    # protobuf and onnx have errors without a common base class, and the checker accepts tensors and
    # operands of the wrong size or type.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise refusal("the file", f"cannot be read ({reason})", "an ONNX model") from error


def from_model(model: onnx.ModelProto) -> Network:
    """Return the network in an ONNX model.

    Raises:
        ModelError: A node is not supported, or the nodes are not a chain of layers with identity
            shortcuts.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    graph = model.graph
    operands: dict[str, Operand] = {**_constants(graph)}
    inputs = [entry.name for entry in graph.input if entry.name not in operands]
    if len(inputs) != 1 or len(graph.output) != 1:
        found = f"has {len(inputs)} inputs and {len(graph.output)} outputs"
        raise refusal("the model", found, "one of each")
    builder = NetworkBuilder()
    operands[inputs[0]] = builder.input
    nodes = _with_silu([node for node in graph.node if node.output[0] not in operands])
    _check_all_needed(nodes, graph.output[0].name)
    # Before opset 20 GELU is several nodes, and Erf, the error function, is one of them.
    is_gelu = any(node.op_type == "Erf" for node in nodes)
    hint = "opset 20 or later has GELU as one node" if is_gelu else ""
    for node in nodes:
        read = [operands[name] for name in node.input if name]
        value = _result(builder, node, read)
        if value is None:
            raise unsupported(_where(node), SUPPORTED, hint)
        operands[node.output[0]] = value
    output = operands[graph.output[0].name]
    if not isinstance(output, Value):
        raise refusal("the output", "does not depend on the input", "a network")
    return builder.network(output)


def _result(builder: NetworkBuilder, node: onnx.NodeProto, read: list[Operand]) -> Value | None:
    """Return the result of a node, or None if the node is not supported."""
    where, kind = _where(node), node.op_type
    if kind == "Gemm":
        return _gemm(builder, node, read)
    if kind == "MatMul":
        return builder.affine(_value(read, where), _weights(read, where).T, None, where)
    if kind == "Add":
        first, second = read
        return builder.add(first, second, where)
    if kind == "BatchNormalization":
        return _normalization(builder, node, read)
    if kind in ACTIVATIONS:
        attribute = {**DEFAULTS.get(kind, {}), **_attributes(node)}.__getitem__
        activation = ACTIVATIONS[kind].activation(attribute, where)
        return builder.activation(_value(read, where), activation, where)
    return _value(read, where) if _keeps_each_number(node, read) else None


def _gemm(builder: NetworkBuilder, node: onnx.NodeProto, read: list[Operand]) -> Value:
    """Return α A B + β C for a batch A, with one sample in each row."""
    where = _where(node)
    settings = {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0, **_attributes(node)}
    if settings["transA"]:
        raise refusal(where, "has transA=1", "transA=0, with one sample in each row")
    matrix = _weights(read, where)
    weights = settings["alpha"] * (matrix if settings["transB"] else matrix.T)
    value = builder.affine(_value(read, where), weights, None, where)
    if len(read) < 3:
        return value
    if isinstance(read[2], Value):
        raise refusal(where, "has a C that is not constant", "a constant C, or an Add after it")
    return builder.add(value, settings["beta"] * read[2], where)


def _normalization(builder: NetworkBuilder, node: onnx.NodeProto, read: list[Operand]) -> Value:
    where, settings = _where(node), _attributes(node)
    if settings.get("training_mode", 0):
        raise refusal(where, "has training_mode=1", "a model exported for inference")
    statistics = [operand for operand in read[1:] if not isinstance(operand, Value)]
    if len(statistics) < 4:
        raise refusal(where, "has statistics that are not constant", "constants")
    gain, shift, mean, variance = statistics
    return builder.normalize(
        _value(read, where),
        mean=mean,
        variance=variance,
        epsilon=settings.get("epsilon", 1e-5),
        gain=gain,
        shift=shift,
        where=where,
    )


def _value(read: list[Operand], where: str) -> Value:
    """Return the first operand, which must depend on the input."""
    if not isinstance(read[0], Value):
        raise refusal(where, "has a constant first operand", "a value that depends on the input")
    return read[0]


def _weights(read: list[Operand], where: str) -> Array:
    """Return the second operand, which must be a constant matrix, shape ``(n_in, n_out)``."""
    matrix = read[1]
    if isinstance(matrix, Value) or matrix.ndim != 2:
        raise refusal(where, "has a second operand that is not a constant matrix", "weights")
    return matrix


# ---- the graph -----------------------------------------------------------------------------------


def _check_all_needed(nodes: list[onnx.NodeProto], output: str) -> None:
    needed = {output}
    for node in reversed(nodes):
        if node.output[0] not in needed:
            expected = "nodes on paths from the input to the output only"
            raise refusal(_where(node), "does not lead to the output", expected)
        needed.update(node.input)


def _with_silu(nodes: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """Join z · σ(z) into one Swish: SiLU is written as two nodes before opset 24."""
    for sigmoid in [node for node in nodes if node.op_type == "Sigmoid"]:
        pair = {sigmoid.input[0], sigmoid.output[0]}
        readers = [node for node in nodes if sigmoid.output[0] in node.input]
        if len(readers) == 1 and readers[0].op_type == "Mul" and set(readers[0].input) == pair:
            swish = onnx.helper.make_node("Swish", sigmoid.input, readers[0].output)
            nodes[nodes.index(readers[0])] = swish
            nodes.remove(sigmoid)
    return nodes


def _constants(graph: onnx.GraphProto) -> dict[str, Array]:
    """Return every tensor that does not depend on the input, as float64."""
    constants = {
        tensor.name: _numbers(numpy_helper.to_array(tensor)) for tensor in graph.initializer
    }
    for node in graph.node:
        attributes = _attributes(node)
        if node.op_type == "Constant" and "value" in attributes:
            constants[node.output[0]] = _numbers(numpy_helper.to_array(attributes["value"]))
        elif node.op_type == "Identity" and node.input[0] in constants:
            constants[node.output[0]] = constants[node.input[0]]
        elif node.op_type == "Transpose" and node.input[0] in constants:
            tensor = constants[node.input[0]]
            constants[node.output[0]] = tensor.transpose(attributes.get("perm"))
    return constants


def _numbers(tensor: NDArray[Any]) -> Array:
    """Return a tensor as float64, which changes no float32."""
    return np.asarray(tensor, np.float64)


def _attributes(node: onnx.NodeProto) -> Mapping[str, Any]:
    return {
        attribute.name: _plain(onnx.helper.get_attribute_value(attribute))
        for attribute in node.attribute
    }


def _plain(value: Any) -> Any:
    """Return texts as str, and float32 numbers as the shortest decimal that stands for them."""
    if isinstance(value, bytes):
        return value.decode()
    return float(str(np.float32(value))) if isinstance(value, float) else value


def _keeps_each_number(node: onnx.NodeProto, read: list[Operand]) -> bool:
    """Whether a node at most flattens each sample."""
    if node.op_type == "Flatten":
        return bool(_attributes(node).get("axis", 1) == 1)
    if node.op_type == "Reshape":
        return isinstance(read[1], np.ndarray) and read[1].size == 2
    return node.op_type in ("Identity", "Dropout")


def _where(node: onnx.NodeProto) -> str:
    return f"the node {(node.name or node.output[0])!r} ({node.op_type})"
