"""Assign pictures to splits (train, calibration, validation): by source picture, never by crop.

A crop joins the split of its photograph, a tile that of its copies in other collections.

`python -m training.data.split --data DIR --out FILE` writes the manifest with two more columns, `split` and
`source_image`.
"""

import argparse
import csv
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

Split = Literal["train", "calibration", "validation"]

_BACKGROUNDS: Final = Path(__file__).with_name("background_sources.csv")
_CROP: Final = re.compile(r"crop of image (\d+) ")
_BRIDGE: Final = re.compile(r"ccsc_train_(\d+)")
_TILE: Final = re.compile(r"tex_(\w+)_amb\d_(\d+)")
# Per hundred source pictures.
_VALIDATION: Final = 16
_CALIBRATION: Final = 10


def source_image_of(row: Mapping[str, str]) -> str:
    """Return the name of the picture that a row of the manifest was made from."""
    if crop := _CROP.search(row.get("note", "")):
        return f"ccsc_{crop[1]}"
    for pattern, name in ((_BRIDGE, "ccsc_{0}"), (_TILE, "tile_{0}_{1}")):
        if found := pattern.search(row["file"]):
            return name.format(*found.groups())
    background = _background_sources().get(row["file"], row["file"])
    return source_image_of({"file": background}) if background != row["file"] else background


def split_of(row: Mapping[str, str]) -> Split:
    """Return the split of a row: the same for every row of one source picture, on every machine."""
    place = int(hashlib.sha256(source_image_of(row).encode()).hexdigest(), 16) % 100
    if place < _VALIDATION:
        return "validation"
    return "calibration" if place < _VALIDATION + _CALIBRATION else "train"


@cache
def _background_sources() -> Mapping[str, str]:
    """The photograph behind a picture with drawn blisters, found by matching SIFT landmarks (10 inliers or more)."""
    if not _BACKGROUNDS.exists():
        return {}
    with _BACKGROUNDS.open(newline="") as lines:
        return {row["file"]: row["source_image"] for row in csv.DictReader(lines)}


def write_manifest(data: Path, out: Path) -> None:
    """Write the manifest of the folder with `split` and `source_image`; its paths point to the folder."""
    with (data / "manifest.csv").open(newline="") as lines, out.open("w", newline="") as written:
        rows = csv.DictReader(lines)
        table = csv.DictWriter(written, [*(rows.fieldnames or ()), "split", "source_image"])
        table.writeheader()
        for row in rows:
            known = {"split": split_of(row), "source_image": source_image_of(row)}
            table.writerow(
                {**row, **known, **{name: _from(data, row[name]) for name in ("file", "mask") if name in row}}
            )


def _from(data: Path, name: str) -> str:
    return str((data / name).resolve()) if name else ""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write_manifest(args.data, args.out)
