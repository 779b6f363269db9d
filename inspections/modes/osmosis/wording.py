"""Every sentence osmosis can say to an owner. "Signs consistent with", never "has"."""

from collections.abc import Iterator, Sequence

from inspections.engines.base import Confidence
from inspections.modes.base import Coverage, LeftOut, Ruling, SeenPoint

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
DOUBTS = {
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
SURENESS: dict[Confidence, str] = {
    "low": "Droplets, dirt and paint can look alike, so take this gelcoat result as a hint only.",
    "medium": "The photos of the gelcoat are fairly clear; what looks alike can still not be ruled out.",
}
LEFT_OUT = "{rejected} of {all} photos were left out: {photos}."
ONE_LEFT_OUT = "{place}, {angle} ({reasons})"
WHOLE_AREA_LEFT_OUT = "{place}, all angles ({reasons})"
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
TAKEN_ALONG = (
    "Here is each look you took at the gelcoat: what you told us of it, the photos as the app shows them, and what was "
    "said about blistering. inspections.json names the files."
)


def explain(
    ruling: Ruling, areas: Sequence[SeenPoint], coverage: Coverage, *, level: Confidence, worst_band: str
) -> str:
    """The explanation in plain words: what was seen, where most, how sure, and what was not looked at."""
    if coverage.photos_used:
        sentences = [*_seen(ruling, areas, level, worst_band), TESTED_ON]
    else:
        sentences = [UNUSABLE, LIGHT_HINT]
    return " ".join((*sentences, *_left_out(areas, coverage)))


def _seen(ruling: Ruling, areas: Sequence[SeenPoint], level: Confidence, worst_band: str) -> Iterator[str]:
    if ruling.point.signal_detected == "yes":
        yield from (SIGNS[worst_band], WORST_AREA.format(place=_place(ruling.point)), SURENESS[level])
        if ruling.hints:
            yield HINTS.format(places=", ".join(map(_place, ruling.hints)))
    elif ruling.point.signal_detected == "no":
        yield from (NO_SIGNS, SURENESS[level])
    else:
        yield UNCERTAIN
        reasons = {reason for area in areas if area.finding for reason in area.finding.reasons}
        yield from (sentence for reason, sentence in DOUBTS.items() if reason in reasons)
        yield LIGHT_HINT


def _left_out(areas: Sequence[SeenPoint], coverage: Coverage) -> Iterator[str]:
    named = [name for area in areas for name in _names(area)]
    if named:
        everything = coverage.photos_used + coverage.photos_rejected
        yield LEFT_OUT.format(rejected=coverage.photos_rejected, all=everything, photos="; ".join(named))


def _names(area: SeenPoint) -> Iterator[str]:
    """The photos of an area that were left out; as one where nothing of it is left."""
    if area.finding is None and len(area.left_out) > 1:
        yield WHOLE_AREA_LEFT_OUT.format(place=_place(area), reasons=_why(*area.left_out))
        return
    for photo in area.left_out:
        yield ONE_LEFT_OUT.format(place=_place(area), angle=photo.angle, reasons=_why(photo))


def _why(*photos: LeftOut) -> str:
    words = (
        REASONS.get(reason, OTHER_REASON).format(formats=photo.formats) for photo in photos for reason in photo.reasons
    )
    return ", ".join(dict.fromkeys(words)) or OTHER_REASON


def _place(area: SeenPoint) -> str:
    return area.label or f"area {area.point_index}"


def every_sentence() -> Iterator[str]:
    """For the test that reads them all."""
    yield from (TAKEN_ALONG, DISCLAIMER, NO_SIGNS, UNCERTAIN, LIGHT_HINT, UNUSABLE, TESTED_ON, WORST_AREA, HINTS)
    yield from (LEFT_OUT, ONE_LEFT_OUT, WHOLE_AREA_LEFT_OUT, OTHER_REASON)
    yield from (*SIGNS.values(), *DOUBTS.values(), *REASONS.values(), *SURENESS.values())
