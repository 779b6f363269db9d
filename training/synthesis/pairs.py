"""Make pairs of two dates.

`python -m training.synthesis.pairs --data DIR --out DIR [--split validation] [--seed 0 ...]`

For every bridge photograph of one split: repeat photos (nothing changed), the same with 5 to 25 percentage points of
rust added, and with as much removed. Writes photos, masks and `pairs.csv` for `manage.py evaluate_trend`. Never
committed.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from evaluation.masks import read_mask
from inspections.engines.imaging.decode import decode
from training.augmentation.revisit import Mask, Rgb, photograph_again
from training.data.split import split_of
from training.synthesis.grown_rust import grow_rust, rust_texture

Place = tuple[Rgb, Mask]

UNCHANGED_PER_PHOTO: Final = 3
GROWN_PER_PHOTO: Final = 2
SHRUNK_PER_PHOTO: Final = 1
_LONG_SIDE_PX: Final = 512
_LEAST_SHARE: Final = 0.05
_MOST_SHARE: Final = 0.25
_FREE_SHARE: Final = 0.35
_OWN_TEXTURE: Final = 0.5
_COLUMNS: Final = ("file_a", "file_b", "mask_a", "mask_b", "kind", "source_image")


def write_pairs(data: Path, out: Path, *, split: str, seeds: Sequence[int]) -> int:
    """Write every pair of a split, drawn once for each seed, and their manifest; returns their number.

    Same data and seeds, same pairs.
    """
    (out / "masks").mkdir(parents=True, exist_ok=True)
    rows = photos_of(data, split)
    places = [read_place(data, row) for row in rows]
    with (out / "pairs.csv").open("w", newline="") as lines:
        manifest = csv.DictWriter(lines, _COLUMNS)
        manifest.writeheader()
        number = 0
        for seed, (index, row) in product(seeds, enumerate(rows)):
            rng = np.random.default_rng((seed, index))
            for kind, before, after in _pairs_of(index, places, rng):
                files = _write(out, f"{Path(row['file']).stem}_{number:04}", before, after, rng)
                manifest.writerow({**files, "kind": kind, "source_image": row["file"]})
                number += 1
    return number


def photos_of(data: Path, split: str) -> list[dict[str, str]]:
    with (data / "manifest.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["mode"] == "corrosion" and row["mask"]]
    return [row for row in rows if split_of(row) == split]


def read_place(data: Path, row: dict[str, str]) -> Place:
    pixels = decode((data / row["file"]).read_bytes(), long_side_px=_LONG_SIDE_PX)
    return pixels, np.asarray(read_mask((data / row["mask"]).read_bytes()), np.uint8)


def _pairs_of(index: int, places: Sequence[Place], rng: np.random.Generator) -> Iterator[tuple[str, Place, Place]]:
    place = places[index]
    for _ in range(UNCHANGED_PER_PHOTO):
        yield "unchanged", place, place
    for number in range(GROWN_PER_PHOTO + SHRUNK_PER_PHOTO):
        later = _grow_rust(index, places, rng)
        if later is None:
            return
        if number < GROWN_PER_PHOTO:
            yield "grown", place, later
        else:
            yield "shrunk", later, place


def _grow_rust(index: int, places: Sequence[Place], rng: np.random.Generator) -> Place | None:
    """The place with rust of its own or of another photo; None if there is no room for more."""
    pixels, mask = places[index]
    if (mask == 0).mean() < _FREE_SHARE:
        return None
    others = rng.permutation(len(places)).tolist()
    donors = [index, *others] if rng.random() < _OWN_TEXTURE else others
    textures = (rust_texture(places[donor][0], places[donor][1], rng) for donor in donors)
    texture = next((texture for texture in textures if texture is not None), None)
    if texture is None:
        return None
    share = float(rng.uniform(_LEAST_SHARE, _MOST_SHARE))
    return grow_rust(pixels, mask, share=share, texture=texture, rng=rng)


def _write(out: Path, name: str, before: Place, after: Place, rng: np.random.Generator) -> dict[str, str]:
    files = {}
    for side, place in (("a", before), ("b", after)):
        pixels, mask = photograph_again(*place, rng)
        files[f"file_{side}"], files[f"mask_{side}"] = f"{name}_{side}.png", f"masks/{name}_{side}.png"
        cv2.imwrite(str(out / files[f"file_{side}"]), pixels[..., ::-1])
        cv2.imwrite(str(out / files[f"mask_{side}"]), (mask > 0).astype(np.uint8) * 255)
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--split", choices=("train", "calibration", "validation"), default="validation")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    args = parser.parse_args()
    number = write_pairs(args.data, args.out, split=args.split, seeds=args.seed)
    print(f"{number} pairs in {args.out}")


if __name__ == "__main__":
    main()
