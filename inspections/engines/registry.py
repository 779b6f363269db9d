"""Registry of engines by mode and name, with their versions.

An engine is imported when it is first used: processes that analyse nothing need none of the libraries that read pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from inspections.engines.base import Detector, Engine


class UnknownEngine(LookupError):
    """No engine of that name exists for that mode."""


class WrongModelVersion(Exception):
    """An engine has another version than the one registered: every process must call a model by the same name."""


@dataclass(frozen=True, slots=True)
class _Registered:
    model_version: str
    build: Callable[[], "Engine"]


def is_registered(*, mode: str, name: str) -> bool:
    """Return whether there is an engine of that name for that mode."""
    return (mode, name) in _ENGINES


@cache
def engine_for(*, mode: str, name: str) -> "Engine":
    """Return the process's engine of that mode and name ("trained", "classical", "stub"). Raises `UnknownEngine`."""
    return _registered(mode, name).build()


def model_version_of(*, mode: str, name: str) -> str:
    """Return the version of an engine without loading it. Raises `UnknownEngine`."""
    return _registered(mode, name).model_version


def serve_engines(name: str) -> None:
    """Load the engines of that name that this process will serve.

    Raises `UnknownEngine`, `WrongModelVersion` for a new model whose version is not registered here, or what loading
    its weights raises.
    """
    for mode, each in _ENGINES:
        if each != name:
            continue
        version, registered = engine_for(mode=mode, name=name).model_version, model_version_of(mode=mode, name=name)
        if version != registered:
            raise WrongModelVersion(f"{version}, registered is {registered}")


def _registered(mode: str, name: str) -> _Registered:
    try:
        return _ENGINES[mode, name]
    except KeyError as error:
        raise UnknownEngine(f"{mode}/{name}") from error


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


# A version changes with everything that can change an answer: weights, calibration, numbers of the judgement. Change it
# here only together with one of these: every comparison is computed again.
_ENGINES: Final = {
    ("corrosion", "trained"): _Registered("corrosion-trained-2.656284d1", _trained_corrosion),
    ("corrosion", "classical"): _Registered("corrosion-classical-2.607f5f53", _classical_corrosion),
    ("corrosion", "stub"): _Registered("stub-1", lambda: _stub("corrosion")),
    ("osmosis", "trained"): _Registered("osmosis-trained-2.7b8f74f0", _trained_osmosis),
    ("osmosis", "classical"): _Registered("osmosis-classical-2.f32feeda", _classical_osmosis),
    ("osmosis", "stub"): _Registered("stub-1", lambda: _stub("osmosis")),
}
