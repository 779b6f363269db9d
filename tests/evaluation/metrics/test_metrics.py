"""Test metrics from handmade observations: which photos each rests on, and when there is none."""

import pytest

from evaluation.masks import PixelTally
from evaluation.metrics.summary import FLAT_KEYS, compute_metrics
from evaluation.objects import ObjectTally
from evaluation.report.meanings import meaning
from inspections.engines.findings import Measurement
from tests.evaluation.samples import observation, row


def value(found, key):
    return found[key].value, found[key].n


def five_observations():
    """Return two with the signal and three without; one word of each kind is false."""
    return [
        observation(0.95, shows=True, detected="yes", confidence="high", row=row("a", source="x", kind="real")),
        observation(0.40, shows=True, row=row("b", source="x", kind="real")),
        observation(0.85, shows=False, detected="yes", confidence="medium", row=row("c", shows=False, source="x")),
        observation(0.20, shows=False, detected="no", confidence="low", row=row("d", shows=False, source="y")),
        observation(0.05, shows=False, detected="no", confidence="high", row=row("e", shows=False, source="y")),
    ]


def test_image_level_metrics_count_their_own_photos():
    found = compute_metrics(five_observations(), mode="corrosion")
    assert value(found, "auroc") == (pytest.approx(5 / 6), 5)
    assert value(found, "precision") == (0.5, 2)
    assert value(found, "recall") == (0.5, 2)
    assert value(found, "f1") == (0.5, 5)
    assert value(found, "specificity") == (pytest.approx(2 / 3), 3)
    assert value(found, "balanced_accuracy") == (pytest.approx(7 / 12), 5)
    assert value(found, "specificity_at_90_recall") == (pytest.approx(2 / 3), 3)


def test_decisions_are_counted_by_confidence():
    found = compute_metrics(five_observations(), mode="corrosion")
    assert value(found, "decided_coverage") == (0.8, 5)
    assert value(found, "decided_accuracy") == (0.75, 4)
    assert value(found, "decided_accuracy_high") == (1, 2)
    assert value(found, "decided_accuracy_medium") == (0, 1)
    assert value(found, "decided_coverage_low") == (0.2, 5)
    assert value(found, "false_alarm_rate") == (pytest.approx(1 / 3), 3)
    assert value(found, "miss_rate") == (0, 2)
    assert value(found, "balanced_accuracy_at_half") == (pytest.approx(7 / 12), 5)


def test_a_high_probability_without_a_decision_is_not_a_yes():
    found = compute_metrics([observation(0.75, shows=True), observation(0.1, shows=False)], mode="osmosis")
    assert value(found, "recall") == (0, 1)
    assert value(found, "balanced_accuracy") == (0.5, 2)
    assert value(found, "balanced_accuracy_at_half") == (1, 2)


def test_binary_masks_give_no_weighted_f1():
    drawn = PixelTally(hits=1, predicted=2, drawn=1, confusion=(7, 1, 0, 0, 0, 1, *[0] * 10))
    empty = PixelTally(hits=0, predicted=0, drawn=0, confusion=(9, *[0] * 15))
    observations = [observation(0.9, shows=True, pixels=drawn), observation(0.1, shows=False, pixels=empty)]
    assert compute_metrics(observations, mode="corrosion")["weighted_f1"] is None


def test_each_source_and_kind_has_its_own_metrics():
    found = compute_metrics(five_observations(), mode="corrosion")
    assert value(found, "specificity[source=x]") == (0, 1)
    assert value(found, "specificity[source=y]") == (1, 2)
    assert value(found, "specificity_at_90_recall[source=y]") == (1, 2)
    assert value(found, "recall[kind=real]") == (0.5, 2)
    assert value(found, "specificity[kind=unnamed]") == (pytest.approx(2 / 3), 3)
    assert "recall[source=y]" not in found


def test_pixels_are_pooled_and_areas_are_not():
    extent = Measurement(name="area_percent", value=10, low=8, high=12, unit="percent")
    small = PixelTally(hits=1, predicted=2, drawn=1, confusion=(7, 1, *[0] * 8, 1, *[0] * 5))
    large = PixelTally(hits=80, predicted=100, drawn=90, confusion=None)
    found = compute_metrics(
        [
            observation(0.9, shows=True, pixels=small, share_percent=12.0, true_percent=10.0, extent=extent),
            observation(0.8, shows=True, pixels=large, share_percent=30.0, true_percent=36.0, extent=extent),
            observation(0.1, shows=False, share_percent=3.0),
        ],
        mode="corrosion",
    )
    assert value(found, "pixel_iou") == (pytest.approx(81 / (102 + 91 - 81)), 2)
    assert value(found, "pixel_f1") == (pytest.approx(162 / 193), 2)
    assert value(found, "weighted_f1") == (pytest.approx((8 * 14 / 15 + 1) / 9), 1)
    assert value(found, "area_mae_points") == (4, 2)
    assert value(found, "area_bias_points") == (-2, 2)
    assert value(found, "area_correlation") == (pytest.approx(1), 2)
    assert value(found, "area_on_clean_points") == (3, 1)
    assert value(found, "told_area_mae_points") == (13, 2)
    assert value(found, "told_area_range_holds") == (0.5, 2)
    assert found["object_f1"] is None


def test_objects_are_pooled_over_photos_with_masks():
    counts = [Measurement(name="blister_count", value=value, low=0, high=5, unit="count") for value in (4, 6, 1)]
    tally = ObjectTally(hits=3, counted=4, drawn=6)
    found = compute_metrics(
        [
            observation(0.9, shows=True, objects=tally, counted=4, true_count=6, extent=counts[0]),
            observation(0.8, shows=True, true_count=4, extent=counts[1]),
            observation(0.3, shows=False, counted=1, true_count=0, extent=counts[2]),
        ],
        mode="osmosis",
    )
    assert value(found, "object_f1") == (0.6, 1)
    assert value(found, "object_precision") == (0.75, 1)
    assert value(found, "object_recall") == (0.5, 1)
    assert value(found, "count_error") == (2, 2)
    assert value(found, "count_bias") == (0, 2)
    assert value(found, "told_count_range_holds") == (0.5, 2)
    assert value(found, "objects_per_clean_photo") == (1, 1)
    assert [found[key] for key in ("pixel_iou", "weighted_f1", "area_mae_points", "area_correlation")] == [None] * 4


@pytest.mark.parametrize("mode", ["corrosion", "osmosis"])
def test_flat_keys_come_first_and_every_metric_is_explained(mode):
    found = compute_metrics(five_observations(), mode=mode)
    assert tuple(found)[: len(FLAT_KEYS)] == FLAT_KEYS
    assert [key for key in found if not meaning(key)] == []


def test_no_photo_gives_no_metric():
    assert set(compute_metrics([], mode="corrosion").values()) == {None}
