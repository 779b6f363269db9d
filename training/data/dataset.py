"""The labelled pictures of a data folder, decoded once."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from inspections.engines.base import Rgb, SegmentationMap
from inspections.engines.imaging.decode import decode
from training.data.split import Split, source_image_of, split_of

LONG_SIDE_PX: Final = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One row of the manifest: pixels, class per pixel (all 0 without a mask) and whether it shows the signal."""

    file: str
    source_image: str
    split: Split
    shows_signal: bool
    pixels: Rgb
    mask: SegmentationMap


def load(data: Path, *, mode: str) -> list[Picture]:
    """Return every picture of the mode, in the order of the manifest, at most 512 px long."""
    with (data / "manifest.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["mode"] == mode]
    return [_picture(data, row) for row in rows]


def _picture(data: Path, row: dict[str, str]) -> Picture:
    pixels = decode((data / row["file"]).read_bytes(), long_side_px=LONG_SIDE_PX)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    if row.get("mask"):
        drawn = np.asarray(cv2.imread(str(data / row["mask"]), cv2.IMREAD_GRAYSCALE), np.uint8)
        mask = np.asarray(cv2.resize(drawn, mask.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    return Picture(
        file=row["file"],
        source_image=source_image_of(row),
        split=split_of(row),
        shows_signal=row["label"].lower() == "yes",
        pixels=pixels,
        mask=mask,
    )
