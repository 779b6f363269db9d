"""Why an analysis does not rely on a photo. Plain, so that the process that decodes a photo starts quickly."""

from enum import StrEnum


class QualityFlag(StrEnum):
    ANGLES_DISAGREE = "angles_disagree"
    VIEWS_DISAGREE = "views_disagree"
    UNLIKE_TRAINING = "unlike_training"
    NOT_A_HULL = "not_a_hull"
    TOO_FAR = "too_far"
    UNKNOWN_COLOUR = "unknown_colour"
    UNSURE = "unsure"
