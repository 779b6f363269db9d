"""Measure the cost of a whole analysis of one large photograph beside its decoding, in turn on one thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final, Literal

import cv2
import numpy as np
import pillow_heif

from evaluation.cost import measure_cost
from evaluation.observation import point_of
from inspections.engines.base import Engine, Rgb
from inspections.engines.imaging.decode import decode, read_header
from inspections.engines.imaging.display_copy import VIEW_LONG_SIDE_PX, viewing_copy
from inspections.engines.imaging.quality import PhotoConstraints, check_photo
from inspections.engines.overlay import LONG_SIDE_PX
from rendering.plate import render_hull_plate

_PHONE: Final = (4000, 3000)
_DRAWN: Final = (1000, 750)
_QUALITY: Final = {"jpeg": 92, "heic": 60}
_NOISE: Final = 4.0


@dataclass(frozen=True, slots=True)
class CpuTime:
    """Processor time in ms: median and 95th percentile of the rounds."""

    median_ms: float
    p95_ms: float


def phone_photo(kind: Literal["jpeg", "heic"] = "jpeg") -> bytes:
    """Return a photo of 12 megapixels, about as heavy as a phone's: a drawn plate, enlarged, with sensor noise."""
    drawn = render_hull_plate(seed=7, angle="mid", rust=0.1, size=_DRAWN)
    large = cv2.resize(drawn, _PHONE, interpolation=cv2.INTER_CUBIC)
    noise = np.random.default_rng(7).normal(0, _NOISE, (*large.shape[:2], 1))
    taken = np.clip(large + noise, 0, 255).astype(np.uint8)
    if kind == "heic":
        out = BytesIO()
        pillow_heif.encode("RGB", _PHONE, taken.tobytes(), out, quality=_QUALITY[kind])
        return out.getvalue()
    quality = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY[kind]]
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(taken, cv2.COLOR_RGB2BGR), quality)
    return encoded.tobytes()


def measure_costs(content: bytes, engine: Engine, *, rounds: int) -> dict[str, CpuTime]:
    """Return the cost of a full decode, of our decode, and of each step that a photo goes through.

    On arrival a photo is checked and its viewing copy is made; later it is analysed. Raises `UnreadableImage`.
    """
    header = read_header(content)
    constraints = PhotoConstraints(min_short_side_px=1, max_bytes=len(content), content_types=(header.content_type,))
    cv2.setNumThreads(1)
    point = point_of(content)
    steps: Mapping[str, Callable[[], object]] = {
        "full_decode": lambda: _decode_fully(content),
        "scaled_decode": lambda: decode(content, long_side_px=LONG_SIDE_PX),
        "check": lambda: check_photo(content, constraints=constraints),
        "viewing_copy": lambda: viewing_copy(decode(content, long_side_px=VIEW_LONG_SIDE_PX)),
        "analysis": lambda: engine.examine(point, context={}),
    }
    spent: dict[str, list[float]] = {name: [] for name in steps}
    for step in steps.values():  # one unmeasured round: creates sessions, touches pages
        step()
    for _ in range(rounds):
        for name, step in steps.items():
            spent[name].append(measure_cost(step)[1].cpu_ms)
    return {name: _summarise(each) for name, each in spent.items()}


def _decode_fully(content: bytes) -> Rgb:
    """Decode with OpenCV; files that it cannot read, with our decoder."""
    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    return decode(content, long_side_px=max(_PHONE)) if decoded is None else np.asarray(decoded, np.uint8)


def _summarise(times: list[float]) -> CpuTime:
    middle, high = np.percentile(times, (50, 95))
    return CpuTime(float(middle), float(high))
