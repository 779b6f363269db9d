"""The training loop of every head: AdamW, the running mean of the weights, and cosines with warm restarts.

Each round (Loshchilov & Hutter, SGDR, ICLR 2017) starts from the mean at the end of the previous one, at half its rate.
"""

import copy
import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

from training.heads.network import SegmentationNet

Batch = tuple[Tensor, Tensor]

DEVICE: Final = torch.device("cuda" if torch.cuda.is_available() else "cpu")
_MEAN_DECAY: Final = 0.995
_WARM_STEPS: Final = 40
_RATE: Final = 1e-3
_ENCODER_RATE: Final = 2e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingStage:
    """One stage of a training: `draw` makes a batch of pictures and targets; same generator state, same batch.

    `watch` gets the model every so many batches; its changes to `draw` apply from the next batch on.
    """

    draw: Callable[[Generator], Batch]
    loss_of: Callable[[Tensor, Tensor], Tensor]
    watch: Callable[[SegmentationNet, int], None]
    seed: int
    every: int


def run_stages(model: SegmentationNet, stages: Sequence[TrainingStage], *, rounds: Sequence[int]) -> SegmentationNet:
    """Return the running mean of the weights after rounds of so many batches, each with its stage."""
    # The drawing processes are forked, and OpenCV's own threads do not survive a fork.
    cv2.setNumThreads(0)
    model = model.to(DEVICE)
    for index, (stage, steps) in enumerate(zip(stages, rounds, strict=True)):
        model = _round(model, stage, index=index, steps=steps)
    model.cpu()
    return model


def _round(model: SegmentationNet, stage: TrainingStage, *, index: int, steps: int) -> SegmentationNet:
    model = model.to(memory_format=torch.channels_last)
    rest = [weight for name, weight in model.named_parameters() if not name.startswith("encoder.")]
    encoder = [weight for weight in model.encoder.parameters() if weight.requires_grad]
    scale = 0.5**index
    groups = [{"params": encoder, "lr": scale * _ENCODER_RATE}, {"params": rest, "lr": scale * _RATE}]
    optimiser = AdamW(groups, weight_decay=1e-2)
    scheduler = LambdaLR(optimiser, lambda step: _rate_factor(step, steps))
    mean: SegmentationNet = copy.deepcopy(model).eval()
    started = time.monotonic()
    step = 0
    while step < steps:
        numbers = range(step, min(step + stage.every, steps))
        for pictures, targets in _batches(stage, index=index, numbers=numbers):
            step += 1
            model.train()
            loss = stage.loss_of(model(pictures), targets)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            scheduler.step()
            _update_mean(mean, model, min(_MEAN_DECAY, step / (step + 10)))
        print(f"step {step}/{steps} loss {loss.item():.3f} {time.monotonic() - started:.0f} s", flush=True)
        stage.watch(mean, step)
    return mean


def _batches(stage: TrainingStage, *, index: int, numbers: range) -> Iterator[Batch]:
    """Yield the batches of these numbers, drawn by one process per core.

    Each batch has a generator of its own, so that it is the same whichever process draws it.
    """

    def draw_numbered(number: int) -> Batch:
        return stage.draw(np.random.default_rng((stage.seed, index, number)))

    for pictures, targets in DataLoader(
        numbers,
        batch_size=None,
        collate_fn=draw_numbered,
        num_workers=os.cpu_count() or 1,
        multiprocessing_context="fork",
    ):
        on_device = pictures.to(DEVICE, dtype=torch.float32)
        yield on_device.contiguous(memory_format=torch.channels_last), targets.to(DEVICE)


def _rate_factor(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / _WARM_STEPS) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)


@torch.no_grad()
def _update_mean(mean: nn.Module, model: nn.Module, decay: float) -> None:
    for slow, fast in zip(mean.state_dict().values(), model.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)
