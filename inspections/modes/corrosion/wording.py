"""Every sentence corrosion can say to an owner. "Signs consistent with", never "has"; no rust on aluminium."""

from collections.abc import Iterator, Mapping

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
UNUSABLE = "None of the photos could be used, so nothing can be said about the plating."
OTHER_METAL = (
    "The hull is noted as aluminium. This view looks for colours of steel corrosion, so it cannot judge an aluminium "
    "hull; white, powdery deposits are better looked at in person."
)
WORST_POINT = "The clearest signs are at {place}."
REJECTED = {
    1: "One photo could not be used.",
    2: "{count} photos could not be used.",
}
SURENESS = {
    "low": "The picture is weak, so take this plating result as a hint only.",
    "medium": "The pictures of the plating agree fairly well.",
    "high": "The pictures of the plating agree well.",
}


def explain(
    *, signal: str, level: str, worst_band: str, place: str, photos_used: int, rejected: int, context: Mapping[str, str]
) -> str:
    """The explanation in plain words: what was seen, where most, how sure, and what was not looked at."""
    if context.get("hull_material") == "aluminium":
        sentences = [OTHER_METAL]
    elif not photos_used:
        sentences = [UNUSABLE]
    elif signal == "yes":
        sentences = [SIGNS[worst_band], WORST_POINT.format(place=place), SURENESS[level]]
    else:
        sentences = [NO_SIGNS if signal == "no" else UNCERTAIN, SURENESS[level]]
    if rejected:
        sentences.append(REJECTED[min(rejected, 2)].format(count=rejected))
    return " ".join(sentences)


def every_sentence() -> Iterator[str]:
    """For the test that reads them all."""
    yield from (DISCLAIMER, NO_SIGNS, UNCERTAIN, UNUSABLE, OTHER_METAL, WORST_POINT)
    yield from (*SIGNS.values(), *REJECTED.values(), *SURENESS.values())
