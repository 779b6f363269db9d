"""Registry of engines by mode and name."""

from collections.abc import Callable
from functools import cache
from typing import Final

from inspections.engines.base import Engine
from inspections.engines.corrosion import classical as corrosion_classical
from inspections.engines.corrosion import trained as corrosion_trained
from inspections.engines.corrosion.engine import CorrosionEngine
from inspections.engines.domain_gate.gate import shipped_gate
from inspections.engines.domain_gate.gated import GatedDetector
from inspections.engines.osmosis import classical as osmosis_classical
from inspections.engines.osmosis import trained as osmosis_trained
from inspections.engines.osmosis.engine import OsmosisEngine
from inspections.engines.stub import StubEngine

_ENGINES: Final[dict[tuple[str, str], Callable[[], Engine]]] = {
    ("corrosion", "trained"): lambda: CorrosionEngine(
        GatedDetector(corrosion_trained.TrainedDetector(), shipped_gate())
    ),
    ("corrosion", "classical"): lambda: CorrosionEngine(corrosion_classical.ClassicalDetector()),
    ("corrosion", "stub"): lambda: StubEngine("corrosion"),
    ("osmosis", "trained"): lambda: OsmosisEngine(GatedDetector(osmosis_trained.TrainedDetector(), shipped_gate())),
    ("osmosis", "classical"): lambda: OsmosisEngine(osmosis_classical.ClassicalDetector()),
    ("osmosis", "stub"): lambda: StubEngine("osmosis"),
}


class UnknownEngine(LookupError):
    """No engine of that name exists for that mode."""


@cache
def engine_for(*, mode: str, name: str) -> Engine:
    """Return the process's engine of that mode and name ("trained", "classical", "stub"). Raises `UnknownEngine`."""
    try:
        build = _ENGINES[mode, name]
    except KeyError as error:
        raise UnknownEngine(f"{mode}/{name}") from error
    return build()
