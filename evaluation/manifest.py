"""Read a manifest: photographs, their labels, and which of them share a source picture."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MODES: Final = ("corrosion", "osmosis")
_REQUIRED: Final = ("file", "mode", "label")
_LABELS: Final = {"yes": True, "no": False}
_COUNT: Final = re.compile(r"blister_count=(\d+)")
_CROP: Final = re.compile(r"crop of image (\d+)")
_BRIDGE: Final = re.compile(r"(?:^|_)ccsc_[a-z]+_(\d+)$")


class BadManifest(Exception):
    """The manifest cannot be evaluated; the message names the line or column, in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One photograph of a manifest; empty fields of its line are None or "".

    `source_image` names the picture it was made from: crops of one photograph share it, and are never independent.
    """

    file: str
    path: Path
    shows_signal: bool
    mask_file: str = ""
    mask_path: Path | None = None
    kind: str = ""
    source: str = ""
    sha256: str = ""
    split: str = ""
    source_image: str
    true_count: int | None = None


def read_manifest(path: Path, *, mode: str, split: str = "all") -> list[Row]:
    """Return the rows of `mode` (and of `split`, unless it is "all") in the order of the file, at least one.

    Paths in it are relative to its folder. Raises `BadManifest`.
    """
    rows = [row for row in _lines(path) if row["mode"] == mode]
    if split != "all":
        if any("split" not in row for row in rows):
            raise BadManifest(f"{path} has no column split, so there is no {split} part of it.")
        rows = [row for row in rows if row["split"] == split]
    if not rows:
        raise BadManifest(f"{path} has no photo of mode {mode}{'' if split == 'all' else f' and split {split}'}.")
    return [_row(row, path.parent) for row in rows]


def _lines(path: Path) -> list[dict[str, str]]:
    """Return every line as a checked mapping of column to text."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.DictReader(lines, strict=True)
            columns = reader.fieldnames or ()
            rows = [{key: (row[key] or "").strip() for key in columns} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadManifest(f"{path} cannot be read as a CSV file: {error}") from error
    missing = [column for column in _REQUIRED if column not in columns]
    if missing:
        raise BadManifest(f"{path} lacks the column {', '.join(missing)}.")
    for number, row in enumerate(rows, start=1):
        _check(row, f"{path}, photo {number} ({row['file'] or 'without a file'})")
    return rows


def _check(row: Mapping[str, str], where: str) -> None:
    if not row["file"]:
        raise BadManifest(f"{where}: file is empty.")
    if row["mode"] not in MODES:
        raise BadManifest(f"{where}: mode is {row['mode']!r}, not {' or '.join(MODES)}.")
    if row["label"].lower() not in _LABELS:
        raise BadManifest(f"{where}: label is {row['label']!r}, not yes or no.")


def _row(row: Mapping[str, str], folder: Path) -> Row:
    mask = row.get("mask", "")
    count = _COUNT.search(row.get("note", ""))
    return Row(
        file=row["file"],
        path=folder / row["file"],
        shows_signal=_LABELS[row["label"].lower()],
        mask_file=mask,
        mask_path=folder / mask if mask else None,
        kind=row.get("kind", ""),
        source=row.get("source", ""),
        sha256=row.get("sha256", "").lower(),
        split=row.get("split", ""),
        source_image=row.get("source_image") or _source_image(row["file"], row.get("note", "")),
        true_count=int(count[1]) if count else None,
    )


def _source_image(file: str, note: str) -> str:
    """Without a source column, a crop's note names its photograph; every other picture is its own source."""
    if crop := _CROP.search(note):
        return f"ccsc_{crop[1]}"
    bridge = _BRIDGE.search(Path(file).stem)
    return f"ccsc_{bridge[1]}" if bridge else file
