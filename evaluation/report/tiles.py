"""One photo of a contact sheet, side by side: unmarked, marked by the engine, and drawn by people."""

from typing import Final

import cv2
import numpy as np

from evaluation.manifest import Row
from evaluation.masks import Drawn, UnreadableMask
from evaluation.observation import mask_of, point_of
from inspections.engines.base import Engine, Rgb
from inspections.engines.imaging.decode import decode
from inspections.engines.imaging.display_copy import viewing_copy

_PANEL_PX: Final = 384
_GAP_PX: Final = 4
_DRAWN: Final = (255, 221, 0)
_BLACK: Final = (0, 0, 0)


def tile(row: Row, engine: Engine) -> bytes:
    """Return a JPEG of two or, with a mask, three panels; the mask's edge is yellow on black.

    Raises OSError and `UnreadableImage` if the photo has become unreadable.
    """
    content = row.path.read_bytes()
    plain = decode(content, long_side_px=_PANEL_PX)
    marked = decode(engine.examine(point_of(content), context={}).overlay_png, long_side_px=_PANEL_PX)
    panels = [plain, _resized(marked, like=plain)]
    if (drawn := _mask(row, plain)) is not None:
        panels.append(_outlined(plain, drawn))
    return viewing_copy(_side_by_side(panels))


def _mask(row: Row, plain: Rgb) -> Drawn | None:
    try:
        return mask_of(row, plain)
    except (OSError, UnreadableMask):
        return None


def _outlined(plain: Rgb, drawn: Drawn) -> Rgb:
    mask = _resized((drawn > 0).astype(np.uint8), like=plain)
    contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    outlined = plain.copy()
    cv2.drawContours(outlined, contours, -1, _BLACK, 4)
    cv2.drawContours(outlined, contours, -1, _DRAWN, 2)
    return outlined


def _resized(pixels: Rgb, *, like: Rgb) -> Rgb:
    resized = cv2.resize(pixels, (like.shape[1], like.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(resized, np.uint8)


def _side_by_side(panels: list[Rgb]) -> Rgb:
    gap = np.full((panels[0].shape[0], _GAP_PX, 3), 255, np.uint8)
    pieces = [piece for panel in panels for piece in (gap, panel)]
    return np.hstack(pieces[1:])
