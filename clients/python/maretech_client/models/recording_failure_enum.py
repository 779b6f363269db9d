from enum import StrEnum


class RecordingFailureEnum(StrEnum):
    CHECKSUM_MISMATCH = "checksum_mismatch"
    COULD_NOT_BE_TRANSCRIBED = "could_not_be_transcribed"
    DAMAGED = "damaged"
    HAS_VIDEO = "has_video"
    LANGUAGE_UNSUPPORTED = "language_unsupported"
    MISSING = "missing"
    NOT_AUDIO = "not_audio"
    NO_SPEECH = "no_speech"
    SILENT = "silent"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    UNSUPPORTED_FORMAT = "unsupported_format"

    def __str__(self) -> str:
        return str(self.value)
