"""Test the domain gate: surfaces pass unchanged, pictures out of domain are inconclusive."""

from dataclasses import replace

import numpy as np
import pytest

from inspections.engines.base import Prediction
from inspections.engines.corrosion.engine import CorrosionEngine
from inspections.engines.domain_gate.gate import Calibration, DomainGate, shipped_gate
from inspections.engines.domain_gate.gated import GatedDetector
from inspections.engines.osmosis.engine import OsmosisEngine
from inspections.engines.quality_flags import QualityFlag
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from tests.inspections.engines.domain_gate.out_of_domain import clock, daisy
from tests.inspections.engines.drawn_points import gelcoat_point, plate_point

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


class ConstantDetector:
    """Predicts the signal everywhere, in every picture."""

    name, digest, long_side_px = "constant", "0", 512

    def predict(self, pixels):
        plane = np.full(pixels.shape[:2], 0.9, np.float32)
        return Prediction(probability=0.9, probability_map=plane, segmentation_map=np.ones(plane.shape, np.uint8))


def gate_above(limit: float, tail: float = 1.0) -> DomainGate:
    return DomainGate(replace(Calibration.shipped(), foreign_above=limit, tail=tail))


OUT_OF_DOMAIN = {"daisy": daisy(), "clock": clock()}


@pytest.mark.parametrize("surface", SURFACES)
def test_surface_is_in_domain(surface):
    assert shipped_gate().in_domain_probability(SURFACES[surface]) == 1.0


@pytest.mark.parametrize("name", OUT_OF_DOMAIN)
def test_other_subject_is_out_of_domain(name):
    assert shipped_gate().in_domain_probability(OUT_OF_DOMAIN[name]) < 0.5


def test_probability_falls_exponentially_with_the_score():
    score = shipped_gate().ood_score(daisy())
    probabilities = [gate_above(score - excess, tail=2.0).in_domain_probability(daisy()) for excess in (0.0, 2.0, 4.0)]
    assert probabilities == pytest.approx([1.0, np.exp(-1), np.exp(-2)], rel=1e-3)


def test_picture_in_domain_keeps_its_prediction():
    pixels = SURFACES["rusty plate"]
    prediction = GatedDetector(ConstantDetector(), shipped_gate()).predict(pixels)
    assert (prediction.probability, prediction.quality_flags) == (0.9, ())


def test_picture_out_of_domain_is_flagged_less_likely_and_still_mapped():
    prediction = GatedDetector(ConstantDetector(), shipped_gate()).predict(daisy())
    assert prediction.probability == pytest.approx(0.9 * shipped_gate().in_domain_probability(daisy()))
    assert prediction.quality_flags == (QualityFlag.NOT_A_HULL,)
    assert prediction.probability_map.mean() == pytest.approx(0.9)


def test_corrosion_is_inconclusive_out_of_domain():
    finding = CorrosionEngine(GatedDetector(ConstantDetector(), gate_above(-100.0))).examine(
        plate_point(seed=2, rust=0.1), context={}
    )
    assert (finding.signal_detected, finding.confidence, finding.reasons) == (
        "inconclusive",
        "low",
        (QualityFlag.NOT_A_HULL,),
    )


def test_osmosis_is_inconclusive_out_of_domain():
    finding = OsmosisEngine(GatedDetector(ConstantDetector(), gate_above(-100.0))).examine(
        gelcoat_point(seed=2, blisters=9), context={}
    )
    assert (finding.signal_detected, finding.confidence, finding.reasons) == (
        "inconclusive",
        "low",
        (QualityFlag.NOT_A_HULL,),
    )


def test_gate_is_part_of_the_model_version():
    usual, moved = (
        CorrosionEngine(GatedDetector(ConstantDetector(), gate)) for gate in (shipped_gate(), gate_above(1.0))
    )
    assert usual.model_version != moved.model_version


def test_same_pixels_give_the_same_score_to_the_bit():
    assert DomainGate().ood_score(daisy()) == DomainGate().ood_score(daisy())
