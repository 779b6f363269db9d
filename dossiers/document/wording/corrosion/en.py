"""The words of corrosion in English. "Consistent with", never "has"."""

from typing import Final

from dossiers.document.wording.forms import CourseWords, ModeWords

COURSE: Final = CourseWords(
    title="Course over time",
    intro=(
        "Two visits are compared photo by photo, with one model. Nothing is compared across blasting or painting, "
        "because the photos show another surface."
    ),
    chart="Bands by visit and point",
    changes_title="Changes between visits",
    point="Point",
    between="Between",
    change="Change",
    trends={
        "worsening": "the area looks larger",
        "stable": "no change of area is seen",
        "improving": "the area looks smaller",
    },
    no_trend="not compared",
    reasons={
        "different_vessel": "noted under different vessels",
        "maintenance_between": "blasted or painted in between",
        "point_missing": "photographed on one of the two visits only",
        "no_usable_photos": "no usable photo on at least one visit",
        "not_made_for_this_metal": "the hull is noted as a metal that the comparison is not made for",
        "no_common_angle": "not photographed from the same distance twice",
        "photos_unreadable": "the photos could not be opened again",
        "photos_do_not_match": "the photos could not be laid on one another",
        "too_uncertain": "the photos do not show clearly enough how much changed",
        "could_not_be_compared": "the comparison failed",
        "identical_photos": "the very same files",
    },
    limits="Fresh paint or cleaning can make an area look smaller without any change beneath.",
    work_title="Work noted by the owner",
    day="Date",
    kind="Work",
    where="Where",
    note="Note",
    kinds={
        "blasted": "blasted; new baseline",
        "painted": "painted; new baseline",
        "anodes": "anodes replaced",
        "cleaned": "cleaned",
    },
    whole_vessel="whole vessel",
    no_work="The owner noted no work on the hull.",
)

WORDS: Final = ModeWords(
    title="Metal hull, photographed for signs of rust",
    band="Rust, by photo",
    bands={"none": "none", "trace": "trace", "light": "light", "moderate": "moderate", "heavy": "heavy"},
    band_means={
        "none": "nothing consistent with rust",
        "trace": "isolated traces",
        "light": "light staining and patches",
        "moderate": "several patches over part of the plating",
        "heavy": "large areas",
    },
    bands_note=(
        "The bands describe the photographed patch, judged point by point; the worst point decides, never an average. "
        "They are no grade of ISO 4628-3 or ASTM D610."
    ),
    signs={
        "trace": "The photos show isolated traces of colour consistent with surface rust.",
        "light": "The photos show light staining and patches consistent with surface rust.",
        "moderate": "The photos show several patches consistent with rust, spread over part of the plating.",
        "heavy": "The photos show large areas consistent with rust.",
    },
    no_signs="The photos show no visible signs consistent with rust on the plating photographed.",
    uncertain="The photos do not show clearly enough whether there are signs consistent with rust.",
    unreadable="No photo of this visit could be used, so nothing can be said about the plating.",
    worst="The clearest signs are at {place}.",
    doubts={
        "angles_disagree": "photos of the same place do not agree",
        "views_disagree": "two looks at the same photo differ",
        "unlike_training": "the pictures are unlike those that the model was made for",
        "not_a_hull": "a picture seems to show something other than plating",
        "too_far": "a picture takes in too much of the side at once",
        "unknown_colour": "the colours of a picture cannot be read reliably",
        "unsure": "the picture is between yes and no",
        "no_usable_photo": "no usable photo",
    },
    guidance={
        "monitor": "watch the plating",
        "recheck_later": "photograph the plating again later",
        "consider_professional_survey": "consider having the plating surveyed",
    },
    marks="Hatched in blue: areas that the software reads as consistent with rust.",
    no_marks="The software marked nothing in this photo.",
    hull_materials={
        "steel": "steel",
        "aluminium": "aluminium",
        "other": "another metal or material",
        "grp": "not a metal",
    },
    hauled_out="Hauled out",
    ashore="",
    time_ashore="",
    time_ashore_unknown="",
    limits=(
        (
            "Photos show the surface only. They say nothing about plate thickness, about metal under paint, or about "
            "the inside of the hull."
        ),
        "Worn red paint, primer, dirt and deep shadow can look like rust. Fresh paint and dirt can hide it.",
        "The pictures hold no scale, so no area in square metres follows from them.",
        "The software looks for the colours of steel corrosion. It does not judge aluminium.",
        "The owner chose the points and took the photos without supervision.",
    ),
    course=COURSE,
)
