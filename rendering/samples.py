"""Sets of drawn photographs, as an owner would upload them."""

from dataclasses import dataclass
from typing import Final

import cv2

from inspections.engines.base import Rgb
from rendering.camera import ANGLES
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate

_JPEG_QUALITY: Final = 90
_BLISTERS_AT_FULL_SEVERITY: Final = 120
_RUST_AT_FULL_SEVERITY: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePhoto:
    """One drawn photo of a set; `content` is JPEG without metadata."""

    point_index: int
    angle: str
    content: bytes


def jpeg(pixels: Rgb) -> bytes:
    """Return the pixels as JPEG: same pixels, same bytes, no metadata."""
    _, encoded = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    return encoded.tobytes()


def sample_set(*, mode: str, seed: int, points: int, severity: float, visit: int = 0) -> list[SamplePhoto]:
    """Return three photos (wide, mid, close) of each point 1 to `points`, in capture order.

    `severity` runs from 0 (clean) to 1; each point is another place of the boat, so another seed. Raises ValueError for
    an unknown mode.
    """
    return [
        SamplePhoto(
            point_index=index,
            angle=angle,
            content=jpeg(_render(mode, seed=seed * 100 + index, angle=angle, severity=severity, visit=visit)),
        )
        for index in range(1, points + 1)
        for angle in ANGLES
    ]


def _render(mode: str, *, seed: int, angle: str, severity: float, visit: int) -> Rgb:
    if mode == "corrosion":
        return render_hull_plate(seed=seed, angle=angle, rust=_RUST_AT_FULL_SEVERITY * severity, visit=visit)
    if mode == "osmosis":
        blisters = round(_BLISTERS_AT_FULL_SEVERITY * severity)
        return render_gelcoat(seed=seed, angle=angle, blisters=blisters, visit=visit)
    raise ValueError(mode)
