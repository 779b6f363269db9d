"""Every sentence osmosis can say to an owner. "Signs consistent with", never "has"."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from inspections.engines.quality_flags import QualityFlag
from inspections.modes.base import Coverage, PointResult, WorstPoint
from inspections.modes.osmosis.lift_out import SHOWS_BEST_FOR, Ashore
from inspections.modes.osmosis.vocabulary import DensityBand
from inspections.modes.rejections import RejectionWords
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import ConfidenceLevel, SignalDetected

DISCLAIMER = (
    "This report describes what can be seen in your photos of the gelcoat. It does not measure moisture, does not open "
    "or grade any blister, and does not replace an inspection by a qualified marine surveyor."
)
SIGNS = {
    DensityBand.FEW: "The photos show a few small raised spots consistent with blistering of the gelcoat.",
    DensityBand.SEVERAL: "The photos show several raised spots consistent with blistering of the gelcoat.",
    DensityBand.MANY: "The photos show many raised spots consistent with blistering of the gelcoat.",
}
NO_SIGNS = "The photos show no raised spots consistent with blistering in the areas you photographed."
UNCERTAIN = "The photos do not show the relief of the gelcoat clearly enough to say whether there are raised spots."
INCONCLUSIVE_REASONS = {
    QualityFlag.ANGLES_DISAGREE: "One angle seems to show raised spots and another of the same area does not.",
    QualityFlag.VIEWS_DISAGREE: "Two looks at one photo came to different answers.",
    QualityFlag.NOT_A_HULL: "A photo seems to show something other than gelcoat.",
    QualityFlag.TOO_FAR: (
        "A photo shows so wide a stretch of the hull that single blisters would not be seen: stand closer."
    ),
    QualityFlag.UNKNOWN_COLOUR: (
        "One photo is stored in colours that this analysis does not know, so it was not relied on."
    ),
}
LIGHT_HINT = "A close photo with a torch held low along the surface shows relief best, soon after lift-out."
# An arrival says only that the photo was not taken later, hence "up to".
JUST_ASHORE = "The photos were taken up to {time} after lift-out, while blisters show best."
LONGER_ASHORE = (
    "The photos were taken up to {time} after lift-out. Blisters can shrink within one to two hours ashore, so some "
    "may no longer show."
)
TIME_UNKNOWN = (
    "How long after lift-out the photos were taken is not known; blisters show best in the first two hours ashore."
)
TIME_CONTRADICTED = (
    "One photo seems to be older than the lift-out that was noted, so how long after it they were taken is not known."
)
UNUSABLE = "None of the photos could be used, so nothing can be said about the gelcoat."
TESTED_ON = (
    "So far this analysis was tested on drawn blisters set into photos, not on photos of real ones: it is kept "
    "cautious, and it can be wrong."
)
WORST_AREA = "Most of them are at {place}."
HINTS = "There could be more of them at {places}, where the photos are too weak to tell."
CONFIDENCE_SENTENCES: dict[ConfidenceLevel, str] = {
    ConfidenceLevel.LOW: "Droplets, dirt and paint can look alike, so take this gelcoat result as a hint only.",
    ConfidenceLevel.MEDIUM: "The photos of the gelcoat are fairly clear; what looks alike can still not be ruled out.",
}
REASONS: Mapping[str, str] = {
    RetakeReason.BLURRED: "out of focus",
    RetakeReason.TOO_DARK: "too little light",
    RetakeReason.TOO_BRIGHT: "too much light",
    RetakeReason.TOO_SMALL: "fewer pixels than needed",
    RetakeReason.TOO_LARGE: "larger than allowed",
    RetakeReason.NOT_AN_IMAGE: "no picture could be opened",
    RetakeReason.UNSUPPORTED_FORMAT: "another file format than {formats}",
    RetakeReason.INCOMPLETE: "only part of the file arrived",
    RetakeReason.MISSING: "did not arrive",
    RetakeReason.CHECKSUM_MISMATCH: "other than the photo announced",
    RetakeReason.CHANGED_AFTER_SUBMISSION: "replaced after it was handed in",
}
REJECTIONS = RejectionWords(
    all_photos="{rejected} of {all} photos were left out: {photos}.",
    one_photo="{place}, {angle} ({reasons})",
    whole_point="{place}, all angles ({reasons})",
    point="area {index}",
    reasons=REASONS,
    other_reason="could not be read well enough",
)
EXPORT_DESCRIPTION = (
    "Here is each look you took at the gelcoat: what you told us of it, the photos as the app shows them, and what was "
    "said about blistering. inspections.json names the files."
)


def explain(
    worst: WorstPoint,
    areas: Sequence[PointResult],
    coverage: Coverage,
    *,
    level: ConfidenceLevel,
    worst_band: DensityBand,
    ashore: Ashore,
) -> str:
    """Return the explanation in plain words: the signs, the worst place, the confidence, and the rejected photos."""
    if coverage.photos_used:
        sentences = [*_signs(worst, areas, level, worst_band), _time_ashore(ashore), TESTED_ON]
    else:
        sentences = [UNUSABLE, LIGHT_HINT]
    return " ".join((*sentences, *REJECTIONS.sentence(areas, coverage)))


def _signs(
    worst: WorstPoint, areas: Sequence[PointResult], level: ConfidenceLevel, worst_band: DensityBand
) -> Iterator[str]:
    if worst.point.signal_detected == SignalDetected.YES:
        yield from (
            SIGNS[worst_band],
            WORST_AREA.format(place=REJECTIONS.place(worst.point)),
            CONFIDENCE_SENTENCES[level],
        )
        if worst.hints:
            yield HINTS.format(places=", ".join(map(REJECTIONS.place, worst.hints)))
    elif worst.point.signal_detected == SignalDetected.NO:
        yield from (NO_SIGNS, CONFIDENCE_SENTENCES[level])
    else:
        yield UNCERTAIN
        reasons = {reason for area in areas if area.finding for reason in area.finding.reasons}
        yield from (sentence for reason, sentence in INCONCLUSIVE_REASONS.items() if reason in reasons)
        yield LIGHT_HINT


def _time_ashore(ashore: Ashore) -> str:
    if ashore.elapsed is None:
        return TIME_CONTRADICTED if ashore.contradicted else TIME_UNKNOWN
    sentence = JUST_ASHORE if ashore.elapsed <= SHOWS_BEST_FOR else LONGER_ASHORE
    return sentence.format(time=_rounded_up(ashore.elapsed))


def _rounded_up(elapsed: timedelta) -> str:
    """Return a duration in words: tens of minutes up to two hours, hours up to two days, days up to two years."""
    minutes = max(10, math.ceil(elapsed / timedelta(minutes=10)) * 10)
    if minutes < 60:
        return f"{minutes} minutes"
    if minutes < 120:
        return "an hour" if minutes == 60 else f"an hour and {minutes - 60} minutes"
    if elapsed <= timedelta(days=2):
        return f"{math.ceil(elapsed / timedelta(hours=1))} hours"
    days = math.ceil(elapsed / timedelta(days=1))
    return f"{days} days" if days <= 2 * 365 else f"{math.ceil(days / 365)} years"


def every_sentence() -> Iterator[str]:
    """Return every sentence, for the test that checks them."""
    yield from (EXPORT_DESCRIPTION, DISCLAIMER, NO_SIGNS, UNCERTAIN, LIGHT_HINT, UNUSABLE, TESTED_ON, WORST_AREA, HINTS)
    yield from (JUST_ASHORE, LONGER_ASHORE, TIME_UNKNOWN, TIME_CONTRADICTED)
    yield from (*SIGNS.values(), *INCONCLUSIVE_REASONS.values(), *CONFIDENCE_SENTENCES.values())
    yield from REJECTIONS.every_text()
