"""The words of corrosion: its bands, from mildest to worst, and the next steps that it suggests."""

from maretech.common.vocabulary import Vocabulary


class CoverageBand(Vocabulary):
    NONE = "none"
    TRACE = "trace"
    LIGHT = "light"
    MODERATE = "moderate"
    HEAVY = "heavy"


class Guidance(Vocabulary):
    MONITOR = "monitor"
    RECHECK_LATER = "recheck_later"
    CONSIDER_SURVEY = "consider_professional_survey"
