"""Run the engine on one photograph as on an owner's, and keep the result beside the truth.

Two judgements are kept: the calibrated probability, called positive above one half, and the words, where inconclusive
is no answer.
"""

import hashlib
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from evaluation.cost import Cost, measure_cost
from evaluation.manifest import Row
from evaluation.masks import Drawn, PixelTally, UnreadableMask, check_fit, percent_drawn, read_mask, tally_pixels
from evaluation.objects import ObjectTally, drawn_objects, match_objects, scale_circle
from inspections.engines.base import Circle, Engine, Prediction, Rgb
from inspections.engines.findings import Measurement, Photo, Point, PointFinding
from inspections.engines.imaging.decode import UnreadableImage, decode
from inspections.engines.imaging.scaling import shrink
from inspections.engines.overlay import LONG_SIDE_PX
from inspections.vocabulary import ConfidenceLevel, SignalDetected

_PREDICTED_FROM: Final = 0.5
_COUNTED_FROM: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file of the manifest that could not be used; `reason` is a token such as "sha256_differs"."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The engine's result for one photo and the truth; values that the manifest lacks are None.

    `probability` and `share_percent` (mean expected share, in percent) are of the detector; `detected`, `confidence`,
    `reasons` and `extent` are of the whole engine.
    """

    row: Row
    probability: float
    detected: SignalDetected
    confidence: ConfidenceLevel
    reasons: tuple[str, ...]
    extent: Measurement
    cost: Cost
    share_percent: float | None = None
    counted: int = 0
    true_percent: float | None = None
    true_count: int | None = None
    pixels: PixelTally | None = None
    objects: ObjectTally | None = None
    unreadable_mask: Unreadable | None = None

    @property
    def is_predicted(self) -> bool:
        """True if the signal is more likely than not: the one threshold of the probability that is not tuned."""
        return self.probability >= _PREDICTED_FROM

    @property
    def is_reported(self) -> bool:
        """True if the words report the signal."""
        return self.detected == SignalDetected.YES

    @property
    def is_decided(self) -> bool:
        """True if the words are yes or no."""
        return self.detected != SignalDetected.INCONCLUSIVE

    @property
    def is_correct(self) -> bool:
        """True if the words are correct."""
        return self.detected == (SignalDetected.YES if self.row.shows_signal else SignalDetected.NO)


def point_of(content: bytes) -> Point:
    """Return a point of one close photo: the form in which the engine gets every picture of a manifest."""
    return Point(point_index=1, photos=(Photo(asset_id="photo", angle="close", content=content),))


def observe(row: Row, engine: Engine) -> Observation | Unreadable:
    """Examine one photo. Reports a missing, changed or invalid file in the result; raises nothing for it."""
    try:
        content = _content(row)
        finding, cost = measure_cost(lambda: engine.examine(point_of(content), context={}))
        # Shrink in the same two steps as the engine: other steps give other pixels.
        pixels = shrink(decode(content, long_side_px=LONG_SIDE_PX), engine.long_side_px)
    except OSError:
        return Unreadable(file=row.file, reason="not_found")
    except UnreadableImage as error:
        return Unreadable(file=row.file, reason=error.reason)
    prediction = engine.predict(pixels)
    counted = counted_objects(prediction, engine)
    observation = _observe_without_mask(row, finding, cost, prediction, counted=len(counted))
    try:
        drawn = mask_of(row, pixels)
    except OSError:
        return replace(observation, unreadable_mask=Unreadable(file=row.mask_file, reason="mask_not_found"))
    except UnreadableMask as error:
        return replace(observation, unreadable_mask=Unreadable(file=row.mask_file, reason=f"mask_{error}"))
    if drawn is None:
        return observation
    to_mask = drawn.shape[1] / pixels.shape[1]
    return _add_mask_tallies(observation, drawn, prediction, [scale_circle(circle, to_mask) for circle in counted])


def counted_objects(prediction: Prediction, engine: Engine) -> list[Circle]:
    """Return the objects that the engine counts: above its `counted_above`, or, without one, more likely than not."""
    threshold: float = getattr(engine, "counted_above", _COUNTED_FROM)
    return [circle for circle in prediction.detections if circle.likelihood >= threshold]


def _content(row: Row) -> bytes:
    content = row.path.read_bytes()
    if row.sha256 and hashlib.sha256(content).hexdigest() != row.sha256:
        raise UnreadableImage("sha256_differs")
    return content


def mask_of(row: Row, pixels: Rgb) -> Drawn | None:
    """Return the mask of a photo, None if there is none. Raises OSError and `UnreadableMask`."""
    if row.mask_path is None:
        return None
    drawn = read_mask(row.mask_path.read_bytes())
    check_fit(drawn, height=pixels.shape[0], width=pixels.shape[1])
    return drawn


def _observe_without_mask(
    row: Row, finding: PointFinding, cost: Cost, prediction: Prediction, *, counted: int
) -> Observation:
    """Return the fields that need no mask."""
    return Observation(
        row=row,
        probability=prediction.probability,
        detected=finding.signal_detected,
        confidence=finding.confidence,
        reasons=finding.reasons,
        extent=finding.extent,
        cost=cost,
        share_percent=None
        if prediction.probability_map is None
        else 100 * float(np.mean(prediction.probability_map, dtype=np.float64)),
        counted=counted,
        true_count=row.true_count,
    )


def _add_mask_tallies(
    observation: Observation, drawn: Drawn, prediction: Prediction, counted: list[Circle]
) -> Observation:
    """Add the fields that need the mask; `counted` are in pixels of the mask."""
    pixels = None if prediction.segmentation_map is None else tally_pixels(drawn, prediction.segmentation_map)
    compared = replace(observation, true_percent=percent_drawn(drawn), pixels=pixels)
    if observation.extent.unit != "count":
        return compared
    drawn_circles = drawn_objects(drawn)
    true_count = len(drawn_circles) if observation.true_count is None else observation.true_count
    return replace(compared, true_count=true_count, objects=match_objects(counted, drawn_circles))
