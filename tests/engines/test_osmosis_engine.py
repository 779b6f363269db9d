"""The osmosis engine on drawn gelcoat: blisters are seen, never surely, and specks are not blisters."""

import dataclasses

import pytest

from inspections.engines.osmosis.classical import ClassicalEye
from inspections.engines.osmosis.engine import OsmosisEngine, Parameters
from tests.engines.points import gelcoat_point, mixed_point

ENGINE = OsmosisEngine(ClassicalEye())
SEEDS = (2, 3, 4)


def examine(point):
    return ENGINE.examine(point, context={"hull_material": "grp"})


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_gelcoat_is_never_called_blistered(seed):
    assert examine(gelcoat_point(seed=seed, blisters=0)).signal_detected in {"no", "inconclusive"}


@pytest.mark.parametrize("seed", SEEDS)
def test_blisters_are_seen_and_counted_upwards(seed):
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


def test_density_has_no_square_metres():
    density = examine(gelcoat_point(seed=2, blisters=30)).measurements[1]
    assert (density.name, density.unit) == ("blister_density", "per_megapixel")


def test_changed_parameter_changes_the_model_version():
    changed = OsmosisEngine(ClassicalEye(), dataclasses.replace(Parameters(), counted_above=0.25))
    assert changed.model_version != ENGINE.model_version
