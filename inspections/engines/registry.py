"""Registry of engines by mode and name.

An engine is imported when it is first used: processes that analyse nothing need none of the libraries that read pixels.
"""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inspections.engines.base import Detector, Engine


class UnknownEngine(LookupError):
    """No engine of that name exists for that mode."""


def is_registered(*, mode: str, name: str) -> bool:
    """Return whether there is an engine of that name for that mode."""
    return (mode, name) in _ENGINES


@cache
def engine_for(*, mode: str, name: str) -> "Engine":
    """Return the process's engine of that mode and name ("trained", "classical", "stub"). Raises `UnknownEngine`."""
    try:
        build = _ENGINES[mode, name]
    except KeyError as error:
        raise UnknownEngine(f"{mode}/{name}") from error
    return build()


def _trained_corrosion() -> "Engine":
    from inspections.engines.corrosion.engine import CorrosionEngine
    from inspections.engines.corrosion.trained import TrainedDetector

    return CorrosionEngine(_gated(TrainedDetector()))


def _classical_corrosion() -> "Engine":
    from inspections.engines.corrosion.classical import ClassicalDetector
    from inspections.engines.corrosion.engine import CorrosionEngine

    return CorrosionEngine(ClassicalDetector())


def _trained_osmosis() -> "Engine":
    from inspections.engines.osmosis.engine import OsmosisEngine
    from inspections.engines.osmosis.trained import TrainedDetector

    return OsmosisEngine(_gated(TrainedDetector()))


def _classical_osmosis() -> "Engine":
    from inspections.engines.osmosis.classical import ClassicalDetector
    from inspections.engines.osmosis.engine import OsmosisEngine

    return OsmosisEngine(ClassicalDetector())


def _stub(mode: str) -> "Engine":
    from inspections.engines.stub import StubEngine

    return StubEngine(mode)


def _gated(detector: "Detector") -> "Detector":
    from inspections.engines.domain_gate.gate import shipped_gate
    from inspections.engines.domain_gate.gated import GatedDetector

    return GatedDetector(detector, shipped_gate())


_ENGINES: Final[dict[tuple[str, str], Callable[[], "Engine"]]] = {
    ("corrosion", "trained"): _trained_corrosion,
    ("corrosion", "classical"): _classical_corrosion,
    ("corrosion", "stub"): lambda: _stub("corrosion"),
    ("osmosis", "trained"): _trained_osmosis,
    ("osmosis", "classical"): _classical_osmosis,
    ("osmosis", "stub"): lambda: _stub("osmosis"),
}
