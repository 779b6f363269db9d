"""Pin the versions of all engines: a change recomputes every comparison and repeats every shadow run."""

from dataclasses import replace

import pytest

from inspections.engines import registry
from inspections.engines.corrosion import trained as corrosion_trained
from inspections.engines.corrosion.pixel_classifier import RustModel
from inspections.engines.domain_gate.gate import shipped_gate
from inspections.engines.osmosis import trained as osmosis_trained
from inspections.engines.registry import WrongModelVersion, engine_for, model_version_of, serve_engines
from tests.inspections.engines.registered_engines import EVERY

# Of what every wrapped part hashes: a difference here names the part that moved a version.
DIGESTS = {
    "gated corrosion": "41cdab310eaa57729eb442c303c02036fb22ba474832666d28f6199c0b841a77",
    "gated osmosis": "d384e42922ec0f8c29b2e4b0423e1e29a121fd469fe42a1fc4236d940d6f5022",
    "classical corrosion": "4d9ca5b11e197b30afc682737c36bda993fcc63e4c609d217486e3e99cb4daff",
    "classical osmosis": "9d9c8cc5294e6fb2b0415a604002303f11d705523e468894c9a6aa321b4f3eb0",
    "trained corrosion": "98a689ec081f91ba2b1145a536a4fd94cf65fa8eaeed9218cc5ff905ab267fd3",
    "trained osmosis": "e3c3cbbe1938cf65fbce119e627356266aeca09a40e32768e52839860184aa1f",
    "pixel classifier": "5a6fdfa47f3d44614d9f342d2dda1253a2914f365fba47110a414aac7e9c3c4a",
    "domain gate": "2417b524574e7871a2c399bbea99cfaf9c0b6584fcc89fd34dd63601ad2df4f4",
}


@pytest.mark.parametrize(("mode", "name"), EVERY)
def test_an_engine_has_the_version_by_which_other_processes_know_it(mode, name):
    assert engine_for(mode=mode, name=name).model_version == model_version_of(mode=mode, name=name)


def test_an_engine_with_another_version_is_not_served(monkeypatch):
    changed = replace(registry._ENGINES["corrosion", "stub"], model_version="stub-0")
    monkeypatch.setitem(registry._ENGINES, ("corrosion", "stub"), changed)
    with pytest.raises(WrongModelVersion, match="stub-1, registered is stub-0"):
        serve_engines("stub")


def test_digest_of_every_part_is_unchanged():
    digests = {
        "gated corrosion": engine_for(mode="corrosion", name="trained")._detector.digest,
        "gated osmosis": engine_for(mode="osmosis", name="trained")._detector.digest,
        "classical corrosion": engine_for(mode="corrosion", name="classical")._detector.digest,
        "classical osmosis": engine_for(mode="osmosis", name="classical")._detector.digest,
        "trained corrosion": corrosion_trained.TrainedDetector().digest,
        "trained osmosis": osmosis_trained.TrainedDetector().digest,
        "pixel classifier": RustModel.fitted().digest,
        "domain gate": shipped_gate().digest,
    }
    assert digests == DIGESTS
