"""Test the gate before both eyes: surfaces pass unchanged, clearly foreign subjects are not judged."""

from dataclasses import replace

import numpy as np
import pytest

from inspections.engines.base import Prediction
from inspections.engines.corrosion.engine import CorrosionEngine
from inspections.engines.domain_gate.gate import Calibration, SubjectGate, shipped_gate
from inspections.engines.domain_gate.gated import NOT_A_HULL, GatedDetector
from inspections.engines.osmosis.engine import OsmosisEngine
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from tests.engines.points import gelcoat_point, plate_point
from tests.engines.things import clock, daisy

SIZE = (512, 384)
SURFACES = {
    "clean plate": render_hull_plate(seed=1, angle="mid", rust=0.0, size=SIZE),
    "rusty plate": render_hull_plate(seed=2, angle="close", rust=0.3, size=SIZE),
    "clean gelcoat": render_gelcoat(seed=3, angle="close", blisters=0, size=SIZE),
    "blistered gelcoat": render_gelcoat(seed=4, angle="close", blisters=40, size=SIZE),
    **{f"flat {grey}": np.full((64, 64, 3), grey, np.uint8) for grey in (0, 128, 255)},
    "one pixel": np.full((1, 1, 3), 90, np.uint8),
    "one row": np.full((1, 512, 3), 90, np.uint8),
}


class Sees:
    name, digest, long_side_px = "sees", "0", 512

    def predict(self, pixels):
        plane = np.full(pixels.shape[:2], 0.9, np.float32)
        return Prediction(probability=0.9, probability_map=plane, segmentation_map=np.ones(plane.shape, np.uint8))


def strict(above: float, tail: float = 1.0) -> SubjectGate:
    return SubjectGate(replace(Calibration.shipped(), foreign_above=above, tail=tail))


THINGS = {"daisy": daisy(), "clock": clock()}


@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_is_believed_in_full(surface):
    assert shipped_gate().belief(SURFACES[surface]) == 1.0


@pytest.mark.parametrize("thing", THINGS)
def test_another_thing_is_not_believed_to_be_a_surface(thing):
    assert shipped_gate().belief(THINGS[thing]) < 0.5


def test_the_stranger_a_picture_the_less_it_is_believed():
    strangeness = shipped_gate().strangeness(daisy())
    beliefs = [strict(strangeness - beyond, tail=2.0).belief(daisy()) for beyond in (0.0, 2.0, 4.0)]
    assert beliefs == pytest.approx([1.0, np.exp(-1), np.exp(-2)], rel=1e-3)


def test_what_is_believed_is_looked_at_as_if_there_were_no_gate():
    pixels = SURFACES["rusty plate"]
    prediction = GatedDetector(Sees(), shipped_gate()).predict(pixels)
    assert (prediction.probability, prediction.quality_flags) == (0.9, ())


def test_what_is_not_believed_is_doubted_and_less_likely_but_still_mapped():
    prediction = GatedDetector(Sees(), shipped_gate()).predict(daisy())
    assert prediction.probability == pytest.approx(0.9 * shipped_gate().belief(daisy()))
    assert prediction.quality_flags == (NOT_A_HULL,)
    assert prediction.probability_map.mean() == pytest.approx(0.9)


def test_corrosion_says_nothing_of_what_is_no_hull():
    finding = CorrosionEngine(GatedDetector(Sees(), strict(-100.0))).examine(plate_point(seed=2, rust=0.1), context={})
    assert (finding.signal_detected, finding.confidence, finding.reasons) == ("inconclusive", "low", (NOT_A_HULL,))


def test_osmosis_says_nothing_of_what_is_no_hull():
    finding = OsmosisEngine(GatedDetector(Sees(), strict(-100.0))).examine(
        gelcoat_point(seed=2, blisters=9), context={}
    )
    assert (finding.signal_detected, finding.confidence, finding.reasons) == ("inconclusive", "low", (NOT_A_HULL,))


def test_the_gate_is_part_of_the_model_version():
    usual, moved = (CorrosionEngine(GatedDetector(Sees(), gate)) for gate in (shipped_gate(), strict(1.0)))
    assert usual.model_version != moved.model_version


def test_same_pixels_are_believed_alike_to_the_bit():
    assert SubjectGate().strangeness(daisy()) == SubjectGate().strangeness(daisy())
