"""All sentences that a comparison shows to an owner: plain words, stated limits, never a diagnosis. Plain Python."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from corrosion.vocabulary import IncomparableReason, Trend

TREND_SENTENCES: Final[dict[Trend, str]] = {
    Trend.WORSENING: "From the first photos to the second, the area consistent with rust looks larger at {places}.",
    Trend.IMPROVING: "From the first photos to the second, the area consistent with rust looks smaller at {places}.",
    Trend.STABLE: (
        "The area consistent with rust changed by no more than two photos of one and the same place differ by."
    ),
}
PAINT_HIDES: Final = "Fresh paint or cleaning can make it look smaller without anything having improved underneath."
SAME_FILES: Final = "Both inspections hold the very same photos, so there is no change to be seen between them."
NOT_COMPARABLE: Final = "These two inspections cannot be compared, so nothing is said about a change."
PARTLY: Final = "{compared} of {all} points could be compared; the others say nothing either way."
LIMITS: Final = "This compares what two sets of photos show, not the plate behind the paint."
REASONS: Final[Mapping[str, str]] = {
    IncomparableReason.DIFFERENT_VESSEL: "They are noted under different vessels.",
    IncomparableReason.MAINTENANCE_BETWEEN: (
        "A point was blasted or painted between the two occasions: its photos show two different surfaces."
    ),
    IncomparableReason.POINT_MISSING: "A point was photographed on one of the two occasions only.",
    IncomparableReason.NO_USABLE_PHOTOS: "A point has no usable photo on at least one of the two occasions.",
    IncomparableReason.OTHER_METAL: (
        "The hull is noted as a metal this comparison is not made for: it looks for the colours of steel."
    ),
    IncomparableReason.TOO_UNCERTAIN: "The photos of a point do not show clearly enough how much changed.",
    IncomparableReason.NO_COMMON_ANGLE: "A point was not photographed from the same distance twice.",
    IncomparableReason.PHOTOS_UNREADABLE: "The photos of a point could not be opened again.",
    IncomparableReason.COULD_NOT_BE_COMPARED: (
        "Comparing them failed on our side several times; our support can have it tried again."
    ),
    IncomparableReason.PHOTOS_DO_NOT_MATCH: (
        "The photos of a point could not be laid on one another; stand where you stood before, at the same distance."
    ),
}


def explain_trend(*, trend: Trend, places: Sequence[str], compared: int, points: int, same_files: bool) -> str:
    """Returns what changed and where, of how many points, and the limits of that statement."""
    sentences = [SAME_FILES if same_files else TREND_SENTENCES[trend].format(places=", ".join(places))]
    if trend == Trend.IMPROVING:
        sentences.append(PAINT_HIDES)
    if compared < points:
        sentences.append(PARTLY.format(compared=compared, all=points))
    return " ".join([*sentences, LIMITS])


def explain_refusal(reasons: Sequence[str]) -> str:
    """Returns why no comparison is possible."""
    return " ".join([NOT_COMPARABLE, *(REASONS[reason] for reason in reasons)])


def every_sentence() -> Iterator[str]:
    """Returns all sentences, for the test that checks them."""
    yield from (PAINT_HIDES, SAME_FILES, NOT_COMPARABLE, PARTLY, LIMITS)
    yield from (*TREND_SENTENCES.values(), *REASONS.values())
