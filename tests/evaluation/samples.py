"""Handmade observations, and a tiny manifest of drawn photographs with known truth."""

import csv
import hashlib
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from evaluation.cost import Cost
from evaluation.manifest import Row
from evaluation.observation import Observation
from inspections.engines.base import Prediction
from inspections.engines.findings import Measurement, PointFinding
from rendering.gelcoat import render_gelcoat
from rendering.plate import render_hull_plate
from rendering.samples import jpeg
from tests.inspections.engines.picture_files import corner_picture, encoded

COLUMNS = ("file", "mode", "label", "mask", "kind", "source", "licence", "note", "sha256", "split", "source_image")
SIZE = (320, 240)


def row(name="a.jpg", *, shows=True, **known):
    return Row(file=name, path=Path(name), shows_signal=shows, source_image=known.pop("source_image", name), **known)


def observation(probability, *, shows, detected="inconclusive", confidence="low", **known):
    return Observation(
        row=known.pop("row", row(shows=shows)),
        probability=probability,
        detected=detected,
        confidence=confidence,
        reasons=("unsure",) if detected == "inconclusive" else (),
        extent=known.pop("extent", Measurement(name="area_percent", value=4, low=2, high=8, unit="percent")),
        cost=known.pop("cost", Cost(cpu_ms=10, peak_memory_mb=100)),
        **known,
    )


class FixedEngine:
    """Returns the same prediction for every photo, as the test sets it."""

    mode = "corrosion"
    model_version = "fixed-1"
    long_side_px = 64

    def __init__(self, prediction=None, *, unit="percent"):
        self._prediction = prediction
        self._unit = unit

    def predict(self, pixels):
        return self._prediction or Prediction(
            probability=0.7, probability_map=np.full(pixels.shape[:2], 0.25, np.float32)
        )

    def examine(self, point, *, context):
        extent = Measurement(name="extent", value=3, low=1, high=5, unit=self._unit)
        return PointFinding(
            point_index=1, signal_detected="yes", confidence="low", extent=extent, signals=(), measurements=(extent,),
            reasons=(), overlay_asset_id="photo", overlay_png=encoded(corner_picture(32, 24), "PNG"),
        )  # fmt: skip


@cache
def plates():
    """Return photo and mask of two rusty plates, and of two clean ones without a mask."""
    clean = {seed: render_hull_plate(seed=seed, angle="mid", rust=0, size=SIZE) for seed in (2, 4)}
    rusty = {seed: render_hull_plate(seed=seed, angle="mid", rust=0.2, size=SIZE) for seed in clean}
    masks = {seed: np.abs(rusty[seed].astype(int) - clean[seed]).max(axis=2) > 40 for seed in clean}
    return [(rusty[seed], masks[seed]) for seed in clean] + [(clean[seed], None) for seed in clean]


@cache
def bottoms():
    drawn = render_gelcoat(seed=2, angle="close", blisters=30, size=SIZE)
    mask = np.zeros(SIZE[::-1], bool)
    mask[40:60, 40:60] = mask[100:130, 200:230] = True
    return [(drawn, mask), (render_gelcoat(seed=2, angle="close", blisters=0, size=SIZE), None)]


def write_manifest(folder, *, mode, pictures, extra=()):
    """Write the photos, their masks and a manifest of both; return its path."""
    rows = [_write(folder, mode, index, pixels, mask) for index, (pixels, mask) in enumerate(pictures)]
    path = folder / "manifest.csv"
    with path.open("w", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows([*rows, *extra])
    return path


def _write(folder, mode, index, pixels, mask):
    name, content = f"{mode}_{index}.jpg", jpeg(pixels)
    (folder / name).write_bytes(content)
    if mask is not None:
        scale = 2 if mode == "corrosion" else 255  # a class, or yes
        Image.fromarray(mask.astype(np.uint8) * scale).save(folder / f"mask_{index}.png")
    return {
        "file": name,
        "mode": mode,
        "label": "no" if mask is None else "yes",
        "mask": "" if mask is None else f"mask_{index}.png",
        "kind": "drawn" if index % 2 else "drawn & <odd>",
        "source": "renderer",
        "note": "blister_count=2" if mask is not None and mode == "osmosis" else "",
        "sha256": hashlib.sha256(content).hexdigest(),
        "split": "train" if index == 0 else "validation",
    }
