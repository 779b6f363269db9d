"""The words of osmosis: its bands, from mildest to worst, and the next steps that it suggests."""

from maretech.common.vocabulary import Vocabulary


class DensityBand(Vocabulary):
    NONE = "none"
    FEW = "few"
    SEVERAL = "several"
    MANY = "many"


class Guidance(Vocabulary):
    MONITOR = "monitor"
    RECHECK_LATER = "recheck_later"
    CONSIDER_SURVEY = "consider_professional_survey"
