"""Test the osmosis engine on drawn gelcoat: blisters are found with at most medium confidence; specks do not count."""

import dataclasses

import numpy as np
import pytest

from inspections.engines.base import Circle, Prediction
from inspections.engines.findings import Photo, Point
from inspections.engines.osmosis.classical import ClassicalDetector
from inspections.engines.osmosis.engine import OsmosisEngine, Parameters
from rendering.samples import jpeg
from tests.inspections.engines.drawn_points import gelcoat_point, mixed_point

ENGINE = OsmosisEngine(ClassicalDetector())
SEEDS = (2, 3, 4)


def examine(point):
    return ENGINE.examine(point, context={"hull_material": "grp"})


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_gelcoat_is_never_called_blistered(seed):
    assert examine(gelcoat_point(seed=seed, blisters=0)).signal_detected in {"no", "inconclusive"}


@pytest.mark.parametrize("seed", SEEDS)
def test_more_blisters_give_a_higher_count(seed):
    few, many = (examine(gelcoat_point(seed=seed, blisters=blisters)) for blisters in (30, 110))
    assert (few.signal_detected, many.signal_detected) == ("yes", "yes")
    assert 5 <= few.extent.value < many.extent.value


def test_confidence_is_never_high():
    confidences = {
        examine(gelcoat_point(seed=seed, blisters=blisters)).confidence for seed in SEEDS for blisters in (0, 110)
    }
    assert "high" not in confidences


def test_close_photo_in_low_light_decides():
    assert examine(gelcoat_point(seed=2, blisters=30)).overlay_asset_id == "asset-close"


def test_blisters_in_another_photo_than_the_close_one_are_inconclusive():
    clean_close = gelcoat_point(seed=2, blisters=0, angles=("close",))
    raking = gelcoat_point(seed=2, blisters=110, angles=("close",))
    as_mid = dataclasses.replace(raking, photos=(dataclasses.replace(raking.photos[0], angle="mid"),))
    finding = examine(mixed_point(clean_close, as_mid))
    assert (finding.signal_detected, finding.reasons) == ("inconclusive", ("angles_disagree",))


class BrightnessDetector:
    """Predicts one likely blister in a bright picture, none in a dark one, and flags mid grey."""

    name, digest, long_side_px = "brightness", "0", 256

    def predict(self, pixels):
        light = pixels.mean()
        quality_flags = ("not_a_hull",) if 100 < light < 150 else ()
        blister = Circle(x=20.0, y=20.0, radius=6.0, likelihood=0.95)
        bright = light >= 150
        return Prediction(
            probability=0.95 if bright else 0.05, quality_flags=quality_flags, detections=(blister,) if bright else ()
        )


def even_finding(**lightness):
    photos = tuple(
        Photo(asset_id=angle, angle=angle, content=jpeg(np.full((120, 160, 3), light, np.uint8)))
        for angle, light in lightness.items()
    )
    return OsmosisEngine(BrightnessDetector()).examine(Point(point_index=1, photos=photos), context={})


def test_sign_missing_in_another_photo_lowers_the_confidence():
    alone, together = even_finding(close=200), even_finding(close=200, mid=20)
    assert (alone.signal_detected, alone.confidence) == ("yes", "medium")
    assert (together.signal_detected, together.confidence) == ("yes", "low")


def test_flagged_other_photo_does_not_count():
    assert even_finding(close=200, mid=120).confidence == "medium"
    assert even_finding(close=20, mid=120).signal_detected == "no"


def test_count_has_a_range_that_starts_at_zero_for_a_no():
    shown, clean = even_finding(close=200).extent, even_finding(close=20).extent
    assert (shown.low, shown.value, shown.high) == (0, 1, 7)
    assert (clean.low, clean.value, clean.high) == (0, 0, 5)


def test_range_widens_with_the_count():
    few, many = (examine(gelcoat_point(seed=2, blisters=blisters)).extent for blisters in (30, 110))
    assert few.low < few.value < few.high
    assert 0 < many.low < many.value
    assert many.high - many.value > few.high - few.value


def test_density_has_no_square_metres():
    density = examine(gelcoat_point(seed=2, blisters=30)).measurements[1]
    assert (density.name, density.unit) == ("blister_density", "per_megapixel")


def test_changed_parameter_changes_the_model_version():
    changed = OsmosisEngine(ClassicalDetector(), dataclasses.replace(Parameters(), counted_above=0.25))
    assert changed.model_version != ENGINE.model_version
