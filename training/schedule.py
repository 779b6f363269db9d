"""The loop that every head is trained by: AdamW, the running mean of the weights, and cosines with warm restarts.

Each round (Loshchilov & Hutter, SGDR, ICLR 2017) starts from where the one before ended, at half its rate; the rounds'
ends are averaged (Wortsman et al., Model soups, ICML 2022).
"""

import copy
import math
import time
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from training.network import Mapper

_MEAN_DECAY = 0.99
_WARM_STEPS = 40
_RATE = 1e-3
_ENCODER_RATE = 2e-4


def train(
    model: Mapper,
    *,
    draw: Callable[[], tuple[Tensor, Tensor]],
    loss_of: Callable[[Tensor, Tensor], Tensor],
    rounds: Sequence[int],
    watch: Callable[[Mapper, int], None],
    every: int = 100,
) -> Mapper:
    """Return the mean of what each round of so many batches ends with; `watch` sees the model every so often."""
    ends = []
    for halvings, steps in enumerate(rounds):
        model = _round(model, draw=draw, loss_of=loss_of, steps=steps, ease=0.5**halvings, watch=watch, every=every)
        ends.append(model.state_dict())
    model.load_state_dict({name: _mean([end[name] for end in ends]) for name in ends[0]})
    return model


def _round(
    model: Mapper,
    *,
    draw: Callable[[], tuple[Tensor, Tensor]],
    loss_of: Callable[[Tensor, Tensor], Tensor],
    steps: int,
    ease: float,
    watch: Callable[[Mapper, int], None],
    every: int,
) -> Mapper:
    model = model.to(memory_format=torch.channels_last)
    rest = [weight for name, weight in model.named_parameters() if not name.startswith("encoder.")]
    groups = [
        {
            "params": [weight for weight in model.encoder.parameters() if weight.requires_grad],
            "lr": ease * _ENCODER_RATE,
        },
        {"params": rest, "lr": ease * _RATE},
    ]
    optimiser = AdamW(groups, weight_decay=1e-2)
    scheduler = LambdaLR(optimiser, lambda step: _share_of_rate(step, steps))
    mean: Mapper = copy.deepcopy(model).eval()
    began = time.monotonic()
    for step in range(1, steps + 1):
        model.train()
        pictures, targets = draw()
        loss = loss_of(model(pictures.to(memory_format=torch.channels_last)), targets)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        scheduler.step()
        _follow(mean, model, min(_MEAN_DECAY, step / (step + 10)))
        if step % every == 0 or step == steps:
            print(f"step {step}/{steps} loss {loss.item():.3f} {time.monotonic() - began:.0f} s", flush=True)
            watch(mean, step)
    return mean


def _share_of_rate(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / _WARM_STEPS) * (0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2)


@torch.no_grad()
def _follow(mean: nn.Module, model: nn.Module, decay: float) -> None:
    for slow, fast in zip(mean.state_dict().values(), model.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)


def _mean(weights: Sequence[Tensor]) -> Tensor:
    if not weights[0].dtype.is_floating_point:  # how many batches a norm has seen
        return weights[-1]
    return torch.stack(list(weights)).mean(dim=0)
