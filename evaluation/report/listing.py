"""List the result of every photo as CSV, so that a picture can be found by its name."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

from evaluation.observation import Observation

_COLUMNS: Final = (
    "file", "source_image", "kind", "source", "label", "probability", "detected", "confidence", "reasons", "extent",
    "share_percent", "true_percent", "true_count", "cpu_ms",
)  # fmt: skip


def listing(observations: Iterable[Observation]) -> str:
    """Return one line per photo, in the order of the manifest; unknown values are empty."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_cells(each) for each in observations)
    return text.getvalue()


def _cells(each: Observation) -> tuple[object, ...]:
    row = each.row
    return (
        row.file, row.source_image, row.kind, row.source, "yes" if row.shows_signal else "no",
        round(each.probability, 6), each.detected, each.confidence, " ".join(each.reasons), each.extent.value,
        _rounded(each.share_percent), _rounded(each.true_percent), each.true_count, round(each.cost.cpu_ms, 1),
    )  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
