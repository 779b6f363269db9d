"""Every sentence corrosion can say to an owner. "Signs consistent with", never "has"; no rust on aluminium."""

from collections.abc import Iterator, Mapping, Sequence

from inspections.modes.base import Coverage, PointResult, RejectedPhoto, WorstPoint

DISCLAIMER = (
    "This report describes what can be seen in your photos of a metal hull. It is not a survey, says nothing about "
    "plate thickness, and does not replace an inspection by a qualified marine surveyor."
)
SIGNS = {
    "trace": "The photos show isolated traces of colour consistent with surface rust.",
    "light": "The photos show light staining and patches consistent with surface rust.",
    "moderate": "The photos show several patches consistent with rust, spread over part of the plating.",
    "heavy": "The photos show large areas consistent with rust.",
}
NO_SIGNS = "The photos show no visible signs consistent with rust on the plating you photographed."
UNCERTAIN = "The photos do not show clearly enough whether there are signs consistent with rust."
INCONCLUSIVE_REASONS = {
    "angles_disagree": "Photos of the same place do not agree with each other.",
    "views_disagree": "Looked at twice, the same picture was judged differently.",
    "unlike_training": "The pictures look unlike those that this view was made for.",
    "not_a_hull": "A picture seems to show something other than plating.",
    "too_far": "A picture takes in too much of the side at once: go nearer, so that small patches of rust can be seen.",
    "unknown_colour": "The colours of a picture are stored in a way that cannot be read reliably here.",
}
UNUSABLE = "None of the photos could be used, so nothing can be said about the plating."
OTHER_METAL = (
    "The hull is noted as aluminium. This view looks for colours of steel corrosion, so it cannot judge an aluminium "
    "hull; white, powdery deposits are better looked at in person."
)
WORST_POINT = "The clearest signs are at {place}."
HINTS = "There may be more at {places}, but the pictures there are weak."
CONFIDENCE_SENTENCES = {
    "low": "The picture is weak, so take this plating result as a hint only.",
    "medium": "The pictures of the plating are fairly clear.",
    "high": "The pictures of the plating are clear.",
}
REJECTED_PHOTOS = "{rejected} of {all} photos could not be used: {photos}."
REJECTED_PHOTO = "the {angle} photo of {place} ({reasons})"
REJECTED_POINT = "every photo of {place} ({reasons})"
REASONS = {
    "blurred": "blurred",
    "too_dark": "too dark",
    "too_bright": "too bright",
    "too_small": "too small",
    "too_large": "too large a file",
    "not_an_image": "not a readable picture",
    "unsupported_format": "in a format that is not read; {formats} are",
    "incomplete": "cut off before its end",
    "missing": "never arrived",
    "checksum_mismatch": "not the photo that was announced",
    "changed_after_submission": "changed after it was sent in",
}
OTHER_REASON = "not usable"
EXPORT_DESCRIPTION = (
    "In this folder are your checks of the metal: the details you entered, every photo in the copy made for viewing, "
    "and the report on rust for each point. Start with inspections.json; comparisons.json follows them over time."
)


def explain(
    worst: WorstPoint,
    points: Sequence[PointResult],
    coverage: Coverage,
    *,
    worst_band: str,
    context: Mapping[str, str],
) -> str:
    """Return the explanation in plain words: the signs, the worst place, the confidence, and the rejected photos."""
    if context.get("hull_material") == "aluminium":
        sentences = [OTHER_METAL]
    elif not coverage.photos_used:
        sentences = [UNUSABLE]
    else:
        sentences = [*_signs(worst, points, worst_band)]
    return " ".join((*sentences, *_rejected_photos(points, coverage)))


def _signs(worst: WorstPoint, points: Sequence[PointResult], worst_band: str) -> Iterator[str]:
    confidence_sentence = CONFIDENCE_SENTENCES[worst.point.confidence]
    if worst.point.signal_detected == "yes":
        yield from (SIGNS[worst_band], WORST_POINT.format(place=_place(worst.point)), confidence_sentence)
        if worst.hints:
            yield HINTS.format(places=", ".join(map(_place, worst.hints)))
    elif worst.point.signal_detected == "no":
        yield from (NO_SIGNS, confidence_sentence)
    else:
        yield UNCERTAIN
        reasons = {reason for point in points if point.finding for reason in point.finding.reasons}
        yield from (sentence for reason, sentence in INCONCLUSIVE_REASONS.items() if reason in reasons)


def _rejected_photos(points: Sequence[PointResult], coverage: Coverage) -> Iterator[str]:
    named = [name for point in points for name in _rejections(point)]
    if named:
        everything = coverage.photos_used + coverage.photos_rejected
        yield REJECTED_PHOTOS.format(rejected=coverage.photos_rejected, all=everything, photos="; ".join(named))


def _rejections(point: PointResult) -> Iterator[str]:
    """Name the rejected photos of a point; the whole point if no photo is usable."""
    if point.finding is None and len(point.rejected_photos) > 1:
        yield REJECTED_POINT.format(place=_place(point), reasons=_reasons(*point.rejected_photos))
        return
    for photo in point.rejected_photos:
        yield REJECTED_PHOTO.format(angle=photo.angle, place=_place(point), reasons=_reasons(photo))


def _reasons(*photos: RejectedPhoto) -> str:
    words = (
        REASONS.get(reason, OTHER_REASON).format(formats=photo.formats) for photo in photos for reason in photo.reasons
    )
    return ", ".join(dict.fromkeys(words)) or OTHER_REASON


def _place(point: PointResult) -> str:
    return point.label or f"point {point.point_index}"


def every_sentence() -> Iterator[str]:
    """Return every sentence, for the test that checks them."""
    yield from (EXPORT_DESCRIPTION, DISCLAIMER, NO_SIGNS, UNCERTAIN, UNUSABLE, OTHER_METAL, WORST_POINT, HINTS)
    yield from (REJECTED_PHOTOS, REJECTED_PHOTO, REJECTED_POINT, OTHER_REASON)
    yield from (*SIGNS.values(), *INCONCLUSIVE_REASONS.values(), *REASONS.values(), *CONFIDENCE_SENTENCES.values())
