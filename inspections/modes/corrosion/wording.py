"""Every sentence corrosion can say to an owner. "Signs consistent with", never "has"; no rust on aluminium."""

from collections.abc import Iterator, Mapping, Sequence

from inspections.engines.corrosion.metals import NON_RUSTING_METALS
from inspections.engines.quality_flags import QualityFlag
from inspections.modes.base import Coverage, PointResult, WorstPoint
from inspections.modes.corrosion.vocabulary import CoverageBand
from inspections.modes.rejections import RejectionWords
from inspections.retake_reasons import RetakeReason
from inspections.vocabulary import ConfidenceLevel, SignalDetected

DISCLAIMER = (
    "This report describes what can be seen in your photos of a metal hull. It is not a survey, says nothing about "
    "plate thickness, and does not replace an inspection by a qualified marine surveyor."
)
SIGNS = {
    CoverageBand.TRACE: "The photos show isolated traces of colour consistent with surface rust.",
    CoverageBand.LIGHT: "The photos show light staining and patches consistent with surface rust.",
    CoverageBand.MODERATE: "The photos show several patches consistent with rust, spread over part of the plating.",
    CoverageBand.HEAVY: "The photos show large areas consistent with rust.",
}
NO_SIGNS = "The photos show no visible signs consistent with rust on the plating you photographed."
UNCERTAIN = "The photos do not show clearly enough whether there are signs consistent with rust."
INCONCLUSIVE_REASONS = {
    QualityFlag.ANGLES_DISAGREE: "Photos of the same place do not agree with each other.",
    QualityFlag.VIEWS_DISAGREE: "Looked at twice, the same picture was judged differently.",
    QualityFlag.UNLIKE_TRAINING: "The pictures look unlike those that this view was made for.",
    QualityFlag.NOT_A_HULL: "A picture seems to show something other than plating.",
    QualityFlag.TOO_FAR: (
        "A picture takes in too much of the side at once: go nearer, so that small patches of rust can be seen."
    ),
    QualityFlag.UNKNOWN_COLOUR: "The colours of a picture are stored in a way that cannot be read reliably here.",
}
UNUSABLE = "None of the photos could be used, so nothing can be said about the plating."
OTHER_METAL = (
    "The hull is noted as aluminium. This view looks for colours of steel corrosion, so it cannot judge an aluminium "
    "hull; white, powdery deposits are better looked at in person."
)
WORST_POINT = "The clearest signs are at {place}."
HINTS = "There may be more at {places}, but the pictures there are weak."
CONFIDENCE_SENTENCES = {
    ConfidenceLevel.LOW: "The picture is weak, so take this plating result as a hint only.",
    ConfidenceLevel.MEDIUM: "The pictures of the plating are fairly clear.",
    ConfidenceLevel.HIGH: "The pictures of the plating are clear.",
}
REASONS: Mapping[str, str] = {
    RetakeReason.BLURRED: "blurred",
    RetakeReason.TOO_DARK: "too dark",
    RetakeReason.TOO_BRIGHT: "too bright",
    RetakeReason.TOO_SMALL: "too small",
    RetakeReason.TOO_LARGE: "too large a file",
    RetakeReason.NOT_AN_IMAGE: "not a readable picture",
    RetakeReason.UNSUPPORTED_FORMAT: "in a format that is not read; {formats} are",
    RetakeReason.INCOMPLETE: "cut off before its end",
    RetakeReason.MISSING: "never arrived",
    RetakeReason.CHECKSUM_MISMATCH: "not the photo that was announced",
    RetakeReason.CHANGED_AFTER_SUBMISSION: "changed after it was sent in",
}
REJECTIONS = RejectionWords(
    all_photos="{rejected} of {all} photos could not be used: {photos}.",
    one_photo="the {angle} photo of {place} ({reasons})",
    whole_point="every photo of {place} ({reasons})",
    point="point {index}",
    reasons=REASONS,
    other_reason="not usable",
)
EXPORT_DESCRIPTION = (
    "In this folder are your checks of the metal: the details you entered, every photo in the copy made for viewing, "
    "and the report on rust for each point. Start with inspections.json; comparisons.json follows them over time."
)


def explain(
    worst: WorstPoint,
    points: Sequence[PointResult],
    coverage: Coverage,
    *,
    worst_band: CoverageBand,
    context: Mapping[str, str],
) -> str:
    """Return the explanation in plain words: the signs, the worst place, the confidence, and the rejected photos."""
    if context.get("hull_material") in NON_RUSTING_METALS:
        sentences = [OTHER_METAL]
    elif not coverage.photos_used:
        sentences = [UNUSABLE]
    else:
        sentences = [*_signs(worst, points, worst_band)]
    return " ".join((*sentences, *REJECTIONS.sentence(points, coverage)))


def _signs(worst: WorstPoint, points: Sequence[PointResult], worst_band: CoverageBand) -> Iterator[str]:
    confidence_sentence = CONFIDENCE_SENTENCES[worst.point.confidence]
    if worst.point.signal_detected == SignalDetected.YES:
        yield from (SIGNS[worst_band], WORST_POINT.format(place=REJECTIONS.place(worst.point)), confidence_sentence)
        if worst.hints:
            yield HINTS.format(places=", ".join(map(REJECTIONS.place, worst.hints)))
    elif worst.point.signal_detected == SignalDetected.NO:
        yield from (NO_SIGNS, confidence_sentence)
    else:
        yield UNCERTAIN
        reasons = {reason for point in points if point.finding for reason in point.finding.reasons}
        yield from (sentence for reason, sentence in INCONCLUSIVE_REASONS.items() if reason in reasons)


def every_sentence() -> Iterator[str]:
    """Return every sentence, for the test that checks them."""
    yield from (EXPORT_DESCRIPTION, DISCLAIMER, NO_SIGNS, UNCERTAIN, UNUSABLE, OTHER_METAL, WORST_POINT, HINTS)
    yield from (*SIGNS.values(), *INCONCLUSIVE_REASONS.values(), *CONFIDENCE_SENTENCES.values())
    yield from REJECTIONS.every_text()
