"""Figures of an evaluation, by name."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from evaluation.metrics import measures
from evaluation.metrics.detection import Figures, Seen, answers, parts, presence
from evaluation.metrics.resampling import resampled
from evaluation.metrics.segmentation import areas, grades, objects, pixels
from evaluation.observation import Observation

FLAT_KEYS: Final = (
    "auroc", "balanced_accuracy", "precision", "recall", "f1", "specificity", "pixel_iou", "pixel_f1", "weighted_f1",
    "area_mae_points", "area_correlation", "decided_coverage", "decided_accuracy", "expected_calibration_error",
    "object_f1", "cpu_ms_p95", "peak_memory_mb",
)  # fmt: skip


def figures(observations: Sequence[Observation], *, mode: str) -> Figures:
    """Return every figure, the flat keys first; None where it does not apply to the mode, the engine or the photos.

    Intervals are 95 % bootstrap intervals over source pictures, exact ones for shares of none or all.
    """
    seen = resampled(observations, [each.row.source_image for each in observations])
    extents = {**areas(seen), **grades(seen)} if mode == "corrosion" else objects(seen)
    found = {**presence(seen), **answers(seen), **pixels(seen), **extents, **_costs(seen)}
    of_parts = {**parts(seen, "kind", attrgetter("row.kind")), **parts(seen, "source", attrgetter("row.source"))}
    return {**{key: found.pop(key, None) for key in FLAT_KEYS}, **found, **of_parts}


def _costs(seen: Seen) -> Figures:
    spent, held = seen.column(attrgetter("cost.cpu_ms")), seen.column(attrgetter("cost.peak_memory_mb"))
    return {
        "cpu_ms_median": seen.figure(measures.quantile(spent, 0.5)),
        "cpu_ms_p95": seen.figure(measures.quantile(spent, 0.95)),
        "peak_memory_mb_median": seen.figure(measures.quantile(held, 0.5)),
        "peak_memory_mb_p95": seen.figure(measures.quantile(held, 0.95)),
        "peak_memory_mb": seen.figure(measures.quantile(held, 1)),
    }
