"""The words of osmosis in English. "Consistent with", never "has"."""

from typing import Final

from dossiers.document.wording.forms import ModeWords

WORDS: Final = ModeWords(
    title="Gelcoat, photographed for signs of blistering",
    band="Raised spots, by photo",
    bands={"none": "none", "few": "few", "several": "several", "many": "many"},
    band_means={
        "none": "no raised spots consistent with blistering",
        "few": "a few small ones",
        "several": "several, apart from each other",
        "many": "many, close together",
    },
    bands_note=(
        "The words describe the photographed area, judged one by one; the worst area decides, never an average. They "
        "are no grade of ISO 4628-2 or ASTM D714, which were made for paint."
    ),
    signs={
        "few": "The photos show a few small raised spots consistent with blistering of the gelcoat.",
        "several": "The photos show several raised spots consistent with blistering of the gelcoat.",
        "many": "The photos show many raised spots consistent with blistering of the gelcoat.",
    },
    no_signs="The photos show no raised spots consistent with blistering in the areas photographed.",
    uncertain="The photos do not show the relief of the gelcoat clearly enough to say whether there are raised spots.",
    unreadable="No photo of this visit could be used, so nothing can be said about the gelcoat.",
    worst="Most of them are at {place}.",
    doubts={
        "angles_disagree": "one angle seems to show raised spots and another of the same area does not",
        "views_disagree": "two looks at one photo came to different answers",
        "unlike_training": "the photos look unlike those that the model knows",
        "not_a_hull": "a photo seems to show something other than gelcoat",
        "too_far": "a photo shows so wide a stretch that single blisters would not be seen",
        "unknown_colour": "a photo is stored in colours that the model does not know",
        "unsure": "the relief is neither clear nor clearly absent",
        "no_usable_photo": "no photo could be used",
    },
    guidance={
        "monitor": "keep an eye on the gelcoat",
        "recheck_later": "photograph the gelcoat again, soon after the next lift-out",
        "consider_professional_survey": "consider having a surveyor look at the gelcoat",
    },
    marks="Circled in blue: raised spots that the software reads as consistent with blistering.",
    no_marks="The software circled nothing in this photo.",
    hull_materials={
        "grp": "glass-fibre laminate (GRP)",
        "steel": "not glass fibre",
        "aluminium": "not glass fibre",
        "other": "another material",
    },
    hauled_out="Lifted out",
    ashore="Time ashore",
    time_ashore="The last photo was taken up to {time} after lift-out.",
    time_ashore_unknown="How long after lift-out the photos were taken is not known.",
    limits=(
        "Photos show the surface only. They measure no moisture, and they neither open nor grade a blister.",
        (
            "Blisters show best in the first two hours ashore and can shrink afterwards. Thick antifouling hides small "
            "ones."
        ),
        "Droplets, dirt, fittings, voids and print-through of fibres can look like blisters.",
        (
            "So far the model was tested on drawn blisters set into photos, not on photos of real ones. It never "
            "claims more than medium confidence."
        ),
        "The photos hold no scale, so no size in millimetres follows from them.",
        "The owner chose the areas and photographed them alone.",
    ),
    course=None,
)
