"""Test what holds for each engine of the registry, whatever it detects."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from inspections.engines.findings import Photo, Point
from inspections.engines.imaging.decode import UnreadableImage
from inspections.engines.registry import UnknownEngine, engine_for
from tests.inspections.engines.drawn_points import SIZE, gelcoat_point, plate_point
from tests.inspections.engines.picture_files import encoded
from tests.inspections.engines.registered_engines import EVERY, SEEING

UNITS = {"corrosion": ("area_percent", "percent"), "osmosis": ("blister_count", "count")}


def points_of(mode):
    if mode == "corrosion":
        return [plate_point(seed=4, rust=rust) for rust in (0.0, 0.1)]
    return [gelcoat_point(seed=2, blisters=blisters) for blisters in (0, 40)]


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_same_bytes_give_the_same_finding(mode, name):
    for point in points_of(mode):
        engine = engine_for(mode=mode, name=name)
        assert engine.examine(point, context={}) == type(engine).examine(engine, point, context={})


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_finding_is_complete_and_ordered(mode, name):
    for point in points_of(mode):
        finding = engine_for(mode=mode, name=name).examine(point, context={})
        extent = finding.extent
        assert finding.point_index == point.point_index
        assert (extent.name, extent.unit) == UNITS[mode]
        assert 0 <= extent.low <= extent.value <= extent.high
        assert extent in finding.measurements
        assert finding.overlay_asset_id in {photo.asset_id for photo in point.photos}
        assert bool(finding.reasons) == (finding.signal_detected == "inconclusive")
        assert bool(finding.signals) == (finding.signal_detected == "yes")


@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_overlay_is_a_light_png_in_the_shape_of_its_photo(mode, name):
    for point in points_of(mode):
        finding = engine_for(mode=mode, name=name).examine(point, context={})
        overlay = Image.open(BytesIO(finding.overlay_png))
        overlay.load()
        assert overlay.format == "PNG"
        assert overlay.size == SIZE
        assert len(finding.overlay_png) < 400_000


@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_photo_of_any_shape_is_judged(mode, name):
    rng = np.random.default_rng(1)
    for shape in ((1, 1, 3), (1, 700, 3), (9, 5, 3), (40, 40, 3)):
        content = encoded(Image.fromarray(rng.integers(0, 255, shape, dtype=np.uint8)), "PNG")
        point = Point(point_index=1, photos=(Photo(asset_id="a", angle="close", content=content),))
        assert engine_for(mode=mode, name=name).examine(point, context={}).overlay_asset_id == "a"


@pytest.mark.parametrize(("mode", "name"), SEEING)
@pytest.mark.parametrize("colour", ["black", "white", "grey"])
def test_blank_photo_has_no_signal(mode, name, colour):
    content = encoded(Image.new("RGB", (640, 480), colour), "PNG")
    point = Point(point_index=1, photos=(Photo(asset_id="a", angle="mid", content=content),))
    assert engine_for(mode=mode, name=name).examine(point, context={}).signal_detected != "yes"


@pytest.mark.parametrize(("mode", "name"), SEEING)
def test_unreadable_photo_is_refused(mode, name):
    point = Point(point_index=1, photos=(Photo(asset_id="a", angle="mid", content=b"<html>"),))
    with pytest.raises(UnreadableImage):
        engine_for(mode=mode, name=name).examine(point, context={})


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_model_version_names_mode_or_stub(mode, name):
    version = engine_for(mode=mode, name=name).model_version
    assert version == "stub-1" if name == "stub" else version.startswith(f"{mode}-{name}-2.")


def test_one_engine_per_process():
    assert engine_for(mode="corrosion", name="classical") is engine_for(mode="corrosion", name="classical")


@pytest.mark.parametrize(("mode", "name"), [("corrosion", "deep"), ("rigging", "stub")])
def test_unknown_engine_is_refused(mode, name):
    with pytest.raises(UnknownEngine):
        engine_for(mode=mode, name=name)
