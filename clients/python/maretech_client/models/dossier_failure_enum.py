from enum import StrEnum


class DossierFailureEnum(StrEnum):
    CHARACTERS_UNSUPPORTED = "characters_unsupported"
    CHECKSUM_MISMATCH = "checksum_mismatch"
    COULD_NOT_BE_RENDERED = "could_not_be_rendered"
    COULD_NOT_BE_TRANSCRIBED = "could_not_be_transcribed"
    DAMAGED = "damaged"
    HAS_VIDEO = "has_video"
    INSPECTION_DELETED = "inspection_deleted"
    LANGUAGE_UNSUPPORTED = "language_unsupported"
    MISSING = "missing"
    NOT_AUDIO = "not_audio"
    NO_SPEECH = "no_speech"
    PHOTOS_UNREADABLE = "photos_unreadable"
    SILENT = "silent"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    UNSUPPORTED_FORMAT = "unsupported_format"

    def __str__(self) -> str:
        return str(self.value)
