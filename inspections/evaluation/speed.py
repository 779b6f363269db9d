"""What a whole analysis of one large photograph costs beside its decoding, in turn on one thread."""

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Final

import cv2
import numpy as np

from inspections.engines.base import Engine, Rgb
from inspections.engines.imaging.decode import decode, read_header
from inspections.engines.overlay import LONG_SIDE_PX
from inspections.evaluation.observation import point_of
from inspections.rendering.plate import render_hull_plate

_PHONE: Final = (4000, 3000)
_DRAWN: Final = (1000, 750)
_QUALITY: Final = 92
_NOISE: Final = 4.0


def phone_photo() -> bytes:
    """Return a JPEG of 12 megapixels, about as heavy as a phone's: a drawn plate, enlarged, with sensor noise."""
    drawn = render_hull_plate(seed=7, angle="mid", rust=0.1, size=_DRAWN)
    large = cv2.resize(drawn, _PHONE, interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(7).normal(0, _NOISE, (*large.shape[:2], 1))
    taken = np.clip(large + noise, 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(taken, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()


def milliseconds(content: bytes, engine: Engine, *, rounds: int) -> dict[str, float]:
    """Return the median processor time (ms) of a full OpenCV decode, of ours, and of the whole analysis.

    Raises `UnreadableImage`.
    """
    read_header(content)
    cv2.setNumThreads(1)
    point = point_of(content)
    steps: Mapping[str, Callable[[], object]] = {
        "full_decode": lambda: _fully_decoded(content),
        "scaled_decode": lambda: decode(content, long_side_px=LONG_SIDE_PX),
        "analysis": lambda: engine.examine(point, context={}),
    }
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():  # once unmeasured: sessions are made, pages are touched
        step()
    for _ in range(rounds):
        for name, step in steps.items():
            spent[name].append(_spent(step))
    return {name: median(times) for name, times in spent.items()}


def _fully_decoded(content: bytes) -> Rgb:
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def _spent(step: Callable[[], object]) -> float:
    started = time.process_time()
    step()
    return 1000 * (time.process_time() - started)
