"""Export a trained head to the file that ships: one ONNX graph, with weights in half precision."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from training.heads.network import SegmentationNet

_OPSET = 18
# Smaller constants are shapes, scales and biases: halving them saves nothing.
_MIN_HALVED_SIZE = 512


class ServedHead(nn.Module):
    """A head in its served form: `planes` as logits at a quarter of the size, and the scene in one row of numbers."""

    def __init__(self, head: SegmentationNet) -> None:
        super().__init__()
        self.head = head

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = self.head.encode(pictures)
        return self.head.decode(maps), adaptive_avg_pool2d(maps[-1], 1).flatten(1)


def export(head: SegmentationNet, path: Path) -> None:
    """Write the graph of a head: `pictures` (n, 3, h, w) to `planes` (n, p, h / 4, w / 4) and `scene` (n, channels)."""
    axes = {"pictures": {0: "n", 2: "h", 3: "w"}, "planes": {0: "n", 2: "qh", 3: "qw"}, "scene": {0: "n"}}
    served = ServedHead(head.to(memory_format=torch.contiguous_format))
    _export(served, path, pictures=torch.zeros(1, 3, 384, 512), axes=axes)


def export_classifier(classifier: nn.Module, path: Path) -> None:
    """Write the graph of a classifier: `pictures` (n, 3, 224, 224) to `classes` (n, classes)."""
    _export(classifier, path, pictures=torch.zeros(1, 3, 224, 224), axes={"pictures": {0: "n"}, "classes": {0: "n"}})


def _export(module: nn.Module, path: Path, *, pictures: Tensor, axes: dict[str, dict[int, str]]) -> None:
    """Write a graph from `pictures` to the other names in `axes`, which give the variable dimensions of each."""
    torch.onnx.export(
        module.eval(),
        (pictures,),
        str(path),
        input_names=["pictures"],
        output_names=[name for name in axes if name != "pictures"],
        dynamic_axes=axes,
        opset_version=_OPSET,
        dynamo=False,
    )
    onnx.save(_halve_weights(onnx.load(path)), path)


def _halve_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Store the large weights as float16; a cast, folded when the session is created, converts them back."""
    initializers, casts = [], []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size < _MIN_HALVED_SIZE:
            initializers.append(weight)
            continue
        stored = f"{weight.name}.half"
        initializers.append(numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(helper.make_node("Cast", [stored], [weight.name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(initializers)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model
