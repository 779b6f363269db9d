"""Make pairs of two dates with a second photo that is framed otherwise, for the warning of the photo check.

`python -m training.synthesis.framed_pairs --data DIR --out DIR [--split validation] [--seed 0 ...]`

For every bridge photograph of one split, and in a manifest each for `manage.py evaluate_trend`:

- `reframed.csv`: the same place, unchanged. The second photo is shifted, nearer or farther, and turned: by a little, by
  so much that the two share half of their picture, or by more.
- `other_places.csv`: another place: of the same photograph, or of another one.
- `repainted.csv`: the same place from nearly the same stance, under a coat of paint that lets little of it show.

The manifests of one place also hold the framing that was drawn, in columns of its names. Light, focus and camera differ
as in `pairs`. Never committed.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from corrosion.judgement.framing import Framing, framing_of
from training.augmentation.revisit import SIDE_PX, photograph_from
from training.synthesis.pairs import Place, photos_of, read_place

REFRAMED_PER_PHOTO: Final = 8
ELSEWHERE_PER_PHOTO: Final = 2
REPAINTED_PER_PHOTO: Final = 2
# Sides of the first photo, as a share of the photograph: less of it than in `pairs`, so that a second photo can show
# what lies around the first.
_WINDOW: Final = (0.45, 0.55)
_LITTLE: Final = {"shift": 0.05, "zoom": 0.07, "turn_deg": 3.0}
_MOST: Final = {"shift": 0.5, "zoom": 0.55, "turn_deg": 30.0}
_PAINT_SHOWS: Final = (0.0, 0.4)
_CORNERS: Final = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
_CORNER_NOISE: Final = 0.012
_TRIES: Final = 200
_FRAMING: Final = tuple(field.name for field in fields(Framing))
_COLUMNS: Final = ("file_a", "file_b", "mask_a", "mask_b", "expected", "kind", "source_image", *_FRAMING)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A square part of a photograph: its middle and its side as shares of the photograph, turned clockwise."""

    middle: tuple[float, float]
    side: float
    turn_deg: float

    def corners(self) -> NDArray[np.float64]:
        """Return the four corners, shape (4, 2), from the top left one on."""
        turn = np.deg2rad(self.turn_deg)
        spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        return np.asarray(self.side * _CORNERS @ spin.T + self.middle, np.float64)

    def is_inside(self) -> bool:
        corners = self.corners()
        return bool(corners.min() >= _CORNER_NOISE and corners.max() <= 1 - _CORNER_NOISE)

    def stance(self, size: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return the homography of the photograph, of `size` px a side, to `SIDE_PX`: slightly oblique."""
        seen = self.corners() + rng.uniform(-_CORNER_NOISE, _CORNER_NOISE, (4, 2)) * self.side
        target = ((_CORNERS + 0.5) * (SIDE_PX - 1)).astype(np.float32)
        mapping = cv2.getPerspectiveTransform((seen * (size - 1)).astype(np.float32), target)
        return np.asarray(mapping, np.float64)


def draw_first(rng: np.random.Generator) -> View:
    """Draw the view of the first photo."""
    while True:
        x, y = rng.uniform(0.3, 0.7, 2)
        view = View(middle=(float(x), float(y)), side=float(rng.uniform(*_WINDOW)), turn_deg=float(rng.normal(0, 2)))
        if view.is_inside():
            return view


def draw_second(first: View, reach: float, rng: np.random.Generator) -> View:
    """Draw the view of the second photo: 0 for nearly the same one, 1 for as far off as they go."""
    most = {name: low + reach * (_MOST[name] - low) for name, low in _LITTLE.items()}
    for _ in range(_TRIES):
        away = rng.uniform(-1, 1, 2) * most["shift"] * first.side
        zoom = float(np.exp(rng.uniform(-1, 1) * np.log1p(most["zoom"])))
        view = View(
            middle=(first.middle[0] + float(away[0]), first.middle[1] + float(away[1])),
            side=first.side * zoom,
            turn_deg=first.turn_deg + float(rng.uniform(-1, 1) * most["turn_deg"]),
        )
        if view.is_inside():
            return view
    return first


def write_framed_pairs(data: Path, out: Path, *, split: str, seeds: Sequence[int]) -> dict[str, int]:
    """Write every pair of a split, drawn once for each seed, and three manifests; returns their lengths.

    Same data and seeds, same pairs.
    """
    (out / "masks").mkdir(parents=True, exist_ok=True)
    rows = photos_of(data, split)
    places = [read_place(data, row) for row in rows]
    lines: dict[str, list[dict[str, str | float]]] = {"reframed": [], "other_places": [], "repainted": []}
    for seed, (index, row) in product(seeds, enumerate(rows)):
        rng = np.random.default_rng((seed, index))
        for number, (kind, before, after) in enumerate(_pairs_of(index, places, rng)):
            written, framing = _write(out, f"{Path(row['file']).stem}_{seed}_{number:02}", (before, after), rng)
            truth = {"expected": "not_comparable"} if kind == "other_places" else asdict(framing)
            lines[kind].append({**written, **truth, "kind": kind, "source_image": row["file"]})
    for kind, pairs in lines.items():
        with (out / f"{kind}.csv").open("w", newline="") as file:
            manifest = csv.DictWriter(file, _COLUMNS)
            manifest.writeheader()
            manifest.writerows(pairs)
    return {kind: len(pairs) for kind, pairs in lines.items()}


def _pairs_of(
    index: int, places: Sequence[Place], rng: np.random.Generator
) -> Iterator[tuple[str, tuple[Place, View], tuple[Place, View]]]:
    place = places[index]
    for number in range(REFRAMED_PER_PHOTO):
        first = draw_first(rng)
        yield "reframed", (place, first), (place, draw_second(first, number / (REFRAMED_PER_PHOTO - 1), rng))
    for _ in range(ELSEWHERE_PER_PHOTO):
        other = places[(index + int(rng.integers(1, len(places)))) % len(places)]
        yield "other_places", (place, draw_first(rng)), (other, draw_first(rng))
    for _ in range(REPAINTED_PER_PHOTO):
        first = draw_first(rng)
        yield "repainted", (place, first), (_painted(place, rng), draw_second(first, 0, rng))


def _painted(place: Place, rng: np.random.Generator) -> Place:
    """Paint the place in one colour, unevenly; a rest of its light and dark shows through."""
    pixels, mask = place
    coat = rng.integers(40, 200, 3) + rng.normal(0, 2, pixels.shape)
    shows = rng.uniform(*_PAINT_SHOWS)
    relief = (pixels.mean(axis=2, keepdims=True) - pixels.mean()) * shows
    return np.clip(coat + relief, 0, 255).astype(np.uint8), np.zeros_like(mask)


def _write(
    out: Path, name: str, shots: tuple[tuple[Place, View], tuple[Place, View]], rng: np.random.Generator
) -> tuple[dict[str, str], Framing]:
    """Write both photos and masks; returns the files of the manifest, and how the second photo is framed."""
    files, stances = {}, []
    for side, ((pixels, mask), view) in zip("ab", shots, strict=True):
        stances.append(view.stance(len(pixels), rng))
        seen, marked = photograph_from(stances[-1], pixels, mask, rng)
        files[f"file_{side}"], files[f"mask_{side}"] = f"{name}_{side}.png", f"masks/{name}_{side}.png"
        cv2.imwrite(str(out / files[f"file_{side}"]), seen[..., ::-1])
        cv2.imwrite(str(out / files[f"mask_{side}"]), (marked > 0).astype(np.uint8) * 255)
    size = (SIDE_PX, SIDE_PX)
    return files, framing_of(list((stances[1] @ np.linalg.inv(stances[0])).ravel()), size, size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--split", choices=("train", "calibration", "validation"), default="validation")
    parser.add_argument("--seed", type=int, nargs="+", default=[0])
    args = parser.parse_args()
    for kind, number in write_framed_pairs(args.data, args.out, split=args.split, seeds=args.seed).items():
        print(f"{number} pairs in {args.out / kind}.csv")


if __name__ == "__main__":
    main()
