"""Draw one pair as a picture: the registered earlier photo, the later photo, and the growth."""

from typing import Final

import numpy as np

from corrosion.judgement.change import PairPrediction
from evaluation.trend.pair import PairResult
from inspections.engines.base import Rgb
from inspections.engines.imaging.decode import UnreadableImage, decode
from inspections.engines.imaging.display_copy import viewing_copy
from inspections.engines.imaging.scaling import shrink
from inspections.engines.overlay import draw_hatching

_PANEL_PX: Final = 400
_RUST_ABOVE: Final = 0.5
_MORE_BY: Final = 0.3
_OUTSIDE: Final = 0.35


def panels(result: PairResult) -> bytes | None:
    """Return a JPEG; only the two photos if registration failed; None if they cannot be read."""
    if result.prediction is not None:
        return _join(_draw_prediction(result.prediction))
    try:
        photos = [decode(path.read_bytes(), long_side_px=_PANEL_PX) for path in (result.pair.before, result.pair.after)]
    except (OSError, UnreadableImage):
        return None
    return _join(photos)


def _draw_prediction(prediction: PairPrediction) -> list[Rgb]:
    """Rust of each photo, then where the map grew; areas that only one photo shows are dark."""
    before, after = prediction.before.probability_map, prediction.after.probability_map
    assert before is not None
    assert after is not None
    shared = prediction.aligned.shared
    marks = (
        (prediction.aligned.earlier, before > _RUST_ABOVE),
        (prediction.aligned.later, after > _RUST_ABOVE),
        (prediction.aligned.later, after - before > _MORE_BY),
    )
    shade = np.where(shared, 1.0, _OUTSIDE)[..., None]
    marked = (draw_hatching(photo, mask & shared) for photo, mask in marks)
    return [shrink((picture * shade).astype(np.uint8), _PANEL_PX) for picture in marked]


def _join(pictures: list[Rgb]) -> bytes:
    height = max(len(picture) for picture in pictures)
    padded = [np.pad(picture, ((0, height - len(picture)), (2, 2), (0, 0))) for picture in pictures]
    return viewing_copy(np.hstack(padded))
