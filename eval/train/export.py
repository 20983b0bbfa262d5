"""A trained network as one int8 ONNX file, and the weights of such a file put back into a network."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from eval.train.network import CrossEncoder, QuestionReader, States


def write(network: CrossEncoder | QuestionReader, path: Path) -> str:
    """Write a network to `path`, and give the file's SHA-256."""
    return _written(network, path, ("ids", "types", "mask"), network.outputs)


def write_encoder(encoder: nn.Module, path: Path) -> str:
    """Write an encoder to `path`, and give the file's SHA-256: word pieces in, the last states of each out."""
    return _written(States(encoder), path, ("input_ids", "token_type_ids", "attention_mask"), ("states",))


def _written(network: nn.Module, path: Path, inputs: Sequence[str], outputs: Sequence[str]) -> str:
    # Weights get 7 bits (`reduce_range`): processors without the newer instructions add two products of 8 bits in 16,
    # and what overflows there would make the answers hang on the machine.
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    whole = path.with_suffix(".fp32.onnx")
    example = tuple(torch.ones((2, 16), dtype=torch.int64) for _ in inputs)
    axes = {name: {0: "batch", 1: "length"} for name in inputs}
    axes |= {name: {0: "batch", 1: "length"} if name in ("states", "marks") else {0: "batch"} for name in outputs}
    torch.onnx.export(
        network, example, str(whole), input_names=list(inputs), output_names=list(outputs),
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(str(whole), str(path), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    whole.unlink()
    return hashlib.sha256(path.read_bytes()).hexdigest()


def unpack(network: nn.Module, path: Path) -> None:
    """Put the weights of a file that `write` wrote back into a network, as exactly as its 7 bits have them.

    A head that the file has not is left as it is, and one that the network has not is left out.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    given = {tensor.name: torch.tensor(numpy_helper.to_array(tensor)) for tensor in graph.initializer}
    inside = {name: value for name, value in given.items() if name in network.state_dict()}
    for name, value in given.items():
        kept, _, quantized = name.partition("_quantized")
        if quantized == "" and name.endswith("_quantized") and kept in network.state_dict():
            inside[kept] = (value.float() - given[f"{kept}_zero_point"].float()) * given[f"{kept}_scale"]
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            kept = node.input[1].removesuffix("_quantized")
            whole = (given[node.input[1]].float() - given[f"{kept}_zero_point"].float()) * given[f"{kept}_scale"]
            place = node.name.strip("/").removesuffix("/MatMul_quant").removesuffix("/Gemm_MatMul_quant")
            inside[f"{place.replace('/', '.')}.weight"] = whole.T
    scales = sorted(name for name, value in given.items() if name.startswith("onnx::Mul_") and value.ndim == 0)
    if scales:
        inside["likeness"] = torch.stack([given[name] for name in scales])
    wanted = network.state_dict()
    missing, _ = network.load_state_dict({k: v for k, v in inside.items() if k in wanted}, strict=False)
    if any(name.startswith("encoder.") for name in missing):
        raise ValueError(f"{path} does not have what the network has: {missing}")
