"""Test the shipped heads on drawn pictures, to a thousandth: a change of a head must change these numbers."""

import pytest

from inspections.engines.domain_gate.gate import shipped_gate
from inspections.engines.registry import engine_for
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from tests.inspections.engines.domain_gate.out_of_domain import daisy

SIZE = (512, 384)
# rust or blisters drawn -> probability, and the area in percent or the blisters found
PLATES = {0.0: (0.0013, 0.04), 0.1: (0.9777, 14.06), 0.3: (0.9934, 33.42)}
GELCOATS = {0: (0.6445, 1), 20: (0.9687, 11), 80: (0.9859, 45)}
# the highest score of a foreign class, in standard deviations
OOD_SCORES = {"plate": 4.085, "daisy": 10.982}


@pytest.mark.parametrize("rust", sorted(PLATES))
def test_trained_corrosion_engine_keeps_its_predictions(rust):
    prediction = engine_for(mode="corrosion", name="trained").predict(
        render_hull_plate(seed=11, angle="mid", rust=rust, size=SIZE)
    )
    probability, percent = PLATES[rust]
    assert prediction.probability == pytest.approx(probability, abs=1e-3)
    assert 100 * float(prediction.probability_map.mean()) == pytest.approx(percent, abs=1e-1)


@pytest.mark.parametrize("blisters", sorted(GELCOATS))
def test_trained_osmosis_engine_keeps_its_predictions(blisters):
    prediction = engine_for(mode="osmosis", name="trained").predict(
        render_gelcoat(seed=11, angle="close", blisters=blisters, size=SIZE)
    )
    probability, found = GELCOATS[blisters]
    assert prediction.probability == pytest.approx(probability, abs=1e-3)
    assert sum(circle.likelihood > 0.5 for circle in prediction.detections) == found


def test_domain_gate_keeps_its_scores():
    pictures = {"plate": render_hull_plate(seed=11, angle="mid", rust=0.1, size=SIZE), "daisy": daisy()}
    scores = {name: shipped_gate().ood_score(pixels) for name, pixels in pictures.items()}
    assert scores == pytest.approx(OOD_SCORES, abs=1e-2)
