"""Metrics of an evaluation, by name."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from evaluation.metrics import measures
from evaluation.metrics.detection import Metrics, ObservationSample, answer_metrics, part_metrics, presence_metrics
from evaluation.metrics.resampling import resample
from evaluation.metrics.segmentation import area_metrics, class_metrics, object_metrics, pixel_metrics
from evaluation.observation import Observation

FLAT_KEYS: Final = (
    "auroc", "balanced_accuracy", "precision", "recall", "f1", "specificity", "pixel_iou", "pixel_f1", "weighted_f1",
    "area_mae_points", "area_correlation", "decided_coverage", "decided_accuracy", "expected_calibration_error",
    "object_f1", "cpu_ms_p95", "peak_memory_mb",
)  # fmt: skip


def compute_metrics(observations: Sequence[Observation], *, mode: str) -> Metrics:
    """Return every metric, the flat keys first; None where it does not apply to the mode, the engine or the photos.

    Intervals are 95 % bootstrap intervals over source pictures, exact ones for shares of none or all.
    """
    sample = resample(observations, [each.row.source_image for each in observations])
    extents = {**area_metrics(sample), **class_metrics(sample)} if mode == "corrosion" else object_metrics(sample)
    metrics = {
        **presence_metrics(sample),
        **answer_metrics(sample),
        **pixel_metrics(sample),
        **extents,
        **_costs(sample),
    }
    of_parts = {
        **part_metrics(sample, "kind", attrgetter("row.kind")),
        **part_metrics(sample, "source", attrgetter("row.source")),
    }
    return {**{key: metrics.pop(key, None) for key in FLAT_KEYS}, **metrics, **of_parts}


def _costs(sample: ObservationSample) -> Metrics:
    cpu_ms, memory_mb = sample.column(attrgetter("cost.cpu_ms")), sample.column(attrgetter("cost.peak_memory_mb"))
    return {
        "cpu_ms_median": sample.metric(measures.quantile(cpu_ms, 0.5)),
        "cpu_ms_p95": sample.metric(measures.quantile(cpu_ms, 0.95)),
        "peak_memory_mb_median": sample.metric(measures.quantile(memory_mb, 0.5)),
        "peak_memory_mb_p95": sample.metric(measures.quantile(memory_mb, 0.95)),
        "peak_memory_mb": sample.metric(measures.quantile(memory_mb, 1)),
    }
