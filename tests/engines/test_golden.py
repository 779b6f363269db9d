"""What the shipped heads say of drawn pictures, to a thousandth: whoever changes a head must change these numbers."""

import pytest

from inspections.engines.registry import engine_for
from inspections.rendering.gelcoat import render_gelcoat
from inspections.rendering.plate import render_hull_plate

SIZE = (512, 384)
# rust or blisters drawn -> probability, and the area in percent or the blisters found
PLATES = {0.0: (0.0012, 0.12), 0.1: (0.9892, 21.02), 0.3: (0.9912, 47.6)}
GELCOATS = {0: (0.5717, 1), 20: (0.9682, 11), 80: (0.9876, 48)}


@pytest.mark.parametrize("rust", sorted(PLATES))
def test_trained_corrosion_engine_says_what_it_said(rust):
    look = engine_for(mode="corrosion", name="trained").look(
        render_hull_plate(seed=11, angle="mid", rust=rust, size=SIZE)
    )
    probability, percent = PLATES[rust]
    assert look.probability == pytest.approx(probability, abs=1e-3)
    assert 100 * float(look.share.mean()) == pytest.approx(percent, abs=1e-1)


@pytest.mark.parametrize("blisters", sorted(GELCOATS))
def test_trained_osmosis_engine_says_what_it_said(blisters):
    look = engine_for(mode="osmosis", name="trained").look(
        render_gelcoat(seed=11, angle="close", blisters=blisters, size=SIZE)
    )
    probability, found = GELCOATS[blisters]
    assert look.probability == pytest.approx(probability, abs=1e-3)
    assert sum(circle.likelihood > 0.5 for circle in look.objects) == found
