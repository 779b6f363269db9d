"""Compare extents with drawn masks: pixels, areas and individual objects."""

from operator import attrgetter
from typing import Final

import numpy as np

from evaluation.masks import CLASSES
from evaluation.metrics import measures
from evaluation.metrics.detection import Metrics, ObservationSample
from inspections.engines.findings import Measurement

# Number of drawn classes that a binary mask also has: none and one.
_FROM_HERE_CLASSES: Final = 2


def pixel_metrics(sample: ObservationSample) -> Metrics:
    """Return the agreement of a map with the masks: signal or none, pixels pooled over photos."""
    mapped = sample.where(lambda each: each.pixels is not None)
    hits, predicted, drawn = (mapped.column(attrgetter(f"pixels.{name}")) for name in ("hits", "predicted", "drawn"))
    return {
        "pixel_iou": mapped.metric(measures.iou(hits, predicted, drawn)),
        "pixel_f1": mapped.metric(measures.f1(hits, predicted, drawn)),
        "pixel_precision": mapped.metric(measures.ratio(hits, predicted)),
        "pixel_recall": mapped.metric(measures.ratio(hits, drawn)),
    }


def class_metrics(sample: ObservationSample) -> Metrics:
    """Return the agreement of a map's classes with masks that distinguish classes."""
    graded = sample.where(lambda each: each.pixels is not None and each.pixels.confusion is not None)
    counts = [each.pixels.confusion for each in graded.items if each.pixels is not None]
    confusions = np.asarray(counts, np.float64).reshape(-1, CLASSES, CLASSES)
    # Binary masks stored as 0 and 1, or with nothing drawn, look like class masks one by one.
    tells_classes = bool(confusions[:, _FROM_HERE_CLASSES:].any())
    return {"weighted_f1": graded.metric(measures.weighted_f1(confusions)) if tells_classes else None}


def area_metrics(sample: ObservationSample) -> Metrics:
    """Return errors of the area in percentage points of the picture.

    "area" is the expected share of the map; keys with "told" are of the extent of the finding, which staff see with its
    range.
    """
    drawn = sample.where(lambda each: each.true_percent is not None and each.share_percent is not None)
    true, expected = drawn.column(attrgetter("true_percent")), drawn.column(attrgetter("share_percent"))
    reported = drawn.column(attrgetter("extent.value"))
    clean = sample.where(lambda each: not each.row.shows_signal and each.share_percent is not None)
    return {
        "area_mae_points": drawn.metric(measures.mean(np.abs(expected - true))),
        "area_bias_points": drawn.metric(measures.mean(expected - true)),
        "area_correlation": drawn.metric(measures.correlation(expected, true)),
        "area_on_clean_points": clean.metric(measures.mean(clean.column(attrgetter("share_percent")))),
        "told_area_mae_points": drawn.metric(measures.mean(np.abs(reported - true))),
        "told_area_range_holds": drawn.proportion(lambda each: _holds(each.extent, each.true_percent)),
    }


def object_metrics(sample: ObservationSample) -> Metrics:
    """Return the agreement of counted objects with the masks, pooled over photos; counts are those of the finding."""
    matched = sample.where(lambda each: each.objects is not None)
    hits, counted, drawn = (matched.column(attrgetter(f"objects.{name}")) for name in ("hits", "counted", "drawn"))
    known = sample.where(lambda each: each.row.shows_signal and each.true_count is not None)
    true = known.column(attrgetter("true_count"))
    error = known.column(attrgetter("extent.value")) - true
    clean = sample.where(lambda each: not each.row.shows_signal)
    return {
        "object_f1": matched.metric(measures.f1(hits, counted, drawn)),
        "object_precision": matched.metric(measures.ratio(hits, counted)),
        "object_recall": matched.metric(measures.ratio(hits, drawn)),
        "count_error": known.metric(measures.mean(np.abs(error))),
        "count_bias": known.metric(measures.mean(error)),
        "told_count_range_holds": known.proportion(lambda each: _holds(each.extent, each.true_count)),
        "objects_per_clean_photo": clean.metric(measures.mean(clean.column(attrgetter("counted")))),
    }


def _holds(reported: Measurement, true: float | None) -> bool:
    return true is not None and reported.low <= true <= reported.high
