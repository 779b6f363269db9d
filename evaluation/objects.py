"""Match the objects that an engine counted with those that a mask shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from evaluation.masks import Drawn
from inspections.engines.base import Circle

_NEAREST_PX: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTally:
    """Objects of one photo: `hits` both drawn and counted, `counted` by the engine, `drawn` by people."""

    hits: int
    counted: int
    drawn: int


def drawn_objects(drawn: Drawn) -> list[Circle]:
    """Return the connected parts of a mask (8-neighbours): centroid, and the radius of a disc of the same area."""
    parts, _, stats, centres = cv2.connectedComponentsWithStats((drawn > 0).astype(np.uint8))
    return [
        Circle(
            x=float(centres[part][0]),
            y=float(centres[part][1]),
            radius=float(np.sqrt(stats[part, cv2.CC_STAT_AREA] / np.pi)),
        )
        for part in range(1, parts)
    ]


def match_objects(counted: Sequence[Circle], drawn: Sequence[Circle]) -> ObjectTally:
    """Pair counted with drawn objects one to one, nearest centres first, both in pixels of the mask.

    A pair is allowed if the centres are closer than the radius of the drawn object, or than 6 px if it is smaller: a
    counted circle cannot earn a match by being large.
    """
    pairs = sorted(
        (distance, i, j)
        for i, circle in enumerate(counted)
        for j, truth in enumerate(drawn)
        if (distance := float(np.hypot(circle.x - truth.x, circle.y - truth.y))) < max(truth.radius, _NEAREST_PX)
    )
    matched_counted: set[int] = set()
    matched_drawn: set[int] = set()
    for _, i, j in pairs:
        if i not in matched_counted and j not in matched_drawn:
            matched_counted.add(i)
            matched_drawn.add(j)
    return ObjectTally(hits=len(matched_counted), counted=len(counted), drawn=len(drawn))


def scale_circle(circle: Circle, factor: float) -> Circle:
    """Return the circle in a picture `factor` times as large."""
    return Circle(x=circle.x * factor, y=circle.y * factor, radius=circle.radius * factor, likelihood=circle.likelihood)
