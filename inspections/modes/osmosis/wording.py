"""Every sentence osmosis can say to an owner. "Signs consistent with", never "has"."""

from collections.abc import Iterator

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
LIGHT_HINT = "A close photo with a torch held low along the surface shows relief best, soon after lift-out."
UNUSABLE = "None of the photos could be used, so nothing can be said about the gelcoat."
WORST_AREA = "Most of them are at {place}."
REJECTED = {
    1: "One photo was left out because it could not be read well enough.",
    2: "{count} photos were left out because they could not be read well enough.",
}
SURENESS = {
    "low": "Droplets, dirt and paint can look alike, so take this gelcoat result as a hint only.",
    "medium": "The angles of the gelcoat agree; what looks alike can still not be ruled out.",
    "high": "The angles of the gelcoat agree well.",
}


def explain(*, signal: str, level: str, worst_band: str, place: str, photos_used: int, rejected: int) -> str:
    """The explanation in plain words: what was seen, where most, how sure, and what was not looked at."""
    if not photos_used:
        sentences = [UNUSABLE, LIGHT_HINT]
    elif signal == "yes":
        sentences = [SIGNS[worst_band], WORST_AREA.format(place=place), SURENESS[level]]
    elif signal == "no":
        sentences = [NO_SIGNS, SURENESS[level]]
    else:
        sentences = [UNCERTAIN, LIGHT_HINT]
    if rejected:
        sentences.append(REJECTED[min(rejected, 2)].format(count=rejected))
    return " ".join(sentences)


def every_sentence() -> Iterator[str]:
    """For the test that reads them all."""
    yield from (DISCLAIMER, NO_SIGNS, UNCERTAIN, LIGHT_HINT, UNUSABLE, WORST_AREA)
    yield from (*SIGNS.values(), *REJECTED.values(), *SURENESS.values())
