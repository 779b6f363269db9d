"""Every sentence osmosis can say to an owner. "Signs consistent with", never "has"."""

from collections.abc import Iterator, Sequence

from inspections.engines.base import Confidence
from inspections.modes.base import Coverage, PointResult, RejectedPhoto, WorstPoint

DISCLAIMER = (
    "This report describes what can be seen in your photos of the gelcoat. It does not measure moisture, does not open "
    "or grade any blister, and does not replace an inspection by a qualified marine surveyor."
)
SIGNS = {
    "few": "The photos show a few small raised spots consistent with blistering of the gelcoat.",
    "several": "The photos show several raised spots consistent with blistering of the gelcoat.",
    "many": "The photos show many raised spots consistent with blistering of the gelcoat.",
}
NO_SIGNS = "The photos show no raised spots consistent with blistering in the areas you photographed."
UNCERTAIN = "The photos do not show the relief of the gelcoat clearly enough to say whether there are raised spots."
INCONCLUSIVE_REASONS = {
    "angles_disagree": "One angle seems to show raised spots and another of the same area does not.",
    "views_disagree": "Two looks at one photo came to different answers.",
    "not_a_hull": "A photo seems to show something other than gelcoat.",
    "too_far": "A photo shows so wide a stretch of the hull that single blisters would not be seen: stand closer.",
    "unknown_colour": "One photo is stored in colours that this analysis does not know, so it was not relied on.",
}
LIGHT_HINT = "A close photo with a torch held low along the surface shows relief best, soon after lift-out."
UNUSABLE = "None of the photos could be used, so nothing can be said about the gelcoat."
TESTED_ON = (
    "So far this analysis was tested on drawn blisters set into photos, not on photos of real ones: it is kept "
    "cautious, and it can be wrong."
)
WORST_AREA = "Most of them are at {place}."
HINTS = "There could be more of them at {places}, where the photos are too weak to tell."
CONFIDENCE_SENTENCES: dict[Confidence, str] = {
    "low": "Droplets, dirt and paint can look alike, so take this gelcoat result as a hint only.",
    "medium": "The photos of the gelcoat are fairly clear; what looks alike can still not be ruled out.",
}
REJECTED_PHOTOS = "{rejected} of {all} photos were left out: {photos}."
REJECTED_PHOTO = "{place}, {angle} ({reasons})"
REJECTED_AREA = "{place}, all angles ({reasons})"
REASONS = {
    "blurred": "out of focus",
    "too_dark": "too little light",
    "too_bright": "too much light",
    "too_small": "fewer pixels than needed",
    "too_large": "larger than allowed",
    "not_an_image": "no picture could be opened",
    "unsupported_format": "another file format than {formats}",
    "incomplete": "only part of the file arrived",
    "missing": "did not arrive",
    "checksum_mismatch": "other than the photo announced",
    "changed_after_submission": "replaced after it was handed in",
}
OTHER_REASON = "could not be read well enough"
EXPORT_DESCRIPTION = (
    "Here is each look you took at the gelcoat: what you told us of it, the photos as the app shows them, and what was "
    "said about blistering. inspections.json names the files."
)


def explain(
    worst: WorstPoint, areas: Sequence[PointResult], coverage: Coverage, *, level: Confidence, worst_band: str
) -> str:
    """Return the explanation in plain words: the signs, the worst place, the confidence, and the rejected photos."""
    if coverage.photos_used:
        sentences = [*_signs(worst, areas, level, worst_band), TESTED_ON]
    else:
        sentences = [UNUSABLE, LIGHT_HINT]
    return " ".join((*sentences, *_rejected_photos(areas, coverage)))


def _signs(worst: WorstPoint, areas: Sequence[PointResult], level: Confidence, worst_band: str) -> Iterator[str]:
    if worst.point.signal_detected == "yes":
        yield from (SIGNS[worst_band], WORST_AREA.format(place=_place(worst.point)), CONFIDENCE_SENTENCES[level])
        if worst.hints:
            yield HINTS.format(places=", ".join(map(_place, worst.hints)))
    elif worst.point.signal_detected == "no":
        yield from (NO_SIGNS, CONFIDENCE_SENTENCES[level])
    else:
        yield UNCERTAIN
        reasons = {reason for area in areas if area.finding for reason in area.finding.reasons}
        yield from (sentence for reason, sentence in INCONCLUSIVE_REASONS.items() if reason in reasons)
        yield LIGHT_HINT


def _rejected_photos(areas: Sequence[PointResult], coverage: Coverage) -> Iterator[str]:
    named = [name for area in areas for name in _rejections(area)]
    if named:
        everything = coverage.photos_used + coverage.photos_rejected
        yield REJECTED_PHOTOS.format(rejected=coverage.photos_rejected, all=everything, photos="; ".join(named))


def _rejections(area: PointResult) -> Iterator[str]:
    """Name the rejected photos of an area; the whole area if no photo is usable."""
    if area.finding is None and len(area.rejected_photos) > 1:
        yield REJECTED_AREA.format(place=_place(area), reasons=_reasons(*area.rejected_photos))
        return
    for photo in area.rejected_photos:
        yield REJECTED_PHOTO.format(place=_place(area), angle=photo.angle, reasons=_reasons(photo))


def _reasons(*photos: RejectedPhoto) -> str:
    words = (
        REASONS.get(reason, OTHER_REASON).format(formats=photo.formats) for photo in photos for reason in photo.reasons
    )
    return ", ".join(dict.fromkeys(words)) or OTHER_REASON


def _place(area: PointResult) -> str:
    return area.label or f"area {area.point_index}"


def every_sentence() -> Iterator[str]:
    """Return every sentence, for the test that checks them."""
    yield from (EXPORT_DESCRIPTION, DISCLAIMER, NO_SIGNS, UNCERTAIN, LIGHT_HINT, UNUSABLE, TESTED_ON, WORST_AREA, HINTS)
    yield from (REJECTED_PHOTOS, REJECTED_PHOTO, REJECTED_AREA, OTHER_REASON)
    yield from (*SIGNS.values(), *INCONCLUSIVE_REASONS.values(), *REASONS.values(), *CONFIDENCE_SENTENCES.values())
