"""The ruler people hold into the close picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

_STRIP = (228, 226, 216)
_INK = (30, 30, 34)


def draw_ruler(scene: NDArray[np.float32]) -> None:
    """Draw a ruler along the lower edge of the close picture, in place."""
    height, width = scene.shape[:2]
    top, thickness = round(height * 0.915), round(height * 0.07)
    left, right = round(width * 0.08), round(width * 0.86)
    cv2.rectangle(scene, (left + 6, top + 8), (right + 6, top + thickness + 8), (70, 66, 62), -1)
    cv2.rectangle(scene, (left, top), (right, top + thickness), _STRIP, -1)
    step = max(4, width // 160)
    for index, x in enumerate(range(left + step, right, step)):
        length = thickness * (0.55 if index % 10 == 0 else 0.4 if index % 5 == 0 else 0.25)
        cv2.line(scene, (x, top), (x, top + round(length)), _INK, 2 if index % 10 == 0 else 1, cv2.LINE_AA)
