"""`python -m training.synthesis.clean_scenes --data DIR --out DIR`: pictures with the correct answer "no".

Drawn hulls, washed and worn; and the photographs of the validation split, unchanged and with every look-alike of a
blister drawn on them. Writes `osmosis.csv` and `corrosion.csv` for `manage.py evaluate_engine`, which reports the
metrics of each kind separately. Never committed.
"""

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.random import Generator

from inspections.engines.base import Rgb
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from training.data.dataset import Picture, load
from training.synthesis.blisters.composition import compose_clean, compose_negative
from training.synthesis.blisters.hull import gelcoat_background
from training.synthesis.hulls import painted_hull

DRAWN_HULLS: Final = 100
RENDERED_HULLS: Final = 50
_RENDERED_PX: Final = (800, 600)
_COLUMNS: Final = ("file", "mode", "label", "mask", "kind", "source", "licence", "note", "sha256", "source_image")

Scene = tuple[str, str, Rgb]
"""Its kind, the picture it was made of, and its pixels."""


def write_scenes(data: Path, out: Path, *, seed: int) -> int:
    """Write the scenes of both modes and their manifests; returns their number. Same data and seed, same scenes."""
    surfaces = [picture for picture in load(data, mode="corrosion") if picture.split == "validation"]
    number = 0
    for mode, drawn in (("osmosis", _osmosis), ("corrosion", _corrosion)):
        (out / mode).mkdir(parents=True, exist_ok=True)
        with (out / f"{mode}.csv").open("w", newline="") as lines:
            manifest = csv.DictWriter(lines, _COLUMNS, restval="")
            manifest.writeheader()
            for scene in drawn(surfaces, np.random.default_rng(seed)):
                manifest.writerow(_written(scene, out, f"{mode}/{number:04}.png") | {"mode": mode})
                number += 1
    return number


def _osmosis(surfaces: list[Picture], rng: Generator) -> Iterator[Scene]:
    for number in range(DRAWN_HULLS):
        yield "drawn hull", f"drawn-{number}", compose_clean(gelcoat_background(rng), rng=rng).pixels
    for number in range(RENDERED_HULLS):
        yield "rendered hull", f"rendered-{number}", _gelcoat(number)
    for picture in surfaces:
        yield "photograph" if picture.shows_signal else "crop or tile", picture.source_image, picture.pixels
        if picture.shows_signal:
            yield "look-alikes", picture.source_image, compose_negative(picture.pixels, rng=rng).pixels


def _corrosion(surfaces: list[Picture], rng: Generator) -> Iterator[Scene]:
    grains = [picture for picture in surfaces if not picture.shows_signal]
    for number in range(DRAWN_HULLS):
        grain = grains[int(rng.integers(len(grains)))]
        square = cv2.resize(grain.pixels, (384, 384), interpolation=cv2.INTER_AREA)
        yield "drawn hull", f"drawn-{number}", painted_hull(np.asarray(square, np.uint8), rng=rng)
    for number in range(RENDERED_HULLS):
        yield "rendered hull", f"rendered-{number}", _plate(number)


def _gelcoat(seed: int) -> Rgb:
    return render_gelcoat(seed=seed, angle="close", blisters=0, size=_RENDERED_PX)


def _plate(seed: int) -> Rgb:
    return render_hull_plate(seed=seed, angle="mid", rust=0.0, size=_RENDERED_PX)


def _written(scene: Scene, out: Path, file: str) -> dict[str, str]:
    kind, made_of, pixels = scene
    cv2.imwrite(str(out / file), pixels[..., ::-1])
    return {"file": file, "label": "no", "kind": kind, "source_image": made_of}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    number = write_scenes(args.data, args.out, seed=args.seed)
    print(f"{number} scenes in {args.out}")


if __name__ == "__main__":
    main()
