"""The errors of this room. `UnusableRecording` is final; `Unavailable` is postponed; `Refused` needs staff."""

from typing import ClassVar

from dossiers.statement.reasons import RecordingReason


class UnusableRecording(Exception):
    """This recording never becomes a transcript here. `reason` is what the owner is shown."""

    reason: ClassVar[RecordingReason]


class NotAudio(UnusableRecording):
    """The bytes begin like no audio file: a playlist, a picture, text, an archive, or an empty file."""

    reason = RecordingReason.NOT_AUDIO


class UnsupportedFormat(UnusableRecording):
    """Audio in a container, coding, sample rate or number of channels that we do not read."""

    reason = RecordingReason.UNSUPPORTED_FORMAT


class HasVideo(UnusableRecording):
    """A film or a picture lies beside the sound."""

    reason = RecordingReason.HAS_VIDEO


class Damaged(UnusableRecording):
    """The file ends early or contradicts itself, or its decoding needs more time or memory than a recording may."""

    reason = RecordingReason.DAMAGED


class Silent(UnusableRecording):
    """The recording holds no sound that could be speech, or less than half a second of it."""

    reason = RecordingReason.SILENT


class NoSpeech(UnusableRecording):
    """The recording holds sound, but the transcriber found no word in it."""

    reason = RecordingReason.NO_SPEECH


class TooLong(UnusableRecording):
    """The sound lasts longer than a recording may, whatever its header says."""

    reason = RecordingReason.TOO_LONG


class TooLarge(UnusableRecording):
    """The file has more bytes than a recording may."""

    reason = RecordingReason.TOO_LARGE


class LanguageUnsupported(UnusableRecording):
    """The transcriber does not know the language of the statement."""

    reason = RecordingReason.LANGUAGE_UNSUPPORTED


def failure_of(reason: RecordingReason) -> UnusableRecording:
    """Return the error with this reason."""
    return next(failure for failure in UnusableRecording.__subclasses__() if failure.reason == reason)()


class Unavailable(Exception):
    """The endpoint does not answer, or not now: an outage, a limit, a time-out. The work is postponed.

    `retry_after` is the wait that the endpoint names, in seconds.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(Exception):
    """The endpoint, or what is installed here, will never accept this: staff must correct the settings."""
