"""Every sentence corrosion can say to an owner. "Signs consistent with", never "has"; no rust on aluminium."""

from collections.abc import Iterator, Mapping, Sequence

from inspections.modes.base import Coverage, LeftOut, Ruling, SeenPoint

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
DOUBTS = {
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
SURENESS = {
    "low": "The picture is weak, so take this plating result as a hint only.",
    "medium": "The pictures of the plating are fairly clear.",
    "high": "The pictures of the plating are clear.",
}
LEFT_OUT = "{rejected} of {all} photos could not be used: {photos}."
ONE_LEFT_OUT = "the {angle} photo of {place} ({reasons})"
WHOLE_POINT_LEFT_OUT = "every photo of {place} ({reasons})"
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
TAKEN_ALONG = (
    "In this folder are your checks of the metal: the details you entered, every photo in the copy made for viewing, "
    "and the report on rust for each point. Start with inspections.json; comparisons.json follows them over time."
)


def explain(
    ruling: Ruling,
    points: Sequence[SeenPoint],
    coverage: Coverage,
    *,
    worst_band: str,
    context: Mapping[str, str],
) -> str:
    """The explanation in plain words: what was seen, where most, how sure, and what was not looked at."""
    if context.get("hull_material") == "aluminium":
        sentences = [OTHER_METAL]
    elif not coverage.photos_used:
        sentences = [UNUSABLE]
    else:
        sentences = [*_seen(ruling, points, worst_band)]
    return " ".join((*sentences, *_left_out(points, coverage)))


def _seen(ruling: Ruling, points: Sequence[SeenPoint], worst_band: str) -> Iterator[str]:
    sureness = SURENESS[ruling.point.confidence]
    if ruling.point.signal_detected == "yes":
        yield from (SIGNS[worst_band], WORST_POINT.format(place=_place(ruling.point)), sureness)
        if ruling.hints:
            yield HINTS.format(places=", ".join(map(_place, ruling.hints)))
    elif ruling.point.signal_detected == "no":
        yield from (NO_SIGNS, sureness)
    else:
        yield UNCERTAIN
        reasons = {reason for point in points if point.finding for reason in point.finding.reasons}
        yield from (sentence for reason, sentence in DOUBTS.items() if reason in reasons)


def _left_out(points: Sequence[SeenPoint], coverage: Coverage) -> Iterator[str]:
    named = [name for point in points for name in _names(point)]
    if named:
        everything = coverage.photos_used + coverage.photos_rejected
        yield LEFT_OUT.format(rejected=coverage.photos_rejected, all=everything, photos="; ".join(named))


def _names(point: SeenPoint) -> Iterator[str]:
    """The photos of a point that were left out; as one where nothing of it is left."""
    if point.finding is None and len(point.left_out) > 1:
        yield WHOLE_POINT_LEFT_OUT.format(place=_place(point), reasons=_why(*point.left_out))
        return
    for photo in point.left_out:
        yield ONE_LEFT_OUT.format(angle=photo.angle, place=_place(point), reasons=_why(photo))


def _why(*photos: LeftOut) -> str:
    words = (
        REASONS.get(reason, OTHER_REASON).format(formats=photo.formats) for photo in photos for reason in photo.reasons
    )
    return ", ".join(dict.fromkeys(words)) or OTHER_REASON


def _place(point: SeenPoint) -> str:
    return point.label or f"point {point.point_index}"


def every_sentence() -> Iterator[str]:
    """For the test that reads them all."""
    yield from (TAKEN_ALONG, DISCLAIMER, NO_SIGNS, UNCERTAIN, UNUSABLE, OTHER_METAL, WORST_POINT, HINTS)
    yield from (LEFT_OUT, ONE_LEFT_OUT, WHOLE_POINT_LEFT_OUT, OTHER_REASON)
    yield from (*SIGNS.values(), *DOUBTS.values(), *REASONS.values(), *SURENESS.values())
