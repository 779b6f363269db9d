"""Read a manifest of pairs: two photos of one place, and their masks or the expected trend."""

import csv
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from corrosion.judgement.framing import Framing
from corrosion.vocabulary import Trend

NOT_COMPARABLE: Final = "not_comparable"
_EXPECTED: Final = (*Trend.values(), NOT_COMPARABLE)
# The column and its accepted synonyms.
_EXPECTED_COLUMNS: Final = ("expected", "expected_direction", "expected direction", "direction")
_SAME: Final = {
    "unchanged": Trend.STABLE,
    "same": Trend.STABLE,
    "none": Trend.STABLE,
    "worse": Trend.WORSENING,
    "growth": Trend.WORSENING,
    "grown": Trend.WORSENING,
    "up": Trend.WORSENING,
    "better": Trend.IMPROVING,
    "shrunk": Trend.IMPROVING,
    "down": Trend.IMPROVING,
    "not comparable": NOT_COMPARABLE,
}
_REQUIRED: Final = ("file_a", "file_b")
_FRAMING: Final = tuple(field.name for field in fields(Framing))
_MADE_OF: Final = re.compile(r"(ccsc_[a-z]+_\d+)")


class BadManifest(Exception):
    """The manifest cannot be evaluated; the message gives the reason in plain words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two photos, the earlier first. `expected` is a trend or "not_comparable"; it and the masks are None if unknown.

    `source` names the photograph that the pair was made from: pairs of one photograph are not independent. `framing` is
    how the later photo is framed against the earlier one, None if unknown.
    """

    before: Path
    after: Path
    mask_before: Path | None
    mask_after: Path | None
    expected: str | None
    source: str
    framing: Framing | None = None

    @property
    def name(self) -> str:
        return f"{self.before.name} → {self.after.name}"


def read_pairs(path: Path) -> list[Pair]:
    """Return every pair in file order, at least one; paths in it are relative to its folder.

    Raises `BadManifest`.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            rows = [{key: (value or "").strip() for key, value in row.items() if key} for row in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadManifest(f"{path} cannot be read as a CSV file: {error}") from error
    if not rows:
        raise BadManifest(f"{path} has no pair.")
    return [_pair(row, path.parent, number) for number, row in enumerate(rows, start=1)]


def _pair(row: dict[str, str], folder: Path, number: int) -> Pair:
    if any(not row.get(column) for column in _REQUIRED):
        raise BadManifest(f"Pair {number} lacks file_a or file_b.")
    word = next((row[column].lower() for column in _EXPECTED_COLUMNS if row.get(column)), None)
    expected = word and _SAME.get(word, word)
    if expected is not None and expected not in _EXPECTED:
        raise BadManifest(f"Pair {number} expects {expected!r}, not one of {', '.join(_EXPECTED)}.")
    masks = [folder / row[column] if row.get(column) else None for column in ("mask_a", "mask_b")]
    if expected is None and None in masks:
        raise BadManifest(f"Pair {number} has neither two masks nor an expected trend.")
    made_of = _MADE_OF.search(row["file_a"])
    return Pair(
        before=folder / row["file_a"],
        after=folder / row["file_b"],
        mask_before=masks[0],
        mask_after=masks[1],
        expected=expected,
        source=row.get("source_image") or (made_of[1] if made_of else row["file_a"]),
        framing=_framing(row, number),
    )


def _framing(row: dict[str, str], number: int) -> Framing | None:
    if not all(row.get(name) for name in _FRAMING):
        return None
    try:
        return Framing(**{name: float(row[name]) for name in _FRAMING})
    except ValueError as error:
        raise BadManifest(f"Pair {number} has a framing that is no number: {error}") from error
