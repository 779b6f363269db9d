"""Why a recording gives no transcript, and why a reworded sentence is not used. Stable words, shown to owners."""

from maretech.common.vocabulary import Vocabulary


class RecordingReason(Vocabulary):
    """The reason of each `UnusableRecording`. An app translates these words."""

    NOT_AUDIO = "not_audio"
    UNSUPPORTED_FORMAT = "unsupported_format"
    HAS_VIDEO = "has_video"
    DAMAGED = "damaged"
    SILENT = "silent"
    NO_SPEECH = "no_speech"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    LANGUAGE_UNSUPPORTED = "language_unsupported"


class KeptReason(Vocabulary):
    """What a reworded sentence would have added or lost; the owner's own sentence stays instead."""

    NUMBER = "number"
    MEASURE = "measure"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    SIDE = "side"
    COLOUR = "colour"
    SIZE = "size"
    NEGATION = "negation"
    DOUBT = "doubt"
    DIAGNOSIS = "diagnosis"
    NEW_WORDS = "new_words"
    LOST_WORDS = "lost_words"
    ORDER = "order"
    OTHER_SENTENCES = "other_sentences"
