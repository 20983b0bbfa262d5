"""The trained network as one int8 ONNX file, and how far the int8 file is from the weights that were trained."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch

from eval.train.network import CrossEncoder

OUTPUTS = ("answers", "about", "asks")


def write(network: CrossEncoder, path: Path) -> str:
    """Write `path`, and give its SHA-256.

    Weights get 7 bits (`reduce_range`): processors without the newer instructions add two products of 8 bits in 16, and
    what overflows there would make the answers hang on the machine.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    network.eval()
    whole = path.with_suffix(".fp32.onnx")
    example = tuple(torch.ones((2, 16), dtype=torch.int64) for _ in range(3))
    axes = {name: {0: "batch", 1: "length"} for name in ("ids", "types", "mask")}
    axes |= {name: {0: "batch"} for name in OUTPUTS}
    torch.onnx.export(
        network, example, str(whole), input_names=["ids", "types", "mask"], output_names=list(OUTPUTS),
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    quantize_dynamic(
        str(whole),
        str(path),
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
    )
    whole.unlink()
    return hashlib.sha256(path.read_bytes()).hexdigest()
