"""Framing at the hull: an app above compares a checked photo with an earlier photo of its place, mode by mode.

The photo is judged already: no failure here rejects, delays for long or repeats its check.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.module_loading import import_string

from inspections.models import Inspection, MediaAsset
from inspections.models.photos import FRAMING_BOUNDS
from inspections.vocabulary import PhotoWarning
from maretech.common.work.isolation import log_and_continue

if TYPE_CHECKING:
    from inspections.engines.base import Rgb

FRAMED_DIFFERENTLY: Final = PhotoWarning.FRAMED_DIFFERENTLY.value


@dataclass(frozen=True, slots=True, kw_only=True)
class FramingFinding:
    """The comparison with an earlier photo; `framing` is None if it could not be measured.

    Raises ValueError for a framing that the database would refuse.
    """

    framing: Mapping[str, float] | None
    differs: bool

    def __post_init__(self) -> None:
        if self.framing is not None:
            _check_bounds(self.framing)


def _check_bounds(framing: Mapping[str, float]) -> None:
    if framing.keys() != FRAMING_BOUNDS.keys():
        raise ValueError(f"not a framing: {sorted(framing)}")
    for name, (low, high) in FRAMING_BOUNDS.items():
        if not low < framing[name] < high:  # nor NaN
            raise ValueError(f"{name} is {framing[name]}")


Comparer = Callable[[MediaAsset, Inspection, "Rgb"], FramingFinding | None]
"""From a photo, its inspection and its pixels to a finding; None if there is no earlier photo to compare with."""

_comparers: dict[str, str] = {}


def on_checked_photo(mode: str, comparer: str) -> None:
    """Register the one `Comparer` of a mode by its dotted path: only workers import it, and what reads pixels."""
    _comparers[mode] = comparer


def compare_framing(asset: MediaAsset, inspection: Inspection, pixels: "Rgb") -> FramingFinding | None:
    """Return the finding of the mode's comparer, None without one or if it fails."""
    comparer = _comparers.get(inspection.mode)
    if comparer is None:
        return None
    with log_and_continue("framing was not compared", asset=str(asset.pk)):
        compare: Comparer = import_string(comparer)
        return compare(asset, inspection, pixels)
    return None
