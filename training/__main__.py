"""python -m training corrosion|osmosis|domain_gate --data DIR: train and calibrate a head, in place."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from inspections.engines.corrosion import trained as corrosion_detector
from inspections.engines.domain_gate.gate import DomainGate
from inspections.engines.osmosis import trained as osmosis_detector
from training.data.dataset import Picture, load
from training.heads import calibration, corrosion, domain_gate, osmosis
from training.heads.export import export, export_classifier

_SEED: Final = 1
_ENGINES: Final = Path(corrosion_detector.__file__).parents[1]


def main() -> None:
    """Train and calibrate the head of one mode, or the domain gate before both."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("part", choices=sorted(_MAKERS))
    parser.add_argument("--data", type=Path, required=True, help="folder of manifest.csv and the pictures it names")
    parser.add_argument("--rounds", type=int, nargs="+", help="batches in each round; else as the head was made")
    parser.add_argument("--calibrate-only", action="store_true", help="keep the graph that is there")
    args = parser.parse_args()
    default_rounds, make = _MAKERS[args.part]
    make(args.data, rounds=() if args.calibrate_only else args.rounds or default_rounds)


def make_corrosion(data: Path, *, rounds: Sequence[int]) -> None:
    """Train the corrosion head in rounds of so many batches (none: keep it), then calibrate it."""
    pictures = load(data, mode="corrosion")
    training_pictures, held_out = _of_split(pictures, "train"), _of_split(pictures, "calibration")
    folder = _ENGINES / "corrosion"
    if rounds:
        export(corrosion.train(training_pictures, rounds=rounds, seed=_SEED, monitored=held_out), folder / "head.onnx")
    detector = corrosion_detector.TrainedDetector(calibration.BLANK_CORROSION)
    fitted = calibration.calibrate_corrosion(detector, held_out, training_pictures, rng=np.random.default_rng(_SEED))
    calibration.write(fitted, folder / "calibration.json")


def make_osmosis(data: Path, *, rounds: Sequence[int]) -> None:
    """Train the osmosis head in rounds of so many batches (none: keep it), then calibrate it."""
    pictures, surfaces = load(data, mode="osmosis"), load(data, mode="corrosion")
    folder = _ENGINES / "osmosis"
    if rounds:
        head = osmosis.train(
            _of_split(pictures, "train"), backgrounds=_of_split(surfaces, "train"), rounds=rounds, seed=_SEED
        )
        export(head, folder / "head.onnx")
    detector = osmosis_detector.TrainedDetector(calibration.BLANK_OSMOSIS)
    fitted = calibration.calibrate_osmosis(
        detector,
        _of_split(pictures, "calibration"),
        _of_split(surfaces, "calibration"),
        rng=np.random.default_rng(_SEED),
    )
    calibration.write(fitted, folder / "calibration.json")


def make_domain_gate(data: Path, *, rounds: Sequence[int]) -> None:
    """Copy the gate's classifier (no rounds: keep it) and calibrate it. No number of rounds trains it."""
    folder = _ENGINES / "domain_gate"
    if rounds:
        export_classifier(domain_gate.Classifier(), folder / "classifier.onnx")
    surfaces = load(data, mode="corrosion") + load(data, mode="osmosis")
    gate = DomainGate(calibration.BLANK_DOMAIN_GATE)
    calibration.write(
        domain_gate.calibrate(gate, surfaces, rng=np.random.default_rng(_SEED)), folder / "calibration.json"
    )


_MAKERS: Final = {
    "corrosion": (corrosion.ROUNDS, make_corrosion),
    "osmosis": (osmosis.ROUNDS, make_osmosis),
    "domain_gate": ((1,), make_domain_gate),
}


def _of_split(pictures: list[Picture], split: str) -> list[Picture]:
    return [picture for picture in pictures if picture.split == split]


if __name__ == "__main__":
    main()
